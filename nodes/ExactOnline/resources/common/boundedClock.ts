import { ConnectorError } from '../../../shared/errors';
import { systemClock, type Clock } from '../../api/limits/clock';

/** A wait for a turn that is over so soon is none, in milliseconds: an item that has begun is not cut by it. */
const NO_WAIT_MS = 1_000;

/** A longer wait is none that ends: 23 days, about the longest that a timer takes (2^31 ms). */
export const MOST_WAIT_MS = 2_000_000_000;

/**
 * The clock of an item that waits for a limit only where that ends in time. It does not begin a wait that would be
 * too long, so that whoever comes behind it in the division is not held up for nothing, and ends a wait for its turn
 * when that has become too long.
 *
 * @param wantedMs the longest wait, counted from now; at most `MOST_WAIT_MS`
 */
export function boundedClock(wantedMs: number, clock: Clock = systemClock): Clock {
	const longestWaitMs = Math.min(wantedMs, MOST_WAIT_MS);
	const until = clock.now() + longestWaitMs;
	return {
		now: () => clock.now(),
		sleep: async (ms, signal) => await clock.sleep(ms, signal),
		sleepForLimit: async (ms, signal) => {
			const free = clock.now() + ms;
			if (free > until) throw tooLong(free, longestWaitMs);
			await clock.sleep(ms, signal);
		},
		turnDeadline: () => {
			const at = Math.max(until, clock.now() + NO_WAIT_MS);
			return { at, error: () => noTurn(at, longestWaitMs) };
		},
	};
}

function noTurn(at: number, longestWaitMs: number): ConnectorError {
	return limitError(
		`The request waited for its turn in this division until ${new Date(at).toISOString()}, ` +
			`and Longest Wait is ${longestWaitMs / 1000} s: other requests were before it.`,
		'Run again,',
		at,
	);
}

function tooLong(retryAt: number, longestWaitMs: number): ConnectorError {
	return limitError(
		`The calls per minute of this division are used up until ${new Date(retryAt).toISOString()}, ` +
			`and Longest Wait is ${longestWaitMs / 1000} s.`,
		'Run again after that time,',
		retryAt,
	);
}

function limitError(message: string, repair: string, retryAt: number): ConnectorError {
	return new ConnectorError('EXACT_RATE_LIMIT_MINUTE', message, {
		repair:
			`The request was not carried out. ${repair} raise Longest Wait (under Call Limits) or ` +
			'take it out, so that the node waits as long as it takes.',
		retryable: true,
		retryAt,
	});
}
