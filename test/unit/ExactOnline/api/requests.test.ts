import { ACCOUNTS, failure, useClient } from './support/clientBench';
import { list, odataError } from './support/exactServer';

const bench = useClient();

describe('requests', () => {
	it('asks for JSON with the bearer token and encodes the query', async () => {
		bench.server.answer([list([{ ID: 'a' }])]);
		const filter = "Name eq 'A & B / 100%'";
		const answer = await bench.client.request({
			...ACCOUNTS,
			query: { $filter: filter, $top: 5, $select: undefined },
			length: 'long',
		});
		expect(answer).toEqual({ status: 200, rows: [{ ID: 'a' }] });
		const [request] = bench.server.requests;
		expect(request?.target).toBe(`/api/v1/123/crm/Accounts?$filter=${filter}&$top=5`);
		expect(request?.headers.accept).toBe('application/json');
		expect(request?.headers.authorization).toBe('Bearer secret-token-1');
		expect(bench.source.asked).toEqual(['long']);
	});

	it('leaves the division out where there is none', async () => {
		bench.server.answer([list([{ CurrentDivision: 9 }])]);
		await bench.client.request({ method: 'GET', path: 'current/Me' });
		expect(bench.server.requests[0]?.target).toBe('/api/v1/current/Me');
	});

	// Red before: it was a list without rows, and a look-up that found nothing.
	it('does not take a success without a body, or with nothing in it, for an empty list', async () => {
		bench.server.answer([
			{ status: 200, body: '' },
			{ status: 200, body: { d: {} } },
			{ status: 204, body: '' },
		]);
		const asked = { method: 'GET', path: 'crm/Accounts', division: 123 } as const;
		await expect(bench.client.request(asked)).rejects.toMatchObject({
			code: 'EXACT_UNEXPECTED_ANSWER',
			message: expect.stringContaining('an empty body') as string,
		});
		await expect(bench.client.request(asked)).rejects.toThrow('something else than data');
		expect(await bench.client.request(asked)).toMatchObject({ rows: [] });
	});

	it('sends a body as JSON and takes 204 without a body', async () => {
		bench.server.answer([{ status: 204, body: '' }]);
		const answer = await bench.client.request({
			method: 'PUT',
			path: "crm/Accounts(guid'3fa85f64-5717-4562-b3fc-2c963f66afa6')",
			division: 123,
			body: { Name: 'ü' },
		});
		expect(answer).toEqual({ status: 204, rows: [] });
		expect(bench.server.requests[0]?.body).toBe('{"Name":"ü"}');
		expect(bench.server.requests[0]?.headers['content-type']).toBe('application/json');
	});

	it.each(['../oauth2/token', 'crm/Accounts?x=1', 'https://evil.test/x', '', '/crm/Accounts'])(
		'refuses %p as a path',
		async (path) => {
			bench.server.answer([list([])]);
			const error = await failure(bench.client.request({ ...ACCOUNTS, path }));
			expect(error.code).toBe('EXACT_INVALID_PATH');
			expect(bench.server.requests).toHaveLength(0);
		},
	);

	it('refuses an address that Exact would not take', async () => {
		const query = { $filter: 'x'.repeat(6000) };
		expect((await failure(bench.client.request({ ...ACCOUNTS, query }))).code).toBe(
			'EXACT_URL_TOO_LONG',
		);
	});

	it('does not take a page for data', async () => {
		bench.server.answer([{ body: '<html><body>Log in</body></html>' }]);
		const error = await failure(bench.client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_UNEXPECTED_ANSWER', serviceMessage: 'Log in' });
	});

	it('does not follow a redirect', async () => {
		bench.server.answer([{ status: 302, headers: { Location: '/login' }, body: '' }]);
		expect((await failure(bench.client.request(ACCOUNTS))).code).toBe('EXACT_UNEXPECTED_ANSWER');
		expect(bench.server.requests).toHaveLength(1);
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
		{ status: 201, body: '"done"' },
		{ status: 201, body: '1' },
		{ status: 201, headers: { 'Content-Encoding': 'gzip, br' }, body: 'x' },
	]) {
		bench.server.answer([answer]);
		expect(await failure(bench.client.request(write))).toMatchObject({
			code: 'EXACT_UNEXPECTED_ANSWER',
			message: expect.stringContaining(
				'made the change, but its answer cannot be read: that of POST crm/Accounts (status 201)',
			),
		});
		expect(bench.server.requests).toHaveLength(1);
	}
});

// Red before: a page, such as that for logging in, and an error were word that the change was made.
it.each([
	['a web page', '<html><body>Log in</body></html>', 'answered with a web page'],
	['a page by its script', '<script>location = "/login"</script>', 'answered with a web page'],
	['a text', 'Blocked by policy 7', 'answered with something else than data'],
	['XML', '<?xml version="1.0"?><error/>', 'answered with something else than data'],
	['an error', odataError(201, 'Code: exists').body, 'answered with an error .*: Code: exists'],
	['a fault of the gateway', { fault: { faultstring: 'No proxy' } }, 'an error .*: No proxy'],
])('does not say after a write that %s answers what became of it', async (_what, body, words) => {
	for (const method of ['POST', 'PUT', 'DELETE'] as const) {
		bench.server.answer([{ status: 201, body }]);
		const write = { ...ACCOUNTS, method, body: { Name: 'A' } };
		expect(await failure(bench.client.request(write))).toMatchObject({
			code: 'EXACT_WRITE_UNCONFIRMED',
			message: expect.stringMatching(words) as string,
		});
		expect(bench.server.requests).toHaveLength(1);
	}
});
