import { SessionCookies } from '../../../../../nodes/DocuWare/auth/wire/sessionCookies';

const URL = 'https://acme.docuware.cloud/DocuWare/Platform/Account/Logon';
const FULL = '.DWPLATFORMAUTH=ABC123; Path=/; Secure; HttpOnly; SameSite=None';
const EMPTY = '.DWPLATFORMAUTH=; Path=/; Secure; HttpOnly; SameSite=None';
const GONE = '.DWPLATFORMAUTH=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/';

describe('SessionCookies', () => {
	it.each([
		['after', [FULL, EMPTY]],
		['before', [EMPTY, FULL]],
		['on both sides of', [EMPTY, FULL, GONE]],
	])('keeps the session cookie with its empty twin %s it', (_where, lines) => {
		const cookies = SessionCookies.empty();
		expect(cookies.take(lines, URL)).toBe('session');
		expect(cookies.headerFor(URL)).toBe('.DWPLATFORMAUTH=ABC123');
	});

	it('keeps browser id and sticky cookie, across the vault too', () => {
		const cookies = SessionCookies.empty();
		cookies.take(
			[FULL, 'DWPLATFORMBROWSERID=DEF; Path=/', 'dwingressplatform=1|2; Path=/; Secure; HttpOnly'],
			URL,
		);
		const stored = SessionCookies.from(cookies.serialize());
		expect(
			stored
				.headerFor('https://acme.docuware.cloud/DocuWare/Platform/Organizations')
				.split('; ')
				.sort(),
		).toEqual(['.DWPLATFORMAUTH=ABC123', 'DWPLATFORMBROWSERID=DEF', 'dwingressplatform=1|2']);
		expect(stored.secrets(URL)).toContain('ABC123');
	});

	it.each(['', '; Path=/docuware/platform', '; Path=/DocuWare', '; Path=/elsewhere'])(
		'keeps it for all paths of the host, whatever path it names: %j',
		(path) => {
			const cookies = SessionCookies.empty();
			expect(cookies.take([`.DWPLATFORMAUTH=ABC123${path}`], URL)).toBe('session');
			const below = 'https://acme.docuware.cloud/dms/DocuWare/Platform/Organizations';
			expect(cookies.headerFor(below)).toBe('.DWPLATFORMAUTH=ABC123');
		},
	);

	it('keeps every cookie for its host alone, whatever domain it names', () => {
		const cookies = SessionCookies.empty();
		cookies.take(['.DWPLATFORMAUTH=ABC123; Domain=docuware.cloud; Path=/'], URL);
		expect(cookies.isAuthenticated(URL)).toBe(true);
		expect(cookies.headerFor('https://other.docuware.cloud/')).toBe('');
		expect(cookies.headerFor('https://login-emea.docuware.cloud/')).toBe('');
		const foreign = SessionCookies.empty();
		foreign.take(['.DWPLATFORMAUTH=ABC123; Domain=internal.example; Path=/'], URL);
		expect(foreign.isAuthenticated(URL)).toBe(true);
	});

	it('is no session without a session cookie, or once it has expired', () => {
		const cookies = SessionCookies.empty();
		expect(cookies.take([EMPTY, 'DWPLATFORMBROWSERID=DEF; Path=/'], URL)).toBe('others');
		expect(cookies.isAuthenticated(URL)).toBe(false);
		cookies.take([`.DWPLATFORMAUTH=OLD; Expires=Thu, 01 Jan 2015 00:00:00 GMT; Path=/`], URL);
		expect(cookies.isAuthenticated(URL)).toBe(false);
	});

	it('tells what has changed', () => {
		const cookies = SessionCookies.empty();
		cookies.take([FULL], URL);
		expect(cookies.take([FULL, 'DWLanguage=en; Path=/'], URL)).toBeUndefined();
		expect(cookies.take(['dwingressplatform=1|2; Path=/'], URL)).toBe('others');
		expect(cookies.take(['dwingressplatform=1|2; Path=/'], URL)).toBeUndefined();
		expect(cookies.take(['dwingressplatform=3|4; Path=/'], URL)).toBe('others');
		expect(cookies.take(['.DWPLATFORMAUTH=NEXT; Path=/'], URL)).toBe('session');
	});
});
