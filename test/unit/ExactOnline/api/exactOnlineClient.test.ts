import { createClientState } from '../../../../nodes/ExactOnline/api/limits/clientState';
import { ExactOnlineClient } from '../../../../nodes/ExactOnline/api/exactOnlineClient';
import type { ExactRow } from '../../../../nodes/ExactOnline/wire/exactTypes';
import { isConnectorError, type ConnectorError } from '../../../../nodes/shared/errors';
import { ExactServer, list, odataError } from './support/exactServer';
import { FakeTokenSource, JumpingClock } from './support/fakes';

const server = new ExactServer();
let source: FakeTokenSource;
let clock: JumpingClock;
let client: ExactOnlineClient;

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

afterEach(() => jest.restoreAllMocks());

beforeEach(() => {
	source = new FakeTokenSource(server.baseUrl);
	clock = new JumpingClock();
	client = new ExactOnlineClient(source, {
		clock,
		state: createClientState(),
		credentialId: 'cred',
	});
});

const ACCOUNTS = { method: 'GET', path: 'crm/Accounts', division: 123 } as const;

async function failure(promise: Promise<unknown>): Promise<ConnectorError> {
	const error: unknown = await promise.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!isConnectorError(error)) throw new Error(`no ConnectorError: ${String(error)}`);
	return error;
}

async function collect(pages: AsyncIterable<ExactRow[]>): Promise<ExactRow[]> {
	const rows: ExactRow[] = [];
	for await (const page of pages) rows.push(...page);
	return rows;
}

describe('requests', () => {
	it('asks for JSON with the bearer token and encodes the query', async () => {
		server.answer([list([{ ID: 'a' }])]);
		const filter = "Name eq 'A & B / 100%'";
		const answer = await client.request({
			...ACCOUNTS,
			query: { $filter: filter, $top: 5, $select: undefined },
			length: 'long',
		});
		expect(answer).toEqual({ status: 200, rows: [{ ID: 'a' }] });
		const [request] = server.requests;
		expect(request?.target).toBe(`/api/v1/123/crm/Accounts?$filter=${filter}&$top=5`);
		expect(request?.headers.accept).toBe('application/json');
		expect(request?.headers.authorization).toBe('Bearer secret-token-1');
		expect(source.asked).toEqual(['long']);
	});

	it('leaves the division out where there is none', async () => {
		server.answer([list([{ CurrentDivision: 9 }])]);
		await client.request({ method: 'GET', path: 'current/Me' });
		expect(server.requests[0]?.target).toBe('/api/v1/current/Me');
	});

	// Red before: it was a list without rows, and a look-up that found nothing.
	it('does not take a success without a body for an empty list', async () => {
		server.answer([
			{ status: 200, body: '' },
			{ status: 204, body: '' },
		]);
		const asked = { method: 'GET', path: 'crm/Accounts', division: 123 } as const;
		await expect(client.request(asked)).rejects.toMatchObject({
			code: 'EXACT_UNEXPECTED_ANSWER',
			message: expect.stringContaining('an empty body') as string,
		});
		expect(await client.request(asked)).toMatchObject({ rows: [] });
	});

	it('sends a body as JSON and takes 204 without a body', async () => {
		server.answer([{ status: 204, body: '' }]);
		const answer = await client.request({
			method: 'PUT',
			path: "crm/Accounts(guid'3fa85f64-5717-4562-b3fc-2c963f66afa6')",
			division: 123,
			body: { Name: 'ü' },
		});
		expect(answer).toEqual({ status: 204, rows: [] });
		expect(server.requests[0]?.body).toBe('{"Name":"ü"}');
		expect(server.requests[0]?.headers['content-type']).toBe('application/json');
	});

	it.each(['../oauth2/token', 'crm/Accounts?x=1', 'https://evil.test/x', '', '/crm/Accounts'])(
		'refuses %p as a path',
		async (path) => {
			server.answer([list([])]);
			const error = await failure(client.request({ ...ACCOUNTS, path }));
			expect(error.code).toBe('EXACT_INVALID_PATH');
			expect(server.requests).toHaveLength(0);
		},
	);

	it('refuses an address that Exact would not take', async () => {
		const query = { $filter: 'x'.repeat(6000) };
		expect((await failure(client.request({ ...ACCOUNTS, query }))).code).toBe('EXACT_URL_TOO_LONG');
	});

	it('does not take a page for data', async () => {
		server.answer([{ body: '<html><body>Log in</body></html>' }]);
		const error = await failure(client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_UNEXPECTED_ANSWER', serviceMessage: 'Log in' });
	});

	it('does not follow a redirect', async () => {
		server.answer([{ status: 302, headers: { Location: '/login' }, body: '' }]);
		expect((await failure(client.request(ACCOUNTS))).code).toBe('EXACT_UNEXPECTED_ANSWER');
		expect(server.requests).toHaveLength(1);
	});
});

describe('pages', () => {
	it('follows the link verbatim until there is none', async () => {
		const next = `${server.baseUrl}/api/v1/123/crm/Accounts?$skiptoken=guid'a%20b'&x=%24`;
		server.answer([list([{ n: 1 }], next), list([{ n: 2 }])]);
		expect(await collect(client.pages(ACCOUNTS))).toEqual([{ n: 1 }, { n: 2 }]);
		// A URL parser writes the quote as %27; everything else stays as it came.
		const target = next.slice(server.baseUrl.length).replaceAll("'", '%27');
		expect(server.requests[1]?.rawTarget).toBe(target);
	});

	it('asks for a page only when the reader wants it', async () => {
		const next = `${server.baseUrl}/api/v1/123/crm/Accounts?$skiptoken=1`;
		server.answer([list([{ n: 1 }], next)]);
		for await (const page of client.pages(ACCOUNTS)) {
			expect(page).toHaveLength(1);
			break;
		}
		expect(server.requests).toHaveLength(1);
	});

	it.each([
		'https://evil.test/api/v1/123/crm/Accounts',
		'http://127.0.0.1:1/api/v1/123/crm/Accounts',
		'/api/v1/relative',
		'javascript:alert(1)',
	])('sends no token to %s', async (next) => {
		server.answer([list([{ n: 1 }], next)]);
		const error = await failure(collect(client.pages(ACCOUNTS)));
		expect(error.code).toBe('EXACT_FOREIGN_LINK');
		expect(source.asked).toHaveLength(1);
		expect(server.requests).toHaveLength(1);
	});

	it.each([
		(origin: string) => `${origin}/login?to=/api/`,
		(origin: string) => origin.replace('http://', 'http://user:pw@') + '/api/v1/1/crm/Accounts',
	])('refuses a link that only looks like its own', async (link) => {
		server.answer([list([{ n: 1 }], link(server.baseUrl))]);
		expect((await failure(collect(client.pages(ACCOUNTS)))).code).toBe('EXACT_FOREIGN_LINK');
	});

	it('fails on a link to itself instead of hiding rows', async () => {
		const next = `${server.baseUrl}/api/v1/123/crm/Accounts?$skiptoken=1`;
		server.answer([list([{ n: 1 }], next)]);
		const error = await failure(collect(client.pages(ACCOUNTS)));
		expect(error.code).toBe('EXACT_UNEXPECTED_ANSWER');
	});

	it('notices a circle of links, also one that leads to the first page', async () => {
		const base = `${server.baseUrl}/api/v1/123/crm/Accounts`;
		const link = (n: number) => (n === 0 ? base : `${base}?$skiptoken=${n}`);
		for (const [circle, asked] of [
			[[1, 2, 3, 1], 4],
			[[1, 0], 2],
		] as const) {
			server.answer((_request, index) => list([{ n: index }], link(circle[index] ?? 9)));
			const error = await failure(collect(client.pages(ACCOUNTS)));
			expect(error).toMatchObject({ code: 'EXACT_UNEXPECTED_ANSWER' });
			expect(error.message).toContain('read already');
			expect(server.requests).toHaveLength(asked);
		}
	});

	it('goes on behind empty pages, but not behind the tenth in a row', async () => {
		const link = (n: number) => `${server.baseUrl}/api/v1/123/crm/Accounts?$skiptoken=${n}`;
		server.answer((_request, index) => (index < 9 ? list([], link(index)) : list([{ n: 1 }])));
		expect(await collect(client.pages(ACCOUNTS))).toEqual([{ n: 1 }]);
		server.answer((_request, index) => list([], link(index)));
		const error = await failure(collect(client.pages(ACCOUNTS)));
		expect(error).toMatchObject({ code: 'EXACT_UNEXPECTED_ANSWER' });
		expect(server.requests).toHaveLength(10);
	});
});

describe('expanded collections', () => {
	const lines = (from: number, to: number) =>
		Array.from({ length: to - from }, (_, index) => ({ n: from + index }));
	const link = (token: string) => `${server.baseUrl}/api/v1/123/crm/Lines?$skiptoken=${token}`;

	it('are whole beyond their first page, in each row and at each depth', async () => {
		const parts = { results: lines(0, 2), __next: link('parts') };
		server.answer(({ target }) => {
			if (target.endsWith('=a')) return list(lines(2, 4), link('b'));
			if (target.endsWith('=b')) return list([...lines(4, 5), { n: 5, Parts: parts }]);
			if (target.endsWith('=parts')) return list(lines(2, 3));
			return list([
				{ ID: 'x', Lines: { results: lines(0, 2), __next: link('a') }, Other: { results: [] } },
			]);
		});
		const [row] = (await client.request(ACCOUNTS)).rows;
		expect(row).toEqual({
			ID: 'x',
			Lines: { results: [...lines(0, 5), { n: 5, Parts: { results: lines(0, 3) } }] },
			Other: { results: [] },
		});
	});

	it.each([
		[
			'to themselves',
			() => ({ results: [{ n: 1 }], __next: link('a') }),
			() => list([{ n: 2 }], link('a')),
		],
		[
			'to each other',
			() => ({ results: [{ n: 1 }], __next: link('a') }),
			() => list([{ n: 2, Lines: { results: [], __next: link('a') } }]),
		],
	])('that link %s are an error', async (_where, first, next) => {
		server.answer(({ target }) =>
			target.includes('Lines?') ? next() : list([{ Lines: first() }]),
		);
		expect(await failure(client.request(ACCOUNTS))).toMatchObject({
			code: 'EXACT_UNEXPECTED_ANSWER',
		});
		expect(server.requests).toHaveLength(2);
	});

	it('may be those of one entity in several rows', async () => {
		const same = () => ({ results: lines(0, 2), __next: link('a') });
		server.answer(({ target }) =>
			target.includes('Lines?')
				? list(lines(2, 3))
				: list([
						{ ID: 'x', Item: { Lines: same() } },
						{ ID: 'y', Item: { Lines: same() } },
					]),
		);
		const whole = { Lines: { results: lines(0, 3) } };
		expect((await client.request(ACCOUNTS)).rows).toEqual([
			{ ID: 'x', Item: whole },
			{ ID: 'y', Item: whole },
		]);
	});

	it('that lead elsewhere are not followed', async () => {
		server.answer([list([{ Lines: { results: [], __next: 'https://evil.test/api/v1/1/x' } }])]);
		expect(await failure(client.request(ACCOUNTS))).toMatchObject({ code: 'EXACT_FOREIGN_LINK' });
		expect(server.requests).toHaveLength(1);
	});
});

it('says after a write whose answer cannot be read that the change was made', async () => {
	const write = {
		method: 'POST',
		path: 'crm/Accounts',
		division: 123,
		body: { Name: 'A' },
	} as const;
	for (const answer of [
		{ status: 201, body: '{"d":{"ID":"a","Na' },
		{ status: 201, body: '<html><body>Proxy</body></html>' },
		{ status: 201, headers: { 'Content-Encoding': 'gzip, br' }, body: 'x' },
	]) {
		server.answer([answer]);
		expect(await failure(client.request(write))).toMatchObject({
			code: 'EXACT_UNEXPECTED_ANSWER',
			message: expect.stringContaining('made the change of POST crm/Accounts (status 201)'),
		});
		expect(server.requests).toHaveLength(1);
	}
});

describe('401', () => {
	it('repeats a read once with another token of the vault', async () => {
		source.vaultGeneration = 2;
		server.answer([{ status: 401, body: 'Unauthorized' }, list([{ n: 1 }])]);
		expect((await client.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
		expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
			'Bearer secret-token-1',
			'Bearer secret-token-2',
		]);
		expect(source.refused).toEqual([1]);
	});

	it('repeats it only once', async () => {
		source.vaultGeneration = 2;
		server.answer([{ status: 401, body: 'Unauthorized' }]);
		expect((await failure(client.request(ACCOUNTS))).code).toBe('EXACT_UNAUTHORIZED');
		expect(server.requests).toHaveLength(2);
		expect(source.refused).toEqual([1]);
	});

	it('reports it where the vault holds the refused token, and shows no token', async () => {
		server.answer([{ status: 401, body: 'Unauthorized: Bearer secret-token-1' }]);
		const error = await failure(client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_UNAUTHORIZED', httpStatus: 401 });
		expect(server.requests).toHaveLength(1);
		expect(JSON.stringify([error, error.message, error.repair])).not.toContain('secret-token');
	});

	it.each(['POST', 'PUT', 'DELETE'] as const)(
		'does not repeat %s where the token may have ended on the way, and says how to check',
		async (method) => {
			source.vaultGeneration = 2;
			source.validUntil = performance.now() + 60_000;
			server.answer(() => {
				jest.spyOn(performance, 'now').mockReturnValue(source.validUntil);
				return { status: 401, body: '' };
			});
			const error = await failure(client.request({ ...ACCOUNTS, method, body: { Name: 'x' } }));
			expect(error).toMatchObject({ code: 'EXACT_UNAUTHORIZED', retryable: true });
			expect(error.repair).toContain('Look in Exact Online');
			expect(server.requests).toHaveLength(1);
		},
	);
});

describe('a process that stood still until its token had ended', () => {
	/** Token by token, when it ends. */
	function tokensEnd(...ends: number[]): void {
		jest.spyOn(source, 'getAccessToken').mockImplementation(async () => {
			source.validUntil = ends.shift() ?? 0;
			return await Promise.resolve({
				accessToken: `secret-token-${source.generation++}`,
				generation: source.generation,
				validUntil: source.validUntil,
			});
		});
	}

	it.each(['GET', 'POST'] as const)(
		'sends nothing with it at the ready connection, and %s goes out with the next one',
		async (method) => {
			tokensEnd(performance.now() - 1, Infinity);
			server.answer([list([{ n: 1 }])]);
			await client.request({ ...ACCOUNTS, method, ...(method === 'POST' && { body: {} }) });
			expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
				'Bearer secret-token-2',
			]);
		},
	);

	it('does not ask for tokens without end', async () => {
		tokensEnd();
		server.answer([]);
		expect(await failure(client.request(ACCOUNTS))).toMatchObject({ code: 'HTTP_HELD_BACK' });
		expect(server.requests).toHaveLength(0);
	});
});

describe('401 to a write with a young token', () => {
	it('is no doubt: the write was refused at the door and goes out with the token in the vault', async () => {
		source.vaultGeneration = 2;
		source.validUntil = performance.now() + 60_000;
		server.answer([
			{ status: 401, body: '' },
			{ status: 201, body: { d: { ID: 'new' } } },
		]);
		const answer = await client.request({ ...ACCOUNTS, method: 'POST', body: { Name: 'x' } });
		expect(answer.rows).toEqual([{ ID: 'new' }]);
		expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
			'Bearer secret-token-1',
			'Bearer secret-token-2',
		]);
	});
});

describe('errors of the service', () => {
	it.each([
		[403, 'Forbidden - Application Scope Violated. Cannot read/crm', {}, 'EXACT_SCOPE_MISSING'],
		[403, 'Forbidden', {}, 'EXACT_FORBIDDEN'],
		[404, "Resource not found for the segment 'Accounts'.", {}, 'EXACT_NOT_FOUND'],
		[400, 'Mandatory: Name\r\nMandatory: Code', {}, 'EXACT_VALIDATION'],
		[
			400,
			'Please add a $select or a $top=1 statement to the query string.',
			{},
			'EXACT_SELECT_REQUIRED',
		],
		[
			500,
			'A problem has occurred. The cause of this issue will be investigated',
			{},
			'EXACT_SERVER_ERROR',
		],
		[405, 'Method not allowed.', {}, 'EXACT_UNEXPECTED_ANSWER'],
	])('%i "%s" is told apart', async (status, text, headers, code) => {
		server.answer([odataError(status, text, headers)]);
		const error = await failure(client.request(ACCOUNTS));
		expect(error.code).toBe(code);
		expect(error.httpStatus).toBe(status);
		expect(error.message).toContain(text.split('\r')[0]);
		expect(server.requests).toHaveLength(status >= 500 ? 4 : 1);
	});

	it.each([
		['BlockedUser', 'user is blocked'],
		['InactiveUser', 'user is inactive'],
		['BlockedCustomer', 'subscription is blocked'],
		['LicenseExpired', 'licence has expired'],
		['DivisionBlocked', 'division is blocked'],
		['NoDivisionAccess', 'may not reach this division'],
		['SomethingNew', 'SomethingNew'],
	])('403 with the reason %s says why', async (reason, words) => {
		server.answer([odataError(403, 'Forbidden', { Reason: reason })]);
		const error = await failure(client.request(ACCOUNTS));
		expect(error.code).toBe('EXACT_FORBIDDEN');
		expect(error.message).toContain(words);
		expect(error.message).toContain(reason);
	});

	it('names the fields of a mandatory filter', async () => {
		const text =
			'This endpoint has mandatory filtering applied. A GET request for this endpoint must have a $filter parameter with one of the following fields in the url: ID, Code, Name';
		server.answer([odataError(400, text)]);
		const error = await failure(client.request(ACCOUNTS));
		expect(error.code).toBe('EXACT_MANDATORY_FILTER');
		expect(error.message).toContain('ID, Code, Name');
	});

	it('takes a 500 to a write for a refusal where it names one', async () => {
		server.answer([odataError(500, 'Mandatory: Name')]);
		const request = { ...ACCOUNTS, method: 'POST', body: { City: 'x' } } as const;
		expect((await failure(client.request(request))).code).toBe('EXACT_VALIDATION');
	});

	it('gives plain text and pages as text', async () => {
		server.answer([{ status: 400, body: '<html><body><h1>Bad &amp; wrong</h1></body></html>' }]);
		expect((await failure(client.request(ACCOUNTS))).serviceMessage).toBe('Bad & wrong');
	});
});

describe('reads that fail for a moment', () => {
	it('are not repeated unchanged where too much was asked for', async () => {
		server.answer([{ status: 408, body: '' }, list([])]);
		const error = await failure(client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_TOO_MUCH_ASKED', retryable: false });
		expect(server.requests).toHaveLength(1);
	});

	it.each([500, 502, 503, 504])(
		'are repeated after status %i, longer each time',
		async (status) => {
			const bad = { status, body: '' };
			server.answer([bad, bad, list([{ n: 1 }])]);
			expect((await client.request(ACCOUNTS)).rows).toHaveLength(1);
			expect(clock.sleeps).toHaveLength(2);
			expect(clock.sleeps[0]).toBeGreaterThanOrEqual(500);
			expect(clock.sleeps[0]).toBeLessThanOrEqual(1000);
			expect(clock.sleeps[1]).toBeGreaterThanOrEqual(1000);
			expect(clock.sleeps[1]).toBeLessThanOrEqual(2000);
		},
	);

	it('are given up after three repetitions', async () => {
		server.answer([{ status: 503, body: '' }]);
		const error = await failure(client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_SERVER_ERROR', retryable: true });
		expect(server.requests).toHaveLength(4);
	});

	it('keep to Retry-After', async () => {
		server.answer([{ status: 503, headers: { 'Retry-After': '7' }, body: '' }, list([])]);
		await client.request(ACCOUNTS);
		expect(clock.sleeps).toEqual([7000]);
	});

	it('are repeated after a lost connection and a fault of the gateway', async () => {
		const fault = { fault: { faultstring: 'Unable to identify proxy for host' } };
		server.answer([{ cut: true }, { status: 404, body: fault }, list([{ n: 1 }])]);
		expect((await client.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
	});

	it('end with the error of the transport', async () => {
		server.answer([{ cut: true }]);
		expect((await failure(client.request(ACCOUNTS))).code).toBe('HTTP_CONNECTION_LOST');
		expect(server.requests).toHaveLength(4);
	});
});

describe('writes that fail for a moment', () => {
	const create = { ...ACCOUNTS, method: 'POST', body: { Name: 'x' } } as const;

	const methods = ['POST', 'PUT', 'DELETE'] as const;
	const failures = [{ cut: true }, ...[408, 502, 503, 504].map((status) => ({ status, body: '' }))];

	it.each(methods.flatMap((method) => failures.map((answer) => [method, answer] as const)))(
		'are sent once and reported as open: %s %p',
		async (method, answer) => {
			server.answer([answer]);
			const error = await failure(client.request({ ...create, method }));
			expect(error.code).toBe('EXACT_WRITE_UNCONFIRMED');
			expect(error.repair).toContain('Look in Exact Online');
			expect(server.requests).toHaveLength(1);
		},
	);

	it.each(methods)(
		'%s is sent again after a 429 alone, which proves that it was refused',
		async (method) => {
			server.answer([
				{ status: 429, body: '' },
				{ status: 500, body: '' },
			]);
			await failure(client.request({ ...create, method }));
			expect(server.requests).toHaveLength(2);
		},
	);

	it('are known not to have happened where nothing was sent', async () => {
		const unreachable = new ExactOnlineClient(new FakeTokenSource('http://127.0.0.1:1'), {
			clock,
			state: createClientState(),
		});
		expect((await failure(unreachable.request(create))).code).toBe('HTTP_CONNECT_FAILED');
		expect(clock.sleeps).toEqual([]);
	});
});

describe('cancel', () => {
	it('ends a request that is under way', async () => {
		const controller = new AbortController();
		server.answer(async () => {
			controller.abort();
			return await new Promise(() => undefined);
		});
		const error = await failure(client.request({ ...ACCOUNTS, signal: controller.signal }));
		expect(error.code).toBe('EXACT_CANCELLED');
	});

	it('ends a wait between two tries', async () => {
		const controller = new AbortController();
		clock.onSleep = () => controller.abort();
		server.answer([{ status: 503, body: '' }]);
		const error = await failure(client.request({ ...ACCOUNTS, signal: controller.signal }));
		expect(error.code).toBe('EXACT_CANCELLED');
		expect(server.requests).toHaveLength(1);
	});

	it('says that a write may have happened', async () => {
		const controller = new AbortController();
		server.answer(async () => {
			controller.abort();
			return await new Promise(() => undefined);
		});
		const request = { ...ACCOUNTS, method: 'POST', body: {}, signal: controller.signal } as const;
		expect((await failure(client.request(request))).code).toBe('EXACT_WRITE_UNCONFIRMED');
	});

	it('sends nothing after a cancel', async () => {
		server.answer([list([])]);
		const error = await failure(client.request({ ...ACCOUNTS, signal: AbortSignal.abort() }));
		expect(error.code).toBe('EXACT_CANCELLED');
		expect(server.requests).toHaveLength(0);
	});
});
