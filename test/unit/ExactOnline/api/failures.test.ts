import { createClientState } from '../../../../nodes/ExactOnline/api/limits/clientState';
import { ExactOnlineClient } from '../../../../nodes/ExactOnline/api/exactOnlineClient';
import { ACCOUNTS, failure, useClient } from './support/clientBench';
import { list, odataError } from './support/exactServer';
import { FakeTokenSource } from './support/fakes';

const bench = useClient();

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
		bench.server.answer([odataError(status, text, headers)]);
		const error = await failure(bench.client.request(ACCOUNTS));
		expect(error.code).toBe(code);
		expect(error.httpStatus).toBe(status);
		expect(error.message).toContain(text.split('\r')[0]);
		expect(bench.server.requests).toHaveLength(status >= 500 ? 4 : 1);
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
		bench.server.answer([odataError(403, 'Forbidden', { Reason: reason })]);
		const error = await failure(bench.client.request(ACCOUNTS));
		expect(error.code).toBe('EXACT_FORBIDDEN');
		expect(error.message).toContain(words);
		expect(error.message).toContain(reason);
	});

	it('names the fields of a mandatory filter', async () => {
		const text =
			'This endpoint has mandatory filtering applied. A GET request for this endpoint must have a $filter parameter with one of the following fields in the url: ID, Code, Name';
		bench.server.answer([odataError(400, text)]);
		const error = await failure(bench.client.request(ACCOUNTS));
		expect(error.code).toBe('EXACT_MANDATORY_FILTER');
		expect(error.message).toContain('ID, Code, Name');
	});

	it('takes a 500 to a write for a refusal where it names one', async () => {
		bench.server.answer([odataError(500, 'Mandatory: Name')]);
		const request = { ...ACCOUNTS, method: 'POST', body: { City: 'x' } } as const;
		expect((await failure(bench.client.request(request))).code).toBe('EXACT_VALIDATION');
	});

	it('gives plain text and pages as text', async () => {
		bench.server.answer([
			{ status: 400, body: '<html><body><h1>Bad &amp; wrong</h1></body></html>' },
		]);
		expect((await failure(bench.client.request(ACCOUNTS))).serviceMessage).toBe('Bad & wrong');
	});
});

describe('reads that fail for a moment', () => {
	it('are not repeated unchanged where too much was asked for', async () => {
		bench.server.answer([{ status: 408, body: '' }, list([])]);
		const error = await failure(bench.client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_TOO_MUCH_ASKED', retryable: false });
		expect(bench.server.requests).toHaveLength(1);
	});

	it.each([500, 502, 503, 504])(
		'are repeated after status %i, longer each time',
		async (status) => {
			const bad = { status, body: '' };
			bench.server.answer([bad, bad, list([{ n: 1 }])]);
			expect((await bench.client.request(ACCOUNTS)).rows).toHaveLength(1);
			expect(bench.clock.sleeps).toHaveLength(2);
			expect(bench.clock.sleeps[0]).toBeGreaterThanOrEqual(500);
			expect(bench.clock.sleeps[0]).toBeLessThanOrEqual(1000);
			expect(bench.clock.sleeps[1]).toBeGreaterThanOrEqual(1000);
			expect(bench.clock.sleeps[1]).toBeLessThanOrEqual(2000);
		},
	);

	it('are given up after three repetitions', async () => {
		bench.server.answer([{ status: 503, body: '' }]);
		const error = await failure(bench.client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_SERVER_ERROR', retryable: true });
		expect(bench.server.requests).toHaveLength(4);
	});

	it('keep to Retry-After', async () => {
		bench.server.answer([{ status: 503, headers: { 'Retry-After': '7' }, body: '' }, list([])]);
		await bench.client.request(ACCOUNTS);
		expect(bench.clock.sleeps).toEqual([7000]);
	});

	it('are repeated after a lost connection and a fault of the gateway', async () => {
		const fault = { fault: { faultstring: 'Unable to identify proxy for host' } };
		bench.server.answer([{ cut: true }, { status: 404, body: fault }, list([{ n: 1 }])]);
		expect((await bench.client.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
	});

	it('end with the error of the transport', async () => {
		bench.server.answer([{ cut: true }]);
		expect((await failure(bench.client.request(ACCOUNTS))).code).toBe('HTTP_CONNECTION_LOST');
		expect(bench.server.requests).toHaveLength(4);
	});
});

describe('writes that fail for a moment', () => {
	const create = { ...ACCOUNTS, method: 'POST', body: { Name: 'x' } } as const;

	const methods = ['POST', 'PUT', 'DELETE'] as const;
	const failures = [{ cut: true }, ...[408, 502, 503, 504].map((status) => ({ status, body: '' }))];

	it.each(methods.flatMap((method) => failures.map((answer) => [method, answer] as const)))(
		'are sent once and reported as open: %s %p',
		async (method, answer) => {
			bench.server.answer([answer]);
			const error = await failure(bench.client.request({ ...create, method }));
			expect(error.code).toBe('EXACT_WRITE_UNCONFIRMED');
			expect(error.repair).toContain('Look in Exact Online');
			expect(bench.server.requests).toHaveLength(1);
		},
	);

	it.each(methods)(
		'%s is sent again after a 429 alone, which proves that it was refused',
		async (method) => {
			bench.server.answer([
				{ status: 429, body: '' },
				{ status: 500, body: '' },
			]);
			await failure(bench.client.request({ ...create, method }));
			expect(bench.server.requests).toHaveLength(2);
		},
	);

	it('are known not to have happened where nothing was sent', async () => {
		const unreachable = new ExactOnlineClient(new FakeTokenSource('http://127.0.0.1:1'), {
			clock: bench.clock,
			state: createClientState(),
		});
		expect((await failure(unreachable.request(create))).code).toBe('HTTP_CONNECT_FAILED');
		expect(bench.clock.sleeps).toEqual([]);
	});
});

describe('cancel', () => {
	it('ends a request that is under way', async () => {
		const controller = new AbortController();
		bench.server.answer(async () => {
			controller.abort();
			return await new Promise(() => undefined);
		});
		const error = await failure(bench.client.request({ ...ACCOUNTS, signal: controller.signal }));
		expect(error.code).toBe('EXACT_CANCELLED');
	});

	it('ends a wait between two tries', async () => {
		const controller = new AbortController();
		bench.clock.onSleep = () => controller.abort();
		bench.server.answer([{ status: 503, body: '' }]);
		const error = await failure(bench.client.request({ ...ACCOUNTS, signal: controller.signal }));
		expect(error.code).toBe('EXACT_CANCELLED');
		expect(bench.server.requests).toHaveLength(1);
	});

	it('says that a write may have happened', async () => {
		const controller = new AbortController();
		bench.server.answer(async () => {
			controller.abort();
			return await new Promise(() => undefined);
		});
		const request = { ...ACCOUNTS, method: 'POST', body: {}, signal: controller.signal } as const;
		expect((await failure(bench.client.request(request))).code).toBe('EXACT_WRITE_UNCONFIRMED');
	});

	it('sends nothing after a cancel', async () => {
		bench.server.answer([list([])]);
		const error = await failure(bench.client.request({ ...ACCOUNTS, signal: AbortSignal.abort() }));
		expect(error.code).toBe('EXACT_CANCELLED');
		expect(bench.server.requests).toHaveLength(0);
	});
});
