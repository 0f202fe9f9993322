import { SessionCookies } from '../../../../../nodes/DocuWare/auth/wire/sessionCookies';

const URL = 'https://acme.docuware.cloud/DocuWare/Platform/Account/Logon';
const FULL = '.DWPLATFORMAUTH=ABC123; Path=/; Secure; HttpOnly; SameSite=None';
const EMPTY = '.DWPLATFORMAUTH=; Path=/; Secure; HttpOnly; SameSite=None';
const GONE = '.DWPLATFORMAUTH=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/';

/** Takes the lines of an answer. @param date what its header says of the server's clock */
function take(cookies: SessionCookies, setCookie: string[], date?: string, url = URL) {
	return cookies.take({ setCookie, url, headers: date === undefined ? {} : { date } });
}

describe('SessionCookies', () => {
	it.each([
		['after', [FULL, EMPTY]],
		['before', [EMPTY, FULL]],
		['on both sides of', [EMPTY, FULL, GONE]],
	])('keeps the session cookie with its empty twin %s it', (_where, lines) => {
		const cookies = SessionCookies.empty();
		expect(take(cookies, lines)).toBe('session');
		expect(cookies.headerFor(URL)).toBe('.DWPLATFORMAUTH=ABC123');
	});

	it('keeps browser id and sticky cookie, across the vault too', () => {
		const cookies = SessionCookies.empty();
		take(cookies, [
			FULL,
			'DWPLATFORMBROWSERID=DEF; Path=/',
			'dwingressplatform=1|2; Path=/; Secure; HttpOnly',
		]);
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
			expect(take(cookies, [`.DWPLATFORMAUTH=ABC123${path}`])).toBe('session');
			const below = 'https://acme.docuware.cloud/dms/DocuWare/Platform/Organizations';
			expect(cookies.headerFor(below)).toBe('.DWPLATFORMAUTH=ABC123');
		},
	);

	it('keeps every cookie for its host alone, whatever domain it names', () => {
		const cookies = SessionCookies.empty();
		take(cookies, ['.DWPLATFORMAUTH=ABC123; Domain=docuware.cloud; Path=/']);
		expect(cookies.isAuthenticated(URL)).toBe(true);
		expect(cookies.headerFor('https://other.docuware.cloud/')).toBe('');
		expect(cookies.headerFor('https://login-emea.docuware.cloud/')).toBe('');
		const foreign = SessionCookies.empty();
		take(foreign, ['.DWPLATFORMAUTH=ABC123; Domain=internal.example; Path=/']);
		expect(foreign.isAuthenticated(URL)).toBe(true);
	});

	it('is no session without a session cookie, or once it has expired', () => {
		const cookies = SessionCookies.empty();
		expect(take(cookies, [EMPTY, 'DWPLATFORMBROWSERID=DEF; Path=/'])).toBe('others');
		expect(cookies.isAuthenticated(URL)).toBe(false);
		take(cookies, [`.DWPLATFORMAUTH=OLD; Expires=Thu, 01 Jan 2015 00:00:00 GMT; Path=/`]);
		expect(cookies.isAuthenticated(URL)).toBe(false);
	});

	// Red before: the cookie was dropped, and the licence of the session stayed booked.
	it('goes out over http where that is allowed, although it says Secure', () => {
		const url = 'http://dw.internal/DocuWare/Platform/Account/Logon';
		const cookies = SessionCookies.empty();
		const browser = 'DWPLATFORMBROWSERID=DEF; Path=/; Secure';
		expect(take(cookies, [FULL, browser], undefined, url)).toBe('session');
		expect(SessionCookies.from(cookies.serialize()).headerFor(url)).toBe(
			'.DWPLATFORMAUTH=ABC123; DWPLATFORMBROWSERID=DEF',
		);
	});

	it('never goes out over http where it came over https', () => {
		const cookies = SessionCookies.empty();
		take(cookies, [FULL]);
		expect(cookies.headerFor(URL.replace('https:', 'http:'))).toBe('');
	});

	describe('where the clock of n8n and that of the server differ by days', () => {
		const DAY_MS = 86_400_000;
		const begun = Date.now();
		const said = (ms: number) => new Date(begun + ms).toUTCString();
		const setAhead = (ms: number) => jest.spyOn(Date, 'now').mockReturnValue(begun + ms);
		afterEach(() => jest.restoreAllMocks());

		it.each([
			['Expires', `Expires=${said(DAY_MS)}`],
			['Max-Age', 'Max-Age=86400'],
		])('keeps a cookie that lives by the clock of the server: %s', (_name, life) => {
			setAhead(3 * DAY_MS);
			const cookies = SessionCookies.empty();
			const line = `.DWPLATFORMAUTH=ABC123; ${life}; Path=/`;
			expect(take(cookies, [line], said(0))).toBe('session');
			expect(cookies.isAuthenticated(URL)).toBe(true);
		});

		it('keeps one whose end passes by a jump of the clock: the server says when it has ended', () => {
			const cookies = SessionCookies.empty();
			take(cookies, [`.DWPLATFORMAUTH=ABC123; Expires=${said(DAY_MS)}; Path=/`], said(0));
			setAhead(30 * DAY_MS);
			const stored = SessionCookies.from(cookies.serialize());
			expect(stored.headerFor(URL)).toBe('.DWPLATFORMAUTH=ABC123');
		});

		it.each([
			['Expires', `Expires=${said(-DAY_MS)}`],
			['Max-Age', 'Max-Age=0'],
		])('takes away one that has ended by the clock of the server: %s', (_name, life) => {
			const cookies = SessionCookies.empty();
			setAhead(-30 * DAY_MS);
			take(cookies, [FULL]);
			expect(take(cookies, [`.DWPLATFORMAUTH=ABC123; ${life}; Path=/`], said(0))).toBe('session');
			expect(cookies.isAuthenticated(URL)).toBe(false);
		});
	});

	it('tells what has changed', () => {
		const cookies = SessionCookies.empty();
		take(cookies, [FULL]);
		expect(take(cookies, [FULL, 'DWLanguage=en; Path=/'])).toBeUndefined();
		expect(take(cookies, ['dwingressplatform=1|2; Path=/'])).toBe('others');
		expect(take(cookies, ['dwingressplatform=1|2; Path=/'])).toBeUndefined();
		expect(take(cookies, ['dwingressplatform=3|4; Path=/'])).toBe('others');
		expect(take(cookies, ['.DWPLATFORMAUTH=NEXT; Path=/'])).toBe('session');
	});
});
