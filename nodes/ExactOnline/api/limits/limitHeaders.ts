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
		minute: readWindow(headers, 'x-ratelimit-minutely-', skew, now + 60_000),
		day: readWindow(headers, 'x-ratelimit-', skew, startOfNextDay(now)),
	};
}

/** Which limit a 429 met. */
export function limitOf429(limits: AnsweredLimits): 'minute' | 'day' | 'unknown' {
	const { minute, day } = limits;
	if (day && (!minute || day.remaining <= 0)) return 'day';
	return minute ? 'minute' : 'unknown';
}

function readWindow(
	headers: Record<string, string>,
	prefix: string,
	skew: number,
	defaultReset: number,
): LimitWindow | undefined {
	const remaining = readNumber(headers[`${prefix}remaining`]);
	const reset = readNumber(headers[`${prefix}reset`]);
	if (remaining === undefined && reset === undefined) return undefined;
	return {
		remaining: remaining ?? 0,
		resetAt: reset === undefined ? defaultReset : reset - skew,
	};
}

function readNumber(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,16}$/.test(text.trim()) ? Number(text) : undefined;
}

/** The daily limit is reset at 00:00 UTC (docs/facts/exact-online.md 3). */
function startOfNextDay(now: number): number {
	return (Math.floor(now / 86_400_000) + 1) * 86_400_000;
}
