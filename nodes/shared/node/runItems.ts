import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { ConnectorError } from '../errors';
import type { OutputRow } from './operation';
import { runPieces, type Piece } from './runPieces';

/** How a service's node treats one item, and what a cancelled execution is called there. */
export interface ItemWork {
	/** Does the work of one item. */
	run(itemIndex: number, signal: AbortSignal | undefined): Promise<OutputRow[]>;
	/** The error of an execution that the user or n8n has ended. */
	cancelled(): ConnectorError;
	/** Called once at the end, whatever happened; never throws. */
	finish?(): Promise<void>;
}

/**
 * Does a node's work for every input item, one after another, and pairs what comes out with the item.
 * With Continue On Fail an item that fails gives an error item and the others go on; a cancelled
 * execution always ends.
 *
 * @throws NodeApiError or NodeOperationError with the item's index
 */
export async function runItems(
	context: IExecuteFunctions,
	work: ItemWork,
): Promise<INodeExecutionData[][]> {
	return await runPieces(context, {
		...work,
		pieces: async () => await Promise.resolve(itemPieces(context, work.run)),
	});
}

/** Every input item as a piece of its own. */
export function itemPieces(context: IExecuteFunctions, run: ItemWork['run']): Piece[] {
	return [...context.getInputData().keys()].map((itemIndex) => ({
		itemIndexes: [itemIndex],
		run: async (signal) => await run(itemIndex, signal),
	}));
}
