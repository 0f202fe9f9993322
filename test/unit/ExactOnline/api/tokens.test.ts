import { ACCOUNTS, failure, useClient } from './support/clientBench';
import { list } from './support/exactServer';

const bench = useClient();

describe('401', () => {
	it('repeats a read once with another token of the vault', async () => {
		bench.source.vaultGeneration = 2;
		bench.server.answer([{ status: 401, body: 'Unauthorized' }, list([{ n: 1 }])]);
		expect((await bench.client.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
		expect(bench.server.requests.map(({ headers }) => headers.authorization)).toEqual([
			'Bearer secret-token-1',
			'Bearer secret-token-2',
		]);
		expect(bench.source.refused).toEqual([1]);
	});

	it('repeats it only once', async () => {
		bench.source.vaultGeneration = 2;
		bench.server.answer([{ status: 401, body: 'Unauthorized' }]);
		expect((await failure(bench.client.request(ACCOUNTS))).code).toBe('EXACT_UNAUTHORIZED');
		expect(bench.server.requests).toHaveLength(2);
		expect(bench.source.refused).toEqual([1]);
	});

	it('reports it where the vault holds the refused token, and shows no token', async () => {
		bench.server.answer([{ status: 401, body: 'Unauthorized: Bearer secret-token-1' }]);
		const error = await failure(bench.client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_UNAUTHORIZED', httpStatus: 401 });
		expect(bench.server.requests).toHaveLength(1);
		expect(JSON.stringify([error, error.message, error.repair])).not.toContain('secret-token');
	});

	it.each(['POST', 'PUT', 'DELETE'] as const)(
		'does not repeat %s where the token may have ended on the way, and says how to check',
		async (method) => {
			bench.source.vaultGeneration = 2;
			bench.source.validUntil = performance.now() + 60_000;
			bench.server.answer(() => {
				jest.spyOn(performance, 'now').mockReturnValue(bench.source.validUntil);
				return { status: 401, body: '' };
			});
			const error = await failure(
				bench.client.request({ ...ACCOUNTS, method, body: { Name: 'x' } }),
			);
			expect(error).toMatchObject({ code: 'EXACT_UNAUTHORIZED', retryable: true });
			expect(error.repair).toContain('Look in Exact Online');
			expect(bench.server.requests).toHaveLength(1);
		},
	);
});

describe('a process that stood still until its token had ended', () => {
	/** Token by token, when it ends. */
	function tokensEnd(...ends: number[]): void {
		jest.spyOn(bench.source, 'getAccessToken').mockImplementation(async () => {
			bench.source.validUntil = ends.shift() ?? 0;
			return await Promise.resolve({
				accessToken: `secret-token-${bench.source.generation++}`,
				generation: bench.source.generation,
				validUntil: bench.source.validUntil,
			});
		});
	}

	it.each(['GET', 'POST'] as const)(
		'sends nothing with it at the ready connection, and %s goes out with the next one',
		async (method) => {
			tokensEnd(performance.now() - 1, Infinity);
			bench.server.answer([list([{ n: 1 }])]);
			await bench.client.request({ ...ACCOUNTS, method, ...(method === 'POST' && { body: {} }) });
			expect(bench.server.requests.map(({ headers }) => headers.authorization)).toEqual([
				'Bearer secret-token-2',
			]);
		},
	);

	it('does not ask for tokens without end', async () => {
		tokensEnd();
		bench.server.answer([]);
		expect(await failure(bench.client.request(ACCOUNTS))).toMatchObject({ code: 'HTTP_HELD_BACK' });
		expect(bench.server.requests).toHaveLength(0);
	});
});

describe('401 to a write with a young token', () => {
	it('is no doubt: the write was refused at the door and goes out with the token in the vault', async () => {
		bench.source.vaultGeneration = 2;
		bench.source.validUntil = performance.now() + 60_000;
		bench.server.answer([
			{ status: 401, body: '' },
			{ status: 201, body: { d: { ID: 'new' } } },
		]);
		const answer = await bench.client.request({ ...ACCOUNTS, method: 'POST', body: { Name: 'x' } });
		expect(answer.rows).toEqual([{ ID: 'new' }]);
		expect(bench.server.requests.map(({ headers }) => headers.authorization)).toEqual([
			'Bearer secret-token-1',
			'Bearer secret-token-2',
		]);
	});
});
