import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialType, INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { DocuWareApi } from '../../../../credentials/DocuWareApi.credentials';
import { DocuWareOAuth2Api } from '../../../../credentials/DocuWareOAuth2Api.credentials';
import { DocuWareTokenApi } from '../../../../credentials/DocuWareTokenApi.credentials';
import { readOAuth2Credential } from '../../../../nodes/DocuWare/auth/account/credentialData';

const TYPES: ICredentialType[] = [
	new DocuWareApi(),
	new DocuWareTokenApi(),
	new DocuWareOAuth2Api(),
];

const guide = readFileSync(
	join(__dirname, '..', '..', '..', '..', 'docs', 'docuware-credentials.md'),
	'utf8',
);

/** The names in the first column of the guide's tables; a row may name several fields. */
const documented = guide
	.split('\n')
	.filter((line) => line.startsWith('| '))
	.flatMap((line) => (line.split('|')[1] ?? '').split(','))
	.map((name) => name.trim());

/** Fields that the guide explains in its text. */
const EXPLAINED_IN_TEXT = ['Login Token', 'Usage'];

function named(type: ICredentialType, name: string): INodeProperties | undefined {
	return type.properties.find((field) => field.name === name);
}

/** What an expression of a hidden field gives, as n8n resolves it for the fields of a credential. */
function resolve(expression: unknown, self: Record<string, unknown>): unknown {
	const code = /^=\{\{(.*)\}\}$/s.exec(String(expression))?.[1];
	if (code === undefined) throw new Error(`${String(expression)} is no expression.`);
	return (Function('$self', `return (${code});`) as (self: unknown) => unknown)(self);
}

describe.each(TYPES.map((type) => [type.name, type] as const))('%s', (_name, type) => {
	it('begins with the server', () => {
		expect(type.properties[0]?.name).toBe('platformUrl');
	});

	it('has every visible field in the guide', () => {
		const visible = type.properties.filter((field) => field.type !== 'hidden');
		const missing = visible
			.map(({ displayName }) => displayName)
			.filter((name) => !documented.includes(name) && !EXPLAINED_IN_TEXT.includes(name));
		expect(missing).toEqual([]);
	});

	it('has no expression in a visible field: the editor would not test the credential', () => {
		const visible = type.properties.filter((field) => field.type !== 'hidden');
		expect(visible.filter((field) => String(field.default).startsWith('='))).toEqual([]);
	});

	it('can be told to ignore certificates, and does not by default', () => {
		const field = named(type, 'ignoreSslIssues') ?? named(type, 'ignoreSSLIssues');
		expect(field?.default).toBe(false);
	});

	it.each([
		['acme', 'acme.docuware.cloud'],
		['https://acme.docuware.cloud/DocuWare/Platform', 'acme.docuware.cloud'],
		['http://127.0.0.1:4109', '127.0.0.1'],
		['localhost:8080', 'localhost'],
		['http://vm:8080', 'vm'],
		['', ''],
	])('allows the HTTP Request node the host of %j only, by default', (platformUrl, host) => {
		expect(resolve(named(type, 'allowedDomains')?.default, { platformUrl })).toBe(host);
		expect(named(type, 'allowedHttpRequestDomains')).toMatchObject({
			type: 'options',
			default: 'domains',
		});
	});
});

/** What n8n hands out of the credential, before it evaluates expressions. */
function handedOut(stored: INodeParameters): INodeParameters {
	const { properties } = new DocuWareOAuth2Api();
	return NodeHelpers.getNodeParameters(properties, stored, true, false, null, null) ?? {};
}

describe('docuWareOAuth2Api', () => {
	it.each([
		['acme', 'https://login-emea.docuware.cloud/0a1b', 'https://login-emea.docuware.cloud/0a1b'],
		[
			'acme',
			' https://login-emea.docuware.cloud/0a1b/.well-known/openid-configuration ',
			'https://login-emea.docuware.cloud/0a1b',
		],
		['https://dw.example.com', 'https://dw.example.com/id/', 'https://dw.example.com/id'],
		['dw.example.com', '', 'https://dw.example.com/DocuWare/Identity'],
		['http://localhost:81/DocuWare/Platform', '', 'http://localhost:81/DocuWare/Identity'],
	])('of %j with Identity Service %j logs in at %s', (platformUrl, identityServiceUrl, base) => {
		const type = new DocuWareOAuth2Api();
		const self = { platformUrl, identityServiceUrl };
		expect(resolve(named(type, 'authUrl')?.default, self)).toBe(`${base}/connect/authorize`);
		expect(resolve(named(type, 'accessTokenUrl')?.default, self)).toBe(`${base}/connect/token`);
		const reading = readOAuth2Credential(
			{ ...self, clientId: 'app', clientSecret: 's', grantType: 'clientCredentials' },
			{ credentialId: null, credentialName: null, instanceId: null },
		);
		expect(reading).toMatchObject({ account: { identityUrl: base } });
	});

	it('asks for a refresh token, but not for an app that acts for itself', () => {
		expect(handedOut({ grantType: 'pkce' })).toMatchObject({
			scope: 'openid dwprofile docuware.platform offline_access',
		});
		expect(handedOut({ grantType: 'pkce' })).not.toHaveProperty('additionalBodyProperties');
		const forApp = handedOut({ grantType: 'clientCredentials' });
		expect(forApp).toMatchObject({ additionalBodyProperties: '{"scope":"docuware.platform"}' });
		expect(forApp).not.toHaveProperty('scope');
	});
});
