import type { NodeService } from '../../shared/node/runNode';
import { cancelled } from '../api/clientErrors';
import { CabinetFacts } from '../api/cabinetFacts';
import { PlatformClient } from '../api/platformClient';
import { RunMemory } from '../api/runMemory';
import { credentialTypeFor } from '../auth/account/credentialTypes';
import { createDocuWareSession } from '../auth/nodeSession';
import { readSessionReference } from './common/sessionFields';
import type { OperationCall } from './operation';
import { getStatus } from './session/getStatus.operation';
import { logOn } from './session/logOn.operation';
import { tokenLogOn } from './session/tokenLogOn.operation';
import { validation } from './validation';

/** Operations for which a session that was logged off is no mistake. */
const BEGINNERS: readonly string[] = [logOn, tokenLogOn, getStatus].map(({ value }) => value);

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
		return async (item, { value, refusedAsTool }) => {
			const { context, itemIndex } = item;
			// These ask nothing of DocuWare, so they need no credential, and look at none of the rest.
			const resource = context.getNodeParameter('resource', itemIndex);
			if (resource === validation.value) return { ...item, memory, releaseLater } as OperationCall;
			const session = await createDocuWareSession(context, itemIndex, {
				credentialType: credentialTypeFor(context.getNodeParameter('authentication', itemIndex)),
				sessionReference: readSessionReference(context, itemIndex),
				mayBeEnded: resource === 'session' && BEGINNERS.includes(value),
			});
			releaseLater(session);
			const client = new PlatformClient(session);
			// What may change something, no model may decide without leave.
			const mayChange = refusedAsTool !== undefined;
			const facts = new CabinetFacts(client, memory, item.signal, mayChange);
			return { ...item, session, client, memory, facts, releaseLater };
		};
	},
};
