import { cancelled } from '../clientErrors';
import type { DivisionCalls } from './clientState';
import type { Clock } from './clock';

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
	clock?: Clock,
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
		if (!isFree) await untilLate(untilDone(before, signal), clock);
		isTurn = true;
		return await task();
	} finally {
		if (isTurn) reached.add(tail);
		release();
	}
}

async function untilDone(task: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
	if (!signal) {
		await task;
		return;
	}
	let onAbort: () => void = () => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		onAbort = () => reject(cancelled());
		signal.addEventListener('abort', onAbort, { once: true });
	});
	try {
		await Promise.race([task, aborted]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
}

async function untilLate(turn: Promise<void>, clock: Clock | undefined): Promise<void> {
	const deadline = clock?.turnDeadline?.();
	if (!clock || !deadline) {
		await turn;
		return;
	}
	const isOver = new AbortController();
	const late = clock.sleep(deadline.at - clock.now(), isOver.signal).then(
		() => {
			throw deadline.error();
		},
		// The turn has come.
		async () => await turn,
	);
	try {
		await Promise.race([turn, late]);
	} finally {
		late.catch(() => undefined);
		isOver.abort();
	}
}
