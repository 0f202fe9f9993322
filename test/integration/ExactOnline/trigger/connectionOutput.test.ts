import { useTrigger } from './support/triggerBench';

const bench = useTrigger();

describe('the connection', () => {
	it('is kept alive: a poll renews a token that has ended, also where nothing has changed', async () => {
		await bench.poll();
		const [chain] = Object.values(bench.simulator.chains());
		await bench.letPass(20 * 86_400);
		expect((await bench.poll()).isNull).toBe(true);
		const [later] = Object.values(bench.simulator.chains());
		expect(later?.generation).toBeGreaterThan(chain?.generation ?? 0);
	});

	it('that could not be renewed for weeks is told of before it ends', async () => {
		const told = () => bench.context({ connectionOutput: true });
		await bench.poll(told());
		const down = { kind: 'status' as const, status: 503, times: Infinity };
		bench.simulator.faults.token.push(down);
		await bench.letPass(20 * 86_400);
		await expect(bench.poll(told())).rejects.toThrow('EXACT_TOKEN_');
		await bench.letPass(4 * 86_400);
		expect(await bench.poll(told())).toMatchObject({
			rows: [],
			told: [{ connection: 'endsSoon', idleDeadline: expect.stringMatching(/Z$/) as string }],
		});
		expect((await bench.poll(told())).isNull).toBe(true);
		bench.simulator.faults.token.clear();
		await bench.letPass(3_600);
		expect(await bench.poll(told())).toMatchObject({ rows: [], told: [{ connection: 'well' }] });
	});

	it('that is broken is an error once an hour, or an item, and an item tells when it is well again', async () => {
		const told = () => bench.context({ connectionOutput: true });
		await bench.poll(told());
		await bench.breakChain();
		await expect(bench.poll()).rejects.toThrow(/EXACT_/);
		const item = await bench.poll(told());
		expect(item).toMatchObject({ rows: [], told: [{ connection: 'broken' }] });
		expect(item.told[0]).toEqual(
			expect.objectContaining({
				code: expect.stringMatching(/^EXACT_/) as string,
				description: expect.any(String) as string,
			}),
		);
		expect((await bench.poll(told())).isNull).toBe(true);
		bench.connect();
		await bench.account('After');
		expect(await bench.poll(told())).toMatchObject({
			rows: [{ Name: 'After' }],
			told: [{ connection: 'well' }],
		});
	});
});
