import type { IPollFunctions } from 'n8n-workflow';
import { ExactOnlineClient } from '../api/exactOnlineClient';
import type { Clock } from '../api/limits/clock';
import { CREDENTIAL_TYPE } from '../auth/credentialData';
import { createAccessTokenSource, type NodeAccessTokenSource } from '../auth/nodeAccessTokenSource';
import { impatientSource } from './impatience';
import type { ReceivingContext } from './webhook/settings';

/** The API of a trigger's credential. */
export interface TriggerClient {
	client: ExactOnlineClient;
	source: NodeAccessTokenSource;
}

/**
 * The API of a trigger's credential; nobody waits at a screen for the answers, unless a person runs the node by hand.
 * @throws ConnectorError EXACT_NOT_CONNECTED, EXACT_CREDENTIAL_INVALID or a VAULT_* code
 */
export async function openClient(
	context: ReceivingContext | IPollFunctions,
	clock?: Clock,
): Promise<TriggerClient> {
	const patient = await createAccessTokenSource(context);
	const source = clock ? impatientSource(patient, clock) : patient;
	const credentialId = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
	const automatic = context.getMode() !== 'manual';
	const client = new ExactOnlineClient(source, {
		credentialId,
		automatic,
		...(clock && { clock }),
	});
	return { client, source };
}
