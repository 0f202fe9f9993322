/** Pauses after 429, where the server names none, in milliseconds (docs/facts/docuware.md 8.4). */
export const THROTTLE_PAUSES_MS = [5_000, 10_000, 20_000, 30_000];

/** Longest pause that a server may ask for and still be waited for, in milliseconds. */
export const LONGEST_THROTTLE_MS = 90_000;

/** Pause between two looks for a free licence: a thirteenth of the limit, 0.25 s to 10 s. */
export function licencePause(limitMs: number): number {
	return Math.min(10_000, Math.max(250, limitMs / 13));
}
