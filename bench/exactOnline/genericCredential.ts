import { genericCredential, genericHttpRequestNode } from '../../test/e2e/support/genericOAuth2';
import type { WorkflowNode } from '../../test/support/n8n';
import type { BenchHost } from './benchHost';

/** n8n's HTTP Request node with n8n's own OAuth2 credential, connected. */
export async function genericNode(host: BenchHost, url: string): Promise<WorkflowNode> {
	return genericHttpRequestNode(await genericCredential(host.exact, host.newIdentity()), url);
}
