import type { IExecuteFunctions } from 'n8n-workflow';
import { findOperation, type ItemCall } from '../../shared/node/operation';
import type { NodeService } from '../../shared/node/runNode';
import { cancelled } from '../api/clientErrors';
import { CabinetFacts } from '../api/cabinetFacts';
import { PlatformClient } from '../api/platformClient';
import { RunMemory } from '../api/runMemory';
import { credentialTypeFor } from '../auth/account/credentialTypes';
import { createDocuWareSession } from '../auth/nodeSession';
import { readSessionReference } from './common/sessionFields';
import { resources } from './index';
import type { OperationCall } from './operation';
import { getStatus } from './session/getStatus.operation';
import { logOn } from './session/logOn.operation';
import { tokenLogOn } from './session/tokenLogOn.operation';
import { validation } from './validation';

/** Operations for which a session that was logged off is no mistake. */
const BEGINNERS: readonly string[] = [logOn.value, tokenLogOn.value, getStatus.value];

function mayBeginAnew(context: IExecuteFunctions, itemIndex: number): boolean {
	return (
		context.getNodeParameter('resource', itemIndex) === 'session' &&
		BEGINNERS.includes(String(context.getNodeParameter('operation', itemIndex)))
	);
}

/** Whether the operation may change something, which a model may not decide for that reason. */
function changes({ context, itemIndex }: ItemCall): boolean {
	const [resource, operation] = ['resource', 'operation'].map((name) =>
		String(context.getNodeParameter(name, itemIndex)),
	) as [string, string];
	return findOperation(resources, resource, operation)?.refusedAsTool !== undefined;
}

/**
 * How the operations of this node reach DocuWare: the session that the item names. Sessions are given
 * back at the end of the run, so that their idle time can begin.
 */
export const docuWareService: NodeService<OperationCall> = {
	errors: {
		unknownOperation: 'DOCUWARE_UNKNOWN_OPERATION',
		notForAi: 'DOCUWARE_NOT_FOR_AI',
		emptyValue: 'DOCUWARE_EMPTY_VALUE',
		cancelled,
	},
	begin({ releaseLater }) {
		const memory = new RunMemory();
		return async (item) => {
			const { context, itemIndex } = item;
			// These ask nothing of DocuWare, so they need no credential, and look at none of the rest.
			const isAnswer = context.getNodeParameter('resource', itemIndex) === validation.value;
			if (isAnswer) return { ...item, memory, releaseLater } as OperationCall;
			const session = await createDocuWareSession(context, itemIndex, {
				credentialType: credentialTypeFor(context.getNodeParameter('authentication', itemIndex)),
				sessionReference: readSessionReference(context, itemIndex),
				mayBeEnded: mayBeginAnew(context, itemIndex),
			});
			releaseLater(session);
			const client = new PlatformClient(session);
			const facts = new CabinetFacts(client, memory, item.signal, changes(item));
			return { ...item, session, client, memory, facts, releaseLater };
		};
	},
};
