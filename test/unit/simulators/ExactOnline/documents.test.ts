import { entityOf, ResourceClient } from './resourceClient';
import { list, messageOf, rowsOf } from './simulatorClient';

/** Documents with lines: deep inserts, line endpoints, what a PUT may hold (docs/facts/exact-online.md 4.6). */

let service: ResourceClient;
let customer: string;
let items: string[];

beforeAll(async () => {
	service = await ResourceClient.start();
	service.client.simulator.configure({ stampClock: 'greenwich' });
	customer = await service.idOfFirst('crm/Accounts', 'IsSales eq true');
	const rows = await service.rows('logistics/Items', { $select: 'ID,Code' });
	items = rows.map((row) => String(row['ID']));
});

afterAll(async () => {
	await service.close();
});

function lines(count: number): Array<Record<string, unknown>> {
	return Array.from({ length: count }, (_, index) => ({
		Item: items[index % items.length],
		Quantity: index + 1,
		NetPrice: 10,
	}));
}

async function invoice(count: number): Promise<Record<string, unknown>> {
	return await service.create('salesinvoice/SalesInvoices', {
		Journal: '70',
		OrderedBy: customer,
		SalesInvoiceLines: lines(count),
	});
}

test('a deep insert makes header and lines, and describes what they refer to', async () => {
	const made = await invoice(3);
	expect(made).toMatchObject({
		Journal: '70',
		JournalDescription: 'Verkoop',
		OrderedByName: expect.any(String) as string,
		SalesInvoiceLines: {
			__deferred: { uri: expect.stringContaining('/SalesInvoiceLines') as string },
		},
	});
	const filter = `InvoiceID eq guid'${String(made['InvoiceID'])}'`;
	const query = { $filter: filter, $orderby: 'LineNumber' };
	const own = rowsOf(await service.get('salesinvoice/SalesInvoiceLines', query));
	expect(own).toHaveLength(3);
	expect(own[0]).toMatchObject({
		ItemCode: expect.stringMatching(/^ART-/) as string,
		Quantity: 1,
		InvoiceID: made['InvoiceID'],
	});
});

test('an expanded collection is cut at 60 rows, the rest is behind its __next', async () => {
	const made = await invoice(130);
	const path = `salesinvoice/SalesInvoices(guid'${String(made['InvoiceID'])}')`;
	const answer = await service.get(path, {
		$expand: 'SalesInvoiceLines',
		$select: 'InvoiceID,SalesInvoiceLines/ID,SalesInvoiceLines/Quantity',
	});
	const collection = entityOf(answer)['SalesInvoiceLines'] as ReturnType<typeof list>;
	expect(collection.results).toHaveLength(60);
	expect(Object.keys(collection.results[0] ?? {})).toEqual(['__metadata', 'ID', 'Quantity']);
	const ids = new Set(collection.results.map((row) => row['ID']));
	const rest = await service.allRows(await service.follow(collection.__next ?? ''));
	for (const row of rest) ids.add(row['ID']);
	expect(ids.size).toBe(130);
});

test('$expand and $select refuse what is no collection or not expanded', async () => {
	const path = 'salesinvoice/SalesInvoices';
	const ask = async (query: Record<string, string>): Promise<string> =>
		messageOf(await service.get(path, query));
	expect(await ask({ $expand: 'Lines' })).toContain("Could not find a property named 'Lines'");
	expect(await ask({ $expand: 'Journal' })).toContain('Could not find a property');
	expect(await ask({ $select: 'SalesInvoiceLines/Item' })).toContain('expand');
});

test.each([
	[
		{ OrderedBy: 'customer', SalesInvoiceLines: [] },
		'Mandatory: Journal\r\nMandatory: SalesInvoiceLines\r\n',
	],
	[
		{ Journal: '70', OrderedBy: 'customer', SalesInvoiceLines: [{ Quantity: 1 }] },
		'Mandatory: GLAccount\r\nMandatory: Item\r\n',
	],
	[
		{ Journal: '70', OrderedBy: 'customer', SalesInvoiceLines: { Item: 'x' } },
		'top-level resource object',
	],
	[
		{ Journal: '70', OrderedBy: 'customer', SalesInvoiceLines: [{ Items: 1 }] },
		"property name 'Items'",
	],
	[
		{ Journal: '77', OrderedBy: 'customer', SalesInvoiceLines: [{ Item: 'item' }] },
		'Invalid: Journal',
	],
	[
		{ Journal: '70', OrderedBy: 'item', SalesInvoiceLines: [{ Item: 'item' }] },
		'Invalid: OrderedBy',
	],
	[
		{ Journal: '70', OrderedBy: 'customer', SalesInvoiceLines: [{ Item: 'customer' }] },
		'Invalid: Item',
	],
])('%j is refused as a whole', async (body, message) => {
	const ids: Record<string, string | undefined> = { customer, item: items[0] };
	const text = JSON.stringify(body).replace(
		/"(customer|item)"/g,
		(_, name: string) => `"${ids[name]}"`,
	);
	const before = await service.get('salesinvoice/SalesInvoices/$count');
	const answer = await service.post('salesinvoice/SalesInvoices', JSON.parse(text));
	expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining(message)]);
	const after = await service.get('salesinvoice/SalesInvoices/$count');
	expect(after.text).toBe(before.text);
});

test('lines of a header that exists are added, changed and deleted at their own endpoint', async () => {
	const made = await invoice(1);
	const added = await service.post('salesinvoice/SalesInvoiceLines', {
		InvoiceID: made['InvoiceID'],
		Item: items[1],
	});
	expect(added.status).toBe(201);
	const path = `salesinvoice/SalesInvoiceLines(guid'${String(entityOf(added, 201)['ID'])}')`;
	expect((await service.put(path, { Quantity: 7 })).status).toBe(204);
	expect(entityOf(await service.get(path))).toMatchObject({
		Quantity: 7,
		Item: items[1],
	});
	expect((await service.delete(path)).status).toBe(204);
	expect((await service.get(path)).status).toBe(404);
	const orphan = await service.post('salesinvoice/SalesInvoiceLines', {
		InvoiceID: customer,
		Item: items[1],
	});
	expect([orphan.status, messageOf(orphan)]).toEqual([400, 'Invalid: InvoiceID']);
});

test('a PUT takes no lines, and lines go with their header', async () => {
	const made = await invoice(2);
	const path = `salesinvoice/SalesInvoices(guid'${String(made['InvoiceID'])}')`;
	const refused = await service.put(path, { YourRef: 'x', SalesInvoiceLines: lines(1) });
	expect([refused.status, messageOf(refused)]).toEqual([
		400,
		expect.stringContaining('Binding to new'),
	]);
	expect(entityOf(await service.get(path))['YourRef']).toBeNull();
	expect((await service.delete(path)).status).toBe(204);
	const filter = { $filter: `InvoiceID eq guid'${String(made['InvoiceID'])}'` };
	const left = await service.get('salesinvoice/SalesInvoiceLines', filter);
	expect(rowsOf(left)).toHaveLength(0);
});

test('bulk shows the same rows, 1,000 a page, with a $select', async () => {
	const row = { Code: 'B-{n}', Description: 'Bulk {n}' };
	const seed = { division: service.client.division, endpoint: 'logistics/Items', count: 1500, row };
	expect((await service.client.control('POST', 'rows', seed)).status).toBe(200);
	const bulk = 'bulk/Logistics/Items';
	expect(messageOf(await service.get(bulk))).toContain('$select');
	const first = await service.get(bulk, { $select: 'ID,Code' });
	expect(rowsOf(first)).toHaveLength(1000);
	const rest = await service.get(bulk, {
		$select: 'ID,Code',
		$skiptoken: new URL(list(first).__next ?? '').searchParams.get('$skiptoken') ?? '',
	});
	expect(rowsOf(rest)).toHaveLength(524);
});

test('what the service sets itself is passed over in a body, or refused by a switch', async () => {
	const body = { Code: 'RO-1', Description: 'x', Created: '2000-01-01', ItemGroupDescription: 'y' };
	const made = await service.create('logistics/Items', body);
	expect(made).toMatchObject({
		Created: `/Date(${service.client.clock.now})/`,
		ItemGroupDescription: null,
		CreatorFullName: service.client.user().fullName,
	});
	service.client.simulator.configure({ readOnlyFields: 'refused', messageLanguage: 'nl' });
	const refused = await service.post('logistics/Items', { ...body, Code: 'RO-2' });
	service.client.simulator.configure({ readOnlyFields: 'ignored', messageLanguage: 'en' });
	expect([refused.status, messageOf(refused)]).toEqual([400, 'Ongeldig: Created']);
});
