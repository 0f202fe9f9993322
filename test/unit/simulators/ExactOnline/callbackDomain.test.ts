import { isAtRedirect } from '../../../simulators/ExactOnline/webhooks/callbackDomain';

const REDIRECTS = [
	'https://n8n.example.com/rest/oauth2-credential/callback',
	'https://shop.co.uk/callback',
	'http://127.0.0.1:5678/callback',
];

it.each([
	['https://n8n.example.com/hook', { domain: true, host: true }],
	['https://hooks.example.com/hook', { domain: true, host: false }],
	['https://hooks.shop.co.uk/hook', { domain: true, host: false }],
	['https://other.co.uk/hook', { domain: false, host: false }],
	['https://example.org/hook', { domain: false, host: false }],
	['http://127.0.0.1:80/hook', { domain: true, host: true }],
	['http://127.1.0.1/hook', { domain: false, host: false }],
])('whether a callback at %s is at the redirect URI, by each reading', (url, expected) => {
	const callback = new URL(url);
	const of = (rule: 'domain' | 'host' | 'any') => isAtRedirect(callback, REDIRECTS, rule);
	expect({ domain: of('domain'), host: of('host') }).toEqual(expected);
	expect(of('any')).toBe(true);
	expect(isAtRedirect(callback, [], 'domain')).toBe(false);
});
