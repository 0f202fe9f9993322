import { processState } from '../../../../nodes/shared/process/processState';

/** When this process looks for idle sessions next, on the monotonic clock. */
export function nextLooks(): number[] {
	const { watches } = processState('docuWareIdle2', () => ({
		watches: new Map<string, { dueAt: number }>(),
	}));
	return [...watches.values()].map(({ dueAt }) => dueAt);
}

/** Whether it has looked, found the mark of a credential that keeps the session, and waits until that ends. */
export function isHeldBack(): boolean {
	return nextLooks().some((at) => at > performance.now() + 3_600_000);
}
