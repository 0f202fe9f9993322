import type { ICredentialType } from 'n8n-workflow';
import { isDomainAllowed } from 'n8n-workflow';
import { ExactOnlineOAuth2Api } from '../../../credentials/ExactOnlineOAuth2Api.credentials';

/**
 * n8n evaluates every expression of a credential twice per item of an HTTP Request node, and once per run of
 * a node of this package (docs/facts/n8n.md). So each one here has a reason.
 */
const expressionsOf = ({ properties }: ICredentialType) =>
	properties.filter((field) => String(field.default).startsWith('=')).map(({ name }) => name);

it('Exact Online has one, for Connect: the page that belongs to the region', () => {
	expect(expressionsOf(new ExactOnlineOAuth2Api())).toEqual(['authUrl']);
});

it.each([new ExactOnlineOAuth2Api()])('$name has no two fields of one name', ({ properties }) => {
	const names = properties.map(({ name }) => name);
	expect(names).toEqual([...new Set(names)]);
});

it('of Exact Online no choice is empty, which the editor would take for the default', () => {
	for (const { type, options } of new ExactOnlineOAuth2Api().properties) {
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
