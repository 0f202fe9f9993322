import { retryAfterMs } from '../../../shared/http';
import type { ConnectorError } from '../../../shared/errors';
import type { AskedFor } from '../../wire/answerError';
import { dayLimit, minuteLimit } from '../clientErrors';
import type { CallWindows, LimitWindow } from './clientState';
import { isOfDay, readLimitHeaders, type AnsweredLimits } from './limitHeaders';

/** The window of a minute is the calendar minute; nobody waits longer for it than this. */
export const MAX_MINUTE_WAIT_MS = 61_000;

/** A little more than the reset, since the two clocks are never quite equal. */
export const AFTER_RESET_MS = 1000;

/** No daily limit lasts longer; a later time comes from a header that was not understood. */
const MAX_DAY_MS = 25 * 3_600_000;

const FULL_MINUTE_MS = 60_000;

/** Pauses after refusals whose reset has passed. */
const BACKOFF_MS = [15_000, 30_000];

/** Minutely 429s that one request sits out. */
const MAX_WAITS = 3;

/** Whether the calls of the day are used up, until a time that may be right. */
export function isUsedUpDay({ remaining, resetAt }: LimitWindow, now: number): boolean {
	return remaining <= 0 && resetAt > now && resetAt - now < MAX_DAY_MS;
}

/** How long to wait for the end of a minute whose calls are used up, in milliseconds. */
export function waitForReset(resetAt: number, now: number): number {
	return Math.min(Math.max(resetAt + AFTER_RESET_MS - now, 0), MAX_MINUTE_WAIT_MS);
}

/** The end of the minute, unless it has passed: that comes from a clock that was not understood. */
function usableReset({ minute }: AnsweredLimits, now: number): number | undefined {
	return minute !== undefined && minute.resetAt > now ? minute.resetAt : undefined;
}

/** After a reset that cannot be right: longer each time, at last a whole minute. */
function backoffOf(waits: number): number {
	return BACKOFF_MS[waits] ?? FULL_MINUTE_MS;
}

/** What a 429 means for the request, and what it says of the limits. */
export interface RefusedCall {
	windows: CallWindows;
	/** EXACT_RATE_LIMIT_DAY or EXACT_RATE_LIMIT_MINUTE; absent where the request may be repeated. */
	error?: ConnectorError;
}

/**
 * Judges a 429.
 * @param waits how often this request was refused like this before
 */
export function judge429(
	headers: Record<string, string>,
	now: number,
	asked: AskedFor,
	waits: number,
): RefusedCall {
	const limits = readLimitHeaders(headers, now);
	if (isOfDay(limits)) {
		const day = { remaining: 0, resetAt: limits.day?.resetAt ?? now };
		return { windows: { day }, error: dayLimit(asked, day.resetAt) };
	}
	const retryAfter = retryAfterMs(headers, now);
	const resetAt =
		usableReset(limits, now) ??
		now + (retryAfter ?? (limits.minute === undefined ? FULL_MINUTE_MS : backoffOf(waits)));
	if (waits >= MAX_WAITS || (retryAfter ?? 0) > MAX_MINUTE_WAIT_MS) {
		const retryAt = now + (retryAfter ?? Math.max(resetAt - now, 0));
		return { windows: {}, error: minuteLimit(asked, retryAt) };
	}
	return { windows: { minute: { remaining: 0, resetAt } } };
}
