import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { ExactOnlineSimulator, FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { connect } from '../../../support/chain/chainFixture';
import { startChainStores } from '../../../support/chain/chainStore';
import { locator } from '../../../support/n8nContext';
import { TestProcess } from '../../../support/processes/testProcess';
import type { WorkerItems } from '../changes/support/changeWorker';

const WORKER = join(__dirname, '..', 'changes', 'support', 'changeWorker.ts');

it.each([
	['sqlite', 100],
	// The rules are those of the other store; a lease takes longer here.
	['postgres', 30],
] as const)(
	'two workers with the same records at once make each of them once, on %s: %i',
	async (engine, count) => {
		const stores = await startChainStores(engine);
		const store = await stores.create();
		const simulator = await ExactOnlineSimulator.start({
			switches: { minutelyLimit: 100_000, dailyLimit: 100_000 },
		});
		const authorization = connect(simulator);
		const workers = [new TestProcess(WORKER), new TestProcess(WORKER)];
		try {
			const { location, spillFolder } = store;
			await Promise.all(
				workers.map((one) => one.call('open', { store: location, spillFolder, authorization })),
			);
			const items = Array.from({ length: count }, (_none, n) => ({
				...{ Name: 'Made once', Email: `a${n}@b.c` },
			}));
			const parameters: IDataObject = {
				...{ resource: 'account', operation: 'create', dataMode: 'fields' },
				values: { mappingMode: 'autoMapInputData', value: {} },
				...{ ifExists: 'skip', matchBy: 'Email', division: locator(String(FIRST_DIVISION)) },
			};
			// From both ends, so that each makes some.
			const orders: WorkerItems[] = [
				{ parameters, items },
				{ parameters, items: [...items].reverse() },
			];
			const outcomes = (await Promise.all(
				orders.map((order, index) => workers[index]?.call('runItems', order)),
			)) as IDataObject[][];
			const results = outcomes.flat().map(({ created }) => created);
			expect(results).toHaveLength(2 * count);
			expect(results.filter((created) => created === true)).toHaveLength(count);
			const made = simulator
				.rows(FIRST_DIVISION, 'crm/Accounts')
				.filter(({ Name }) => Name === 'Made once')
				.map(({ Email }) => String(Email));
			expect(made.sort()).toEqual(items.map(({ Email }) => Email).sort());
			for (const rows of outcomes) {
				expect(rows.filter(({ created }) => created === true).length).toBeGreaterThan(0);
			}
		} finally {
			for (const worker of workers) await worker.end();
			await simulator.close();
			await store.close();
			await stores.close();
		}
	},
);
