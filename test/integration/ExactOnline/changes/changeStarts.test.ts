import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { cursorText } from '../../../../nodes/ExactOnline/resources/changes/cursor';
import { processState } from '../../../../nodes/shared/process/processState';
import { deleteItem, itemsBelow } from '../../../../nodes/shared/vault/rows/items';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { useChanges, type ChangeRun } from './support/changeBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const names = ({ rows }: ChangeRun) => rows.map(({ Name }) => Name);

describe('changes', () => {
	const bench = useChanges('sqlite');

	beforeEach(() => {
		jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
	});

	const create = async (path: string, body: object) => await bench.write('POST', path, body);

	it('since a date begin there; another start begins anew, and an expression by its text alone', async () => {
		const start = '={{ new Date(Date.now() + 3600000).toISOString() }}';
		const dated = await bench.get({ start: 'date', startDate: start });
		// No source says whether the version for a date is that of the row before it, or of the one after it.
		expect(dated.rows.length).toBeLessThanOrEqual(1);
		await create('crm/Accounts', { Name: 'Later' });
		const later = await bench.get({ start: 'date', startDate: start });
		expect(names(later).at(-1)).toBe('Later');
		expect(later.rows.length).toBeLessThanOrEqual(2);
		expect((await bench.get()).rows).toHaveLength(4);
	});

	it('since a given cursor are kept nowhere; one of something else is refused', async () => {
		const [row] = (await bench.get({ start: 'cursor', cursor: '0' })).rows;
		const cursor = String(row?.cursor);
		await create('crm/Accounts', { Name: 'Later' });
		const given = { start: 'cursor', cursor };
		expect(names(await bench.get(given))).toEqual(['Later']);
		expect(names(await bench.get(given))).toEqual(['Later']);
		await expect(bench.get({ ...given, entity: 'item' })).rejects.toThrow(
			/Cursor: .*is a cursor of something else \(sync\/CRM\/Accounts/,
		);
		await expect(bench.get({ ...given, cursor: 'x' })).rejects.toThrow('EXACT_INVALID_VALUE');
	});

	it('after a move of the division are everything, and may lack deletions', async () => {
		await (await bench.get()).confirm();
		bench.simulator.moveDivision(FIRST_DIVISION);
		for (let failed = 0; failed < 2; failed += 1) {
			const run = await bench.get();
			expect(run.rows).toHaveLength(3);
			expect(run.rows[0]).toMatchObject({ deletionsMayBeMissing: true });
			expect(run.hints[0]?.message).toContain('Deletions may be missing');
		}
		const run = await bench.get();
		await run.confirm();
		await create('crm/Accounts', { Name: 'Later' });
		const [later] = (await bench.get()).rows;
		expect(later).toMatchObject({ Name: 'Later' });
		expect(later).not.toHaveProperty('deletionsMayBeMissing');
	});

	it('after 55 days without a look may lack deletions', async () => {
		const subject = `sync/CRM/Accounts ${FIRST_DIVISION}`;
		const since = (days: number) => {
			const deletionsAt = Date.now() - days * 86_400_000;
			const [changes, lines, deletions] = ['0', '0', '0'];
			return cursorText({ kind: 'sync', changes, lines, deletions, deletionsAt }, subject);
		};
		const late = await bench.get({ start: 'cursor', cursor: since(56) });
		expect(late.rows).toHaveLength(3);
		expect(late.rows.every((row) => row.deletionsMayBeMissing === true)).toBe(true);
		expect(late.hints[0]?.message).toContain('Deletions may be missing');
		const inTime = await bench.get({ start: 'cursor', cursor: since(54) });
		expect(inTime.rows[0]).not.toHaveProperty('deletionsMayBeMissing');
		expect(inTime.hints).toEqual([]);
		// The look that was late was a look: from there on nothing is missing.
		const next = { start: 'cursor', cursor: String(late.rows[0]?.cursor) };
		await create('crm/Accounts', { Name: 'Later' });
		expect((await bench.get(next)).rows[0]).not.toHaveProperty('deletionsMayBeMissing');
	});

	it.each(['lastBefore', 'firstAfter'] as const)(
		'since a date lack no row where SyncTimestamp gives the version %s',
		async (syncTimestamp) => {
			bench.simulator.configure({ syncTimestamp });
			const date = new Date(Date.now() - 1_000).toISOString();
			await create('crm/Accounts', { Name: 'First' });
			await create('crm/Accounts', { Name: 'Second' });
			const { rows } = await bench.get({ start: 'date', startDate: date });
			expect(rows.map(({ Name }) => Name)).toEqual(
				expect.arrayContaining(['First', 'Second']) as unknown[],
			);
			// Those of the beginning were changed long ago.
			expect(rows.length).toBeLessThanOrEqual(3);
		},
	);

	it.each(['lastBefore', 'firstAfter'] as const)(
		'since a date tell deletions that came before the first change, where SyncTimestamp gives the version %s',
		async (syncTimestamp) => {
			bench.simulator.configure({ syncTimestamp });
			const before = bench.simulator.rows(FIRST_DIVISION, 'crm/Accounts')[1];
			const date = new Date(Date.now() - 1_000).toISOString();
			await bench.write('DELETE', `crm/Accounts(guid'${String(before?.ID)}')`);
			await create('crm/Accounts', { Name: 'First' });
			const { rows } = await bench.get({ start: 'date', startDate: date });
			expect(rows).toContainEqual(
				expect.objectContaining({ change: 'deleted', recordId: before?.ID }),
			);
		},
	);

	it.each(['dutch', 'greenwich'] as const)(
		'since a date lack no row and no deletion where times of changes are %s',
		async (stampClock) => {
			bench.simulator.configure({ stampClock });
			const [gone] = bench.simulator.rows(FIRST_DIVISION, 'crm/Accounts');
			const startDate = new Date(Date.now() - 1_000).toISOString();
			await bench.write('DELETE', `crm/Accounts(guid'${String(gone?.ID)}')`);
			for (const Name of ['First', 'Second']) await create('crm/Accounts', { Name });
			await create('financial/Journals', { Code: '77', Description: 'New', Type: 20 });
			const { rows } = await bench.get({ start: 'date', startDate });
			expect(rows.map(({ Name }) => Name)).toEqual(
				expect.arrayContaining(['First', 'Second']) as unknown[],
			);
			expect(rows).toContainEqual(
				expect.objectContaining({ change: 'deleted', recordId: gone?.ID }),
			);
			const journals = await bench.get({ entity: 'journal', start: 'date', startDate });
			expect(journals.rows).toContainEqual(expect.objectContaining({ Code: '77' }));
		},
	);

	it('since a date without a zone begin at that time of the workflow, wherever it is', async () => {
		for (const Name of ['First', 'Second', 'Third']) await create('crm/Accounts', { Name });
		const timeZone = 'Pacific/Auckland';
		const fiveMinutesAgo = new Date(Date.now() - 300_000);
		const startDate = fiveMinutesAgo.toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
		const run = await bench.get({ start: 'date', startDate }, { timeZone });
		expect(names(run)).toEqual(expect.arrayContaining(['First', 'Second', 'Third']));
		expect(run.rows.length).toBeLessThan(6);
	});

	it('whose cursor was kept and is gone may lack deletions', async () => {
		await (await bench.get()).confirm();
		const vault = await bench.vault();
		const kept = await vault.read(() => itemsBelow('cursors1', ''));
		expect(kept).toHaveLength(1);
		await vault.write(() => deleteItem('cursors1', String(kept[0]?.[0])));
		const again = await bench.get();
		expect(again.rows).toHaveLength(3);
		expect(again.rows[0]).toMatchObject({ deletionsMayBeMissing: true });
		await again.confirm();
		await create('crm/Accounts', { Name: 'Later' });
		expect((await bench.get()).rows[0]).not.toHaveProperty('deletionsMayBeMissing');
	});

	it('of a division that moved while nobody could say so are everything', async () => {
		for (const list of ['system/Divisions', 'hrm/Divisions']) {
			bench.simulator.faults.api.push({
				...{ kind: 'answer' as const, name: 'forbidden', where: { path: list } },
			});
		}
		await (await bench.get()).confirm();
		expect(bench.simulator.counters.apiCallsByEndpoint['system/Divisions']).toBe(1);
		bench.simulator.moveDivision(FIRST_DIVISION);
		// A day later.
		processState('exactListing1', () => new Map()).clear();
		const run = await bench.get();
		expect(run.rows).toHaveLength(3);
		expect(run.rows[0]).toMatchObject({ deletionsMayBeMissing: true });
	});

	it('by Modified with a given cursor come once, and the cursor does not grow with the rows', async () => {
		const journals = Array.from({ length: 200 }, (_none, n) => ({
			...{ Code: `J${n}`, Description: `Journal ${n}`, Type: 20 },
		}));
		bench.simulator.addRows(FIRST_DIVISION, 'financial/Journals', journals);
		const first = await bench.get({ entity: 'journal', start: 'cursor', cursor: '0' });
		const cursor = String(first.rows.at(-1)?.cursor);
		expect(first.rows.length).toBeGreaterThanOrEqual(200);
		expect(cursor.length).toBeLessThan(300);
		await bench.otherProcess();
		const given = { entity: 'journal', start: 'cursor', cursor };
		expect(await bench.get(given)).toMatchObject({ rows: [], hints: [] });
		await create('financial/Journals', { Code: '77', Description: 'New', Type: 20 });
		expect((await bench.get(given)).rows).toEqual([expect.objectContaining({ Code: '77' })]);
		const vault = await bench.vault();
		const told = await vault.read(() => itemsBelow('toldOfCursors1', ''));
		for (const [name] of told) await vault.write(() => deleteItem('toldOfCursors1', name));
		const later = await bench.get(given);
		expect(later.rows.length).toBeGreaterThan(1);
		expect(later.hints).toEqual([
			{ message: expect.stringContaining('may come once more') as string, type: 'warning' },
		]);
	});

	it('of several divisions cannot begin at a Timestamp of one', async () => {
		const options = { severalDivisions: 'all' };
		const digits = { start: 'cursor', cursor: '1234', options };
		await expect(bench.get(digits)).rejects.toThrow(
			/1234.*is a Timestamp of one division.*EXACT_INVALID_VALUE/s,
		);
		expect((await bench.get({ start: 'cursor', cursor: '0', options })).rows).not.toEqual([]);
	});

	it('without the list of divisions, which a user may not see, are read all the same', async () => {
		for (const list of ['system/Divisions', 'hrm/Divisions']) {
			bench.simulator.faults.api.push(
				...Array.from({ length: 2 }, () => ({
					...{ kind: 'answer' as const, name: 'forbidden', where: { path: list } },
				})),
			);
		}
		expect((await bench.get()).rows).toHaveLength(3);
		expect((await bench.get()).rows).toHaveLength(3);
		// A refusal counts as an error, so it is believed for a day.
		expect(bench.simulator.counters.apiCallsByEndpoint['system/Divisions']).toBe(1);
	});
});
