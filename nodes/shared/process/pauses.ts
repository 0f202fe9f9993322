import { rememberLatest } from './rememberLatest';

/** Until when something holds or is not done again, by its key (monotonic, ms); kept by `processState`. */
export type Pauses = Map<string, number>;

/** Whether a pause goes on. */
export function isPaused(pauses: Pauses, key: string): boolean {
	return performance.now() < (pauses.get(key) ?? -Infinity);
}

/**
 * Begins a pause anew.
 * @param ms its length, in milliseconds
 * @param most how many are remembered; the one that was begun longest ago goes first
 */
export function pauseFor(pauses: Pauses, key: string, ms: number, most: number): void {
	rememberLatest(pauses, key, performance.now() + ms, most);
}
