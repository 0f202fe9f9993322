import { createCredential, type CredentialReference, type WorkflowNode } from '../../support/n8n';
import type { ExactHost, ExactIdentity } from './exactHost';
import { httpRequestNode } from './exactWorkflows';

const GENERIC_CREDENTIAL = 'oAuth2Api';

/** n8n's own generic OAuth2 credential, connected with this app and user. */
export async function genericCredential(
	exact: ExactHost,
	identity: ExactIdentity,
	name = 'Generic OAuth2',
): Promise<CredentialReference> {
	const { client, simulator } = exact;
	const credential = await createCredential(client, GENERIC_CREDENTIAL, name, {
		grantType: 'authorizationCode',
		authUrl: simulator.authUrl,
		accessTokenUrl: simulator.tokenUrl,
		clientId: identity.clientId,
		clientSecret: identity.clientSecret,
		scope: '',
		authQueryParameters: '',
		authentication: 'body',
	});
	await exact.connect(credential, identity);
	return credential;
}

/** n8n's *HTTP Request* node with that credential. */
export function genericHttpRequestNode(credential: CredentialReference, url: string): WorkflowNode {
	const { parameters, ...node } = httpRequestNode(credential, url);
	return {
		...node,
		parameters: {
			...parameters,
			authentication: 'genericCredentialType',
			genericAuthType: GENERIC_CREDENTIAL,
		},
		credentials: { [GENERIC_CREDENTIAL]: credential },
	};
}
