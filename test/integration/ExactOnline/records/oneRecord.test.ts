import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { locator } from '../../../support/n8nContext';
import { useDocuments } from '../documents/support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
});

const ITEMS = Array.from({ length: 6 }, (_, index) => ({ email: `a${index % 3}@b.c` }));

const account: IDataObject = {
	resource: 'account',
	operation: 'create',
	dataMode: 'json',
	json: '={{ { Name: "Made once", Email: $json.email } }}',
	ifExists: 'skip',
	matchBy: 'Email',
};

function made(): string[] {
	const rows = bench.rows('crm/Accounts').filter(({ Name }) => Name === 'Made once');
	return rows.map(({ Email }) => String(Email)).sort();
}

it('two runs with the same items at once make each record once', async () => {
	const [one, other] = await Promise.all([
		bench.run(account, ITEMS),
		bench.run(account, [...ITEMS].reverse()),
	]);
	expect(made()).toEqual(['a0@b.c', 'a1@b.c', 'a2@b.c']);
	const results = [...one, ...other].map(({ json }) => json.created);
	expect(results).toHaveLength(12);
	expect(results.filter((created) => created === true)).toHaveLength(3);
});

it('without a look they make one each time', async () => {
	await bench.run({ ...account, ifExists: 'create' }, ITEMS.slice(0, 2));
	await bench.run({ ...account, ifExists: 'create' }, ITEMS.slice(0, 1));
	expect(made()).toHaveLength(3);
});

it('two runs that send an invoice at once send it once', async () => {
	const lines = [{ Item: 'ART-001', Quantity: 1 }];
	const values = { OrderedBy: '1000', Journal: '70', SalesInvoiceLines: lines };
	const json = JSON.stringify(values);
	const invoice = { resource: 'salesInvoice', operation: 'create', dataMode: 'json', json };
	const [created] = await bench.run(invoice);
	const record = locator(String(created?.json.recordId), 'id');
	const send = { resource: 'salesInvoice', operation: 'printOrSend', record };
	const outcomes = await Promise.allSettled([bench.run(send), bench.run(send)]);
	expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
	expect(bench.requests('POST', 'salesinvoice/PrintedSalesInvoices')).toBe(1);
});

it.each([
	['create', {}],
	['update', { record: locator('={{ $json.id }}', 'id') }],
])('codes of all items are looked up together: %s', async (operation, more) => {
	const groups = Array.from({ length: 30 }, (_none, n) => ({
		...{ Code: `G${n}`, Description: `Group ${n}` },
	}));
	bench.simulator.addRows(FIRST_DIVISION, 'logistics/ItemGroups', groups);
	const [item] = bench.rows('logistics/Items');
	const inputs = groups.map(({ Code }, n) => ({ Code, id: String(item?.ID), code: `NEW-${n}` }));
	const code = operation === 'create' ? 'Code: $json.code, ' : '';
	const written = await bench.run(
		{
			...{ resource: 'item', operation, dataMode: 'json', ...more },
			json: `={{ { ${code}Description: "Made", ItemGroup: $json.Code } }}`,
		},
		inputs,
	);
	expect(written).toHaveLength(30);
	// The first one by itself, all others together.
	expect(bench.requests('GET', 'logistics/ItemGroups')).toBe(2);
	const ids = new Map(bench.rows('logistics/ItemGroups').map(({ Code, ID }) => [Code, ID]));
	const made = bench.rows('logistics/Items').filter(({ Description }) => Description === 'Made');
	expect(made.map(({ ItemGroup }) => ItemGroup)).toContain(ids.get('G29'));
});

it('codes of the lines of all items are looked up together, and one that is not there fails its item alone', async () => {
	const inputs = ['ART-001', 'ART-002', 'ART-003', 'NONE', 'ART-004'].map((code) => ({ code }));
	const order = {
		...{ resource: 'salesOrder', operation: 'create', dataMode: 'json' },
		json: '={{ { OrderedBy: "1000", SalesOrderLines: [{ Item: $json.code, Quantity: 1 }] } }}',
	};
	const written = await bench.run(order, inputs, { continueOnFail: true });
	expect(written.map(({ json }) => json.error === undefined)).toEqual([
		...[true, true, true, false, true],
	]);
	expect(bench.requests('GET', 'logistics/Items')).toBe(2);
	expect(bench.requests('POST', 'salesorder/SalesOrders')).toBe(4);
});

// Red before: from the ninth miss on, all that was asked of the endpoint was held back.
it('records that are missing by ID hold nothing back where that is no error', async () => {
	const [account] = bench.rows('crm/Accounts');
	const missing = Array.from({ length: 12 }, (_none, n) => ({
		id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
	}));
	const get = {
		...{ resource: 'account', operation: 'get', options: { ifNone: 'empty' } },
		record: locator('={{ $json.id }}', 'id'),
	};
	const output = await bench.run(get, [...missing, { id: String(account?.ID) }]);
	expect(output.map(({ json }) => json.recordId)).toEqual([account?.ID]);
	expect(bench.simulator.counters.apiErrors).toEqual({});
});
