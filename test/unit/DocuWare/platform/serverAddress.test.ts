import {
	linkAddress,
	ownLink,
	platformAddress,
	platformUrl,
	readServerAddress,
	shownPath,
} from '../../../../nodes/DocuWare/platform/serverAddress';

describe('readServerAddress', () => {
	it.each([
		['acme', 'https://acme.docuware.cloud/DocuWare/Platform'],
		['  Acme-2 ', 'https://acme-2.docuware.cloud/DocuWare/Platform'],
		['acme.docuware.cloud', 'https://acme.docuware.cloud/DocuWare/Platform'],
		['https://acme.docuware.cloud/', 'https://acme.docuware.cloud/DocuWare/Platform'],
		[
			'https://acme.docuware.cloud/docuware/platform/',
			'https://acme.docuware.cloud/docuware/platform',
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

const cloud = {
	origin: 'https://acme.docuware.cloud',
	baseUrl: 'https://acme.docuware.cloud/DocuWare/Platform',
};
const prefixed = {
	origin: 'http://localhost:8080',
	baseUrl: 'http://localhost:8080/dms/DocuWare/Platform',
};

describe('platformAddress', () => {
	it.each([
		['FileCabinets', 'FileCabinets'],
		['/FileCabinets?OrgId=1', 'FileCabinets?OrgId=1'],
		['  //FileCabinets', 'FileCabinets'],
		['/DocuWare/Platform/FileCabinets/a', 'FileCabinets/a'],
		['docuware/platform/FileCabinets', 'FileCabinets'],
		['/dms/DocuWare/Platform/FileCabinets', 'FileCabinets'],
		['https://acme.docuware.cloud/DocuWare/Platform/Organizations', 'Organizations'],
		['Query?q=/DocuWare/Platform/x', 'Query?q=/DocuWare/Platform/x'],
		['a:b', 'a:b'],
		['\\\\evil.example/x', 'evil.example/x'],
		['DocuWare/Platform', ''],
	])('takes %j as below the Platform', (typed, below) => {
		expect(platformAddress(cloud, typed).href).toBe(`${cloud.baseUrl}/${below}`);
	});

	it('keeps a full address of another part of the same server', () => {
		const address = 'https://acme.docuware.cloud/DocuWare/Other?x=1';
		expect(platformAddress(cloud, address).href).toBe(address);
	});

	it.each([
		'https://evil.example/DocuWare/Platform/FileCabinets',
		'http://acme.docuware.cloud/DocuWare/Platform',
		'https://acme.docuware.cloud:8443/DocuWare/Platform',
		'https://acme.docuware.cloud@evil.example/',
		'https://user:secret@acme.docuware.cloud/DocuWare/Platform',
		'ftp://acme.docuware.cloud/x',
	])('refuses %s', (typed) => {
		expect(() => platformAddress(cloud, typed)).toThrow(
			expect.objectContaining({ code: 'DOCUWARE_FOREIGN_HOST' }),
		);
	});

	it('refuses an address that cannot be read, and never shows a password', () => {
		expect(() => platformAddress(cloud, 'https://')).toThrow(
			expect.objectContaining({ code: 'DOCUWARE_INVALID_PARAMETER' }),
		);
		expect(() => platformAddress(cloud, 'https://user:secret@evil.example/')).toThrow(
			expect.not.objectContaining({ message: expect.stringContaining('secret') }),
		);
	});

	it('drops a fragment and stays below the prefix of an installation', () => {
		expect(platformAddress(prefixed, '/Organizations#top').href).toBe(
			`${prefixed.baseUrl}/Organizations`,
		);
	});
});

describe('linkAddress', () => {
	it('takes a path from the origin', () => {
		expect(linkAddress(cloud, '/DocuWare/Platform/Organizations?Start=2').href).toBe(
			'https://acme.docuware.cloud/DocuWare/Platform/Organizations?Start=2',
		);
	});

	it.each([
		['/DocuWare/Platform/Organizations?Start=2', '/dms/DocuWare/Platform/Organizations?Start=2'],
		['http://localhost:8080/docuware/platform/x', '/dms/docuware/platform/x'],
		['/dms/DocuWare/Platform/x', '/dms/DocuWare/Platform/x'],
		['/DMS/docuware/platform/x', '/DMS/docuware/platform/x'],
		['/other/DocuWare/Platform/x', '/other/DocuWare/Platform/x'],
	])('gives %s the prefix that a proxy has taken away', (href, path) => {
		expect(linkAddress(prefixed, href).href).toBe(`http://localhost:8080${path}`);
	});

	it('tells a prefix that is called like DocuWare itself', () => {
		const twice = readServerAddress('https://dw.example.com/docuware/DocuWare/Platform');
		const link = '/DocuWare/Platform/Organizations';
		expect(linkAddress(twice, link).href).toBe(`https://dw.example.com/docuware${link}`);
		expect(linkAddress(twice, `/docuware${link}`).href).toBe(
			`https://dw.example.com/docuware${link}`,
		);
	});

	it.each(['https://evil.example/next', '//evil.example/next', '\\\\evil.example/next'])(
		'refuses %s',
		(href) => {
			expect(() => linkAddress(cloud, href)).toThrow(
				expect.objectContaining({ code: 'DOCUWARE_FOREIGN_HOST' }),
			);
		},
	);
});

describe('ownLink', () => {
	it.each([
		['/DocuWare/Platform/Account/Logon', '/dms/DocuWare/Platform/Account/Logon'],
		['/dms/docuware/platform/Account/Logon', '/dms/docuware/platform/Account/Logon'],
	])('is %s below the base address', (href, path) => {
		expect(ownLink(prefixed, href)).toBe(`http://localhost:8080${path}`);
	});

	it.each([
		'/other/Account/Logon',
		'/DocuWare/PlatformEvil/Logon',
		'/DocuWare/Platform/../../Logon',
		'https://evil.example/DocuWare/Platform/Account/Logon',
	])('is nothing for %s: no password goes there', (href) => {
		expect(ownLink(prefixed, href)).toBeUndefined();
	});
});

describe('shownPath', () => {
	it('names what is below the Platform, without the query', () => {
		const url = new URL('https://acme.docuware.cloud/docuware/platform/FileCabinets/a?secret=1');
		expect(shownPath(cloud, url)).toBe('FileCabinets/a');
	});

	it('names the whole path elsewhere', () => {
		expect(shownPath(cloud, new URL('https://acme.docuware.cloud/Other/a?b=1'))).toBe('/Other/a');
	});
});
