import { ConnectorError } from '../../shared/errors';
import type { AccessTokenSource } from '../auth/accessTokenSource';
import { unlessIdentityPauses } from '../auth/identityPauses';
import { systemClock, type Clock } from '../api/limits/clock';

/** Pauses that a poll makes in all, such as before a repetition, in milliseconds; for longer ones the next poll is there. */
const MOST_MS = 8_000;

/** What a poll ends with that would have to wait. */
const WAITING = 'EXACT_RATE_LIMIT_MINUTE';

/** The clock of one poll, by which nobody waits for a limit, nor long for anything else: neither at once nor by many looks. */
export function impatientClock(clock: Clock = systemClock): Clock {
	let left = MOST_MS;
	return {
		now: () => clock.now(),
		allows: (ms) => ms <= left,
		sleep: async (ms, signal) => {
			if (ms > left) throw wouldWait(ms);
			left -= ms;
			await clock.sleep(ms, signal);
		},
		sleepForLimit: async (ms) => await Promise.reject(wouldWait(ms)),
	};
}

/** Whether only a limit has to be waited for. */
export function isWaiting({ code }: Pick<ConnectorError, 'code'>): boolean {
	return code === WAITING;
}

/**
 * The source of the tokens of a poll, which does not wait where Exact Online is asked whose the log-in is and wants a pause:
 * for a limit not at all, else not longer than the clock allows.
 */
export function impatientSource<Source extends AccessTokenSource>(
	source: Source,
	clock: Clock,
): Source {
	const getAccessToken: Source['getAccessToken'] = async (...asked) => {
		const token = source.getAccessToken(...asked);
		if (source.userId !== undefined) return await token;
		const app = { host: source.baseUrl, clientId: source.clientId };
		return await unlessIdentityPauses(app, token, ({ ms, error }) => {
			if (error.httpStatus === 429) return wouldWait(ms);
			return clock.allows?.(ms) === false ? error : undefined;
		});
	};
	const replaceRefusedToken: Source['replaceRefusedToken'] = async (...asked) =>
		await source.replaceRefusedToken(...asked);
	return Object.assign(Object.create(source) as Source, { getAccessToken, replaceRefusedToken });
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
