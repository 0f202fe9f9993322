import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ConnectorError } from '../../shared/errors';
import { findOperation, type OutputRow } from '../../shared/node/operation';
import { runItems } from '../../shared/node/runItems';
import { cancelled } from '../api/clientErrors';
import { PlatformClient } from '../api/platformClient';
import { createDocuWareSession } from '../auth/nodeSession';
import type { DocuWareSession } from '../auth/session/sessionTypes';
import { credentialTypeOf } from './common/authenticationField';
import { readSessionReference } from './common/sessionFields';
import type { DocuWareOperation, DocuWareResource } from './operation';

/**
 * Runs the chosen operation for every input item. The sessions that were used are given back at the
 * end, so that their idle time can begin.
 *
 * @throws NodeApiError or NodeOperationError with the item's index
 */
export async function runNode(
	context: IExecuteFunctions,
	resources: readonly DocuWareResource[],
): Promise<INodeExecutionData[][]> {
	const used = new Set<DocuWareSession>();
	return await runItems(context, {
		run: async (itemIndex, signal) => await runItem(context, resources, used, itemIndex, signal),
		cancelled,
		finish: async () => {
			await Promise.all([...used].map(async (session) => await session.release()));
		},
	});
}

async function runItem(
	context: IExecuteFunctions,
	resources: readonly DocuWareResource[],
	used: Set<DocuWareSession>,
	itemIndex: number,
	signal: AbortSignal | undefined,
): Promise<OutputRow[]> {
	const operation = chosenOperation(context, resources, itemIndex);
	const session = await createDocuWareSession(context, itemIndex, {
		credentialType: credentialTypeOf(context.getNodeParameter('authentication', itemIndex)),
		sessionReference: readSessionReference(context, itemIndex),
	});
	used.add(session);
	return await operation.execute({
		context,
		itemIndex,
		session,
		client: new PlatformClient(session),
		signal,
		releaseLater: (further) => used.add(further),
	});
}

function chosenOperation(
	context: IExecuteFunctions,
	resources: readonly DocuWareResource[],
	itemIndex: number,
): DocuWareOperation {
	const resource = String(context.getNodeParameter('resource', itemIndex));
	const operation = String(context.getNodeParameter('operation', itemIndex));
	const found = findOperation(resources, resource, operation);
	if (found) return found;
	throw new ConnectorError(
		'DOCUWARE_UNKNOWN_OPERATION',
		`This version of the node has no operation "${operation}" of "${resource}".`,
		{ repair: 'Choose resource and operation again, or update the package.' },
	);
}
