import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ConnectorError } from '../errors';
import { toErrorJson, toNodeError } from './nodeErrors';
import type { OutputRow } from './operation';

/** Work that is done as a whole: on one input item, or on several that belong together. */
export interface Piece {
	/** The items, at least one; what comes out belongs to all of them, an error happens at the first. */
	itemIndexes: readonly number[];
	/** What the error item tells beside the error. */
	about?: IDataObject;
	run(signal: AbortSignal | undefined): Promise<OutputRow[]>;
}

/** A node's work, and what a cancelled execution is called there. */
export interface PieceWork {
	/** The pieces, in the order in which they are done. */
	pieces(signal: AbortSignal | undefined): Promise<readonly Piece[]>;
	/** The error of an execution that the user or n8n has ended. */
	cancelled(): ConnectorError;
	/** Called once at the end, whatever happened; never throws. */
	finish?(): Promise<void>;
}

/**
 * Does a node's work piece by piece, and pairs what comes out with the items of its piece. With Continue
 * On Fail a piece that fails gives one error item and the others go on; a cancelled execution always ends.
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
		for (const row of await runPiece(context, work, piece, signal)) output.push(row);
	};
	try {
		let pieces: readonly Piece[] = [];
		const plan = async () => {
			pieces = await work.pieces(signal);
			return [];
		};
		const all = [...context.getInputData().keys()];
		if (all.length > 0) await pieceRun({ itemIndexes: all, run: plan });
		for (const piece of pieces) await pieceRun(piece);
	} finally {
		await work.finish?.();
	}
	return [output];
}

async function runPiece(
	context: IExecuteFunctions,
	work: PieceWork,
	{ itemIndexes, about, run }: Piece,
	signal: AbortSignal | undefined,
): Promise<INodeExecutionData[]> {
	const items = itemIndexes.map((item) => ({ item }));
	const pairedItem = items.length === 1 ? items[0] : items;
	try {
		if (signal?.aborted) throw work.cancelled();
		return (await run(signal)).map((row) => ({ ...row, pairedItem }));
	} catch (error) {
		// What is known in our own words says more than the cancel: whether a change was made, for one.
		const isTold = error instanceof ConnectorError;
		const cause = signal?.aborted && !isTold ? work.cancelled() : error;
		const failure = toNodeError(context.getNode(), cause, itemIndexes[0]);
		if (signal?.aborted || !context.continueOnFail()) throw failure;
		return [{ json: toErrorJson(failure, about), pairedItem }];
	}
}
