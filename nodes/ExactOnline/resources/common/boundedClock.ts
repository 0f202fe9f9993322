import { ConnectorError } from '../../../shared/errors';
import { systemClock, type Clock } from '../../api/limits/clock';

/**
 * The clock of an item that waits for a limit only where that ends in time. It does not begin a wait that would be
 * too long, so that whoever comes behind it in the division is not held up for nothing.
 *
 * @param longestWaitMs counted from now
 */
export function boundedClock(longestWaitMs: number, clock: Clock = systemClock): Clock {
	const until = clock.now() + longestWaitMs;
	return {
		now: () => clock.now(),
		sleep: async (ms, signal) => await clock.sleep(ms, signal),
		sleepForLimit: async (ms, signal) => {
			const free = clock.now() + ms;
			if (free > until) throw tooLong(free, longestWaitMs);
			await clock.sleep(ms, signal);
		},
	};
}

function tooLong(retryAt: number, longestWaitMs: number): ConnectorError {
	return new ConnectorError(
		'EXACT_RATE_LIMIT_MINUTE',
		`The calls per minute of this division are used up until ${new Date(retryAt).toISOString()}, ` +
			`and Longest Wait is ${longestWaitMs / 1000} s.`,
		{
			repair:
				'The request was not sent. Run again after that time, raise Longest Wait (under Call Limits) or ' +
				'take it out, so that the node waits as long as it takes.',
			retryable: true,
			retryAt,
		},
	);
}
