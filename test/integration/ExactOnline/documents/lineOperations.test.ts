import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { resources } from '../../../../nodes/ExactOnline/resources';
import { useDocuments } from './support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(bench.source);
});

const byCode = (value: string) => ({ __rl: true, mode: 'code', value });
const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });
const fields = (value: IDataObject) => ({ values: { mappingMode: 'defineBelow', value } });
const line = (value: IDataObject) => ({ lineRows: { line: [value] } });
const GL_LINE = { GLAccount: byCode('4300'), AmountFC: '12,50', Description: 'Paper' };
const ITEM_LINE = { Item: byCode('ART-001'), Quantity: '2' };

it.each<[resource: string, path: string, header: string, parameters: IDataObject]>([
	[
		'salesOrder',
		'salesorder/SalesOrderLines',
		'OrderID',
		{ orderedBy: byCode('1001'), ...line(ITEM_LINE) },
	],
	[
		'quotation',
		'crm/QuotationLines',
		'QuotationID',
		{ orderAccount: byCode('1001'), ...line(ITEM_LINE) },
	],
	[
		'purchaseOrder',
		'purchaseorder/PurchaseOrderLines',
		'PurchaseOrderID',
		{
			supplier: byCode('1001'),
			...line({ Item: byCode('ART-001'), QuantityInPurchaseUnits: '2' }),
		},
	],
	[
		'purchaseInvoice',
		'purchase/PurchaseInvoiceLines',
		'InvoiceID',
		{
			supplier: byCode('1001'),
			journal: byCode('60'),
			...fields({ Type: 8030 }),
			...line(ITEM_LINE),
		},
	],
	[
		'salesEntry',
		'salesentry/SalesEntryLines',
		'EntryID',
		{ customer: byCode('1001'), journal: byCode('70'), ...line(GL_LINE) },
	],
	[
		'purchaseEntry',
		'purchaseentry/PurchaseEntryLines',
		'EntryID',
		{ supplier: byCode('1001'), journal: byCode('60'), ...line(GL_LINE) },
	],
	[
		'generalJournalEntry',
		'generaljournalentry/GeneralJournalEntryLines',
		'EntryID',
		{ journalCode: byCode('90'), ...line({ ...GL_LINE, Date: '2026-04-07T00:00:00' }) },
	],
	[
		'bankEntry',
		'financialtransaction/BankEntryLines',
		'EntryID',
		{ journalCode: byCode('20'), ...line({ ...GL_LINE, Account: byCode('1001') }) },
	],
	[
		'cashEntry',
		'financialtransaction/CashEntryLines',
		'EntryID',
		{ journalCode: byCode('10'), ...line(GL_LINE) },
	],
	[
		'subscription',
		'subscription/SubscriptionLines',
		'EntryID',
		{
			orderedBy: byCode('1001'),
			subscriptionType: byCode('MND'),
			...fields({ Description: 'Monthly' }),
			...line(ITEM_LINE),
		},
	],
])(
	'%s: made with a line, and more where its lines allow',
	async (resource, path, header, parameters) => {
		// One line of a journal entry does not balance, and lines are what this is about.
		bench.simulator.configure({ unbalancedEntries: 'taken' });
		const [output] = await bench.run({ resource, operation: 'create', ...parameters });
		expect(output?.json).toMatchObject({ created: true });
		const lines = () => bench.lines(path, header, output?.json.recordId);
		expect(lines()).toHaveLength(1);
		expect(lines()[0]?.Item ?? lines()[0]?.GLAccount).toMatch(/^[0-9a-f-]{36}$/);
		const can = operationsOf(resource);
		if (!can.includes('addLine')) return;
		const given = (parameters.lineRows as { line: IDataObject[] }).line[0] ?? {};
		const record = byId(output?.json.recordId);
		const add = { resource, operation: 'addLine', record, lineFields: { line: given } };
		const [added] = await bench.run(add);
		const lineId = String(added?.json.recordId);
		expect(lines().map(({ ID }) => ID)).toContain(lineId);
		const line = { Description: 'Changed' };
		const change = { resource, operation: 'changeLine', lineId, lineFields: { line } };
		if (can.includes('changeLine')) await bench.run(change);
		const after = lines().find(({ ID }) => ID === lineId);
		expect(after?.Description === 'Changed').toBe(can.includes('changeLine'));
		if (can.includes('deleteLine')) await bench.run({ resource, operation: 'deleteLine', lineId });
		expect(lines()).toHaveLength(can.includes('deleteLine') ? 1 : 2);
	},
);

/** Values of the operations that a resource has. */
function operationsOf(resource: string): string[] {
	const found = resources.find(({ value }) => value === resource);
	return (found?.operations ?? []).map(({ value }) => value);
}

it('a goods delivery is made with lines of a sales order', async () => {
	const create = { operation: 'create', resource: 'salesOrder', orderedBy: byCode('1001') };
	const [order] = await bench.run({ ...create, ...line(ITEM_LINE) });
	const [ordered] = bench.lines('salesorder/SalesOrderLines', 'OrderID', order?.json.recordId);
	const [output] = await bench.run({
		operation: 'create',
		resource: 'goodsDelivery',
		...fields({ DeliveryDate: '2026-04-07' }),
		...line({ SalesOrderLineID: String(ordered?.ID), QuantityDelivered: '2' }),
	});
	const path = 'salesorder/GoodsDeliveryLines';
	const delivered = () => bench.lines(path, 'EntryID', output?.json.recordId);
	expect(delivered()).toEqual([
		expect.objectContaining({ SalesOrderLineID: ordered?.ID, QuantityDelivered: 2 }),
	]);
	const change = { resource: 'goodsDelivery', operation: 'changeLine' };
	const lineFields = { line: { Notes: 'By mail' } };
	await bench.run({ ...change, lineId: String(delivered()[0]?.ID), lineFields });
	expect(delivered()).toEqual([expect.objectContaining({ Notes: 'By mail' })]);
});

it('lines of an invoice are added, changed and deleted one by one at their own endpoint', async () => {
	const path = 'salesinvoice/SalesInvoiceLines';
	const resource = 'salesInvoice';
	const [invoice] = await bench.run({
		...{ resource, operation: 'create', orderedBy: byCode('1001'), journal: byCode('70') },
		...line(ITEM_LINE),
	});
	const id = invoice?.json.recordId;
	const lines = () => bench.lines(path, 'InvoiceID', id);
	const [added] = await bench.run({
		...{ resource, operation: 'addLine', record: byId(id) },
		lineFields: { line: { Item: byCode('ART-002'), Quantity: '3', NetPrice: '1.234,56' } },
	});
	expect(added?.json).toMatchObject({ created: true, recordId: lines()[1]?.ID });
	expect(lines()[1]).toMatchObject({ Quantity: 3, NetPrice: 1234.56 });
	const lineId = String(added?.json.recordId);
	const [changed] = await bench.run({
		...{ resource, operation: 'changeLine', lineId },
		lineFields: { line: { Quantity: '={{ 4 }}', Description: '' } },
	});
	expect(changed?.json).toEqual({ recordId: lineId, updated: true });
	expect(lines()[1]).toMatchObject({ Quantity: 4, NetPrice: 1234.56 });
	const [deleted] = await bench.run({ resource, operation: 'deleteLine', lineId });
	expect(deleted?.json).toEqual({ recordId: lineId, deleted: true });
	expect(lines()).toHaveLength(1);
	expect(bench.requests('PUT', 'salesinvoice/SalesInvoices')).toBe(0);
});

it.each([
	['addLine', { record: byId('3fa85f64-5717-4562-b3fc-2c963f66afa6') }, 'EXACT_INVALID_LINES'],
	['changeLine', { lineId: 'x', lineFields: { line: { Quantity: '1' } } }, 'EXACT_INVALID_VALUE'],
	['changeLine', { lineId: '3fa85f64-5717-4562-b3fc-2c963f66afa6' }, 'EXACT_INVALID_LINES'],
	['deleteLine', { lineId: '={{ $json.none }}' }, 'EXACT_EMPTY_VALUE'],
])(
	'%s without what it needs is an error before anything is sent: %j',
	async (operation, more, code) => {
		await expect(bench.run({ resource: 'salesInvoice', operation, ...more })).rejects.toThrow(
			`[${code}]`,
		);
		expect(
			bench.simulator.counters.apiCallsByEndpoint['salesinvoice/SalesInvoiceLines'],
		).toBeUndefined();
	},
);

// Red before: the item went out as null.
it('a change of a line clears no field that each line needs', async () => {
	const change = {
		...{ resource: 'salesOrder', operation: 'changeLine', options: { emptyValues: 'clear' } },
		lineId: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
		lineFields: { line: { Item: byCode('={{ $json.item }}'), Description: '={{ $json.text }}' } },
	};
	await expect(bench.run(change)).rejects.toThrow(
		'Item is empty in line 1 of item 0. [EXACT_EMPTY_VALUE]',
	);
	expect(bench.requests('PUT', 'salesorder/SalesOrderLines')).toBe(0);
});

it('an upsert of a document changes its head and says that its lines stay', async () => {
	const parameters = {
		...{ resource: 'salesInvoice', operation: 'upsert', matchBy: 'document' },
		...{ orderedBy: byCode('1001'), journal: byCode('70') },
		...line(ITEM_LINE),
	};
	const upsert = async (Description: string) =>
		await bench.run({ ...parameters, ...fields({ YourRef: 'U-1', Description }) });
	const [first] = await upsert('Before');
	const [second] = await upsert('After');
	expect(first?.json).toMatchObject({ created: true });
	expect(second?.json).toMatchObject({
		...{ recordId: first?.json.recordId, created: false },
		...{ updated: true, linesUnchanged: true },
	});
	const id = first?.json.recordId;
	expect(bench.lines('salesinvoice/SalesInvoiceLines', 'InvoiceID', id)).toHaveLength(1);
	expect(
		bench.rows('salesinvoice/SalesInvoices').find((row) => row.InvoiceID === id),
	).toMatchObject({
		Description: 'After',
	});
});

it('a PUT never carries lines, and says where they are changed', async () => {
	const json = JSON.stringify({ SalesInvoiceLines: [{ Item: 'ART-001' }] });
	const update = { resource: 'salesInvoice', operation: 'update', dataMode: 'json', json };
	const run = bench.run({ ...update, record: byId('3fa85f64-5717-4562-b3fc-2c963f66afa6') });
	await expect(run).rejects.toMatchObject({
		message: expect.stringContaining('[EXACT_READ_ONLY_FIELD]') as string,
		description: expect.stringContaining('salesinvoice/SalesInvoiceLines') as string,
	});
	expect(bench.requests('PUT', 'salesinvoice/SalesInvoices')).toBe(0);
});

it('lines of any endpoint as an array, with codes, and an empty collection left out', async () => {
	const [output] = await bench.run({
		resource: 'otherEndpoint',
		operation: 'create',
		endpoint: { __rl: true, mode: 'path', value: 'inventory/WarehouseTransfers' },
		...fields({
			EntryDate: '2026-04-07',
			WarehouseFrom: '1',
			WarehouseTo: '2',
			WarehouseTransferLines: [
				{ Item: 'ART-001', Quantity: '2' },
				{ Item: 'ART-002', Quantity: '3' },
			],
		}),
	});
	const path = 'inventory/WarehouseTransferLines';
	const made = bench.rows(path).filter(({ TransferID }) => TransferID === output?.json.recordId);
	expect(made.map(({ Quantity }) => Quantity).sort()).toEqual([2, 3]);
	const invoice = { SalesInvoiceOrderChargeLines: [], YourRef: 'O-1' };
	const [second] = await bench.run({
		...{ resource: 'salesInvoice', operation: 'create', ...fields(invoice) },
		...{ orderedBy: byCode('1001'), journal: byCode('70'), ...line(ITEM_LINE) },
	});
	expect(second?.json).toMatchObject({ created: true });
});
