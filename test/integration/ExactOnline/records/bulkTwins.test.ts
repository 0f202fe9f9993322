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
	jest.mocked(createAccessTokenSource).mockImplementation(bench.source);
});

/** More than three pages of the usual endpoint, one of its twin. */
const ROWS = 200;

async function allOf(path: string, more: IDataObject = {}) {
	return await bench.run({
		...{ resource: 'otherEndpoint', operation: 'getAll', returnAll: true },
		...{ endpoint: locator(path, 'path'), ...more },
	});
}

/** Adds accounts, and an invoice with as many lines. */
function addRows(count: number): void {
	const { simulator } = bench;
	const accounts = Array.from({ length: count }, (_none, n) => ({ Name: `Bulk ${n}` }));
	const [account] = simulator.addRows(FIRST_DIVISION, 'crm/Accounts', accounts);
	const header = { OrderedBy: account?.ID, InvoiceTo: account?.ID, Journal: '70' };
	const [invoice] = simulator.addRows(FIRST_DIVISION, 'salesinvoice/SalesInvoices', [header]);
	const lines = accounts.map(() => ({ InvoiceID: invoice?.InvoiceID, Quantity: 1 }));
	simulator.addRows(FIRST_DIVISION, 'salesinvoice/SalesInvoiceLines', lines);
}

// Red before: Other Endpoint read 60 rows a call, also where a resource of the same endpoint reads 1,000.
it.each([
	['crm/Accounts', 'bulk/CRM/Accounts'],
	['salesinvoice/SalesInvoiceLines', 'bulk/SalesInvoice/SalesInvoiceLines'],
])('Other Endpoint reads all of %s from %s', async (path, bulk) => {
	addRows(ROWS);
	const output = await allOf(path);
	const ids = (rows: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
		rows.map(({ ID }) => String(ID)).sort();
	expect(output.length).toBeGreaterThanOrEqual(ROWS);
	expect(ids(output.map(({ json }) => json))).toEqual(ids(bench.rows(path)));
	expect([bench.requests('GET', bulk), bench.requests('GET', path)]).toEqual([1, 0]);
});

it('Selected Fields come from there too', async () => {
	addRows(ROWS);
	const chosen = { output: 'selected', fieldsToReturn: ['Name'] };
	const output = await allOf('crm/Accounts', chosen);
	expect(output.length).toBeGreaterThanOrEqual(ROWS);
	expect(bench.requests('GET', 'bulk/CRM/Accounts')).toBe(1);
});

// Red before: a list that may be longer than a page came without its collections.
it('Raw gives the rows of long lists as the endpoint has them, with the links to their collections', async () => {
	addRows(ROWS);
	const path = 'salesinvoice/SalesInvoices';
	const raw = { output: 'raw' };
	const [one] = await allOf(path, { ...raw, returnAll: false, limit: 1 });
	const [first] = await allOf(path, raw);
	expect(one?.json).toHaveProperty('SalesInvoiceLines.__deferred');
	expect(Object.keys(first?.json ?? {})).toEqual(Object.keys(one?.json ?? {}));
	expect(bench.requests('GET', 'bulk/SalesInvoice/SalesInvoices')).toBe(0);
});
