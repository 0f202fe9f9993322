import {
	linkAddress,
	platformAddress,
	shownPath,
} from '../../../../nodes/DocuWare/platform/platformAddress';

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
		expect(linkAddress(prefixed, '/DocuWare/Platform/Organizations?Start=2').href).toBe(
			'http://localhost:8080/DocuWare/Platform/Organizations?Start=2',
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

describe('shownPath', () => {
	it('names what is below the Platform, without the query', () => {
		const url = new URL('https://acme.docuware.cloud/docuware/platform/FileCabinets/a?secret=1');
		expect(shownPath(cloud, url)).toBe('FileCabinets/a');
	});

	it('names the whole path elsewhere', () => {
		expect(shownPath(cloud, new URL('https://acme.docuware.cloud/Other/a?b=1'))).toBe('/Other/a');
	});
});
