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

	it('takes a redirect to the login page for a refusal, any other for a fault', () => {
		const to = (location: string) => answer(302, '', { headers: { location } });
		expect(readCookieAnswer(to('/DocuWare/Platform/LoginRedirect?x'), []).kind).toBe('refused');
		expect(readCookieAnswer(to('https://elsewhere.example/'), []).kind).toBe('failed');
	});

	it('keeps no password in the detail', () => {
		const read = readCookieAnswer(answer(500, { Message: 'echo Pa ss&1 end' }), ['Pa ss&1']);
		expect(read).toMatchObject({ kind: 'failed', detail: 'echo [redacted] end' });
	});
});

describe('readGrantAnswer', () => {
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
		['invalid_request', 'failed'],
	])('tells %s', (error, kind) => {
		expect(readGrantAnswer(answer(400, { error }), []).kind).toBe(kind);
	});
});
