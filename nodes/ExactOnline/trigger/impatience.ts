import { ConnectorError } from '../../shared/errors';
import { systemClock, type Clock } from '../api/limits/clock';

/** A pause that a poll makes, such as before a repetition, in milliseconds; for a longer one the next poll is there. */
const SHORT_MS = 5_000;

/** What a poll ends with that would have to wait. */
const WAITING = 'EXACT_RATE_LIMIT_MINUTE';

/** Never waits long. */
export const impatientClock: Clock = {
	now: () => systemClock.now(),
	sleep: async (ms, signal) => {
		if (ms > SHORT_MS) throw wouldWait(ms);
		await systemClock.sleep(ms, signal);
	},
};

/** Whether only a limit has to be waited for. */
export function isWaiting({ code }: Pick<ConnectorError, 'code'>): boolean {
	return code === WAITING;
}

function wouldWait(ms: number): ConnectorError {
	const seconds = Math.ceil(ms / 1000);
	return new ConnectorError(
		WAITING,
		`Exact Online wants a pause of ${seconds} s, for which a poll does not wait.`,
		{
			repair: 'Nothing need be done: the next poll goes on.',
			retryable: true,
			retryAt: Date.now() + ms,
		},
	);
}
