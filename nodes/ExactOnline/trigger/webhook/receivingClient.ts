import { ExactOnlineClient } from '../../api/exactOnlineClient';
import { CREDENTIAL_TYPE } from '../../auth/credentialData';
import {
	createAccessTokenSource,
	type NodeAccessTokenSource,
} from '../../auth/nodeAccessTokenSource';
import type { ReceivingContext } from './settings';

/** The API of the node's credential; nobody waits at a screen for what a delivery asks for. */
export async function openClient(
	context: ReceivingContext,
): Promise<{ client: ExactOnlineClient; source: NodeAccessTokenSource }> {
	const source = await createAccessTokenSource(context);
	const credentialId = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? undefined;
	const automatic = context.getMode() !== 'manual';
	return { client: new ExactOnlineClient(source, { credentialId, automatic }), source };
}
