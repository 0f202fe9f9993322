import fc from 'fast-check';
import type { ICredentialType } from 'n8n-workflow';
import { DocuWareApi } from '../../../credentials/DocuWareApi.credentials';
import { DocuWareOAuth2Api } from '../../../credentials/DocuWareOAuth2Api.credentials';
import { DocuWareTokenApi } from '../../../credentials/DocuWareTokenApi.credentials';
import { ExactOnlineOAuth2Api } from '../../../credentials/ExactOnlineOAuth2Api.credentials';
import { readConnection } from '../../../nodes/DocuWare/auth/account/credentialData';
import { readServerAddress } from '../../../nodes/DocuWare/platform/serverAddress';
import { baseUrlOf } from '../../../nodes/ExactOnline/auth/credentialData';
import { OTHER_BASE_URL, REGIONS } from '../../../nodes/ExactOnline/auth/regions';
import { isConnectorError } from '../../../nodes/shared/errors';

/** What an expression of a credential gives: n8n evaluates it without `URL`. */
function evaluate(expression: unknown, self: object): string {
	const code = /^=\{\{(.*)\}\}$/s.exec(String(expression))?.[1] ?? '';
	const run = Function('$self', '$credentials', 'URL', `return (${code});`) as (
		...scope: unknown[]
	) => string;
	return run(self, self, undefined);
}

const hidden = (type: ICredentialType, name: string) =>
	type.properties.find((field) => field.name === name)?.default;

const baseUrlOfTest = ({ test }: ICredentialType) =>
	(test as { request: { baseURL: string } }).request.baseURL;

/** The host that n8n compares with that of a request. */
const hostOf = (url: string) => new URL(url).hostname;

/** What the code makes of an input; undefined where it refuses it. */
function orRefused<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch (error) {
		expect(isConnectorError(error)).toBe(true);
		return undefined;
	}
}

const SESSIONS = [new DocuWareApi(), new DocuWareTokenApi(), new DocuWareOAuth2Api()];

/** Every expression that names a host gives the one that the code names, or the code refuses the input. */
function expectOneDocuWareHost(platformUrl: string): void {
	const address = orRefused(() => readServerAddress(platformUrl));
	if (address === undefined) return;
	const self = { platformUrl, identityServiceUrl: '' };
	for (const type of SESSIONS) {
		expect(evaluate(hidden(type, 'allowedDomains'), self)).toBe(hostOf(address.baseUrl));
	}
	const oAuth2 = new DocuWareOAuth2Api();
	for (const name of ['authUrl', 'accessTokenUrl']) {
		const url = new URL(evaluate(hidden(oAuth2, name), self));
		expect(url.origin).toBe(address.origin);
		expect(url.pathname).toMatch(/^\/DocuWare\/Identity\/connect\//);
	}
	expect(new URL(evaluate(baseUrlOfTest(oAuth2), self)).href).toBe(address.baseUrl);
}

/** The Identity Service is one for *Connect* and the nodes, or the code refuses the input. */
function expectOneIdentityService(identityServiceUrl: string): void {
	const self = { platformUrl: 'dw.example.com', identityServiceUrl };
	const url = orRefused(() => readConnection(self).identityServiceUrl ?? '');
	if (url === undefined) return;
	const oAuth2 = new DocuWareOAuth2Api();
	const expected = url === '' ? 'https://dw.example.com/DocuWare/Identity' : url;
	const evaluated = (name: string) => new URL(evaluate(hidden(oAuth2, name), self)).href;
	expect(evaluated('accessTokenUrl')).toBe(new URL(`${expected}/connect/token`).href);
	expect(evaluated('authUrl')).toBe(new URL(`${expected}/connect/authorize`).href);
}

/** What n8n stores and what it hands out where the base URL is typed. */
function withBaseUrl(baseUrl: string): [stored: Stored, resolved: Stored] {
	const stored = { accessTokenUrl: OTHER_BASE_URL, baseUrl };
	return [stored, { ...stored, accessTokenUrl: evaluate(OTHER_BASE_URL, stored) }];
}

interface Stored {
	accessTokenUrl: string;
	baseUrl?: string;
}

const exactAt = (baseUrl: string): string => baseUrlOf({ ...withBaseUrl(baseUrl)[1] });

function expectOneExactHost(stored: Stored, resolved: Stored): void {
	const origin = orRefused(() => baseUrlOf({ ...resolved }));
	if (origin === undefined) return;
	const type = new ExactOnlineOAuth2Api();
	expect(new URL(evaluate(hidden(type, 'authUrl'), stored)).href).toBe(`${origin}/api/oauth2/auth`);
	expect(new URL(resolved.accessTokenUrl).href).toBe(`${origin}/api/oauth2/token`);
	expect(new URL(evaluate(baseUrlOfTest(type), resolved)).origin).toBe(origin);
}

const part = (...values: string[]) => fc.constantFrom(...values);

/** Addresses as people and attackers type them. */
const typed = fc.oneof(
	fc
		.tuple(
			part('', ' ', '\t', '\n'),
			part('', 'https://', 'http://', 'HTTPS://', 'https:/', 'https:', 'ftp://', '//', '\\\\'),
			part('', 'user@', 'user:word@', 'start.exactonline.nl@'),
			part(
				'acme',
				'vm',
				'localhost',
				'docuware',
				'acme.docuware.cloud',
				'Dw.Example.COM',
				'dw.example.com.',
				'127.0.0.1',
				'127.1',
				'0x7f.1',
				'[::1]',
				'[2001:DB8::1]',
				'[2001:0db8::0001]',
				'::1',
				'xn--bcher-kva.example',
				'bücher.example',
				'ex%61mple.com',
				'exa\tmple.com',
				'*.example.com',
				'a,b.example',
				'a_b.example',
				'１２７.0.0.1',
				'a b',
				'',
			),
			part('', ':', ':8080', ':443', ':80', ':99999'),
			part('', '/', '//', '\\', '/archive', '/a/../b', '/docuware/../b', '/docu\tware'),
			part(
				'',
				'/DocuWare',
				'/docuware/platform',
				'/DocuWare/Platform/',
				'/docuware/DocuWare/Platform/Home',
			),
			part('', '/', '?x=/y', '#/docuware', '?a#b'),
			part('', ' ', '\n'),
		)
		.map((parts) => parts.join('')),
	fc.string({ unit: 'grapheme' }),
	fc.webUrl({ withFragments: true, withQueryParameters: true }),
);

it('of DocuWare: expressions and code name the same host for every input', () => {
	fc.assert(fc.property(typed, expectOneDocuWareHost), { numRuns: 1000 });
});

it('of the Identity Service: expressions and code name the same address for every input', () => {
	const pages = part('', '/connect/token', '/.well-known/openid-configuration', '/CONNECT/x?y');
	const pasted = fc.tuple(typed, pages).map((parts) => parts.join(''));
	fc.assert(fc.property(pasted, expectOneIdentityService), { numRuns: 1000 });
});

it('of Exact Online: expressions and code name the same host for every input', () => {
	const property = fc.property(typed, (baseUrl) => expectOneExactHost(...withBaseUrl(baseUrl)));
	fc.assert(property, { numRuns: 1000 });
});

it('of Exact Online: so they do for every address for tokens that n8n lets anybody store', () => {
	const path = part('/api/oauth2/token', '/api/oauth2/token ', '/api/OAuth2/Token', '/token', '');
	const property = fc.property(typed, path, (address, end) => {
		// A value with = in front is an expression; the one that the field offers is tested above.
		fc.pre(!address.startsWith('='));
		const stored = { accessTokenUrl: address + end };
		expectOneExactHost(stored, stored);
	});
	fc.assert(property, { numRuns: 1000 });
});

it.each(REGIONS)('of $name: Connect, nodes and the HTTP Request node go to $host', ({ host }) => {
	const type = new ExactOnlineOAuth2Api();
	const region = type.properties.find(({ name }) => name === 'accessTokenUrl');
	const value = `https://${host}/api/oauth2/token`;
	expect(region?.options).toContainEqual(expect.objectContaining({ value }));
	expect(baseUrlOf({ accessTokenUrl: value })).toBe(`https://${host}`);
	expectOneExactHost({ accessTokenUrl: value }, { accessTokenUrl: value });
	expect(String(hidden(type, 'allowedDomains')).split(', ')).toContain(host);
});

it.each([
	['acme', 'https://acme.docuware.cloud/DocuWare/Platform'],
	['vm/', 'https://vm/DocuWare/Platform'],
	['vm:8080', 'https://vm:8080/DocuWare/Platform'],
	['http://vm:8080', 'http://vm:8080/DocuWare/Platform'],
	['https://docuware/', 'https://docuware/DocuWare/Platform'],
	['http://[::1]:8080/dms', 'http://[::1]:8080/dms/DocuWare/Platform'],
	['xn--bcher-kva.example', 'https://xn--bcher-kva.example/DocuWare/Platform'],
	[' https://dw.example.com?x=/a#b ', 'https://dw.example.com/DocuWare/Platform'],
	[
		'https://dw.example.com/docuware/DocuWare/Platform',
		'https://dw.example.com/docuware/DocuWare/Platform',
	],
	['https://dw.example.com/docuware/docuware', 'https://dw.example.com/docuware/docuware/Platform'],
	['https://dw.example.com/docuware/platform/Home/x', 'https://dw.example.com/docuware/platform'],
])('%j is %s', (platformUrl, baseUrl) => {
	expect(readServerAddress(platformUrl).baseUrl).toBe(baseUrl);
	expectOneDocuWareHost(platformUrl);
});

it.each([
	['https://bücher.example', 'xn--bcher-kva.example'],
	['https://127.1', '127.0.0.1'],
	['https://[2001:0db8::0001]', '[2001:db8::1]'],
])('%s is refused, with the spelling that counts', (platformUrl, host) => {
	const spelling = expect.objectContaining({ message: expect.stringContaining(host) });
	expect(() => readServerAddress(platformUrl)).toThrow(spelling);
	expect(() => exactAt(platformUrl)).toThrow(spelling);
});

it.each([
	['https://start.exactonline.nl/', 'https://start.exactonline.nl'],
	[' https://Start.ExactOnline.nl// ', 'https://start.exactonline.nl'],
	['http://[::1]:4010', 'http://[::1]:4010'],
])('%j is Exact Online at %s', (baseUrl, origin) => {
	expect(exactAt(baseUrl)).toBe(origin);
	expectOneExactHost(...withBaseUrl(baseUrl));
});

it.each(['https://*.example.com', 'https://a,b.example'])('%s names no list of domains', (url) => {
	expect(orRefused(() => readServerAddress(url))).toBeUndefined();
	expect(orRefused(() => exactAt(url))).toBeUndefined();
});

it.each([
	['', 'is empty'],
	[' / ', 'is empty'],
	['start.exactonline.nl', 'is not a web address'],
	['https://start.exactonline.nl/docs/', 'goes on behind its host'],
	['https://start.exactonline.nl?x', 'goes on behind its host'],
	['https://start.exactonline.nl@evil.example', 'holds an @, so that it leads to evil.example'],
])('the base URL %j is refused: it %s', (baseUrl, problem) => {
	expect(() => exactAt(baseUrl)).toThrow(
		`The field Base URL of the Exact Online credential ${problem}`,
	);
});
