import { readTokenAnswer } from '../../../../nodes/ExactOnline/auth/tokenAnswer';

const SECRETS = ['refresh-canary', 'secret-canary'];

function read(status: number, body: unknown, headers: Record<string, string> = {}) {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return readTokenAnswer({ status, headers, body: text }, SECRETS);
}

describe('answers of the token endpoint (docs/facts/exact-online.md 1.6)', () => {
	it('takes a pair, with expires_in as a string', () => {
		const answer = read(200, {
			access_token: 'a',
			refresh_token: 'r',
			expires_in: '600',
			token_type: 'bearer',
		});
		expect(answer).toEqual({
			kind: 'granted',
			pair: { accessToken: 'a', refreshToken: 'r', lifeMs: 600_000 },
		});
	});

	it.each([
		['an empty body', ''],
		['a page of HTML', '<html><body>Welcome</body></html>'],
		['half of the JSON', '{"access_token":"a","refresh_tok'],
	])('does not know the fate of a request answered 200 with %s', (_name, body) => {
		expect(read(200, body).kind).toBe('unknown');
	});

	const tooEarly = {
		error: 'access_denied',
		error_description: 'Rate limit exceeded: access_token not expired',
	};

	it.each([
		['400 with the observed body', 400, tooEarly, {}],
		['401 with the wording of the knowledge base', 401, 'Access Token not expired', {}],
		[
			'only the Reason header',
			400,
			'',
			{ reason: 'TooEarlyToRefreshTokens: Rate limit exceeded: access_token not expired' },
		],
	])('calls a refresh too early: %s', (_name, status, body, headers) => {
		expect(read(status, body, headers)).toMatchObject({
			kind: 'tooEarly',
			code: 'EXACT_TOO_EARLY',
		});
	});

	it.each([
		[401, 'unauthorized_client', 'Old refresh token used.', 'EXACT_OLD_REFRESH_TOKEN'],
		[400, 'unauthorized_client', 'Old refresh token used.', 'EXACT_OLD_REFRESH_TOKEN'],
		[
			400,
			'invalid_grant',
			'Token is not allowed, because of invalid or empty chainId',
			'EXACT_CHAIN_BROKEN',
		],
		[
			400,
			'invalid_request',
			'The refresh token expired at 10/11/2022 9:18:20 PM and it is now …',
			'EXACT_REFRESH_TOKEN_EXPIRED',
		],
		[400, 'invalid_grant', 'anything else', 'EXACT_REFRESH_TOKEN_REFUSED'],
	])('calls the chain lost: %s %s %s', (status, error, description, code) => {
		expect(read(status, { error, error_description: description })).toMatchObject({
			kind: 'lost',
			code,
			detail: description,
		});
	});

	it('blames the client secret, or the region, and neither for a lost chain', () => {
		expect(read(400, { error: 'invalid_client' })).toMatchObject({
			kind: 'configuration',
			code: 'EXACT_INVALID_CLIENT',
		});
		expect(read(400, "<html>Client with identifier 'x' not found.</html>")).toMatchObject({
			kind: 'configuration',
			code: 'EXACT_CLIENT_NOT_FOUND',
		});
	});

	const notFound = {
		fault: {
			faultstring: 'Unable to identify proxy for host',
			detail: { errorcode: 'messaging.adaptors.http.flow.ApplicationNotFound' },
		},
	};
	const onTheAnswer = {
		fault: {
			faultstring: 'Unresolved variable: access_token not expired',
			detail: { errorcode: 'steps.extractvariables.SetVariableFailed' },
		},
	};

	it.each([
		["the gateway's fault of the request side, 404", 404, notFound],
		["the gateway's fault of the request side, 500", 500, notFound],
		['429', 429, ''],
	])('reads %s as proof that nothing was spent', (_name, status, body) => {
		expect(read(status, body).kind).toBe('refused');
	});

	it.each([
		["the gateway's fault on the answer", 500, onTheAnswer],
		['a gateway fault without a code', 500, { fault: { faultstring: 'x', detail: {} } }],
		['403 with a text', 403, 'Forbidden'],
		["403 with a proxy's page", 403, '<html><body>Blocked by policy</body></html>'],
		['400 with a plain text', 400, 'Bad Request'],
		['400 with an error nobody knows', 400, { error: 'invalid_request', error_description: '?' }],
		['404 with a page', 404, '<html>Not here</html>'],
		['500', 500, 'Internal Server Error'],
		['502 of a proxy', 502, '<html>Bad Gateway</html>'],
		['400 with an empty body', 400, ''],
		['503 with an empty body', 503, ''],
		['408', 408, 'Request Timeout'],
		['a redirect', 302, ''],
	])('does not know the fate of a request answered %s', (_name, status, body) => {
		expect(read(status, body).kind).toBe('unknown');
	});

	it.each([
		'access_token not expired',
		'Old refresh token used.',
		'Token is not allowed, because of invalid or empty chainId',
		'Has your refresh token expired?',
		'unauthorized_client invalid_grant',
	])(
		'takes the words of no page and of no failing server for those of the service: %s',
		(words) => {
			const page = `<!DOCTYPE html><html><body><p>${words}</p></body></html>`;
			expect(read(403, page).kind).toBe('unknown');
			expect(read(401, page).kind).toBe('unknown');
			expect(read(502, page).kind).toBe('unknown');
			expect(read(500, { error: 'invalid_grant', error_description: words }).kind).toBe('unknown');
			expect(read(302, words).kind).toBe('unknown');
		},
	);

	it('reads the same words in XML and in plain text', () => {
		const old = 'Old refresh token used.';
		for (const body of [old, `<error><message>${old}</message></error>`]) {
			expect(read(401, body)).toMatchObject({ kind: 'lost', showsIssued: true });
		}
		const page = '<html><body>Blocked</body></html>';
		expect(read(400, page, { reason: 'TooEarlyToRefreshTokens: x' }).kind).toBe('tooEarly');
	});

	it('waits as long as a 429 says, also one of the gateway', () => {
		const quota = {
			fault: {
				faultstring: 'Rate limit quota violation. access_token not expired',
				detail: { errorcode: 'policies.ratelimit.QuotaViolation' },
			},
		};
		for (const body of [quota, 'Too many requests', '<html>Slow down</html>']) {
			expect(read(429, body, { 'retry-after': '30' })).toMatchObject({
				kind: 'refused',
				retryAfterMs: 30_000,
			});
		}
	});

	it.each([
		['no refresh token', { access_token: 'a', expires_in: '600' }],
		['an empty refresh token', { access_token: 'a', refresh_token: '', expires_in: '600' }],
		['a blank refresh token', { access_token: 'a', refresh_token: ' ', expires_in: '600' }],
	])('replaces no live refresh token by an answer with %s', (_name, body) => {
		expect(read(200, body)).toMatchObject({
			kind: 'unknown',
			detail: expect.stringContaining('no refresh token'),
		});
	});

	it.each([
		[{ error: 'unauthorized_client', error_description: 'never heard of it' }, 400, true],
		['Bad Request', 400, true],
		[{ error: 'invalid_client' }, 400, false],
		['<html>Blocked</html>', 403, false],
		['<html>Bad Request</html>', 400, false],
		['<html>Log in to the proxy</html>', 401, false],
		[onTheAnswer, 500, false],
		['', 400, false],
	])('says whether the service may have meant the token: %j', (body, status, mayMeanToken) => {
		const answer = read(status, body);
		expect(answer.kind !== 'granted' && answer.mayMeanToken === true).toBe(mayMeanToken);
	});

	it('reads Retry-After in seconds and as a date', () => {
		expect(read(429, '', { 'retry-after': '7' })).toMatchObject({ retryAfterMs: 7_000 });
		const date = new Date(Date.now() + 60_000).toUTCString();
		const answer = read(429, '', { 'retry-after': date });
		expect((answer as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
	});

	it('never repeats a secret that the service echoes', () => {
		const answer = read(400, `no good: refresh-canary and secret-canary`);
		expect(JSON.stringify(answer)).not.toContain('canary');
	});
});
