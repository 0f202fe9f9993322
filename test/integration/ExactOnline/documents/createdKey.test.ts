import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { useDocuments } from './support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
});

/** docs/facts/exact-online.md 7.2: sales and purchase entries answer a POST with `ID`, and have no such field. */
it.each([
	['salesEntry', 'salesentry/SalesEntries', { Journal: '70', Customer: '1000' }, 'SalesEntryLines'],
	[
		'salesInvoice',
		'salesinvoice/SalesInvoices',
		{ Journal: '70', OrderedBy: '1000' },
		'SalesInvoiceLines',
	],
])('insertAnswer: key, %s', async (resource, path, header, lines) => {
	bench.simulator.configure({ insertAnswer: 'key' });
	const json = JSON.stringify({ ...header, [lines]: [{ AmountFC: 1, GLAccount: '8000' }] });
	const parameters = { resource, operation: 'create', dataMode: 'json', json };
	const [output] = await bench.run(parameters);
	const [made] = bench.rows(path);
	expect(output?.json).toMatchObject({
		created: true,
		recordId: made?.['EntryID'] ?? made?.['InvoiceID'],
	});
});
