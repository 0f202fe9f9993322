import type { NodeService } from '../../shared/node/runNode';
import { cancelled } from '../api/clientErrors';
import { PlatformClient } from '../api/platformClient';
import { createDocuWareSession } from '../auth/nodeSession';
import { credentialTypeOf } from './common/authenticationField';
import { readSessionReference } from './common/sessionFields';
import type { OperationCall } from './operation';

/**
 * How the operations of this node reach DocuWare: the session that the item names. Sessions are given
 * back at the end of the run, so that their idle time can begin.
 */
export const docuWareService: NodeService<OperationCall> = {
	errors: {
		unknownOperation: 'DOCUWARE_UNKNOWN_OPERATION',
		notForAi: 'DOCUWARE_NOT_FOR_AI',
		cancelled,
	},
	begin({ releaseLater }) {
		return async (item) => {
			const { context, itemIndex } = item;
			const session = await createDocuWareSession(context, itemIndex, {
				credentialType: credentialTypeOf(context.getNodeParameter('authentication', itemIndex)),
				sessionReference: readSessionReference(context, itemIndex),
			});
			releaseLater(session);
			return { ...item, session, client: new PlatformClient(session), releaseLater };
		};
	},
};
