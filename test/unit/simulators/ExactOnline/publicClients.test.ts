import { entityOf, ResourceClient } from './resourceClient';
import { list, rowsOf } from './simulatorClient';

/**
 * Calls as public clients and the vendor's examples make them, answered in the shapes that they recorded
 * (docs/facts/exact-online.md 0, 4, 7.2).
 */

let service: ResourceClient;
let item: string;
let account: string;

beforeAll(async () => {
	service = await ResourceClient.start();
	item = await service.idOfFirst('logistics/Items', "Code eq 'ART-001'");
	account = await service.idOfFirst('crm/Accounts', 'IsSales eq true');
});

afterAll(async () => {
	await service.close();
});

test('picqer: find by code gives a bare array, first an array of one, get an envelope with __next', async () => {
	const found = await service.get('logistics/Items', { $filter: "Code eq 'ART-001'", $top: '1' });
	expect(found.json).toEqual({ d: [expect.objectContaining({ ID: item, Code: 'ART-001' })] });
	const [padded] = await service.rows('crm/Accounts', { $filter: "trim(Code) eq '1000'" });
	expect(padded?.['Code']).toBe('              1000');
	const all = list(await service.get('crm/Accounts', { $select: 'ID,Name' }));
	expect([all.results.length, all.__next]).toEqual([
		60,
		expect.stringContaining('$skiptoken=guid'),
	]);
});

test('picqer: a whole contact that was read is sent back with a change', async () => {
	const [contact = {}] = await service.rows('crm/Contacts', { $top: '1' });
	const path = `crm/Contacts(guid'${String(contact['ID'])}')`;
	expect((await service.put(path, { ...contact, Email: 'new@example.com' })).status).toBe(204);
	expect(entityOf(await service.get(path))).toMatchObject({
		...contact,
		Email: 'new@example.com',
		Modified: expect.any(String) as string,
		Modifier: service.client.user().userId,
		ModifierFullName: service.client.user().fullName,
	});
});

test('dotnet: an invoice with its lines expanded is the one that was recorded', async () => {
	await service.create('salesinvoice/SalesInvoices', {
		Journal: '70',
		OrderedBy: account,
		Description: 'Levering',
		SalesInvoiceLines: [{ Item: item, Quantity: 300, UnitPrice: 25, VATCode: '2' }],
	});
	const query = { $expand: 'SalesInvoiceLines', $filter: "Description eq 'Levering'" };
	const [invoice = {}] = await service.rows('salesinvoice/SalesInvoices', query);
	expect(invoice).toMatchObject({
		__metadata: { type: 'Exact.Web.Api.Models.SalesInvoice' },
		AmountDC: 9075,
		Currency: 'EUR',
		InvoiceNumber: null,
		Status: 20,
		StatusDescription: 'Open',
		Type: 8020,
		TypeDescription: 'Normal',
		VATAmountFC: 1575,
		SalesInvoiceLines: {
			results: [
				{
					__metadata: { type: 'Exact.Web.Api.Models.SalesInvoiceLine' },
					AmountFC: 7500,
					GLAccount: expect.any(String) as string,
					InvoiceID: invoice['InvoiceID'],
					LineNumber: 1,
					NetPrice: 25,
					UnitDescription: 'Stuk',
					VATAmountDC: 1575,
					VATPercentage: 0.21,
				},
			],
		},
	});
});

test('the vendor delivers an order: lines by $expand and $select, numbers as text, batches below a line', async () => {
	const order = await service.create('salesorder/SalesOrders', {
		OrderedBy: account,
		SalesOrderLines: [{ Item: item, Quantity: 2 }],
	});
	const [seen = {}] = await service.rows('salesorder/SalesOrders', {
		$select: 'ApprovalStatus,SalesOrderLines/ID,SalesOrderLines/Quantity',
		$expand: 'SalesOrderLines',
		$filter: `OrderNumber eq ${String(order['OrderNumber'])}`,
	});
	const { results } = seen['SalesOrderLines'] as ReturnType<typeof list>;
	expect([Object.keys(seen), Object.keys(results[0] ?? {})]).toEqual([
		['__metadata', 'ApprovalStatus', 'SalesOrderLines'],
		['__metadata', 'ID', 'Quantity'],
	]);
	const delivery = await service.create('salesorder/GoodsDeliveries', {
		DeliveryDate: '02/18/2016 00:00:00',
		GoodsDeliveryLines: [
			{
				QuantityDelivered: '2',
				SalesOrderLineID: results[0]?.['ID'],
				BatchNumbers: [{ BatchNumber: 'B001', Quantity: 2 }],
			},
		],
	});
	expect(delivery).toMatchObject({
		__metadata: { type: 'Exact.Web.Api.Models.SalesOrders.GoodsDelivery' },
		DeliveryDate: '/Date(1455753600000)/',
		DeliveryAccount: account,
		GoodsDeliveryLines: {
			__deferred: { uri: expect.stringContaining('/GoodsDeliveryLines') as string },
		},
	});
	const { uri } = (delivery['GoodsDeliveryLines'] as { __deferred: { uri: string } }).__deferred;
	const [line] = rowsOf(await service.follow(`${uri}?$expand=BatchNumbers`));
	expect(line).toMatchObject({
		ItemCode: 'ART-001',
		QuantityDelivered: 2,
		QuantityOrdered: 2,
		BatchNumbers: { results: [{ BatchNumber: 'B001', Quantity: 2 }] },
	});
});

test('dotnet-sync: from 1 on by pages, with the fields of its tables', async () => {
	const query = { $filter: 'Timestamp gt 1', $select: 'ID,Code,Timestamp' };
	const { results } = list(await service.get('sync/Financial/GLAccounts', query));
	expect(results[0]).toMatchObject({
		__metadata: { type: 'Exact.Web.Api.Models.GLAccount' },
		Code: expect.any(String) as string,
		Timestamp: expect.stringMatching(/^\d+$/) as string,
	});
});

test('bulk readers: pages of 1,000 of selected fields, then the rest, and none without a selection', async () => {
	const { simulator, division } = service.client;
	const before = simulator.rows(division, 'crm/Accounts').length;
	const added = Array.from({ length: 1_000 }, (_none, n) => ({ Name: `Bulk ${n}` }));
	simulator.addRows(division, 'crm/Accounts', added);
	const first = await service.get('bulk/CRM/Accounts', { $select: 'ID,Name' });
	const { results, __next } = list(first);
	expect([results.length, __next]).toEqual([1_000, expect.stringContaining('$skiptoken=')]);
	expect(Object.keys(results[0] ?? {})).toEqual(['__metadata', 'ID', 'Name']);
	const all = await service.allRows(first);
	expect(new Set(all.map(({ ID }) => ID)).size).toBe(before + 1_000);
	expect((await service.get('bulk/CRM/Accounts')).status).toBe(400);
});

test('picqer: a document with its file, whose bytes come from its Url', async () => {
	const document = await service.create('documents/Documents', {
		...{ Subject: 'Invoice 4711', Type: 55, Account: account },
	});
	const attachment = await service.create('documents/DocumentAttachments', {
		...{ Document: document['ID'], FileName: 'invoice.txt' },
		Attachment: Buffer.from('Paid with thanks').toString('base64'),
	});
	const query = { $filter: `Document eq guid'${String(document['ID'])}'` };
	const [found = {}] = await service.rows('documents/DocumentAttachments', query);
	expect(found).toMatchObject({ ID: attachment['ID'], FileName: 'invoice.txt', FileSize: 16 });
	const headers = { authorization: `Bearer ${service.accessToken}` };
	const file = await fetch(`${String(found['Url'])}&Download=1`, { headers });
	expect([file.status, await file.text()]).toEqual([200, 'Paid with thanks']);
});

test('picqer: a GL account is found by its code, which has no blanks before it, and changed by its ID', async () => {
	const query = { $filter: "Code eq '8000'", $select: 'ID,Code,Description' };
	const [found = {}] = await service.rows('financial/GLAccounts', query);
	expect(found).toEqual({
		__metadata: expect.objectContaining({ type: 'Exact.Web.Api.Models.GLAccount' }) as object,
		ID: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
		Code: '8000',
		Description: expect.any(String) as string,
	});
	const path = `financial/GLAccounts(guid'${String(found['ID'])}')`;
	expect((await service.put(path, { Description: 'Turnover' })).status).toBe(204);
	expect(await service.rows('financial/GLAccounts', query)).toMatchObject([
		{ ID: found['ID'], Description: 'Turnover' },
	]);
});
