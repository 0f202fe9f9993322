import type {
	IExecuteFunctions,
	IHookFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { ConnectorError } from '../../shared/errors';
import type { CreateSessionOptions, DocuWareSession } from './sessionTypes';

/** The contexts in which n8n tells id and name of the credential (facts/n8n.md). */
export type NodeContext =
	IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions | IHookFunctions | IWebhookFunctions;

/**
 * The DocuWare session for one item of a node run. Cheap to call per item: all items of an
 * identity share one session.
 *
 * @throws ConnectorError DOCUWARE_CREDENTIAL_INVALID, DOCUWARE_NOT_CONNECTED,
 * DOCUWARE_SESSION_UNKNOWN or a VAULT_* code.
 */
export async function createDocuWareSession(
	context: NodeContext,
	_itemIndex = 0,
	_options: CreateSessionOptions = {},
): Promise<DocuWareSession> {
	throw new ConnectorError(
		'DOCUWARE_CREDENTIAL_INVALID',
		`The node ${context.getNode().name} has no DocuWare credential.`,
		{ repair: 'Choose a DocuWare credential in the node.' },
	);
}
