import { connectThroughBrowser } from '../../test/simulators/ExactOnline';
import { httpRequestNode } from '../../test/e2e/support/exactWorkflows';
import {
	authorizationUrl,
	createCredential,
	finishCallback,
	type CredentialReference,
	type WorkflowNode,
} from '../../test/support/n8n';
import type { BenchHost } from './benchHost';

const GENERIC_CREDENTIAL = 'oAuth2Api';

/** n8n's HTTP Request node with n8n's own OAuth2 credential, connected. */
export async function genericNode(host: BenchHost, url: string): Promise<WorkflowNode> {
	const credential = await genericCredential(host);
	const node = httpRequestNode(credential, url);
	return {
		...node,
		parameters: {
			...node.parameters,
			authentication: 'genericCredentialType',
			genericAuthType: GENERIC_CREDENTIAL,
		},
		credentials: { [GENERIC_CREDENTIAL]: credential },
	};
}

async function genericCredential(host: BenchHost): Promise<CredentialReference> {
	const { simulator } = host;
	const { client } = host.exact;
	const identity = host.newIdentity();
	const credential = await createCredential(client, GENERIC_CREDENTIAL, 'Generic OAuth2', {
		grantType: 'authorizationCode',
		authUrl: simulator.authUrl,
		accessTokenUrl: simulator.tokenUrl,
		clientId: identity.clientId,
		clientSecret: identity.clientSecret,
		scope: '',
		authQueryParameters: '',
		authentication: 'body',
	});
	const authUrl = await authorizationUrl(client, credential.id);
	const callback = connectThroughBrowser(simulator, { authUrl, userId: identity.userId });
	await finishCallback(client, callback);
	return credential;
}
