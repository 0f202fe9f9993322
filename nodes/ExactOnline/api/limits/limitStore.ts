import type { CallWindows, EndpointErrors } from './clientState';

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

/**
 * Keeps what is known of Exact's limits, for everybody who shares the store. Each step reads, decides
 * and writes as one, so that no count is lost, whoever else is at work.
 *
 * @throws the signal's reason where it ends the wait for the store; the step may be kept then or not
 */
export interface LimitStore {
	/** @param key origin, client id and division */
	calls<T>(key: string, step: StateStep<CallWindows, T>, signal?: AbortSignal): Promise<T>;

	/** @param key origin, client id, credential, division and endpoint */
	errors<T>(key: string, step: StateStep<EndpointErrors, T>, signal?: AbortSignal): Promise<T>;
}
