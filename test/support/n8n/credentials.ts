import { CREDENTIAL_BLANKING_VALUE } from 'n8n-workflow';
import { N8nRequestError, type N8nClient } from './n8nClient';

export interface CredentialReference {
	id: string;
	name: string;
}

/** Outcome of the Test button of a credential. */
export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

/** Creates a credential with the given fields. */
export async function createCredential(
	client: N8nClient,
	type: string,
	name: string,
	data: Record<string, unknown>,
): Promise<CredentialReference> {
	const body = { type, name, data };
	const created = (await client.request('POST', '/rest/credentials', { body })) as { id: string };
	return { id: created.id, name };
}

/** Changes fields of a credential; the others keep their values. */
export async function updateCredential(
	client: N8nClient,
	id: string,
	changes: { name?: string; data?: Record<string, unknown> },
): Promise<void> {
	const { name, type, data } = await readCredential(client, id);
	await client.request('PATCH', `/rest/credentials/${id}`, {
		body: { name: changes.name ?? name, type, data: { ...data, ...changes.data } },
	});
}

/** A credential as the editor sees it: secrets are blanked. */
export async function readCredential(
	client: N8nClient,
	id: string,
): Promise<{ name: string; type: string; data: Record<string, unknown> }> {
	const query = { includeData: 'true' };
	const found = await client.request('GET', `/rest/credentials/${id}`, { query });
	return found as { name: string; type: string; data: Record<string, unknown> };
}

/** All credentials that the owner sees. */
export async function listCredentials(client: N8nClient): Promise<CredentialReference[]> {
	return (await client.request('GET', '/rest/credentials')) as CredentialReference[];
}

/** Removes a credential. */
export async function deleteCredential(client: N8nClient, id: string): Promise<void> {
	await client.request('DELETE', `/rest/credentials/${id}`);
}

/** Presses the Test button of a stored credential; sends its blanked fields as the editor does. */
export async function testCredential(
	client: N8nClient,
	id: string,
	type: string,
): Promise<CredentialTestResult> {
	const { name, data } = await readCredential(client, id);
	// n8n tells of tokens that they are there. From 2.41 on it tests with what it is sent, and takes this for what it has.
	const tokens =
		data['oauthTokenData'] === true ? { oauthTokenData: CREDENTIAL_BLANKING_VALUE } : {};
	const body = { credentials: { id, name, type, data: { ...data, ...tokens } } };
	return (await client.request('POST', '/rest/credentials/test', { body })) as CredentialTestResult;
}

/** The address to which the Connect button of an OAuth2 credential sends the browser. */
export async function authorizationUrl(client: N8nClient, credentialId: string): Promise<string> {
	const query = { id: credentialId };
	const url = await client.request('GET', '/rest/oauth2-credential/auth', { query });
	if (typeof url !== 'string') throw new Error(`n8n gave no authorization address: ${String(url)}`);
	return url;
}

/**
 * Does what a person does with the Connect button: opens the service's authorization page (which must
 * consent by itself), follows it back to n8n's callback, and lets n8n exchange the code.
 *
 * @returns address of the callback, with code and state
 * @throws {Error} with n8n's page if the callback fails
 */
export async function connectOAuth2(client: N8nClient, credentialId: string): Promise<string> {
	const callback = await followAuthorization(client, await authorizationUrl(client, credentialId));
	await finishCallback(client, callback);
	return callback;
}

/** Follows the authorization page up to the redirect to n8n, which is not requested. */
export async function followAuthorization(client: N8nClient, start: string): Promise<string> {
	const callbackPath = '/rest/oauth2-credential/callback';
	let url = new URL(start);
	for (let redirects = 0; redirects < 10; redirects++) {
		const response = await fetch(url, { redirect: 'manual' });
		const location = response.headers.get('location');
		if (location === null) {
			const page = await response.text();
			throw new Error(`Authorization stopped at ${url.href} (${response.status}): ${page}`);
		}
		url = new URL(location, url);
		if (url.origin === new URL(client.baseUrl).origin && url.pathname === callbackPath) {
			return url.href;
		}
	}
	throw new Error('Authorization did not come back to n8n within ten redirects.');
}

/** Requests n8n's callback as the browser would, with the session's cookies. */
export async function finishCallback(client: N8nClient, callbackUrl: string): Promise<void> {
	const { pathname, search } = new URL(callbackUrl);
	const response = await client.send('GET', `${pathname}${search}`);
	const page = await response.text();
	// n8n answers 200 in both cases; only the page of a failed callback names an error.
	if (response.status >= 400 || /<h4>Error: /.test(page)) {
		throw new N8nRequestError('GET', pathname, response.status, page);
	}
}
