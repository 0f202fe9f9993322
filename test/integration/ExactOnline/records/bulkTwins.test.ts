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

async function allOf(path: string) {
	return await bench.run({
		...{ resource: 'otherEndpoint', operation: 'getAll', returnAll: true },
		endpoint: locator(path, 'path'),
	});
}

// Red before: Other Endpoint read 60 rows a call, also where a resource of the same endpoint reads 1,000.
it.each([
	['crm/Accounts', 'bulk/CRM/Accounts'],
	['salesinvoice/SalesInvoiceLines', 'bulk/SalesInvoice/SalesInvoiceLines'],
])('Other Endpoint reads all of %s from %s', async (path, bulk) => {
	const accounts = Array.from({ length: ROWS }, (_none, n) => ({ Name: `Bulk ${n}` }));
	const [account] = bench.simulator.addRows(FIRST_DIVISION, 'crm/Accounts', accounts);
	const header = { OrderedBy: account?.ID, InvoiceTo: account?.ID, Journal: '70' };
	const [invoice] = bench.simulator.addRows(FIRST_DIVISION, 'salesinvoice/SalesInvoices', [header]);
	const lines = accounts.map(() => ({ InvoiceID: invoice?.InvoiceID, Quantity: 1 }));
	bench.simulator.addRows(FIRST_DIVISION, 'salesinvoice/SalesInvoiceLines', lines);
	const output = await allOf(path);
	const ids = (rows: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
		rows.map(({ ID }) => String(ID)).sort();
	expect(output.length).toBeGreaterThanOrEqual(ROWS);
	expect(ids(output.map(({ json }) => json))).toEqual(ids(bench.rows(path)));
	expect([bench.requests('GET', bulk), bench.requests('GET', path)]).toEqual([1, 0]);
});
