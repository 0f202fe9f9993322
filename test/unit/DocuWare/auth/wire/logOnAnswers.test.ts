import {
	readCookieAnswer,
	readGrantAnswer,
} from '../../../../../nodes/DocuWare/auth/wire/logOnAnswers';
import type { HttpResponse } from '../../../../../nodes/shared/http';

function answer(status: number, body: unknown, more: Partial<HttpResponse> = {}): HttpResponse {
	return {
		status,
		statusText: '',
		headers: {},
		setCookie: [],
		body: typeof body === 'string' ? body : JSON.stringify(body),
		url: 'https://acme.docuware.cloud/DocuWare/Platform/Account/Logon',
		...more,
	};
}

const LOGIN_PAGE =
	'<html><meta http-equiv="refresh" content="0;url=/LoginRedirect">credentials</html>';

const LOGIN_PATH = '/DocuWare/Platform/LoginRedirect?returnUrl=x';

const BASIC = { 'www-authenticate': 'Basic realm="x"' };

describe('readCookieAnswer', () => {
	it('opens with the cookies, and tells the version', () => {
		const opened = readCookieAnswer(
			answer(200, { Version: '7.10.0.1' }, { setCookie: ['.DWPLATFORMAUTH=A; Path=/'] }),
			[],
		);
		expect(opened).toMatchObject({
			kind: 'opened',
			version: '7.10.0.1',
			credential: { kind: 'cookie' },
		});
	});

	it.each([
		[
			'licence in English',
			401,
			{ Message: 'None of the registered licenses are available for client [api]' },
			'noLicence',
		],
		[
			'licence, British spelling',
			401,
			'None of the registered licences are available',
			'noLicence',
		],
		[
			'licence in German, in HTML',
			401,
			'<p>Keine der registrierten Lizenzen ist für den Client [x] verfügbar</p>',
			'noLicence',
		],
		['HTML', 401, LOGIN_PAGE, 'refused'],
		['empty 401', 401, '', 'refused'],
		['removed', 410, { Message: 'This method is no longer supported.' }, 'gone'],
		['200 without cookies', 200, { Version: '7.10' }, 'noCookies'],
		['200 with the login page', 200, LOGIN_PAGE, 'noCookies'],
		['server error', 503, '', 'failed'],
	])('tells %s', (_name, status, body, kind) => {
		expect(readCookieAnswer(answer(status, body), []).kind).toBe(kind);
	});

	it('reads how long to wait after 429, where the server says so', () => {
		const headers = { 'retry-after': '7' };
		expect(readCookieAnswer(answer(429, '', { headers }), [])).toMatchObject({
			kind: 'throttled',
			retryAfterMs: 7000,
		});
		expect(readCookieAnswer(answer(429, ''), [])).toMatchObject({ retryAfterMs: null });
	});

	it.each([
		['the plain page', 401, LOGIN_PAGE, {}, 'noReason'],
		['nothing', 401, '', {}, 'noReason'],
		['the plain page of a server that offers Basic', 401, LOGIN_PAGE, BASIC, 'noReason'],
		['the redirect to its own log-in page', 302, '', { location: LOGIN_PATH }, 'noReason'],
		['words', 401, { Message: 'User name or password is incorrect.' }, {}, 'logInData'],
		['words in German', 401, { Message: 'Benutzername oder Kennwort falsch' }, {}, 'logInData'],
		['a token that has expired', 401, { Message: 'The login token has expired' }, {}, 'logInData'],
		['a wrong log-in', 401, { Message: 'Login incorrect.' }, {}, 'logInData'],
		['an error at the log-in', 401, { Message: 'An unknown error during login.' }, {}, 'other'],
		['a part that is missing', 401, { Message: 'Login service not found' }, {}, 'other'],
		['an error in German', 401, { Message: 'Unbekannter Fehler: Kennwort' }, {}, 'other'],
		['a lock', 401, { Message: 'Invalid password. The user is locked.' }, {}, 'other'],
		['a lock, as a page', 401, '<p>Der Benutzer ist gesperrt</p>', {}, 'other'],
		['an expired password', 401, { Message: 'Your password has expired.' }, {}, 'other'],
		['two-step verification', 401, { Message: 'Verification code required' }, {}, 'other'],
		['unknown words', 401, { Message: 'Pas de licence pour ce client' }, {}, 'other'],
		['an expired licence', 401, { Message: 'The license of DocuWare has expired.' }, {}, 'other'],
		['an expired licence, as a page', 401, '<p>Die Lizenz ist abgelaufen.</p>', {}, 'other'],
		['an expired licence, 403', 403, { Message: 'License expired' }, {}, 'other'],
		['an expired licence, in a header', 401, '', { reason: 'LicenseExpired' }, 'other'],
		['the same with the plain page', 401, LOGIN_PAGE, { reason: 'license_expired' }, 'other'],
		[
			'an expired licence among the registered',
			401,
			{ Message: 'None of the registered licenses are available: license expired' },
			{},
			'other',
		],
		['a proxy', 401, '<h1>Authorization Required</h1>', BASIC, 'other'],
		['a proxy without words', 401, '', BASIC, 'other'],
		['a proxy with words in plain text', 401, '401 Unauthorized', BASIC, 'other'],
		['a log-in elsewhere', 302, '', { location: 'https://sso.example/Login' }, 'other'],
		['a redirect', 307, '', { location: '/elsewhere' }, 'other'],
	])('takes %s for what it is', (_name, status, body, headers, cause) => {
		const read = readCookieAnswer(answer(status, body, { headers }), []);
		expect(read).toMatchObject({ kind: 'refused', cause });
		// What is none of the plain answers has words for the error.
		const detail = 'detail' in read ? read.detail : '';
		if (cause === 'other') expect(detail).not.toBe('');
	});

	it('keeps no password in the detail', () => {
		const read = readCookieAnswer(answer(500, { Message: 'echo Pa ss&1 end' }), ['Pa ss&1']);
		expect(read).toMatchObject({ kind: 'failed', detail: 'echo [redacted] end' });
	});
});

describe('readGrantAnswer', () => {
	it.each([
		[undefined, 'noReason'],
		['invalid_username_or_password', 'logInData'],
		['invalid_token', 'logInData'],
		['User is locked out', 'other'],
		['two_factor_required', 'other'],
		['something_new', 'other'],
		['license_expired', 'other'],
	])('takes invalid_grant with %s for what it is', (description, cause) => {
		const body = { error: 'invalid_grant', error_description: description };
		expect(readGrantAnswer(answer(400, body), [])).toMatchObject({ kind: 'refused', cause });
	});

	it('opens with a bearer token and its life', () => {
		const body = { access_token: 'T', expires_in: 1800, token_type: 'Bearer' };
		expect(readGrantAnswer(answer(200, body), [])).toMatchObject({
			credential: { kind: 'bearer', accessToken: 'T', lifeMs: 1_800_000 },
		});
		expect(readGrantAnswer(answer(200, { access_token: 'T' }), [])).toMatchObject({
			credential: { lifeMs: 3_600_000 },
		});
	});

	it.each([
		['invalid_grant', 'refused'],
		['invalid_client', 'client'],
		['unauthorized_client', 'client'],
		['invalid_request', 'refused'],
		['access_denied', 'refused'],
		['mfa_required', 'refused'],
		['temporarily_unavailable', 'failed'],
		['server_error', 'failed'],
		['license_expired', 'refused'],
	])('tells %s', (error, kind) => {
		expect(readGrantAnswer(answer(400, { error }), []).kind).toBe(kind);
	});

	it.each([
		['a proxy', 401, '<h1>Authorization Required</h1>', BASIC, 'other'],
		['a proxy without words', 401, '', BASIC, 'other'],
		['a proxy with words in plain text', 401, '401 Unauthorized', BASIC, 'other'],
		['a proxy with an error of its own', 401, { error: 'Unauthorized' }, BASIC, 'other'],
		['nothing', 401, '', {}, 'noReason'],
		['its log-in page', 302, '', { location: '/DocuWare/Identity/Account/Login' }, 'noReason'],
		['a log-in elsewhere', 302, '', { location: 'https://sso.example/Login' }, 'other'],
		['a redirect', 307, '', { location: '/elsewhere' }, 'other'],
		['an unknown error name', 400, { error: 'interaction_required' }, {}, 'other'],
		['one without words', 400, { error: 'mfa_required', error_description: '' }, {}, 'other'],
	])(
		'takes %s for a refusal, which says nothing certain of the password',
		(_name, status, body, headers, cause) => {
			const read = readGrantAnswer(answer(status, body, { headers }), []);
			expect(read).toMatchObject({ kind: 'refused', cause, isVague: true });
			expect('detail' in read && read.detail).not.toBe('');
		},
	);

	it.each([
		['a log-in page', 200, '<html>Sign in</html>', 'noToken'],
		['a passing fault', 503, '', 'failed'],
		['one with an error name', 503, { error: 'access_denied' }, 'failed'],
		['a page of a passing fault', 502, '<html>Bad Gateway</html>', 'failed'],
		['a filter', 403, '<html>Access denied</html>', 'failed'],
		['too many requests', 429, '', 'throttled'],
		['a client by its status', 401, { error: 'invalid_client' }, 'client'],
	])('takes %s for no refusal of the log-on', (_name, status, body, kind) => {
		expect(readGrantAnswer(answer(status, body, { headers: BASIC }), []).kind).toBe(kind);
	});
});
