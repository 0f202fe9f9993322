import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { useChanges } from './support/changeBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

/** What was read and never came out of the node must not be confirmed, by whatever way. */

const bench = useChanges('sqlite');

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
});

const all = { severalDivisions: 'all' };

const NOTHING_TO_CONFIRM = [
	{ error: expect.objectContaining({ code: 'EXACT_NOTHING_TO_CONFIRM' }) as unknown },
];

/** Has every reading fail whose path holds this, from now on. */
function failAt(path: string): void {
	bench.simulator.faults.api.push({
		...{ kind: 'status', status: 400, body: '{}', times: Infinity },
		where: { path },
	});
}

/** Rows by division, without error rows. */
function counted(rows: readonly IDataObject[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { division, error } of rows) {
		if (error === undefined) counts[String(division)] = (counts[String(division)] ?? 0) + 1;
	}
	return counts;
}

/** What there is to be read in all divisions, looked at without moving anything. */
async function present(): Promise<Record<string, number>> {
	return counted((await bench.get({ options: all }, { mode: 'manual' })).rows);
}

const lastOf = (counts: Record<string, number>) => Object.keys(counts).at(-1) ?? '';

it.each([false, true])(
	'of several divisions of which one fails the item comes again whole; Confirm at Once: %s',
	async (confirmAtOnce) => {
		const there = await present();
		expect(Object.keys(there).length).toBeGreaterThan(3);
		failAt(`/${lastOf(there)}/sync/CRM`);
		const options = { ...all, confirmAtOnce };
		const run = await bench.get({ options }, { continueOnFail: true });
		expect(run.rows).toEqual([{ error: expect.anything() as unknown }]);
		expect(await run.confirm()).toEqual(NOTHING_TO_CONFIRM);
		bench.simulator.faults.api.clear();
		expect(counted((await bench.get({ options: all })).rows)).toEqual(there);
	},
);

it('a node that fails half way has confirmed nothing at once', async () => {
	const there = await present();
	failAt(`/${lastOf(there)}/sync/CRM`);
	await expect(bench.get({ options: { ...all, confirmAtOnce: true } })).rejects.toThrow();
	bench.simulator.faults.api.clear();
	expect(counted((await bench.get({ options: all })).rows)).toEqual(there);
});

it('an earlier try counts for nothing, an earlier round of a loop does', async () => {
	const settings = { executionId: 'tries', continueOnFail: true };
	expect((await bench.get({}, settings)).rows).toHaveLength(3);
	failAt('sync/CRM');
	const second = await bench.get({}, settings);
	expect(second.rows).toEqual([{ error: expect.anything() as unknown }]);
	bench.simulator.faults.api.clear();
	expect(await second.confirm()).toEqual(NOTHING_TO_CONFIRM);
	expect((await bench.get()).rows).toHaveLength(3);
	await bench.get({}, { executionId: 'loop', runIndex: 0 });
	const round = await bench.get({ entity: 'item' }, { executionId: 'loop', runIndex: 1 });
	expect(await round.confirm()).toEqual([expect.objectContaining({ confirmed: 2 })]);
	expect((await bench.get()).rows).toEqual([]);
});

it('Confirm at Once confirms nothing where one division refuses and n8n may try again', async () => {
	const there = await present();
	const [first = ''] = Object.keys(there);
	bench.simulator.faults.api.push({
		...{ kind: 'answer', name: 'forbidden', times: Infinity },
		where: { path: `/${first}/sync/CRM` },
	});
	const options = { ...all, confirmAtOnce: true };
	const run = await bench.get({ options }, { retryOnFail: true });
	const others = Object.fromEntries(
		Object.entries(there).filter(([division]) => division !== first),
	);
	expect(counted(run.rows)).toEqual(others);
	expect(run.hints.map(({ message }) => message)).toEqual([
		expect.stringContaining('has confirmed nothing'),
	]);
	expect(counted((await bench.get({ options })).rows)).toEqual(others);
	expect(counted((await bench.get({ options })).rows)).toEqual({});
});

it('an execution of another workflow with the same number confirms nothing', async () => {
	await bench.get({}, { executionId: '7' });
	const other = await bench.get(
		{ entity: 'item' },
		{ executionId: '7', workflowId: 'workflow-2', nodeId: 'node-2' },
	);
	expect(await other.confirm()).toEqual([expect.objectContaining({ confirmed: 1 })]);
	expect((await bench.get()).rows).toHaveLength(3);
});
