import type { ExactHost, ExactIdentity } from '../../../test/e2e/support/exactHost';
import { httpRequestNode, meNode, meUrl } from '../../../test/e2e/support/exactWorkflows';
import { genericCredential, genericHttpRequestNode } from '../../../test/e2e/support/genericOAuth2';
import type { CredentialReference, WorkflowNode } from '../../../test/support/n8n';

/** A way to ask Exact Online from a workflow. */
export interface Way {
	name: string;
	/** A credential of this identity that was just connected. */
	connected(exact: ExactHost, identity: ExactIdentity, name: string): Promise<CredentialReference>;
	/** One call of `current/Me`. */
	node(exact: ExactHost, credential: CredentialReference): WorkflowNode;
}

const connectOurs: Way['connected'] = async (exact, identity, name) =>
	await exact.connectedCredential(identity, name);

/** The ways that are compared, in the order of the tables. */
export const WAYS: readonly Way[] = [
	{
		name: 'Exact Online node',
		connected: connectOurs,
		node: (_exact, credential) => meNode(credential),
	},
	{
		name: "HTTP Request, this package's credential",
		connected: connectOurs,
		node: (exact, credential) => httpRequestNode(credential, meUrl(exact)),
	},
	{
		name: "HTTP Request, n8n's generic OAuth2",
		connected: async (exact, identity, name) => await genericCredential(exact, identity, name),
		node: (exact, credential) => genericHttpRequestNode(credential, meUrl(exact)),
	},
];
