import { setTimeout as wait } from 'node:timers/promises';
import { isConnectorError, passOn, type ConnectorError } from '../../../shared/errors';
import { cancelled } from '../clientErrors';

/** Time as the client sees it; tests pass one that does not wait. */
export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Waits so many milliseconds; rejects as soon as the signal is aborted. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
	/** Whether it waits so long; missing where it waits for as long as it takes. */
	allows?(ms: number): boolean;
	/** The same as `sleep` for the end of a limit; missing where that is waited for like anything else. */
	sleepForLimit?(ms: number, signal?: AbortSignal): Promise<void>;
	/** When a wait for a turn that begins now ends; missing where it takes as long as it takes. */
	turnDeadline?(): TurnDeadline;
}

/** Until when a turn is waited for, in milliseconds since the epoch, and what the wait ends with then. */
export interface TurnDeadline {
	at: number;
	error(): ConnectorError;
}

export const systemClock: Clock = {
	now: () => Date.now(),
	sleep: async (ms, signal) => await wait(ms, undefined, { signal }),
};

/**
 * Waits so long.
 * @throws ConnectorError EXACT_CANCELLED
 */
export async function pause(
	clock: Clock,
	ms: number,
	signal: AbortSignal | undefined,
): Promise<void> {
	if (signal?.aborted) throw cancelled();
	await clock.sleep(ms, signal).catch((failure: unknown) => {
		throw signal?.aborted ? cancelled() : failure;
	});
}

/**
 * Waits so long for the end of a limit.
 * @throws ConnectorError EXACT_CANCELLED, or what a clock that does not wait for limits throws
 */
export async function pauseForLimit(
	clock: Clock,
	ms: number,
	signal: AbortSignal | undefined,
): Promise<void> {
	const sleep = async (wait: number, until?: AbortSignal) =>
		await (clock.sleepForLimit?.(wait, until) ?? clock.sleep(wait, until));
	await pause({ now: () => clock.now(), sleep }, ms, signal);
}

/**
 * Waits about so long before the next look at what others hold, where the deadline of the turn has not come.
 * @throws ConnectorError EXACT_CANCELLED, or what the deadline ends with
 */
export async function pauseForLook(
	clock: Clock,
	ms: number,
	deadline: TurnDeadline | undefined,
	signal: AbortSignal | undefined,
): Promise<void> {
	if (deadline && clock.now() >= deadline.at) throw deadline.error();
	await pause(clock, ms * (0.5 + Math.random()), signal);
}

/**
 * Waits for something until the deadline of its turn.
 * @param start begins the wait, which its signal ends
 * @throws ConnectorError EXACT_CANCELLED, what the deadline ends with, or what `start` throws
 */
export async function beforeDeadline<T>(
	clock: Clock,
	deadline: TurnDeadline | undefined,
	signal: AbortSignal | undefined,
	start: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
	const late = new AbortController();
	const isOver = new AbortController();
	const until = deadline ? AbortSignal.any([late.signal, ...(signal ? [signal] : [])]) : signal;
	const waiting = start(until);
	if (deadline) {
		clock.sleep(Math.max(deadline.at - clock.now(), 0), isOver.signal).then(
			() => late.abort(),
			() => undefined,
		);
	}
	try {
		return await waiting;
	} catch (error) {
		if (isConnectorError(error)) passOn(error);
		if (signal?.aborted) throw cancelled();
		throw deadline && late.signal.aborted ? deadline.error() : error;
	} finally {
		isOver.abort();
	}
}
