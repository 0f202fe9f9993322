import { passOn } from '../../errors';
import { cancelBeforeExit, doBeforeExit } from '../../process/exitHold';
import { processState } from '../../process/processState';
import type { BatchFate } from './polledPlace';

/**
 * How long n8n has had a batch, in a process that lives, until its execution surely stands in n8n's database; shorter
 * than the shortest interval, so that with several n8n side by side none finds a batch of another one that is done.
 */
const SETTLED_MS = 30_000;

/** The same at the end of a process: n8n has waited for its executions by then. */
const SETTLED_AT_EXIT_MS = 500;

const LAST_STEP = 'polledBatches1';

/** A batch that this process has noted and that is not final yet. */
interface HandedOver {
	/** Which node has polled. */
	node: string;
	/** When it was noted, and when n8n took it (monotonic, ms); undefined before that. */
	notedAt: number;
	takenAt?: number | undefined;
	/** Whether its taking would be seen. */
	isWatched: boolean;
	/** Makes it final in the vault. */
	settle(): Promise<void>;
	timer?: NodeJS.Timeout;
}

interface Watch {
	/** By the id of the batch. */
	open: Map<string, HandedOver>;
	/** Whether n8n was ever seen taking a batch. */
	isSeen: boolean;
	/** Whether a batch was read once more because its taking was not seen, before any was. */
	hasMissed: boolean;
}

function watch(): Watch {
	const empty = () => ({ open: new Map(), isSeen: false, hasMissed: false });
	return processState<Watch>('polledBatches1', empty);
}

/**
 * Whether n8n has not taken a batch for sure, as long as it was not seen taking it. An n8n that calls no `__emit` at all
 * is known by a second batch that it seems not to take.
 */
function isMissed(mine: HandedOver): boolean {
	const { isSeen, hasMissed } = watch();
	return isSeen || (mine.isWatched && !hasMissed);
}

/** The part of n8n's context of polls by which n8n takes what a poll returns. */
export interface TakingContext {
	__emit?: (...given: never[]) => void;
	/** Only its being there counts: n8n since 2.40, which tells who asks that it could make no execution. */
	getPollBudgetMs?: unknown;
}

/** What n8n's `__emit` says there when an execution has ended, or could not be made; its third argument. */
interface EndOfExecution {
	promise: Promise<never>;
	resolve(): void;
	reject(error: unknown): void;
}

/** The way n8n's contexts took batches before this package looked on. */
const originals = new WeakMap<TakingContext, NonNullable<TakingContext['__emit']>>();

/**
 * Looks whether n8n takes a batch that is about to be returned: n8n hands it to the `__emit` of the poll's own context,
 * and not at all where the workflow was unpublished or published anew meanwhile.
 * @param settle makes the batch final in the vault
 */
export function watchTaking(
	context: TakingContext,
	node: string,
	batch: string,
	settle: () => Promise<void>,
): void {
	const { open } = watch();
	for (const [id, other] of open) {
		// What n8n has not taken by now it never will.
		if (other.node !== node || other.takenAt !== undefined) continue;
		open.delete(id);
		watch().hasMissed = true;
	}
	const original = originals.get(context) ?? context.__emit;
	const isWatched = typeof original === 'function';
	const mine: HandedOver = { node, notedAt: performance.now(), isWatched, settle };
	open.set(batch, mine);
	doBeforeExit(LAST_STEP, settleAtExit);
	if (!isWatched) return;
	originals.set(context, original);
	context.__emit = function (this: unknown, ...given: never[]) {
		context.__emit = original;
		watch().isSeen = true;
		mine.takenAt = performance.now();
		settleLater(batch, mine);
		try {
			original.apply(this, withEnd(context, given, mine));
		} catch (error) {
			giveBack(mine);
			passOn(error);
		}
	};
}

/** Listens for an execution that n8n could not make, such as while its database did not answer: n8n itself only logs that. */
function withEnd(context: TakingContext, given: never[], mine: HandedOver): never[] {
	const [data, response, end] = given as unknown[];
	if (end !== undefined || typeof context.getPollBudgetMs !== 'function') return given;
	const own: EndOfExecution = {
		promise: new Promise<never>(() => undefined),
		resolve: () => undefined,
		reject: (error) => {
			if (!wasMade(error)) giveBack(mine);
		},
	};
	return [data, response, own] as never[];
}

/** Errors of an execution that was made: somebody has ended it, or it was over before n8n looked for it. */
function wasMade(error: unknown): boolean {
	const name = error instanceof Error ? error.constructor.name : '';
	return /^(\w*ExecutionCancelledError|ExecutionNotFoundError)$/.test(name);
}

/** What no execution holds comes once more. */
function giveBack(mine: HandedOver): void {
	clearTimeout(mine.timer);
	mine.takenAt = undefined;
}

/** What this process knows of a batch of its own. */
export function fateOf(batch: string): BatchFate {
	const mine = watch().open.get(batch);
	// It was noted and never returned: the poll failed at noting another place of it.
	if (mine === undefined) return 'dropped';
	if (mine.takenAt !== undefined) return 'taken';
	return isMissed(mine) ? 'dropped' : 'unknown';
}

function settleLater(batch: string, mine: HandedOver): void {
	if (mine.takenAt === undefined) return;
	mine.timer = setTimeout(() => void settleOne(batch, mine), SETTLED_MS);
	mine.timer.unref();
}

/** What cannot be made final stays noted, and is tried again. */
async function settleOne(batch: string, mine: HandedOver): Promise<void> {
	const isDone = await mine.settle().then(
		() => true,
		() => false,
	);
	if (!isDone) {
		settleLater(batch, mine);
		return;
	}
	const { open } = watch();
	open.delete(batch);
	if (open.size === 0) cancelBeforeExit(LAST_STEP);
}

/** A process that ends in order makes final what n8n has taken, so that nothing of it comes again after the start. */
async function settleAtExit(): Promise<void> {
	const waiting = [...watch().open].map(async ([batch, mine]) => {
		const since = mine.takenAt ?? (isMissed(mine) ? undefined : mine.notedAt);
		if (since === undefined) return;
		clearTimeout(mine.timer);
		const left = since + SETTLED_AT_EXIT_MS - performance.now();
		if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
		// Meanwhile n8n may have said that it could make no execution.
		if (mine.takenAt === undefined && isMissed(mine)) return;
		await settleOne(batch, mine);
	});
	await Promise.all(waiting);
}
