import { asItemContext } from '../../shared/node/asItemContext';
import type { PollRun } from '../../shared/node/pollFrame';
import { ExactOnlineClient } from '../api/exactOnlineClient';
import { CREDENTIAL_TYPE } from '../auth/credentialData';
import { createAccessTokenSource } from '../auth/nodeAccessTokenSource';
import { createRunMemory } from '../resources/common/runMemory';
import type { OperationCall } from '../resources/operation';
import { impatientClock } from './impatience';

/**
 * A poll as what reads for operations knows it: one item, and a client that waits for no limit unless a person runs the
 * node by hand.
 * @throws ConnectorError EXACT_NOT_CONNECTED, EXACT_CREDENTIAL_INVALID or a VAULT_* code
 */
export async function pollCall({ context, signal, isSample }: PollRun): Promise<OperationCall> {
	const source = await createAccessTokenSource(context);
	const credentialId = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
	const manner = isSample ? {} : { automatic: true, clock: impatientClock() };
	const client = new ExactOnlineClient(source, { credentialId, ...manner });
	return {
		...{ context: asItemContext(context), itemIndex: 0, signal },
		...{ source, client, memory: createRunMemory() },
	};
}
