import type { HttpTransportError } from '../../shared/http';

/** How often a read is repeated. */
export const MAX_REPEATS = 3;

const FIRST_DELAY_MS = 1000;

const LONGEST_RETRY_AFTER_MS = 30_000;

/** "The query would return too much" (docs/facts/exact-online.md 4.3): unchanged it fails again. */
export const TOO_MUCH_ASKED = 408;

/**
 * Whether an answer says that the same request may succeed in a moment
 * (docs/facts/exact-online.md 4.7).
 */
export function isPassing(status: number, gatewayFault: boolean): boolean {
	return gatewayFault || [502, 503, 504].includes(status);
}

/** Whether a read that brought no answer is worth another try. */
export function isPassingFailure(failure: HttpTransportError): boolean {
	return ['connect', 'timeout', 'reset'].includes(failure.kind) && failure.retryable;
}

/**
 * Milliseconds before the next try: 1, 2, 4 seconds, each up to a half less so that many clients do
 * not come back at once, or what the service asked for within bounds.
 */
export function repeatDelay(
	repeats: number,
	retryAfterMs: number | null = null,
	random = Math.random(),
): number {
	if (retryAfterMs !== null) {
		return Math.min(Math.max(retryAfterMs, FIRST_DELAY_MS), LONGEST_RETRY_AFTER_MS);
	}
	return FIRST_DELAY_MS * 2 ** repeats * (0.5 + random / 2);
}
