import type { LimitWindow } from './clientState';
import type { CallBatch } from './limitMemory';
import type { ReturnedBatch } from './sharedCalls';

/** When the batch was taken of which a call is used. */
export function used(batch: CallBatch): number {
	batch.calls -= 1;
	batch.isInUse = true;
	return batch.takenAt;
}

/** Whether it is still the only one, where it has to be. */
export function isSure({ alone }: CallBatch): boolean {
	return alone === undefined || alone.isSure();
}

/** Calls that are left of a window; Infinity where none is told. */
export function remaining(window: LimitWindow | undefined): number {
	return window?.remaining ?? Infinity;
}

/** Whose calls a 429 voids; an ordered request goes on with its turn. */
export function whose(batch: CallBatch | undefined): Partial<Pick<ReturnedBatch, 'id' | 'isKept'>> {
	return batch ? { id: batch.id, isKept: batch.isOrdered === true } : {};
}

/** What is brought back of it. */
export function returned({ id, calls: unused, seen }: CallBatch): ReturnedBatch {
	return { id, unused, ...(seen && { seen }) };
}
