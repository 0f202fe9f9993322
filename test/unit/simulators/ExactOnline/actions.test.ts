import { entityOf, ResourceClient } from './resourceClient';
import { messageOf } from './simulatorClient';

/** Endpoints that take a POST only, and amounts and statuses of documents (docs/facts/exact-online.md 7.2). */

let service: ResourceClient;
let item: string;
let account: string;

beforeAll(async () => {
	service = await ResourceClient.start();
	item = await service.idOfFirst('logistics/Items');
	account = await service.idOfFirst('crm/Accounts');
});

afterAll(async () => {
	await service.close();
});

async function invoice(): Promise<Record<string, unknown>> {
	return await service.create('salesinvoice/SalesInvoices', {
		Journal: '70',
		OrderedBy: account,
		SalesInvoiceLines: [{ Item: item, Quantity: 3, NetPrice: 10, VATCode: '2' }],
	});
}

async function read(endpoint: string, key: unknown): Promise<Record<string, unknown>> {
	return entityOf(await service.get(`${endpoint}(guid'${String(key)}')`));
}

test('an invoice counts its lines, and gets number, status and PDF when it is printed', async () => {
	const made = await invoice();
	expect(made).toMatchObject({
		AmountFC: 36.3,
		AmountFCExclVat: 30,
		VATAmountFC: 6.3,
		Status: 20,
		Type: 8020,
		InvoiceTo: account,
		InvoiceNumber: null,
	});
	const body = { InvoiceID: made['InvoiceID'], SendEmailToCustomer: true };
	const printed = await service.create('salesinvoice/PrintedSalesInvoices', body);
	expect(printed).toMatchObject({
		DocumentCreationError: null,
		EmailCreationSuccess: expect.any(String) as string,
	});
	expect(await read('salesinvoice/SalesInvoices', made['InvoiceID'])).toMatchObject({
		Status: 50,
		InvoiceNumber: expect.any(Number) as number,
		Document: printed['Document'],
	});
	const filter = `Document eq guid'${String(printed['Document'])}'`;
	const [pdf] = await service.rows('documents/DocumentAttachments', { $filter: filter });
	const bytes = await download(`${String(pdf?.['Url'])}&Download=1`);
	expect([bytes.status, bytes.text.slice(0, 5)]).toEqual([200, '%PDF-']);
});

async function download(address: string): Promise<{ status: number; text: string }> {
	const headers = { authorization: `Bearer ${service.accessToken}` };
	const response = await fetch(address, { headers });
	return { status: response.status, text: await response.text() };
}

test('what fails while printing stands in a 201', async () => {
	await service.put(`crm/Accounts(guid'${account}')`, { Email: null });
	const { InvoiceID } = await invoice();
	const body = { InvoiceID, SendEmailToCustomer: true, SendInvoiceViaPeppol: true };
	const printed = await service.create('salesinvoice/PrintedSalesInvoices', body);
	expect(printed).toMatchObject({
		EmailCreationError: expect.any(String) as string,
		PeppolCreationError: expect.any(String) as string,
		EmailCreationSuccess: null,
	});
});

test('an action names a record that exists, and has no GET', async () => {
	const refused = await service.post('salesinvoice/PrintedSalesInvoices', { InvoiceID: item });
	expect([refused.status, messageOf(refused)]).toEqual([400, 'Invalid: InvoiceID']);
	expect((await service.get('salesinvoice/PrintedSalesInvoices')).status).toBe(405);
});

test('a quotation is rejected, opened again, accepted and reviewed, each where its status allows', async () => {
	const { QuotationID } = await service.create('crm/Quotations', {
		OrderAccount: account,
		QuotationLines: [{ Item: item, Quantity: 1 }],
	});
	const act = async (name: string): Promise<unknown> => {
		const answer = await service.create(`crm/${name}Quotation`, { QuotationID });
		const { Status } = await read('crm/Quotations', QuotationID);
		return [Status, answer['ErrorMessage'] === null];
	};
	expect(await act('Reject')).toEqual([5, true]);
	expect(await act('Accept')).toEqual([5, false]);
	expect(await act('Reopen')).toEqual([25, true]);
	expect(await act('Accept')).toEqual([50, true]);
	const { NewQuotationID } = await service.create('crm/ReviewQuotation', { QuotationID });
	expect(await read('crm/Quotations', NewQuotationID)).toMatchObject({
		VersionNumber: 2,
		Status: 20,
	});
	const filter = `QuotationID eq guid'${String(NewQuotationID)}'`;
	expect(await service.rows('crm/QuotationLines', { $filter: filter })).toHaveLength(1);
});

test('orders are printed, completed and invoiced', async () => {
	const { OrderID } = await service.create('salesorder/SalesOrders', {
		OrderedBy: account,
		SalesOrderLines: [{ Item: item, Quantity: 2, NetPrice: 4 }],
	});
	expect(
		(await service.create('salesorder/PrintedSalesOrders', { OrderId: OrderID }))['Document'],
	).toEqual(expect.any(String));
	const made = await service.create('salesinvoice/InvoiceSalesOrders', {
		CreateMode: 0,
		InvoiceMode: 0,
		JournalCode: '70',
		SalesOrderIDs: [{ ID: OrderID }, { ID: account }],
	});
	expect(made).toMatchObject({ NumberOfCreatedInvoices: 1, NumberOfFailedInvoices: 1 });
	await service.create('salesorder/CompleteSalesOrder', { OrderID });
	expect(await read('salesorder/SalesOrders', OrderID)).toMatchObject({ Status: 21 });
});

test.each([
	['purchaseentry/PurchaseEntries', '60', 'PurchaseEntryLines'],
	['purchaseentry/PurchaseEntries', '70', 'PurchaseEntryLines'],
])('%s with journal %s', async (endpoint, Journal, lines) => {
	const GLAccount = await service.idOfFirst('financial/GLAccounts');
	const supplier = await service.idOfFirst('crm/Accounts', 'IsSupplier eq true');
	const other = await service.idOfFirst('crm/Accounts', 'IsSupplier eq false');
	const post = async (Supplier: string): Promise<string> => {
		const body = { Journal, Supplier, [lines]: [{ AmountFC: 12.5, GLAccount }] };
		const answer = await service.post(endpoint, body);
		return answer.status === 201 ? String(entityOf(answer, 201)['AmountFC']) : messageOf(answer);
	};
	expect(await post(other)).toBe('Invalid: Supplier (Type)');
	expect(await post(supplier)).toBe(Journal === '60' ? '12.5' : 'Invalid: Journal (Type)');
});

test('the lines of entries stand in the ledger, in all three of its endpoints', async () => {
	const GLAccount = await service.idOfFirst('financial/GLAccounts');
	const entry = await service.create('salesentry/SalesEntries', {
		Journal: '70',
		Customer: account,
		YourRef: 'L-1',
		SalesEntryLines: [{ AmountFC: 12.5, GLAccount }],
	});
	const expected = { JournalCode: '70', AmountFC: 12.5, Account: account, YourRef: 'L-1' };
	const $filter = `EntryID eq guid'${String(entry['EntryID'])}'`;
	for (const endpoint of [
		'financialtransaction/TransactionLines',
		'bulk/Financial/TransactionLines',
	]) {
		const $select = 'ID,EntryID,JournalCode,AmountFC,Account,YourRef';
		const rows = await service.rows(endpoint, { $filter, $select });
		expect(rows).toEqual([expect.objectContaining(expected)]);
	}
	const changes = await service.rows('sync/Financial/TransactionLines');
	expect(changes.map((row) => row['YourRef'])).toContain('L-1');
	await service.delete(`salesentry/SalesEntries(guid'${String(entry['EntryID'])}')`);
	expect(await service.rows('financialtransaction/TransactionLines', { $filter })).toEqual([]);
});

test('a delivery takes what is left of an order, customer and items are those of the order', async () => {
	const { OrderID } = await service.create('salesorder/SalesOrders', {
		OrderedBy: account,
		SalesOrderLines: [{ Item: item, Quantity: 5 }],
	});
	const $filter = `OrderID eq guid'${String(OrderID)}'`;
	const SalesOrderLineID = (await service.rows('salesorder/SalesOrderLines', { $filter }))[0]?.[
		'ID'
	];
	const deliver = async (QuantityDelivered: number): ReturnType<typeof service.post> =>
		await service.post('salesorder/GoodsDeliveries', {
			DeliveryDate: '2026-04-07',
			GoodsDeliveryLines: [{ SalesOrderLineID, QuantityDelivered }],
		});
	const { EntryID } = entityOf(await deliver(3), 201);
	expect(messageOf(await deliver(3))).toBe('Invalid: QuantityDelivered');
	expect(messageOf(await deliver(0))).toBe('Invalid: QuantityDelivered');
	expect(await read('salesorder/GoodsDeliveries', EntryID)).toMatchObject({
		DeliveryAccount: account,
	});
	expect(await read('salesorder/SalesOrderLines', SalesOrderLineID)).toMatchObject({
		QuantityDelivered: 3,
	});
});
