import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ConnectorError } from '../errors';
import { toErrorJson, toNodeError, type NodeFailure } from './nodeErrors';
import type { OutputRow } from './operation';

/** Work that is done as a whole: on one input item, or on several that belong together. */
export interface Piece {
	/** The items, at least one; what comes out belongs to all of them, an error happens at the first. */
	itemIndexes: readonly number[];
	/** What the error item tells beside the error. */
	about?: IDataObject;
	/**
	 * Reads ahead what the piece needs of n8n, while the one before it waits for an answer. Sends nothing and never throws:
	 * what is wrong, `run` says when its turn comes.
	 */
	readAhead?(): void;
	run(signal: AbortSignal | undefined): Promise<OutputRow[]>;
}

/** A node's work, and what a cancelled execution is called there. */
export interface PieceWork {
	/** The pieces, in the order in which they are done. */
	pieces(signal: AbortSignal | undefined): Promise<readonly Piece[]>;
	/** How many pieces are done side by side, asked once they are known; one after another if missing. */
	sideBySide?(): number;
	/** The error of an execution that the user or n8n has ended. */
	cancelled(): ConnectorError;
	/** Called once at the end, whatever happened; never throws. */
	finish?(): Promise<void>;
}

/**
 * Does a node's work piece by piece, and pairs what comes out with the items of its piece, in the order of the pieces. With
 * Continue On Fail a piece that fails gives one error item and the others go on; a cancelled execution always ends. Without it
 * the first failure ends the run, once the pieces that are done beside it have ended.
 *
 * @throws NodeApiError or NodeOperationError with the index of an item
 */
export async function runPieces(
	context: IExecuteFunctions,
	work: PieceWork,
): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	const signal = context.getExecutionCancelSignal();
	const pieceRun = async (piece: Piece) => {
		await runPiece(context, work, piece, { signal, output });
	};
	try {
		let pieces: readonly Piece[] = [];
		const plan = async () => {
			pieces = await work.pieces(signal);
			return [];
		};
		const all = [...context.getInputData().keys()];
		if (all.length > 0) await pieceRun({ itemIndexes: all, run: plan });
		const width = work.sideBySide?.() ?? 1;
		if (width > 1) await runSideBySide(context, work, pieces, width, { signal, output });
		else {
			for (const [index, piece] of pieces.entries()) {
				const callOff = readAheadLater(pieces[index + 1], signal);
				await pieceRun(piece).finally(callOff);
			}
		}
	} finally {
		await work.finish?.();
	}
	return [output];
}

/**
 * Does several pieces at a time, begun in their order. What each gives is kept apart until all before it have ended.
 * @throws what the first piece that failed throws, with a word on those that were done after it and of those that failed
 *   too; by then no piece is under way
 */
async function runSideBySide(
	context: IExecuteFunctions,
	work: PieceWork,
	pieces: readonly Piece[],
	width: number,
	{ signal, output }: Place,
): Promise<void> {
	const outputs = pieces.map((): INodeExecutionData[] => []);
	const failures = new Map<number, NodeFailure>();
	const done: number[] = [];
	let next = 0;
	const lane = async () => {
		while (next < pieces.length && failures.size === 0) {
			const index = next++;
			const [piece, own] = [pieces[index], outputs[index]];
			if (piece === undefined || own === undefined) return;
			await runPiece(context, work, piece, { signal, output: own }).then(
				() => done.push(index),
				(error: unknown) => failures.set(index, toNodeError(context.getNode(), error)),
			);
		}
	};
	await Promise.all(Array.from({ length: Math.min(width, pieces.length) }, lane));
	const [first, ...others] = [...failures].sort(([one], [other]) => one - other);
	if (first !== undefined) {
		const later = done.filter((index) => index > first[0]).map((index) => pieces[index]);
		throw withOthers(
			first[1],
			later,
			others.map(([, failure]) => failure.message),
		);
	}
	for (const own of outputs) for (const row of own) output.push(row);
}

/** Items before the one that failed are done, as always; of those after it a person could not know. */
function withOthers(
	failure: NodeFailure,
	done: ReadonlyArray<Piece | undefined>,
	messages: readonly string[],
): NodeFailure {
	const items = done.flatMap((piece) => piece?.itemIndexes ?? []).sort((one, other) => one - other);
	// A cancel ends all of them with the same words.
	const others = [...new Set(messages)].filter((message) => message !== failure.message);
	const words = [
		failure.description ?? '',
		items.length > 0 ? `Done beside it (the first item is 0): ${items.join(', ')}.` : '',
		others.length > 0 ? `Failed beside it: ${others.join(' ')}` : '',
	];
	failure.description = words.filter((one) => one !== '').join(' ');
	return failure;
}

/**
 * Has a piece read ahead once the present one has nothing left to do but to wait, so that its request is on its way first.
 * Evaluating expressions takes n8n about as long as Exact Online an answer.
 * @returns calls it off
 */
function readAheadLater(piece: Piece | undefined, signal: AbortSignal | undefined): () => void {
	if (piece?.readAhead === undefined) return () => undefined;
	const turn = setImmediate(() => {
		if (!signal?.aborted) piece.readAhead?.();
	});
	return () => clearImmediate(turn);
}

/** How a piece stands in the run of its node. */
interface Place {
	signal: AbortSignal | undefined;
	/** Where its rows come behind those of the pieces before. */
	output: INodeExecutionData[];
}

async function runPiece(
	context: IExecuteFunctions,
	work: PieceWork,
	{ itemIndexes, about, run }: Piece,
	{ signal, output }: Place,
): Promise<void> {
	const items = itemIndexes.map((item) => ({ item }));
	const pairedItem = items.length === 1 ? items[0] : items;
	try {
		if (signal?.aborted) throw work.cancelled();
		for (const row of await run(signal)) output.push({ ...row, pairedItem });
	} catch (error) {
		// What is known in our own words says more than the cancel: whether a change was made, for one.
		const isTold = error instanceof ConnectorError;
		const cause = signal?.aborted && !isTold ? work.cancelled() : error;
		const failure = toNodeError(context.getNode(), cause, itemIndexes[0]);
		if (signal?.aborted || !context.continueOnFail()) throw failure;
		output.push({ json: toErrorJson(failure, about), pairedItem });
	}
}
