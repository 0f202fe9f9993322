import { callsKey } from '../../../../../nodes/ExactOnline/api/limits/callLimits';
import type { SharedCalls } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import { limitMemoryOf } from '../../../../../nodes/ExactOnline/api/limits/limitMemory';
import { MemoryLimitStore } from '../../../../../nodes/ExactOnline/api/limits/memoryLimitStore';
import { boundedClock } from '../../../../../nodes/ExactOnline/resources/common/boundedClock';
import { vaultError } from '../../../../../nodes/shared/vault/vaultErrors';
import { until } from '../../../../support/until';
import { ACCOUNTS, failure, useClient } from '../support/clientBench';
import { list } from '../support/exactServer';
import { FakeTokenSource } from '../support/fakes';

const bench = useClient();

/** A client of an item that waits so long. */
function bounded(longestWaitMs: number, store?: MemoryLimitStore, parallel = 2): ExactOnlineClient {
	return new ExactOnlineClient(new FakeTokenSource(bench.server.baseUrl), {
		...{
			clock: boundedClock(longestWaitMs, bench.clock),
			state: bench.state,
			credentialId: 'cred',
		},
		...(store && { limitStore: store }),
		parallel,
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

/** A store in which another process has each division's lease. */
class LeasedStore extends MemoryLimitStore {
	readonly waiting = jest.fn();

	override async alone(_key?: string, signal?: AbortSignal): Promise<undefined> {
		this.waiting();
		return await new Promise((_resolve, reject) => {
			signal?.addEventListener('abort', () => reject(new Error('The wait was ended.')));
		});
	}
}

// Red before: the lease was waited for as long as the store does, for two minutes.
it('nor one whose turn has come while a process that died still has the lease', async () => {
	const store = new LeasedStore(limitMemoryOf(bench.state), bench.clock);
	bench.server.answer([list([])]);
	const began = bench.clock.now();
	const late = await failure(bounded(5_000, store, 1).request(ACCOUNTS));
	expect(store.waiting).toHaveBeenCalledTimes(1);
	expect(late).toMatchObject({ code: 'EXACT_RATE_LIMIT_MINUTE' });
	expect(bench.clock.now() - began).toBeLessThan(7_500);
	expect(bench.server.requests).toHaveLength(0);
	const { calls } = limitMemoryOf(bench.state);
	await until(() => [...calls.values()].every(({ grants = [] }) => grants.length === 0));
});

it('a cancel ends the wait for the lease as a cancel', async () => {
	const store = new LeasedStore(limitMemoryOf(bench.state), bench.clock);
	const cancel = new AbortController();
	store.waiting.mockImplementation(() => setImmediate(() => cancel.abort()));
	const client = new ExactOnlineClient(new FakeTokenSource(bench.server.baseUrl), {
		...{ clock: bench.clock, state: bench.state, limitStore: store, parallel: 1 },
	});
	const ended = await failure(client.request({ ...ACCOUNTS, signal: cancel.signal }));
	expect(ended.code).toBe('EXACT_CANCELLED');
});

it('a lease that is not to be had tells of the division, and not of the connection', async () => {
	const store = new LeasedStore(limitMemoryOf(bench.state), bench.clock);
	const timeout = vaultError('VAULT_LEASE_TIMEOUT', 'This connection is busy.', 'Run again.', {
		retryable: true,
	});
	jest.spyOn(store, 'alone').mockRejectedValue(timeout);
	const late = await failure(bounded(600_000, store, 1).request(ACCOUNTS));
	expect(late).toMatchObject({ code: 'VAULT_LEASE_TIMEOUT', retryable: true });
	expect(late.message).toContain('division 123');
});

// Red before: it was waited for as long as others are under way.
it('nor one that waits because others under way may bring the last errors of an endpoint', async () => {
	const store = new MemoryLimitStore(limitMemoryOf(bench.state), bench.clock);
	bench.server.answer([list([])]);
	const began = bench.clock.now();
	const recent = Array.from({ length: 7 }, (_none, n) => ({
		...{ at: began - 600_000, shape: `GET ${n}`, kind: `${n}`, settled: true },
	}));
	const pending = ['one', 'two'].map((id) => ({ id, until: began + 90_000 }));
	const key = [bench.server.baseUrl, 'app', 'cred', 123].join('|');
	await store.errors(key, () => ({
		state: { 'crm/Accounts': { recent, pending } },
		result: undefined,
	}));
	const late = await failure(bounded(5_000, store).request(ACCOUNTS));
	expect(late).toMatchObject({ code: 'EXACT_RATE_LIMIT_MINUTE' });
	expect(bench.clock.now() - began).toBeLessThan(7_500);
	expect(bench.server.requests).toHaveLength(0);
});

it('says of one that Exact refused once, and that is not sent again, that it was not carried out', async () => {
	const headers = { 'Retry-After': '50', Date: new Date(bench.clock.now()).toUTCString() };
	bench.server.answer([{ status: 429, headers, body: '' }]);
	const late = await failure(bounded(5_000).request(ACCOUNTS));
	expect(bench.server.requests).toHaveLength(1);
	expect(late.repair).toContain('was not carried out');
	expect(late.repair).not.toContain('was not sent');
});
