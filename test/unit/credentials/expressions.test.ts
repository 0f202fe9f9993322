import type { ICredentialType, INodeParameters } from 'n8n-workflow';
import { isDomainAllowed, NodeHelpers } from 'n8n-workflow';
import { DocuWareApi } from '../../../credentials/DocuWareApi.credentials';
import { DocuWareOAuth2Api } from '../../../credentials/DocuWareOAuth2Api.credentials';
import { DocuWareTokenApi } from '../../../credentials/DocuWareTokenApi.credentials';
import { DocuWareWebhookSecretApi } from '../../../credentials/DocuWareWebhookSecretApi.credentials';
import { ExactOnlineOAuth2Api } from '../../../credentials/ExactOnlineOAuth2Api.credentials';

/**
 * n8n evaluates every expression of a credential twice per item of an HTTP Request node, and once per run of
 * a node of this package (docs/facts/n8n.md). So each one here has a reason.
 */
function expressionsOf({ properties }: ICredentialType, stored: INodeParameters = {}): string[] {
	const shown = NodeHelpers.getNodeParameters(properties, stored, true, false, null, null) ?? {};
	return Object.keys(shown).filter((name) => String(shown[name]).startsWith('='));
}

it('Exact Online has one, for Connect: the page that belongs to the region', () => {
	expect(expressionsOf(new ExactOnlineOAuth2Api())).toEqual(['authUrl']);
});

it.each([new DocuWareApi(), new DocuWareTokenApi()])(
	'$name has one, for the HTTP Request node: the host of the server',
	(type) => {
		expect(expressionsOf(type)).toEqual(['allowedDomains']);
		expect(expressionsOf(type, { allowedHttpRequestDomains: 'all' })).toEqual([]);
		expect(expressionsOf(type, { allowedHttpRequestDomains: 'none' })).toEqual([]);
	},
);

it('DocuWare OAuth2 has two more: where a user logs in, and where tokens come from', () => {
	const type = new DocuWareOAuth2Api();
	const ofUser = ['authUrl', 'accessTokenUrl', 'allowedDomains'];
	expect(expressionsOf(type)).toEqual(ofUser);
	const app = { grantType: 'clientCredentials' };
	expect(expressionsOf(type, app)).toEqual(['accessTokenUrl', 'allowedDomains']);
	const anywhere = { ...app, allowedHttpRequestDomains: 'all' };
	expect(expressionsOf(type, anywhere)).toEqual(['accessTokenUrl']);
});

const TYPES = [
	new ExactOnlineOAuth2Api(),
	new DocuWareApi(),
	new DocuWareTokenApi(),
	new DocuWareOAuth2Api(),
	new DocuWareWebhookSecretApi(),
];

it('the secrets of webhooks have none', () => {
	expect(expressionsOf(new DocuWareWebhookSecretApi())).toEqual([]);
});

it.each(TYPES)('$name has no two fields of one name', ({ properties }) => {
	const names = properties.map(({ name }) => name);
	expect(names).toEqual([...new Set(names)]);
});

it.each(TYPES)('$name has no empty choice, which the editor would take for the default', (one) => {
	for (const { type, options } of one.properties) {
		if (type !== 'options') continue;
		const values = (options ?? []).map((option) => ('value' in option ? option.value : undefined));
		expect(values).not.toContain('');
		expect(values.length).toBeGreaterThan(1);
	}
});

it.each([
	['https://start.exactonline.nl/api/v1/current/Me', true],
	['https://START.exactonline.co.uk', true],
	['https://start.exactonline.com/', true],
	['https://exactonline.nl', false],
	['https://apps.exactonline.com', false],
	['https://start.exactonline.nl.evil.example', false],
	['https://evil.example/start.exactonline.nl', false],
	['http://127.0.0.1:4010', false],
])('the HTTP Request node, of which n8n decides: %s is allowed: %s', (url, isAllowed) => {
	const { properties } = new ExactOnlineOAuth2Api();
	const valueOf = (name: string) => String(properties.find((one) => one.name === name)?.default);
	expect(valueOf('allowedHttpRequestDomains')).toBe('domains');
	expect(isDomainAllowed({ url, allowedDomains: valueOf('allowedDomains') })).toBe(isAllowed);
});
