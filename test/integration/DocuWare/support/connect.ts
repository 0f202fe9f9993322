import { createHash, randomBytes } from 'node:crypto';

import type { DocuWareSimulator } from '../../../simulators/DocuWare';
import type { FakeRun } from './fakeNode';

let runs = 0;

/**
 * Connects as n8n's button does: authorization code with PKCE at the Identity Service (the simulator
 * must consent by itself), and the credential as n8n then stores it.
 */
export async function connect(simulator: DocuWareSimulator): Promise<FakeRun> {
	const app = simulator.world.apps[0]!;
	const redirectUri = app.redirectUris[0]!;
	const verifier = randomBytes(32).toString('base64url');
	const question = new URLSearchParams({
		response_type: 'code',
		client_id: app.clientId,
		redirect_uri: redirectUri,
		scope: 'openid dwprofile docuware.platform offline_access',
		code_challenge: createHash('sha256').update(verifier).digest('base64url'),
		code_challenge_method: 'S256',
	});
	const consented = await fetch(`${simulator.identityUrl}/connect/authorize?${question}`, {
		redirect: 'manual',
	});
	const code = new URL(consented.headers.get('location') ?? '').searchParams.get('code') ?? '';
	const answer = await fetch(`${simulator.identityUrl}/connect/token`, {
		method: 'POST',
		body: new URLSearchParams({
			grant_type: 'authorization_code',
			code,
			redirect_uri: redirectUri,
			code_verifier: verifier,
			client_id: app.clientId,
			client_secret: app.clientSecrets[0]!,
		}),
	});
	const tokens = (await answer.json()) as Record<string, unknown>;
	return oauth2Run(simulator, {
		oauthTokenData: {
			...tokens,
			n8n_expires_at: String(Date.now() + Number(tokens.expires_in) * 1000),
		},
	});
}

/** A run with the credential *DocuWare OAuth2*. */
export function oauth2Run(
	simulator: DocuWareSimulator,
	changes: Record<string, unknown> = {},
): FakeRun {
	const app = simulator.world.apps[0]!;
	runs += 1;
	return {
		credentialType: 'docuWareOAuth2Api',
		executionId: `oauth2-${process.pid}-${runs}`,
		credential: {
			platformUrl: simulator.url,
			identityServiceUrl: simulator.identityUrl,
			grantType: 'pkce',
			clientId: app.clientId,
			clientSecret: app.clientSecrets[0]!,
			...changes,
		},
	};
}
