/** Differences of clocks below this are within the seconds of a `Date` header. */
const NEGLIGIBLE_SKEW_MS = 2000;

/** Seconds up to eleven days; a number beyond that is no wait but a mistake. */
const SECONDS = /^\d{1,6}(?:\.\d+)?$/;

/**
 * How long the service asks to wait: `Retry-After` as seconds or as a date (RFC 9110 10.2.3), the
 * latter by the service's own clock where the answer tells it.
 *
 * @param headers names in lower case
 * @param now wall clock, in milliseconds
 * @returns milliseconds from `now`; null where there is none, or one that lies in the past or makes
 *   no sense. What to do then, and how long is too long, is for the caller to say.
 */
export function retryAfterMs(headers: Record<string, string>, now = Date.now()): number | null {
	const text = headers['retry-after']?.trim() ?? '';
	if (SECONDS.test(text)) return Number(text) * 1000;
	const ms = Date.parse(text) - (now + clockSkew(headers, now));
	return ms >= 0 ? ms : null;
}

/** Milliseconds by which the service's clock is ahead, by the `Date` header of its answer. */
export function clockSkew(headers: Record<string, string>, now: number): number {
	const skew = Date.parse(headers.date ?? '') - now;
	return Number.isFinite(skew) && Math.abs(skew) > NEGLIGIBLE_SKEW_MS ? skew : 0;
}
