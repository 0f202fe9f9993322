import { retryAfterMs } from '../../../shared/http';
import type { ConnectorError } from '../../../shared/errors';
import type { AskedFor } from '../../wire/answerError';
import { dayLimit, minuteLimit } from '../clientErrors';
import type { CallWindows, LimitWindow } from './clientState';
import { isOfDay, readLimitHeaders, type AnsweredLimits } from './limitHeaders';

/** The window of a minute is the calendar minute; nobody waits longer for it than this. */
export const MAX_MINUTE_WAIT_MS = 61_000;

/** A little more than the reset, since the two clocks are never quite equal. */
const AFTER_RESET_MS = 1000;

/** No daily limit lasts longer; a later time comes from a header that was not understood. */
const MAX_DAY_MS = 25 * 3_600_000;

const FULL_MINUTE_MS = 60_000;

/** Pauses after refusals whose reset has passed. */
const BACKOFF_MS = [15_000, 30_000];

/** Minutely 429s that one request sits out. */
const MAX_WAITS = 3;

/**
 * How long a request has to wait by what is known of the limits, in milliseconds; 0 for not at all.
 * @throws ConnectorError EXACT_RATE_LIMIT_DAY where the calls of the day are used up
 */
export function waitBefore({ day, minute }: CallWindows, now: number, asked: AskedFor): number {
	if (day && day.remaining <= 0 && day.resetAt > now && day.resetAt - now < MAX_DAY_MS) {
		throw dayLimit(asked, day.resetAt);
	}
	if (!minute || minute.remaining > 0) return 0;
	const wait = minute.resetAt + AFTER_RESET_MS - now;
	return Math.min(Math.max(wait, 0), MAX_MINUTE_WAIT_MS);
}

/**
 * The windows without a minute that a request has sat out or that is over: what is left of the next
 * one is not known before an answer tells. The same object where there is nothing to leave out.
 */
export function withoutMinute(windows: CallWindows, satOut: LimitWindow | undefined): CallWindows {
	const { minute } = windows;
	const same = minute?.remaining === satOut?.remaining && minute?.resetAt === satOut?.resetAt;
	return minute !== undefined && same ? { ...windows, minute: undefined } : windows;
}

/** The windows after an answer: what its headers say goes before what was known. */
export function withHeaders(
	windows: CallWindows,
	headers: Record<string, string>,
	now: number,
): CallWindows {
	const { minute, day } = readLimitHeaders(headers, now);
	if (minute === undefined && day === undefined) return windows;
	return { ...windows, ...(minute && { minute }), ...(day && { day }) };
}

/** The end of the minute, unless it has passed: that comes from a clock that was not understood. */
function usableReset({ minute }: AnsweredLimits, now: number): number | undefined {
	return minute !== undefined && minute.resetAt > now ? minute.resetAt : undefined;
}

/** After a reset that cannot be right: longer each time, at last a whole minute. */
function backoffOf(waits: number): number {
	return BACKOFF_MS[waits] ?? FULL_MINUTE_MS;
}

/** What a 429 means for the request, and what is known after it. */
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
	windows: CallWindows,
	headers: Record<string, string>,
	now: number,
	asked: AskedFor,
	waits: number,
): RefusedCall {
	const limits = readLimitHeaders(headers, now);
	if (isOfDay(limits)) {
		const day = { remaining: 0, resetAt: limits.day?.resetAt ?? now };
		return { windows: { ...windows, day }, error: dayLimit(asked, day.resetAt) };
	}
	const retryAfter = retryAfterMs(headers, now);
	const resetAt =
		usableReset(limits, now) ??
		now + (retryAfter ?? (limits.minute === undefined ? FULL_MINUTE_MS : backoffOf(waits)));
	if (waits >= MAX_WAITS || (retryAfter ?? 0) > MAX_MINUTE_WAIT_MS) {
		const retryAt = now + (retryAfter ?? Math.max(resetAt - now, 0));
		return { windows, error: minuteLimit(asked, retryAt) };
	}
	return { windows: { ...windows, minute: { remaining: 0, resetAt } } };
}
