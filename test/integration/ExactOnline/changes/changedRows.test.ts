import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import {
	CHANGED_ENTITIES,
	changedEntity,
} from '../../../../nodes/ExactOnline/resources/changes/entities';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { RECORD_CASES } from '../records/support/recordCases';
import { useChanges } from './support/changeBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

describe('changes', () => {
	const bench = useChanges('sqlite');

	beforeEach(() => {
		jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
	});

	const create = async (path: string, body: object) => await bench.write('POST', path, body);

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

	// Red before: a document showed the number of its type, although lists show the word.
	it('with the words of the division\u2019s own types, as lists have them', async () => {
		const [type] = bench.simulator.rows(FIRST_DIVISION, 'documents/DocumentTypes');
		bench.simulator.addRows(FIRST_DIVISION, 'documents/Documents', [{ Type: type?.ID }]);
		const of = { entity: 'document', fieldsToReturn: ['Type'] };
		const { rows } = await bench.get({ ...of, output: 'selected' });
		expect(rows.at(-1)).toMatchObject({ Type: type?.Description });
		expect((await bench.get({ ...of, output: 'raw' })).rows.at(-1)).toMatchObject({
			Type: type?.ID,
		});
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
