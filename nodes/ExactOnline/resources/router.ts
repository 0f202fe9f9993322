import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ConnectorError } from '../../shared/errors';
import { findOperation, jsonRows } from '../../shared/node/operation';
import { runItems as runEach } from '../../shared/node/runItems';
import { cancelled } from '../api/clientErrors';
import { ExactOnlineClient } from '../api/exactOnlineClient';
import { CREDENTIAL_TYPE } from '../auth/credentialData';
import { createAccessTokenSource, type NodeAccessTokenSource } from '../auth/nodeAccessTokenSource';
import { createRunMemory, type RunMemory } from './common/runMemory';
import type { Operation, Resource } from './operation';

/** How long a reading of the credential is good for, in milliseconds. */
const REREAD_MS = 5_000;

/**
 * Runs the chosen operation for every input item.
 * @throws NodeApiError or NodeOperationError with the item's index
 */
export async function runItems(
	context: IExecuteFunctions,
	resources: readonly Resource[],
): Promise<INodeExecutionData[][]> {
	const memory = createRunMemory();
	return await runEach(context, {
		cancelled,
		async run(itemIndex, signal) {
			const operation = chosenOperation(context, resources, itemIndex);
			const source = await readSource(context, itemIndex, memory);
			const owner = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
			const client = new ExactOnlineClient(source, { owner });
			const call = { context, itemIndex, source, client, signal, memory };
			return jsonRows(await operation.execute(call));
		},
	});
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
	const resource = String(context.getNodeParameter('resource', itemIndex));
	const operation = String(context.getNodeParameter('operation', itemIndex));
	const found = findOperation(resources, resource, operation);
	if (found) return found;
	throw new ConnectorError(
		'EXACT_UNKNOWN_OPERATION',
		`This version of the node has no operation "${operation}" of "${resource}".`,
		{ repair: 'Choose resource and operation again, or update the package.' },
	);
}
