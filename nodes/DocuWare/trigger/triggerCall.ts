import type { IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { asItemContext } from '../../shared/node/asItemContext';
import type { NodeRun } from '../../shared/node/nodeRun';
import { CabinetFacts } from '../api/cabinetFacts';
import { PlatformClient } from '../api/platformClient';
import { RunMemory } from '../api/runMemory';
import { credentialTypeFor } from '../auth/account/credentialTypes';
import { createDocuWareSession } from '../auth/nodeSession';
import type { DocuWareSession } from '../auth/session/sessionTypes';
import type { OperationCall } from '../resources/operation';

/** How a trigger differs from an operation. */
interface Manner {
	/** Values of parameters that are not read from the node. */
	values?: Readonly<Record<string, unknown>>;
	/** False where the next poll asks for what a limit does not allow now. */
	waits?: boolean;
}

/**
 * What the readers of an operation's fields take, of a trigger: the session is the one that everything with the credential
 * shares. It is given back at the end of the run.
 */
export async function triggerCall(
	context: IPollFunctions | IWebhookFunctions,
	{ signal, releaseLater }: NodeRun,
	{ values, waits = true }: Manner = {},
): Promise<OperationCall> {
	const session = await createDocuWareSession(context, 0, {
		credentialType: credentialTypeFor(context.getNodeParameter('authentication')),
	});
	releaseLater(session);
	const client = new PlatformClient(waits ? session : withoutWaiting(session));
	const memory = new RunMemory();
	const facts = new CabinetFacts(client, memory, signal);
	const item = { context: asItemContext(context, values), itemIndex: 0, signal };
	return { ...item, session, client, memory, facts, releaseLater };
}

function withoutWaiting(session: DocuWareSession): DocuWareSession {
	const request: DocuWareSession['request'] = async (asked) =>
		await session.request({ ...asked, waits: false });
	return Object.assign(Object.create(session) as DocuWareSession, { request });
}
