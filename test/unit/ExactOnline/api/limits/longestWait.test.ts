import { callsKey } from '../../../../../nodes/ExactOnline/api/limits/callLimits';
import type { SharedCalls } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import { limitMemoryOf } from '../../../../../nodes/ExactOnline/api/limits/limitMemory';
import { MemoryLimitStore } from '../../../../../nodes/ExactOnline/api/limits/memoryLimitStore';
import { boundedClock } from '../../../../../nodes/ExactOnline/resources/common/boundedClock';
import { ACCOUNTS, failure, useClient } from '../support/clientBench';
import { list } from '../support/exactServer';
import { FakeTokenSource } from '../support/fakes';

const bench = useClient();

/** A client of an item that waits so long. */
function bounded(longestWaitMs: number, store?: MemoryLimitStore): ExactOnlineClient {
	return new ExactOnlineClient(new FakeTokenSource(bench.server.baseUrl), {
		...{
			clock: boundedClock(longestWaitMs, bench.clock),
			state: bench.state,
			credentialId: 'cred',
		},
		...(store && { limitStore: store }),
	});
}

// Red before: only the wait for the end of a minute was measured, and that alone.
it('a request that waits behind another one of its process is not sent once its longest wait is over', async () => {
	let answer: () => void = () => undefined;
	const arrived = new Promise<void>((resolve) => {
		bench.server.answer(async () => {
			resolve();
			await new Promise<void>((free) => (answer = free));
			return list([]);
		});
	});
	const before = bench.client.request(ACCOUNTS);
	await arrived;
	const began = bench.clock.now();
	const late = await failure(bounded(5_000).request(ACCOUNTS));
	expect(late).toMatchObject({ code: 'EXACT_RATE_LIMIT_MINUTE', retryAt: began + 5_000 });
	answer();
	await before;
	expect(bench.server.requests).toHaveLength(1);
});

it('nor one that waits for a turn that other processes have', async () => {
	const others = (until: number): SharedCalls => ({
		grants: ['one', 'two'].map((id) => ({ id, at: until - 50_000, until, calls: 0, parallel: 2 })),
	});
	const store = new MemoryLimitStore(limitMemoryOf(bench.state), bench.clock);
	const began = bench.clock.now();
	const key = callsKey({ app: [bench.server.baseUrl, 'app'].join('|'), user: 'cred' }, 123);
	await store.calls(key, () => ({ state: others(began + 50_000), result: undefined }));
	bench.server.answer([list([])]);
	const late = await failure(bounded(5_000, store).request(ACCOUNTS));
	expect(late).toMatchObject({ code: 'EXACT_RATE_LIMIT_MINUTE' });
	expect(bench.clock.now() - began).toBeGreaterThanOrEqual(5_000);
	expect(bench.clock.now() - began).toBeLessThan(7_500);
	expect(bench.server.requests).toHaveLength(0);
});

it('a request that has its turn at once is sent, however long its item has taken', async () => {
	bench.server.answer([list([{ n: 1 }])]);
	const client = bounded(5_000);
	bench.clock.time += 60_000;
	expect((await client.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
});
