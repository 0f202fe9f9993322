import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ConnectorError } from '../../shared/errors';
import { toErrorJson, toNodeError } from '../../shared/nodeErrors';
import { cancelled } from '../api/clientErrors';
import { ExactOnlineClient } from '../api/exactOnlineClient';
import { CREDENTIAL_TYPE } from '../auth/credentialData';
import { createAccessTokenSource, type NodeAccessTokenSource } from '../auth/nodeAccessTokenSource';
import { createRunMemory, type RunMemory } from './common/runMemory';
import type { Operation, Resource } from './operation';

/** How long a reading of the credential is good for, in milliseconds. */
const REREAD_MS = 5_000;

/**
 * Runs the chosen operation for every input item, one after another. With Continue On Fail an item
 * that fails gives an error item and the others go on; a cancelled execution always ends.
 *
 * @throws NodeApiError or NodeOperationError with the item's index
 */
export async function runItems(
	context: IExecuteFunctions,
	resources: readonly Resource[],
): Promise<INodeExecutionData[][]> {
	const output: INodeExecutionData[] = [];
	const memory = createRunMemory();
	const signal = context.getExecutionCancelSignal();
	for (const index of context.getInputData().keys()) {
		const pairedItem = { item: index };
		try {
			const rows = await runItem(context, resources, index, signal, memory);
			for (const json of rows) output.push({ json, pairedItem });
		} catch (error) {
			const cause = signal?.aborted ? cancelled() : error;
			const failure = toNodeError(context.getNode(), cause, index);
			if (signal?.aborted || !context.continueOnFail()) throw failure;
			output.push({ json: toErrorJson(failure), pairedItem });
		}
	}
	return [output];
}

async function runItem(
	context: IExecuteFunctions,
	resources: readonly Resource[],
	itemIndex: number,
	signal: AbortSignal | undefined,
	memory: RunMemory,
): Promise<IDataObject[]> {
	if (signal?.aborted) throw cancelled();
	const operation = chosenOperation(context, resources, itemIndex);
	const source = await readSource(context, itemIndex, memory);
	const owner = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
	const client = new ExactOnlineClient(source, { owner });
	return await operation.execute({ context, itemIndex, source, client, signal, memory });
}

/**
 * The credential, read again every few seconds: n8n needs milliseconds for each reading, and a long
 * run has to notice within the guard's overlap that somebody has pressed Connect again.
 */
async function readSource(
	context: IExecuteFunctions,
	itemIndex: number,
	memory: RunMemory,
): Promise<NodeAccessTokenSource> {
	const now = performance.now();
	if (memory.source && now - memory.source.readAt < REREAD_MS) return memory.source.value;
	const value = await createAccessTokenSource(context, itemIndex);
	memory.source = { value, readAt: now };
	return value;
}

function chosenOperation(
	context: IExecuteFunctions,
	resources: readonly Resource[],
	itemIndex: number,
): Operation {
	const resourceValue = String(context.getNodeParameter('resource', itemIndex));
	const operationValue = String(context.getNodeParameter('operation', itemIndex));
	const operation = resources
		.find(({ value }) => value === resourceValue)
		?.operations.find(({ value }) => value === operationValue);
	if (operation) return operation;
	throw new ConnectorError(
		'EXACT_UNKNOWN_OPERATION',
		`This version of the node has no operation "${operationValue}" of "${resourceValue}".`,
		{ repair: 'Choose resource and operation again, or update the package.' },
	);
}
