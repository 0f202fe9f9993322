import { list, messageOf, rowsOf, SimulatorClient, type ReadAnswer } from './simulatorClient';

/** Documents with lines: deep inserts, line endpoints, what a PUT may hold (docs/facts/exact-online.md 4.6). */

let client: SimulatorClient;
let accessToken: string;
let customer: string;
let items: string[];

beforeAll(async () => {
	client = await SimulatorClient.start({
		switches: { minutelyLimit: 100_000, errorBudget: 10_000 },
	});
	({ accessToken } = client.logIn());
	customer = await idOfFirst('crm/Accounts', 'IsSales eq true');
	const answer = await client.get(at('logistics/Items'), accessToken, { $select: 'ID,Code' });
	items = rowsOf(answer).map((row) => String(row['ID']));
});

afterAll(async () => {
	await client.close();
});

function at(endpoint: string): string {
	return `${client.division}/${endpoint}`;
}

async function idOfFirst(endpoint: string, filter: string): Promise<string> {
	const query = { $select: 'ID', $filter: filter, $top: '1' };
	return String(rowsOf(await client.get(at(endpoint), accessToken, query))[0]?.['ID']);
}

async function post(endpoint: string, body: unknown): Promise<ReadAnswer> {
	return await client.call('POST', at(endpoint), accessToken, { body });
}

function entity(answer: ReadAnswer): Record<string, unknown> {
	expect([answer.status, answer.text]).toEqual([
		expect.any(Number),
		expect.stringContaining('"d"'),
	]);
	return (answer.json as { d: Record<string, unknown> }).d;
}

function lines(count: number): Array<Record<string, unknown>> {
	return Array.from({ length: count }, (_, index) => ({
		Item: items[index % items.length],
		Quantity: index + 1,
		NetPrice: 10,
	}));
}

async function invoice(count: number): Promise<Record<string, unknown>> {
	const answer = await post('salesinvoice/SalesInvoices', {
		Journal: '70',
		OrderedBy: customer,
		SalesInvoiceLines: lines(count),
	});
	expect(answer.status).toBe(201);
	return entity(answer);
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
	const own = rowsOf(await client.get(at('salesinvoice/SalesInvoiceLines'), accessToken, query));
	expect(own).toHaveLength(3);
	expect(own[0]).toMatchObject({
		ItemCode: expect.stringMatching(/^ART-/) as string,
		Quantity: 1,
		InvoiceID: made['InvoiceID'],
	});
});

test('an expanded collection is cut at 60 rows, the rest is behind its __next', async () => {
	const made = await invoice(130);
	const path = `${at('salesinvoice/SalesInvoices')}(guid'${String(made['InvoiceID'])}')`;
	const answer = await client.get(path, accessToken, {
		$expand: 'SalesInvoiceLines',
		$select: 'InvoiceID,SalesInvoiceLines/ID,SalesInvoiceLines/Quantity',
	});
	const collection = entity(answer)['SalesInvoiceLines'] as ReturnType<typeof list>;
	expect(collection.results).toHaveLength(60);
	expect(Object.keys(collection.results[0] ?? {})).toEqual(['__metadata', 'ID', 'Quantity']);
	const ids = new Set(collection.results.map((row) => row['ID']));
	for (let next = collection.__next; next !== undefined;) {
		const url = new URL(next);
		const page = await client.get(
			decodeURIComponent(url.pathname).replace('/api/v1/', ''),
			accessToken,
			Object.fromEntries(url.searchParams),
		);
		for (const row of rowsOf(page)) ids.add(row['ID']);
		next = list(page).__next;
	}
	expect(ids.size).toBe(130);
});

test('$expand and $select refuse what is no collection or not expanded', async () => {
	const path = at('salesinvoice/SalesInvoices');
	const ask = async (query: Record<string, string>): Promise<string> =>
		messageOf(await client.get(path, accessToken, query));
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
	const before = await client.get(at('salesinvoice/SalesInvoices/$count'), accessToken);
	const answer = await post('salesinvoice/SalesInvoices', JSON.parse(text));
	expect([answer.status, messageOf(answer)]).toEqual([400, expect.stringContaining(message)]);
	const after = await client.get(at('salesinvoice/SalesInvoices/$count'), accessToken);
	expect(after.text).toBe(before.text);
});

test('lines of a header that exists are added, changed and deleted at their own endpoint', async () => {
	const made = await invoice(1);
	const added = await post('salesinvoice/SalesInvoiceLines', {
		InvoiceID: made['InvoiceID'],
		Item: items[1],
	});
	expect(added.status).toBe(201);
	const path = `${at('salesinvoice/SalesInvoiceLines')}(guid'${String(entity(added)['ID'])}')`;
	expect((await client.call('PUT', path, accessToken, { body: { Quantity: 7 } })).status).toBe(204);
	expect(entity(await client.get(path, accessToken))).toMatchObject({
		Quantity: 7,
		Item: items[1],
	});
	expect((await client.call('DELETE', path, accessToken)).status).toBe(204);
	expect((await client.get(path, accessToken)).status).toBe(404);
	const orphan = await post('salesinvoice/SalesInvoiceLines', {
		InvoiceID: customer,
		Item: items[1],
	});
	expect([orphan.status, messageOf(orphan)]).toEqual([400, 'Invalid: InvoiceID']);
});

test('a PUT takes no lines, and lines go with their header', async () => {
	const made = await invoice(2);
	const path = `${at('salesinvoice/SalesInvoices')}(guid'${String(made['InvoiceID'])}')`;
	const refused = await client.call('PUT', path, accessToken, {
		body: { YourRef: 'x', SalesInvoiceLines: lines(1) },
	});
	expect([refused.status, messageOf(refused)]).toEqual([
		400,
		expect.stringContaining('Binding to new'),
	]);
	expect(entity(await client.get(path, accessToken))['YourRef']).toBeNull();
	expect((await client.call('DELETE', path, accessToken)).status).toBe(204);
	const filter = { $filter: `InvoiceID eq guid'${String(made['InvoiceID'])}'` };
	const left = await client.get(at('salesinvoice/SalesInvoiceLines'), accessToken, filter);
	expect(rowsOf(left)).toHaveLength(0);
});

test('bulk shows the same rows, 1,000 a page, with a $select', async () => {
	const row = { Code: 'B-{n}', Description: 'Bulk {n}' };
	const seed = { division: client.division, endpoint: 'logistics/Items', count: 1500, row };
	expect((await client.control('POST', 'rows', seed)).status).toBe(200);
	const bulk = at('bulk/Logistics/Items');
	expect(messageOf(await client.get(bulk, accessToken))).toContain('$select');
	const first = await client.get(bulk, accessToken, { $select: 'ID,Code' });
	expect(rowsOf(first)).toHaveLength(1000);
	const rest = await client.get(bulk, accessToken, {
		$select: 'ID,Code',
		$skiptoken: new URL(list(first).__next ?? '').searchParams.get('$skiptoken') ?? '',
	});
	expect(rowsOf(rest)).toHaveLength(524);
});

test('what the service sets itself is passed over in a body, or refused by a switch', async () => {
	const body = { Code: 'RO-1', Description: 'x', Created: '2000-01-01', ItemGroupDescription: 'y' };
	const made = entity(await post('logistics/Items', body));
	expect(made).toMatchObject({
		Created: `/Date(${client.clock.now})/`,
		ItemGroupDescription: null,
		CreatorFullName: client.user().fullName,
	});
	client.simulator.configure({ readOnlyFields: 'refused', messageLanguage: 'nl' });
	const refused = await post('logistics/Items', { ...body, Code: 'RO-2' });
	client.simulator.configure({ readOnlyFields: 'ignored', messageLanguage: 'en' });
	expect([refused.status, messageOf(refused)]).toEqual([400, 'Ongeldig: Created']);
});
