import { released } from '../../../shared/process/singleFlight';
import { cancelled } from '../clientErrors';
import type { DivisionCalls } from './clientState';
import { beforeDeadline, systemClock, type Clock } from './clock';

/** Ends of queues that have been reached: whoever comes next has nobody to wait for. */
const reached = new WeakSet<Promise<unknown>>();

/**
 * Runs `task` when all requests of this process to the division that were queued before it have
 * ended: one request at a time (docs/facts/exact-online.md 3, concurrency). A caller that gives up
 * its place lets nobody overtake.
 *
 * @throws ConnectorError EXACT_CANCELLED where the signal ends the wait, or what the clock ends it with
 */
export async function inTurn<T>(
	calls: Pick<DivisionCalls, 'tail'>,
	signal: AbortSignal | undefined,
	task: () => Promise<T>,
	clock: Clock = systemClock,
): Promise<T> {
	const before = calls.tail;
	let release: () => void = () => undefined;
	const done = new Promise<void>((resolve) => (release = resolve));
	const isFree = reached.has(before);
	const tail = isFree ? done : before.then(async () => await done);
	calls.tail = tail;
	let isTurn = isFree;
	try {
		if (signal?.aborted) throw cancelled();
		if (!isFree)
			await beforeDeadline(clock, clock.turnDeadline?.(), signal, async (until) => {
				await released(before, until);
			});
		isTurn = true;
		return await task();
	} finally {
		if (isTurn) reached.add(tail);
		release();
	}
}
