import type { CallWindows } from './clientState';
import type { ReturnedBatch } from './sharedCalls';

/** What is brought back to a store, on its clock. @param ahead how far that is ahead of ours, in milliseconds */
export function onStoreClock(back: ReturnedBatch, ahead: number): ReturnedBatch {
	const { seen } = back;
	return seen ? { ...back, seen: { ...seen, ...shifted(seen, ahead) } } : back;
}

/** Windows on a clock that is so far ahead, in milliseconds. */
export function shifted({ minute, day }: CallWindows, ahead: number): CallWindows {
	return {
		...(minute && { minute: { ...minute, resetAt: minute.resetAt + ahead } }),
		...(day && { day: { ...day, resetAt: day.resetAt + ahead } }),
	};
}
