import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { ExactOnlineSimulator, FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { connect } from '../../../support/chain/chainFixture';
import {
	ENGINES,
	startChainStores,
	type ChainStore,
	type ChainStores,
} from '../../../support/chain/chainStore';
import { TestProcess } from '../../../support/processes/testProcess';
import type { WorkerRun } from './support/changeWorker';

describe.each(ENGINES)('workers that follow changes over one vault on %s', (engine) => {
	let simulator: ExactOnlineSimulator;
	let stores: ChainStores;
	let store: ChainStore;
	let workers: TestProcess[];
	let authorization: ReturnType<typeof connect>;

	const start = async () => {
		const worker = new TestProcess(join(__dirname, 'support', 'changeWorker.ts'));
		workers.push(worker);
		const { location, spillFolder } = store;
		await worker.call('open', { store: location, spillFolder, authorization });
		return worker;
	};

	beforeAll(async () => {
		stores = await startChainStores(engine);
	});
	beforeEach(async () => {
		store = await stores.create();
		simulator = await ExactOnlineSimulator.start({
			...{ accounts: 3, divisionCount: 3 },
			switches: { minutelyLimit: 100_000, dailyLimit: 100_000 },
		});
		authorization = connect(simulator);
		workers = [];
	});
	afterEach(async () => {
		for (const worker of workers) await worker.end();
		await simulator.close();
		await store.close();
	});
	afterAll(async () => await stores.close());

	const account = (Name: string) => simulator.addRows(FIRST_DIVISION, 'crm/Accounts', [{ Name }]);

	async function run(worker: TestProcess, more: Omit<WorkerRun, 'division'>) {
		return (await worker.call('run', { division: FIRST_DIVISION, ...more })) as IDataObject[];
	}

	const get = async (worker: TestProcess, executionId: string, mostRows?: number) =>
		(await run(worker, { operation: 'getChanges', executionId, mostRows })).map(({ Name }) => Name);

	const confirm = async (worker: TestProcess, executionId: string) =>
		await run(worker, { operation: 'confirmChanges', executionId });

	it('lose nothing when one is killed, and none is moved back by a slower one', async () => {
		const [one, other] = [await start(), await start()];
		expect(await get(one, '1')).toHaveLength(3);
		account('While one worked');
		expect(await get(other, '2')).toHaveLength(4);
		one.signal('SIGKILL');
		await one.exited;
		account('After it was killed');
		const third = await start();
		expect(await get(third, '3')).toHaveLength(5);
		await confirm(third, '3');
		await confirm(other, '2');
		expect(await get(other, '4')).toEqual([]);
	});

	it('are confirmed by whichever process the execution goes on in', async () => {
		const [one, other] = [await start(), await start()];
		expect(await get(one, '1', 2)).toHaveLength(2);
		expect(await confirm(other, '1')).toEqual([expect.objectContaining({ confirmed: 1 })]);
		expect(await get(one, '2')).toHaveLength(1);
	});

	it('may confirm all at once', async () => {
		const all = [await start(), await start(), await start()];
		for (const [index, worker] of all.entries()) {
			account(`Account ${index}`);
			await get(worker, String(index));
		}
		await Promise.all(all.map(async (worker, index) => await confirm(worker, String(index))));
		expect(await get(all[0] as TestProcess, 'last')).toEqual([]);
	});
});
