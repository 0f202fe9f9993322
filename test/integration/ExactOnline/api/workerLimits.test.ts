import { VaultLimitStore } from '../../../../nodes/ExactOnline/api/limits/vaultLimitStore';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import { connect, CREDENTIAL_B } from '../../../support/chain/chainFixture';
import { ChainProcess } from '../../../support/chain/chainProcess';
import {
	ENGINES,
	openChain,
	startChainStores,
	type ChainStore,
	type ChainStores,
	type OpenedChain,
} from '../../../support/chain/chainStore';
import type { RequestOrder } from '../../../support/chain/workerMessages';
import { until } from '../../../support/until';

const ACCOUNTS = 'crm/Accounts';

// The workers live through the whole file; each test has a division of its own, and so limits of its own.
describe.each(ENGINES)('workers that share a vault on %s', (engine) => {
	let simulator: ExactOnlineSimulator;
	let stores: ChainStores;
	let store: ChainStore;
	let authorization: Authorization;
	let workers: ChainProcess[];
	let opened: OpenedChain;
	let limits: VaultLimitStore;
	let division: number;
	let tests = 0;

	beforeAll(async () => {
		stores = await startChainStores(engine);
		store = await stores.create();
		opened = await openChain(store);
		limits = new VaultLimitStore(opened.vault);
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
		await opened.close();
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

	/** Requests to the division that the vault knows of: those that wait, and the one that has the turn. */
	async function placesTaken(): Promise<number> {
		const { calls } = await limits.kept('');
		const ofDivision = [...calls].find(([key]) => key.endsWith(`|${division}`))?.[1];
		return (ofDivision?.waiting?.length ?? 0) + (ofDivision?.grants?.length ?? 0);
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

	// Red before: a call that came later to the worker with the batch was sent before those that waited elsewhere.
	it('send the requests to a division in the order in which they came, over minutes, where one at a time is asked for', async () => {
		simulator.configure({ minutelyLimit: 5, minuteSeconds: 3 });
		const numbered = [ACCOUNTS, 'logistics/Items', 'financial/GLAccounts'].flatMap((endpoint) =>
			[...simulator.rows(division, endpoint)]
				.slice(0, 5)
				.map(({ ID }) => `${endpoint}(guid'${String(ID)}')`),
		);
		const from = [0, 0, 1, 0, 2, 1, 0, 2, 2, 1, 0, 1];
		expect(numbered.length).toBeGreaterThanOrEqual(from.length);
		const came = numbered.slice(0, from.length);
		// Two are sent again, after a pause in which they keep their turn.
		const [failed, refused] = [came[3]!, came[6]!];
		const soon = { 'retry-after': '1' };
		simulator.faults.api.push(
			{ kind: 'status', status: 503, where: { test: ({ path }) => path.endsWith(failed) } },
			{
				kind: 'status',
				status: 429,
				headers: soon,
				where: { test: ({ path }) => path.endsWith(refused) },
			},
		);
		const hold = simulator.holds.hold('apiReceived', { where: { path: ACCOUNTS } });
		const outcomes: Array<Promise<string[]> | undefined> = [];
		for (const [n, path] of came.entries()) {
			outcomes.push(workers[from[n]!]?.request(order(0, { paths: [path], parallel: 1 })));
			await until(async () => (await placesTaken()) === n + 1);
		}
		await hold.waiting();
		hold.release();
		expect((await Promise.all(outcomes)).flat()).toEqual(ok(came.length));
		const sent = simulator.log.entries
			.filter(({ path }) => path.includes(`/${division}/`))
			.map(({ path }) => came.find((one) => path.endsWith(one)));
		const isTwice = (path: string) => path === failed || path === refused;
		expect(sent).toEqual(came.flatMap((path) => (isTwice(path) ? [path, path] : [path])));
		expect(mostAtOnce()).toBe(1);
		expect(simulator.counters.rateLimited).toBe(0);
		// Each gives its turn back at once, not with the end of the minute.
		await until(async () => (await placesTaken()) === 0);
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
		// One under way, and two with places before those of the other worker.
		const lost = [1, 2, 3].map(() => dead?.request(order(1, { parallel: 1 })));
		const ended = Promise.allSettled(lost);
		await until(async () => (await placesTaken()) === 3);
		await hold.waiting();
		await dead?.signal('SIGKILL');
		hold.release();
		expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
		expect(await other?.request(order(3, { parallel: 1 }))).toEqual(ok(3));
		expect(simulator.counters.rateLimited).toBe(0);
	});
});
