import { platformUrl, readServerAddress } from '../../../../nodes/DocuWare/platform/serverAddress';

describe('readServerAddress', () => {
	it.each([
		['acme', 'https://acme.docuware.cloud/DocuWare/Platform'],
		['  Acme-2 ', 'https://acme-2.docuware.cloud/DocuWare/Platform'],
		['acme.docuware.cloud', 'https://acme.docuware.cloud/DocuWare/Platform'],
		['https://acme.docuware.cloud/', 'https://acme.docuware.cloud/DocuWare/Platform'],
		[
			'https://acme.docuware.cloud/docuware/platform/',
			'https://acme.docuware.cloud/DocuWare/Platform',
		],
		[
			'https://acme.docuware.cloud/DocuWare/Platform/WebClient/1?x=1#y',
			'https://acme.docuware.cloud/DocuWare/Platform',
		],
		['http://dw.example.com:8080/DocuWare', 'http://dw.example.com:8080/DocuWare/Platform'],
		['dw.example.com:8443', 'https://dw.example.com:8443/DocuWare/Platform'],
		[
			'https://example.com/archive/DocuWare/Platform',
			'https://example.com/archive/DocuWare/Platform',
		],
		['https://example.com/archive/', 'https://example.com/archive/DocuWare/Platform'],
		['localhost', 'https://localhost/DocuWare/Platform'],
	])('reads %j as %s', (typed, baseUrl) => {
		expect(readServerAddress(typed)).toEqual({ origin: new URL(baseUrl).origin, baseUrl });
	});

	it.each(['', '   ', 'ftp://acme', 'https://', 'https://user:word@acme.docuware.cloud', 'a b'])(
		'refuses %j',
		(typed) => {
			expect(() => readServerAddress(typed)).toThrow(
				expect.objectContaining({ code: 'DOCUWARE_CREDENTIAL_INVALID' }),
			);
		},
	);
});

describe('platformUrl', () => {
	const address = readServerAddress('acme');

	it.each([
		['Organizations', 'https://acme.docuware.cloud/DocuWare/Platform/Organizations'],
		[
			'/DocuWare/Platform/FileCabinets?x=1',
			'https://acme.docuware.cloud/DocuWare/Platform/FileCabinets?x=1',
		],
		['https://ACME.docuware.cloud/a', 'https://acme.docuware.cloud/a'],
	])('resolves %s', (url, full) => {
		expect(platformUrl(address, url)).toBe(full);
	});

	it.each([
		'https://evil.example/x',
		'//evil.example/x',
		'\\\\evil.example/x',
		'http://acme.docuware.cloud/x',
		'https://acme.docuware.cloud.evil.example/',
		'https://acme.docuware.cloud@evil.example/',
		'https://user:word@acme.docuware.cloud/x',
		'javascript:alert(1)',
	])('leaves the origin at no price: %s', (url) => {
		expect(platformUrl(address, url)).toBeUndefined();
	});
});
