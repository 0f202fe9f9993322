import { clockSkew } from '../../../shared/http';
import type { LimitWindow } from './clientState';

/** What one answer says about Exact's call limits; either may be absent (docs/facts/exact-online.md 3.1). */
export interface AnsweredLimits {
	minute?: LimitWindow;
	day?: LimitWindow;
}

/**
 * Reads both header sets. Times of the service are brought to the caller's clock by the answer's
 * `Date` header, since the two may differ by minutes.
 *
 * @param now milliseconds since the epoch on the clock that the windows are to be told in.
 */
export function readLimitHeaders(headers: Record<string, string>, now: number): AnsweredLimits {
	const skew = clockSkew(headers, now);
	return {
		minute: readWindow(headers, MINUTE_NAMES, skew, now + 60_000),
		day: readWindow(headers, DAY_NAMES, skew, startOfNextDay(now)),
	};
}

/** Names of the headers of one limit. */
interface HeaderNames {
	remaining: string;
	reset: string;
	limit: string;
}

const MINUTE_NAMES = namesOf('x-ratelimit-minutely-');
const DAY_NAMES = namesOf('x-ratelimit-');

function namesOf(prefix: string): HeaderNames {
	return { remaining: `${prefix}remaining`, reset: `${prefix}reset`, limit: `${prefix}limit` };
}

/** Whether a 429 met the limit of the day: nothing is left of it (docs/facts/exact-online.md 3.1). */
export function isOfDay({ day }: AnsweredLimits): boolean {
	return day !== undefined && day.remaining <= 0;
}

/** A set without a readable remainder says nothing, whatever else stands in it. */
function readWindow(
	headers: Record<string, string>,
	names: HeaderNames,
	skew: number,
	defaultReset: number,
): LimitWindow | undefined {
	const remaining = readNumber(headers[names.remaining]);
	if (remaining === undefined) return undefined;
	const reset = readReset(headers[names.reset]);
	const limit = readNumber(headers[names.limit]);
	return {
		remaining,
		resetAt: reset === undefined ? defaultReset : reset - skew,
		...(limit !== undefined && { limit }),
	};
}

/** No reset lies before this one (2001): it was meant in seconds, or means nothing. */
const FIRST_RESET_MS = 1e12;

/** Milliseconds since 1970 (docs/facts/exact-online.md 3.1); seconds are understood too. */
function readReset(text: string | undefined): number | undefined {
	const reset = readNumber(text);
	if (reset === undefined || reset >= FIRST_RESET_MS) return reset;
	return reset * 1000 >= FIRST_RESET_MS ? reset * 1000 : undefined;
}

function readNumber(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,16}$/.test(text.trim()) ? Number(text) : undefined;
}

/** The daily limit is reset at 00:00 UTC (docs/facts/exact-online.md 3). */
function startOfNextDay(now: number): number {
	return (Math.floor(now / 86_400_000) + 1) * 86_400_000;
}
