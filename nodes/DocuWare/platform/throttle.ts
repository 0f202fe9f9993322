/** Pauses after 429, where the server names none, in milliseconds (docs/facts/docuware.md 8.4). */
const THROTTLE_PAUSES_MS = [5_000, 10_000, 20_000, 30_000];

/** Shortest pause, whatever the server asks for: `Retry-After: 0` must not make a loop without one. */
const SHORTEST_THROTTLE_MS = 1_000;

/** Longest pause that a server may ask for and still be waited for, in milliseconds. */
const LONGEST_THROTTLE_MS = 90_000;

/**
 * The pause before a request that met 429 is sent again, in milliseconds; undefined where it is time
 * to give up.
 *
 * @param throttles how often it met 429 before
 * @param asked what the server asks for; null where it names none
 */
export function throttlePause(throttles: number, asked: number | null): number | undefined {
	const pause = THROTTLE_PAUSES_MS[throttles];
	if (pause === undefined || asked === null) return pause;
	return asked > LONGEST_THROTTLE_MS ? undefined : Math.max(asked, SHORTEST_THROTTLE_MS);
}

/** Pause between two looks for a free licence: a thirteenth of the limit, 0.25 s to 10 s. */
export function licencePause(limitMs: number): number {
	return Math.min(10_000, Math.max(250, limitMs / 13));
}
