import type { IExecuteFunctions, IPollFunctions } from 'n8n-workflow';
import type { NodeRun } from '../../../shared/node/nodeRun';
import { CabinetFacts } from '../../api/cabinetFacts';
import { PlatformClient } from '../../api/platformClient';
import { RunMemory } from '../../api/runMemory';
import { credentialTypeFor } from '../../auth/account/credentialTypes';
import { createDocuWareSession } from '../../auth/nodeSession';
import type { DocuWareSession } from '../../auth/session/sessionTypes';
import type { OperationCall } from '../../resources/operation';
import { PARAMETERS } from './triggerFields';

/** Parameters of conditions, with what they are where no conditions are asked for, whatever the hidden fields hold. */
const WITHOUT_CONDITIONS: Readonly<Record<string, unknown>> = {
	dialogId: '',
	conditionsAs: 'rows',
	conditions: {},
	combine: 'And',
};

/**
 * What the readers of an operation's fields take, of a poll: the session is the one that everything with the credential
 * shares.
 */
export async function pollCall(
	context: IPollFunctions,
	{ signal, releaseLater }: NodeRun,
): Promise<OperationCall> {
	const session = await createDocuWareSession(context, 0, {
		credentialType: credentialTypeFor(context.getNodeParameter('authentication')),
	});
	releaseLater(session);
	const client = new PlatformClient(withoutWaiting(session));
	const memory = new RunMemory();
	const facts = new CabinetFacts(client, memory, signal);
	const item = { context: asItemContext(context), itemIndex: 0, signal };
	return { ...item, session, client, memory, facts, releaseLater };
}

/** What a limit does not allow now the next poll asks for. */
function withoutWaiting(session: DocuWareSession): DocuWareSession {
	const request: DocuWareSession['request'] = async (asked) =>
		await session.request({ ...asked, waits: false });
	return Object.assign(Object.create(session) as DocuWareSession, { request });
}

/** A poll has no items: each field has one value. */
function asItemContext(context: IPollFunctions): IExecuteFunctions {
	const hasConditions = context.getNodeParameter(PARAMETERS.hasConditions, false) === true;
	const getNodeParameter = (name: string, _itemIndex: number, fallback?: unknown): unknown =>
		!hasConditions && name in WITHOUT_CONDITIONS
			? WITHOUT_CONDITIONS[name]
			: context.getNodeParameter(name, fallback as object);
	const items: Pick<IExecuteFunctions, 'getInputData'> = { getInputData: () => [] };
	return Object.assign(Object.create(context) as IExecuteFunctions, items, { getNodeParameter });
}
