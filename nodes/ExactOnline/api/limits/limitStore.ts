import type { DivisionErrors, SharedCalls } from './clientState';

/** What a step makes of a state: its result, and the state to be kept. */
export interface Step<S, T> {
	/** Absent, or the very object that the step was given: nothing is written. */
	state?: S;
	result: T;
}

/**
 * Decides on a state. It may be run several times, on newer states, before one of its outcomes is
 * kept, so it has no other effect. What it throws goes to the caller, and nothing is kept.
 *
 * @param now milliseconds since the epoch on the store's clock; all times in the state are on it
 */
export type StateStep<S, T> = (state: S, now: number) => Step<S, T>;

/** What a store keeps, by the keys that it is kept under. */
export interface KeptLimits {
	calls: ReadonlyMap<string, SharedCalls>;
	errors: ReadonlyMap<string, DivisionErrors>;
	/** The store's clock. */
	now: number;
}

/**
 * Keeps what is known of Exact's limits, for everybody who shares the store. Each step reads, decides
 * and writes as one, so that no count is lost, whoever else is at work.
 *
 * @throws the signal's reason where it ends the wait for the store; the step may be kept then or not
 */
export interface LimitStore {
	/** @param key origin, client id and division */
	calls<T>(key: string, step: StateStep<SharedCalls, T>, signal?: AbortSignal): Promise<T>;

	/** @param key app, user and division */
	errors<T>(key: string, step: StateStep<DivisionErrors, T>, signal?: AbortSignal): Promise<T>;

	/** All that is kept under keys that begin so. */
	kept(prefix: string): Promise<KeptLimits>;

	/**
	 * Has the calls under a key for this process alone, until they are released; undefined where no
	 * other process shares the store.
	 */
	alone(key: string, signal?: AbortSignal): Promise<HeldAlone | undefined>;
}

/** What a process has for itself alone. */
export interface HeldAlone {
	/** Whether it is still sure to: a process that stood still may have lost it. */
	isSure(): boolean;
	release(): void;
}
