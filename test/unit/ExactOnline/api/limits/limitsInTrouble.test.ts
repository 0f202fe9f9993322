import type { IDataObject } from 'n8n-workflow';
import { callsKey, StoredCallLimits } from '../../../../../nodes/ExactOnline/api/limits/callLimits';
import type { SharedCalls } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import {
	createLimitMemory,
	limitMemoryOf,
} from '../../../../../nodes/ExactOnline/api/limits/limitMemory';
import { MemoryLimitStore } from '../../../../../nodes/ExactOnline/api/limits/memoryLimitStore';
import type { LimitStore } from '../../../../../nodes/ExactOnline/api/limits/limitStore';
import { PatientLimitStore } from '../../../../../nodes/ExactOnline/api/limits/patientLimitStore';
import { vaultError } from '../../../../../nodes/shared/vault/vaultErrors';
import { until } from '../../../../support/until';
import { ACCOUNTS, failure, useClient } from '../support/clientBench';
import { list, odataError } from '../support/exactServer';
import { FakeTokenSource } from '../support/fakes';

const bench = useClient();

/** Headers of the minutely limit; without a `Date`, so that the clock of the test holds. */
function minutely(remaining: number, resetInMs: number): Record<string, string> {
	return {
		'X-RateLimit-Minutely-Limit': '60',
		'X-RateLimit-Minutely-Remaining': String(remaining),
		'X-RateLimit-Minutely-Reset': String(Math.round(bench.clock.now() + resetInMs)),
		Date: new Date(bench.clock.now()).toUTCString(),
	};
}

describe('a call that is not made after all', () => {
	/** A store that grants leases, as one that other processes share. */
	class LeaseStore extends MemoryLimitStore {
		readonly released = jest.fn();

		readonly isSure = jest.fn(() => true);

		override async alone(): Promise<undefined> {
			return (await Promise.resolve({ release: this.released, isSure: this.isSure })) as never;
		}
	}

	it('is given back with its batch and the lease, where the token fails after a wait', async () => {
		const store = new LeaseStore(limitMemoryOf(bench.state), bench.clock);
		const source = new FakeTokenSource(bench.server.baseUrl);
		const strict = new ExactOnlineClient(source, {
			clock: bench.clock,
			state: bench.state,
			limitStore: store,
			parallel: 1,
		});
		bench.server.answer([{ ...list([]), headers: minutely(0, 5000) }]);
		await strict.request(ACCOUNTS);
		const good = await source.getAccessToken('normal');
		jest
			.spyOn(source, 'getAccessToken')
			.mockResolvedValueOnce(good)
			.mockRejectedValueOnce(vaultError('VAULT_UNAVAILABLE', 'gone', 'wait'));
		expect((await failure(strict.request(ACCOUNTS))).code).toBe('VAULT_UNAVAILABLE');
		expect(bench.clock.sleeps).toEqual([6000]);
		const inHand = async () => {
			const { divisions } = await strict.limitsStatus();
			return (divisions as IDataObject[])[0]?.batchesInHand;
		};
		await until(async () => (await inHand()) === 0);
		expect(store.released).toHaveBeenCalledTimes(2);
	});

	it('is not sent where this process stood still for so long that another one may have the turn, and waits for its own', async () => {
		const store = new LeaseStore(limitMemoryOf(bench.state), bench.clock);
		const source = new FakeTokenSource(bench.server.baseUrl);
		const manner = { clock: bench.clock, state: bench.state, limitStore: store };
		const strict = new ExactOnlineClient(source, { ...manner, parallel: 1 });
		bench.server.answer([list([{ n: 1 }])]);
		store.isSure.mockReturnValueOnce(false).mockReturnValueOnce(false);
		const taking = jest.spyOn(store, 'alone');
		expect((await strict.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
		expect(store.isSure.mock.calls.length).toBeGreaterThan(1);
		expect(taking).toHaveBeenCalledTimes(2);
		expect(store.released).toHaveBeenCalled();
		expect(bench.server.requests).toHaveLength(1);
	});

	it('is no longer among the last errors that may come, where a 429 refused it', async () => {
		bench.server.answer([odataError(404, 'not found')]);
		for (let n = 0; n < 8; n++) {
			const path = `crm/Accounts(guid'00000000-0000-0000-0000-00000000000${n}')`;
			await failure(bench.client.request({ ...ACCOUNTS, path }));
		}
		const before = bench.clock.now();
		bench.server.answer([{ status: 429, headers: minutely(0, 5000), body: '' }, list([{ n: 1 }])]);
		expect((await bench.client.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
		expect(bench.clock.now() - before).toBeLessThan(10_000);
	});
});

describe('a store that keeps nothing', () => {
	const KEPT_NOTHING = vaultError('VAULT_FULL', 'The store keeps nothing.', 'Make room.');
	let limits: StoredCallLimits;

	/** Answers from what it knows, and fails where something is to be kept. */
	function readOnly(known: SharedCalls): LimitStore {
		return {
			calls: async (_key, step) => {
				const { state, result } = step(known, bench.clock.now());
				if (state !== undefined && state !== known) throw KEPT_NOTHING;
				return await Promise.resolve(result);
			},
			errors: async (_key, step) => await Promise.resolve(step({}, bench.clock.now()).result),
			kept: async () => await Promise.reject(KEPT_NOTHING),
			alone: async () => await Promise.resolve(undefined),
		};
	}

	function limitsOver(known: SharedCalls) {
		const memory = createLimitMemory();
		const store = new PatientLimitStore(readOnly(known), memory, bench.clock);
		limits = new StoredCallLimits(store, bench.clock, { app: 'app', user: 'user' }, memory);
	}

	const CALL = { ...ACCOUNTS, endpoint: 'crm/Accounts', shape: 'GET', parallel: 2 };

	it('does not take the wait after a 429 with it', async () => {
		limitsOver({});
		await limits.refused(CALL, { 'retry-after': '10' }, 0);
		await limits.ready(CALL);
		expect(bench.clock.sleeps).toEqual([11_000]);
	});

	it('a cancel ends that wait', async () => {
		limitsOver({});
		const controller = new AbortController();
		bench.clock.onSleep = () => controller.abort();
		const call = { ...CALL, signal: controller.signal };
		await limits.refused(call, { 'retry-after': '10' }, 0);
		const error = await failure(limits.ready(call));
		expect(error.code).toBe('EXACT_CANCELLED');
	});

	it('lets a request go that has sat out the minute', async () => {
		limitsOver({ minute: { remaining: 0, resetAt: bench.clock.now() + 5_000 } });
		await limits.ready(CALL);
		expect(bench.clock.sleeps).toEqual([6_000]);
	});
});

// Red before: each minute that the requests before it used up counted as one that it had sat out.
it.each([1, 2])(
	'the requests before one (parallel %d) may take more minutes than it sits out in its turn',
	async (parallel) => {
		const memory = createLimitMemory();
		const store = new MemoryLimitStore(memory, bench.clock);
		const limits = new StoredCallLimits(store, bench.clock, { app: 'app', user: 'user' }, memory);
		const key = callsKey({ app: 'app', user: 'user' }, 123);
		let minutes = 0;
		const usedUp = (isBefore: boolean): SharedCalls => ({
			minute: { remaining: 0, limit: 60, resetAt: bench.clock.now() + 60_000 },
			waiting: isBefore ? ['one', 'two'].map((id) => ({ id, until: Infinity })) : [],
		});
		memory.calls.set(key, usedUp(true));
		bench.clock.onSleep = () => {
			if (memory.calls.get(key)?.minute?.remaining === 0) minutes += 1;
			const own = memory.calls.get(key)?.waiting?.filter(({ until }) => until < Infinity) ?? [];
			const next = usedUp(minutes < 6);
			next.minute!.resetAt += 60_000;
			memory.calls.set(key, { ...next, waiting: [...(next.waiting ?? []), ...own] });
		};
		const place = parallel === 1 ? { place: limits.arrived(123) } : {};
		await limits.ready({ ...ACCOUNTS, endpoint: 'crm/Accounts', shape: 'GET', parallel, ...place });
		// In its turn it leaves the judgement to Exact after three full minutes.
		expect(minutes).toBe(6 + 3);
		if (place.place !== undefined) limits.left(123, place.place);
	},
);
