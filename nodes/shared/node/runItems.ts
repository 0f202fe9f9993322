import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { ConnectorError } from '../errors';
import { toErrorJson, toNodeError } from './nodeErrors';
import type { OutputRow } from './operation';

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
	const output: INodeExecutionData[] = [];
	const signal = context.getExecutionCancelSignal();
	try {
		for (const index of context.getInputData().keys()) {
			const pairedItem = { item: index };
			try {
				if (signal?.aborted) throw work.cancelled();
				for (const row of await work.run(index, signal)) output.push({ ...row, pairedItem });
			} catch (error) {
				const cause = signal?.aborted ? work.cancelled() : error;
				const failure = toNodeError(context.getNode(), cause, index);
				if (signal?.aborted || !context.continueOnFail()) throw failure;
				output.push({ json: toErrorJson(failure), pairedItem });
			}
		}
	} finally {
		await work.finish?.();
	}
	return [output];
}
