import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import { connect, CREDENTIAL_B } from '../../../support/chain/chainFixture';
import { ChainProcess } from '../../../support/chain/chainProcess';
import {
	ENGINES,
	startChainStores,
	type ChainStore,
	type ChainStores,
} from '../../../support/chain/chainStore';
import type { RequestOrder } from '../../../support/chain/workerMessages';

const ACCOUNTS = 'crm/Accounts';

// The workers live through the whole file; each test has a division of its own, and so limits of its own.
describe.each(ENGINES)('workers that share a vault on %s', (engine) => {
	let simulator: ExactOnlineSimulator;
	let stores: ChainStores;
	let store: ChainStore;
	let authorization: Authorization;
	let workers: ChainProcess[];
	let division: number;
	let tests = 0;

	beforeAll(async () => {
		stores = await startChainStores(engine);
		store = await stores.create();
		simulator = await ExactOnlineSimulator.start();
		authorization = connect(simulator);
		workers = await Promise.all(Array.from({ length: 3 }, () => ChainProcess.start(store)));
	});
	beforeEach(() => {
		division = simulator.world.divisions[tests++]!;
	});
	afterEach(() => {
		simulator.configure({ minutelyLimit: 60, minuteSeconds: 60, apiDelayMs: 0 });
	});
	afterAll(async () => {
		for (const worker of workers) await worker.end();
		await simulator.close();
		await store.close();
		await stores.close();
	});

	function order(times: number, more: Partial<RequestOrder> = {}): RequestOrder {
		const paths = Array.from({ length: times }, () => ACCOUNTS);
		return { authorization, credentialId: 'credential-a', division, paths, ...more };
	}

	const ok = (times: number) => Array.from({ length: times }, () => 'ok');

	/** Requests to the division that were in the simulator at the same time, at most. */
	function mostAtOnce(): number {
		const calls = simulator.log.entries.filter(({ path }) => path.includes(`/${division}/`));
		const during = (at: number) =>
			calls.filter((one) => one.receivedAt <= at && at < (one.answeredAt ?? Infinity)).length;
		return Math.max(...calls.map(({ receivedAt }) => during(receivedAt)));
	}

	it('stay within one limit of the minute', async () => {
		simulator.configure({ minutelyLimit: 8, minuteSeconds: 3 });
		const two = workers.slice(0, 2);
		const outcomes = await Promise.all(two.map(async (one) => await one.request(order(8))));
		expect(outcomes).toEqual([ok(8), ok(8)]);
		expect(simulator.counters.rateLimited).toBe(0);
	});

	it.each([1, 2])('have %i requests to a division under way at most', async (parallel) => {
		simulator.configure({ apiDelayMs: 40 });
		await Promise.all(workers.map(async (one) => await one.request(order(6, { parallel }))));
		expect(mostAtOnce()).toBe(parallel);
	});

	it('bring nine errors of one user at most, whatever the credential', async () => {
		const unknown = (worker: number) =>
			Array.from(
				{ length: 8 },
				(_none, n) => `${ACCOUNTS}(guid'00000000-0000-0000-0000-0000000000${worker}${n}')`,
			);
		const shared = { ...CREDENTIAL_B, duplicatePolicy: 'share' } as const;
		const outcomes = await Promise.all([
			workers[0]?.request(order(0, { paths: unknown(1) })),
			workers[1]?.request({
				...order(0, { paths: unknown(2), credentialId: 'credential-b' }),
				authorization: { ...authorization, presenter: shared },
			}),
		]);
		const count = (code: string) => outcomes.flat().filter((one) => one === code).length;
		expect([count('EXACT_NOT_FOUND'), count('EXACT_ERROR_BUDGET')]).toEqual([9, 7]);
		expect(simulator.counters.apiErrors[ACCOUNTS]).toEqual({ 404: 9 });
	});

	it('go on in the next minute after one was killed with a batch in hand', async () => {
		simulator.configure({ minutelyLimit: 20, minuteSeconds: 3 });
		const [dead, other] = workers;
		expect(await dead?.request(order(1))).toEqual(ok(1));
		const hold = simulator.holds.hold('apiReceived', { where: { path: ACCOUNTS } });
		const lost = dead?.request(order(1, { parallel: 1 })).catch(() => 'killed');
		await hold.waiting();
		await dead?.signal('SIGKILL');
		hold.release();
		await lost;
		expect(await other?.request(order(3, { parallel: 1 }))).toEqual(ok(3));
		expect(simulator.counters.rateLimited).toBe(0);
	});
});
