import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { cursorText } from '../../../../nodes/ExactOnline/resources/changes/cursor';
import {
	CHANGED_ENTITIES,
	changedEntity,
} from '../../../../nodes/ExactOnline/resources/changes/entities';
import { processState } from '../../../../nodes/shared/process/processState';
import { deleteItem, itemsBelow } from '../../../../nodes/shared/vault/rows/items';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { ENGINES } from '../../../support/chain/chainStore';
import { RECORD_CASES } from '../records/support/recordCases';
import { useChanges, type ChangeRun } from './support/changeBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const names = ({ rows }: ChangeRun) => rows.map(({ Name }) => Name);
const kinds = ({ rows }: ChangeRun) => rows.map(({ change }) => change);

describe.each(ENGINES)('changes on %s', (engine) => {
	const bench = useChanges(engine);

	beforeEach(() => {
		jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
	});

	const account = async (Name: string) =>
		String((await bench.write('POST', 'crm/Accounts', { Name })).ID);

	it('come again until they are confirmed, and then those that came since', async () => {
		const first = await bench.get();
		expect(kinds(first)).toEqual(Array.from({ length: 3 }, () => 'created or changed'));
		expect(first.rows[0]).toEqual(
			expect.objectContaining({
				recordId: expect.any(String) as string,
				Name: expect.any(String) as string,
				cursor: expect.stringMatching(/^x1\./) as string,
			}),
		);
		expect(first.rows[0]).not.toHaveProperty('Timestamp');
		const id = await account('New');
		await bench.otherProcess();
		const again = await bench.get();
		expect(names(again)).toEqual([...names(first), 'New']);
		expect(await again.confirm({}, 4)).toEqual([
			{
				...{ confirmed: 1, outdated: 0 },
				cursors: [
					{
						node: 'Exact Online',
						of: `sync/CRM/Accounts ${FIRST_DIVISION}`,
						outcome: 'confirmed',
					},
				],
			},
		]);
		await bench.write('PUT', `crm/Accounts(guid'${id}')`, { Name: 'Changed' });
		const gone = String(first.rows[0]?.recordId);
		await bench.write('DELETE', `crm/Accounts(guid'${gone}')`);
		const next = await bench.get();
		expect(next.rows).toEqual([
			expect.objectContaining({ recordId: id, change: 'created or changed', Name: 'Changed' }),
			expect.objectContaining({
				recordId: gone,
				change: 'deleted',
				deletedAt: expect.stringMatching(/^\d{4}-/) as string,
			}),
		]);
		await next.confirm();
		expect((await bench.get()).rows).toEqual([]);
	});

	it('of two runs at once are joined: the older moves nothing back, and a failed one hides nothing', async () => {
		const older = await bench.get();
		await account('Second');
		await bench.otherProcess();
		const younger = await bench.get();
		await account('Third');
		await younger.confirm();
		expect(await older.confirm()).toEqual([expect.objectContaining({ confirmed: 1 })]);
		const failed = await bench.get();
		expect(names(failed)).toEqual(['Third']);
		await account('Fourth');
		const other = await bench.get();
		expect(names(other)).toEqual(['Third', 'Fourth']);
		await other.confirm();
		expect((await bench.get()).rows).toEqual([]);
	});

	it('many runs that confirm at once end where the furthest has come', async () => {
		const runs = await Promise.all([1, 2, 3, 4, 5].map(async () => await bench.get()));
		await account('Last');
		const last = await bench.get();
		await Promise.all([last, ...runs].map(async (one) => await one.confirm()));
		expect((await bench.get()).rows).toEqual([]);
	});

	it('under a limit come in parts, deletions too, and none is left out', async () => {
		const [gone] = (await bench.get()).rows;
		await account('Fourth');
		await bench.write('DELETE', `crm/Accounts(guid'${String(gone?.recordId)}')`);
		const options = { mostRows: 2 };
		const parts: unknown[][] = [];
		for (let part = 0; part < 3; part += 1) {
			const run = await bench.get({ options });
			parts.push(kinds(run));
			await run.confirm();
		}
		expect(parts).toEqual([
			['created or changed', 'created or changed'],
			['created or changed', 'deleted'],
			[],
		]);
	});

	it('Confirm at Once needs no confirming', async () => {
		expect((await bench.get({ options: { confirmAtOnce: true } })).rows).toHaveLength(3);
		expect((await bench.get()).rows).toEqual([]);
	});
});

describe('changes', () => {
	const bench = useChanges('sqlite');

	beforeEach(() => {
		jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
	});

	const create = async (path: string, body: object) => await bench.write('POST', path, body);

	it('of a run by hand move nothing on, and it says so', async () => {
		const byHand = await bench.get({}, { mode: 'manual' });
		expect(byHand.rows).toHaveLength(3);
		expect(byHand.hints).toEqual([
			{ message: expect.stringContaining('by hand') as string, type: 'warning' },
		]);
		expect(await byHand.confirm()).toEqual([{ confirmed: 0, outdated: 0, cursors: [] }]);
		expect((await bench.get()).rows).toHaveLength(3);
	});

	it('of an agent are twenty rows, and confirming is refused', async () => {
		bench.simulator.addRows(
			FIRST_DIVISION,
			'crm/Accounts',
			Array.from({ length: 30 }, (_none, n) => ({ Name: `Account ${n}` })),
		);
		const tool = { nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool' };
		const read = await bench.get({}, tool);
		expect(read.rows).toHaveLength(20);
		// Whoever goes on behind the cursor has seen all rows before it.
		const withCursor = read.rows.filter(({ cursor }) => cursor !== undefined);
		expect(withCursor).toEqual([read.rows.at(-1)]);
		const { rows } = await bench.get({ output: 'raw' }, tool);
		expect(rows.at(-1)?.note).toContain('Shortened for an AI agent');
		expect(rows.some(({ cursor }) => cursor !== undefined)).toBe(false);
		await expect(read.confirm()).rejects.toThrow('EXACT_NOT_FOR_AI');
		expect((await bench.get()).rows).toHaveLength(33);
	});

	it('that were confirmed can be confirmed once more, though what was told is kept in one place alone', async () => {
		const run = await bench.get();
		const vault = await bench.vault();
		const notes = async (scope: string) =>
			await vault.read(() => itemsBelow(scope, '')).then((all) => all.map(([, text]) => text));
		expect(await notes('pendingCursors1')).toEqual([expect.stringContaining('"told"')]);
		await run.confirm();
		expect(await notes('pendingCursors1')).toEqual([]);
		expect(await notes('confirmedCursors1')).toEqual([expect.not.stringContaining('"told"')]);
		expect(await run.confirm()).toEqual([expect.objectContaining({ confirmed: 1 })]);
		expect(await notes('cursors1')).toEqual([expect.stringContaining('"told"')]);
		expect((await bench.get()).rows).toEqual([]);
	});

	it('cannot be confirmed by an execution that has read none, nor for another node', async () => {
		const run = await bench.get();
		await expect(run.confirm({ node: 'Other' })).rejects.toThrow(
			/"Other" has read no changes in this execution; others have: "Exact Online".*EXACT_NOTHING_TO_CONFIRM/s,
		);
		expect(await run.confirm({ node: 'Exact Online' })).toEqual([
			expect.objectContaining({ confirmed: 1 }),
		]);
		const elsewhere = await bench.get({}, { executionId: 'with nothing new' });
		expect(elsewhere.rows).toEqual([]);
		// What has no rows is confirmed already; Confirm Changes may follow all the same.
		expect(await elsewhere.confirm()).toEqual([expect.objectContaining({ confirmed: 1 })]);
		const stranger = await bench.get({}, { mode: 'manual', executionId: 'stranger' });
		expect(stranger.rows).toEqual([]);
	});

	it('have a cursor for each node, entity and division', async () => {
		await (await bench.get()).confirm();
		expect((await bench.get({}, { nodeId: 'other' })).rows).toHaveLength(3);
		bench.simulator.reset();
		const both = await bench.get({ options: { severalDivisions: 'all' } });
		// Once for the list of divisions, once for their moves.
		expect(bench.simulator.counters.apiCallsByEndpoint['system/Divisions']).toBe(2);
		const divisions = new Set(both.rows.map(({ division }) => division));
		expect(divisions.size).toBe(7);
		expect(divisions.has(FIRST_DIVISION)).toBe(false);
		const [answer] = await both.confirm();
		expect(answer?.confirmed).toBe(divisions.size + 1);
		expect((await bench.get({ options: { severalDivisions: 'all' } })).rows).toEqual([]);
		expect((await bench.get({ entity: 'item' })).rows.length).toBeGreaterThan(0);
	});

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

	it('a run that was read before the node began anew confirms nothing', async () => {
		const before = await bench.get();
		bench.simulator.moveDivision(FIRST_DIVISION);
		const after = await bench.get();
		expect(await before.confirm()).toEqual([
			expect.objectContaining({ confirmed: 0, outdated: 1 }),
		]);
		expect((await bench.get()).rows).toHaveLength(3);
		expect(await after.confirm()).toEqual([expect.objectContaining({ confirmed: 1 })]);
	});

	it('of documents come with the lines that have changed, whole although the line alone has', async () => {
		const lines = [{ Item: 'ART-001' }, { Item: 'ART-002' }];
		const values = { OrderedBy: await firstAccount(), SalesOrderLines: await withItems(lines) };
		const order = await create('salesorder/SalesOrders', { ...values, Description: 'An order' });
		const first = await bench.get({ entity: 'salesOrder' });
		expect(first.rows).toEqual([
			expect.objectContaining({ recordId: order.OrderID, Description: 'An order' }),
		]);
		expect(first.rows[0]?.changedLineIds).toHaveLength(2);
		await first.confirm();
		const [line] = bench.simulator.rows(FIRST_DIVISION, 'salesorder/SalesOrderLines');
		await bench.write('PUT', `salesorder/SalesOrderLines(guid'${String(line?.ID)}')`, {
			Notes: 'Changed',
		});
		const second = await bench.get({ entity: 'salesOrder' });
		expect(second.rows).toEqual([
			expect.objectContaining({ recordId: order.OrderID, Description: 'An order' }),
		]);
		expect(second.rows[0]?.changedLineIds).toContain(line?.ID);
		await second.confirm();
		await bench.write('DELETE', `salesorder/SalesOrderLines(guid'${String(line?.ID)}')`);
		const third = await bench.get({ entity: 'salesOrder' });
		expect(third.rows).toContainEqual(
			expect.objectContaining({ change: 'line deleted', recordId: null, lineId: line?.ID }),
		);
	});

	it('of documents whose lines stand among them are documents as well', async () => {
		const values = { OrderedBy: await firstAccount(), Journal: '70' };
		const SalesInvoiceLines = await withItems([{ Item: 'ART-001' }, { Item: 'ART-002' }]);
		await create('salesinvoice/SalesInvoices', { ...values, SalesInvoiceLines });
		const invoices = await bench.get({ entity: 'salesInvoice' });
		expect(invoices.rows).toHaveLength(1);
		expect(invoices.rows[0]?.changedLineIds).toHaveLength(2);
		const Supplier = values.OrderedBy;
		const PurchaseOrderLines = await withItems([{ Item: 'ART-001', QuantityInPurchaseUnits: 1 }]);
		const made = { Supplier, PurchaseOrderLines, Description: 'Of the order' };
		const order = await create('purchaseorder/PurchaseOrders', made);
		const orders = await bench.get({ entity: 'purchaseOrder' });
		expect(orders.rows).toEqual([expect.objectContaining({ recordId: order.PurchaseOrderID })]);
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

	it.each(['untold', 'told'] as const)(
		'of an invoice tell its deletion, and those of its lines with their own IDs where they are %s',
		async (deletedLines) => {
			bench.simulator.configure({ deletedLines });
			const values = { OrderedBy: await firstAccount(), Journal: '70' };
			const SalesInvoiceLines = await withItems([{ Item: 'ART-001' }, { Item: 'ART-002' }]);
			const body = { ...values, SalesInvoiceLines };
			const invoice = await create('salesinvoice/SalesInvoices', body);
			await (await bench.get({ entity: 'salesInvoice' })).confirm();
			const [line] = bench.simulator.rows(FIRST_DIVISION, 'salesinvoice/SalesInvoiceLines');
			await bench.write('DELETE', `salesinvoice/SalesInvoiceLines(guid'${String(line?.ID)}')`);
			const afterLine = await bench.get({ entity: 'salesInvoice' });
			const gone = afterLine.rows.filter(({ change }) => change === 'deleted');
			expect(gone.map(({ recordId }) => recordId)).toEqual(
				deletedLines === 'told' ? [line?.ID] : [],
			);
			const path = `salesinvoice/SalesInvoices(guid'${String(invoice.InvoiceID)}')`;
			await bench.write('DELETE', path);
			const after = await bench.get({ entity: 'salesInvoice' });
			expect(after.rows).toContainEqual(
				expect.objectContaining({ change: 'deleted', recordId: invoice.InvoiceID }),
			);
		},
	);

	it('of what has no sync endpoint are found by Modified, each once', async () => {
		const values = { Description: 'Journal', Type: 20 };
		const first = await bench.get({ entity: 'journal' });
		await first.confirm();
		expect((await bench.get({ entity: 'journal' })).rows).toEqual([]);
		await create('financial/Journals', { ...values, Code: '77' });
		const next = await bench.get({ entity: 'journal' });
		expect(next.rows).toEqual([
			expect.objectContaining({ Code: '77', change: 'created or changed' }),
		]);
	});

	it.each(CHANGED_ENTITIES.map(({ name, value }) => [name, value]))(
		'of %s are read in every form, and once',
		async (_name, entity) => {
			const { data } = changedEntity(entity);
			// Of purchase orders the lines alone have a twin.
			const orderLines = entity === 'purchaseOrder' && { PurchaseOrderLines: [{}] };
			const { seed = { ...orderLines } } = RECORD_CASES[entity] ?? {};
			if (bench.simulator.rows(FIRST_DIVISION, data.endpoint).length === 0) {
				bench.simulator.addRows(FIRST_DIVISION, data.endpoint, [seed]);
			}
			const raw = await bench.get({ entity, output: 'raw' });
			expect(raw.rows.length).toBeGreaterThan(0);
			const simple = await bench.get({ entity });
			expect(simple.rows.map(({ recordId }) => recordId)).toEqual(
				raw.rows.map(({ recordId }) => recordId),
			);
			expect(simple.rows.every(({ recordId }) => typeof recordId === 'string')).toBe(true);
			await simple.confirm();
			expect((await bench.get({ entity })).rows).toEqual([]);
		},
	);

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

	it('with selected fields, and raw', async () => {
		const output = { output: 'selected', fieldsToReturn: ['City'] };
		const [selected] = (await bench.get(output)).rows;
		expect(Object.keys(selected ?? {}).sort()).toEqual([
			...['City', 'ID', 'change', 'cursor', 'recordId'],
		]);
		const [raw] = (await bench.get({ output: 'raw' })).rows;
		expect(raw).toHaveProperty('__metadata');
		expect(raw).toHaveProperty('Timestamp');
	});

	it('without deletions ask for none, and get them later all the same', async () => {
		const [gone] = (await bench.get()).rows;
		await bench.write('DELETE', `crm/Accounts(guid'${String(gone?.recordId)}')`);
		const options = { includeDeletions: false };
		const without = await bench.get({ options });
		expect(without.rows).toHaveLength(2);
		expect(bench.simulator.counters.apiCallsByEndpoint['sync/Deleted'] ?? 0).toBe(1);
		await without.confirm();
		expect((await bench.get()).rows).toEqual([
			expect.objectContaining({ change: 'deleted', recordId: gone?.recordId }),
		]);
	});

	async function firstAccount(): Promise<string> {
		const [row] = bench.simulator.rows(FIRST_DIVISION, 'crm/Accounts');
		return await Promise.resolve(String(row?.ID));
	}

	async function withItems(lines: IDataObject[]): Promise<IDataObject[]> {
		const items = bench.simulator.rows(FIRST_DIVISION, 'logistics/Items');
		const idOf = (code: unknown) => String(items.find(({ Code }) => Code === code)?.ID);
		return await Promise.resolve(lines.map((line) => ({ ...line, Item: idOf(line.Item) })));
	}
});
