import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { ExactOnlineSimulator, FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { connect } from '../../../support/chain/chainFixture';
import { startChainStores } from '../../../support/chain/chainStore';
import { locator } from '../../../support/n8nContext';
import { TestProcess } from '../../../support/processes/testProcess';
import type { WorkerItems } from '../changes/support/changeWorker';

const WORKER = join(__dirname, '..', 'changes', 'support', 'changeWorker.ts');

const ACCOUNTS = 'crm/Accounts';

const isPost = { method: 'POST', tags: { endpoint: ACCOUNTS } };
const isGet = { method: 'GET', tags: { endpoint: ACCOUNTS } };

/** Accounts that are known again by their address for mail, and made where they are not there. */
const orderOf = (emails: readonly string[]): WorkerItems => ({
	parameters: {
		...{ resource: 'account', operation: 'create', dataMode: 'fields' },
		values: { mappingMode: 'autoMapInputData', value: {} },
		...{ ifExists: 'skip', matchBy: 'Email', division: locator(String(FIRST_DIVISION)) },
	},
	items: emails.map((Email) => ({ Name: 'Made once', Email })),
});

describe.each(['sqlite', 'postgres'] as const)('two workers with one vault, on %s', (engine) => {
	let stores: Awaited<ReturnType<typeof startChainStores>>;
	let store: Awaited<ReturnType<typeof stores.create>>;
	let simulator: ExactOnlineSimulator;
	const workers: TestProcess[] = [];

	beforeAll(async () => {
		stores = await startChainStores(engine);
		store = await stores.create();
		simulator = await ExactOnlineSimulator.start({
			switches: { minutelyLimit: 100_000, dailyLimit: 100_000 },
		});
		const authorization = connect(simulator);
		workers.push(new TestProcess(WORKER), new TestProcess(WORKER));
		const { location, spillFolder } = store;
		const start = { store: location, spillFolder, authorization };
		await Promise.all(workers.map(async (one) => await one.call('open', start)));
	});

	afterAll(async () => {
		for (const worker of workers) await worker.end();
		await simulator.close();
		await store.close();
		await stores.close();
	});

	/** What became of each account, in the order of the items. */
	const create = async (worker: number, emails: readonly string[]) => {
		const made = (await workers[worker]?.call('runItems', orderOf(emails))) as IDataObject[];
		return made.map(({ created }) => created);
	};

	const madeOf = (part: string) =>
		simulator
			.rows(FIRST_DIVISION, ACCOUNTS)
			.map(({ Email }) => String(Email))
			.filter((email) => email.endsWith(part))
			.sort();

	it('the same records at once are made once each', async () => {
		// The rules are those of the other store; a lease takes longer here.
		const count = engine === 'sqlite' ? 100 : 30;
		const emails = Array.from({ length: count }, (_none, n) => `a${n}@at.once`);
		// From both ends, so that each makes some.
		const outcomes = await Promise.all([create(0, emails), create(1, [...emails].reverse())]);
		const made = outcomes.map((all) => all.filter((created) => created === true).length);
		expect(outcomes.map((all) => all.length)).toEqual([count, count]);
		expect(Math.min(...made)).toBeGreaterThan(0);
		expect((made[0] ?? 0) + (made[1] ?? 0)).toBe(count);
		expect(madeOf('@at.once')).toEqual([...emails].sort());
	});

	it('what one makes after the other has looked for it is seen, since its lease had a turn', async () => {
		const emails = ['w', 'x', 'y'].map((name) => `${name}@turn`);
		const held = simulator.hold('apiReceived', { where: isPost });
		const first = create(0, emails);
		await held.waiting();
		// The first worker has looked for all three, and found none.
		expect(await create(1, emails.slice(1, 2))).toEqual([true]);
		held.release();
		expect(await first).toEqual([true, false, true]);
		expect(madeOf('@turn')).toEqual(emails);
	});

	it('a look-up while the other makes the record is not believed', async () => {
		const emails = ['x', 'y'].map((name) => `${name}@beside`);
		const held = simulator.hold('apiReceived', { where: isPost });
		const first = create(0, emails.slice(0, 1));
		await held.waiting();
		const looked = simulator.hold('apiProcessed', { where: isGet });
		const second = create(1, emails);
		await looked.waiting();
		// The look-up of both has found neither; only now the first one is made.
		looked.release();
		held.release();
		expect(await first).toEqual([true]);
		expect(await second).toEqual([false, true]);
		expect(madeOf('@beside')).toEqual(emails);
	});

	// Red before: "nothing there" was believed although a POST was still with Exact Online, and two were made.
	it('what a cancelled run has sent and Exact Online makes later is seen', async () => {
		const emails = ['w', 'x', 'y'].map((name) => `${name}@late`);
		const late = simulator.hold('apiReceived', { where: isPost });
		const cancelled = create(0, emails.slice(1, 2));
		await late.waiting();
		await workers[0]?.call('cancel');
		await expect(cancelled).rejects.toMatchObject({ code: 'EXACT_WRITE_UNCONFIRMED' });
		const held = simulator.hold('apiReceived', { where: isPost });
		const others = create(1, emails);
		await held.waiting();
		// The look-up of all three has found none, and no lease is held.
		const made = simulator.hold('apiProcessed', { where: isPost });
		late.release();
		await made.waiting();
		made.release();
		held.release();
		expect(await others).toEqual([true, false, true]);
		expect(madeOf('@late')).toEqual(emails);
	});
});
