import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { useDocuments } from './support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(async () => await bench.source());
});

function createOf(resource: string, json: object): IDataObject {
	return { resource, operation: 'create', dataMode: 'json', json: JSON.stringify(json) };
}

const line = (AmountFC: number, more: object = {}) => ({ GLAccount: '8000', AmountFC, ...more });

const entry = (more: object, lines: object[] = [line(100)]) =>
	createOf('salesEntry', { Customer: '1000', Journal: '70', ...more, SalesEntryLines: lines });

const journal = (lines: object[], more: object = {}) =>
	createOf('generalJournalEntry', {
		JournalCode: '90',
		...more,
		GeneralJournalEntryLines: lines,
	});

describe('a period that is closed', () => {
	beforeEach(() => bench.simulator.configure({ closedUntil: '2025-12-31' }));

	it.each([
		['a sales entry', entry({ EntryDate: '2025-12-31' }), 'salesentry/SalesEntries', 'EntryDate'],
		[
			'a journal entry by the date of a line',
			journal([line(10, { Date: '2026-01-01' }), line(-10, { Date: '2025-06-30' })]),
			'generaljournalentry/GeneralJournalEntries',
			'Date',
		],
		[
			'a journal entry by its period',
			journal([line(10), line(-10)], { FinancialYear: 2025, FinancialPeriod: 12 }),
			'generaljournalentry/GeneralJournalEntries',
			'Date',
		],
	])(
		'takes nothing of %s, and the error holds the words of Exact',
		async (_what, parameters, path, field) => {
			await expect(bench.run(parameters)).rejects.toThrow(
				new RegExp(`Invalid: ${field} \\(Period closed\\).*\\[EXACT_\\w+\\]`, 's'),
			);
			expect(bench.rows(path)).toEqual([]);
		},
	);

	it('takes what is booked behind it, and no change of an entry in it', async () => {
		const [made] = await bench.run(entry({ EntryDate: '2026-01-01' }));
		expect(made?.json.recordId).toEqual(expect.any(String));
		const change = {
			...entry({}),
			...{ operation: 'update', json: '{"EntryDate":"2025-01-01"}' },
			record: { __rl: true, mode: 'id', value: made?.json.recordId },
		};
		await expect(bench.run(change)).rejects.toThrow('Period closed');
	});
});

describe('a journal entry', () => {
	it('that does not balance is refused with the words of Exact, the others go on', async () => {
		const json =
			'={{ { JournalCode: "90", GeneralJournalEntryLines: [{ GLAccount: "8000", AmountFC: 10 }, { GLAccount: "1100", AmountFC: $json.credit }] } }}';
		const parameters = { ...journal([]), json };
		const rows = await bench.run(parameters, [{ credit: -9.99 }, { credit: -10 }], {
			continueOnFail: true,
		});
		expect(rows.map(({ json: row }) => row.error ?? row.created)).toEqual([
			expect.objectContaining({
				message: expect.stringContaining('Invalid: AmountFC (Balance)') as string,
			}),
			true,
		]);
		expect(bench.rows('generaljournalentry/GeneralJournalEntries')).toHaveLength(1);
	});

	it('that does not balance is the choice of Exact, by the other reading', async () => {
		bench.simulator.configure({ unbalancedEntries: 'taken' });
		await expect(bench.run(journal([line(10)]))).resolves.toHaveLength(1);
	});
});

describe('a document in another currency', () => {
	const amounts = () => {
		const [row] = bench.rows('salesentry/SalesEntries');
		const [first] = bench.rows('salesentry/SalesEntryLines');
		return [row?.AmountFC, row?.AmountDC, first?.AmountFC, first?.AmountDC];
	};

	it('counts by its own rate', async () => {
		await bench.run(entry({ Currency: 'USD', Rate: 0.9 }));
		expect(amounts()).toEqual([100, 90, 100, 90]);
	});

	it('counts by the rate of the division where it has none', async () => {
		const rate = { SourceCurrency: 'USD', TargetCurrency: 'EUR', Rate: 0.8 };
		bench.simulator.addRows(FIRST_DIVISION, 'financial/ExchangeRates', [rate]);
		await bench.run(entry({ Currency: 'USD' }));
		expect(amounts()).toEqual([100, 80, 100, 80]);
	});

	it('that there is not is refused with the words of Exact', async () => {
		await expect(bench.run(entry({ Currency: 'XXX' }))).rejects.toThrow('Invalid: Currency');
		expect(bench.rows('salesentry/SalesEntries')).toEqual([]);
	});
});

describe('a service that the user has no right to', () => {
	it('is said to be one, and other services go on', async () => {
		bench.simulator.configure({ deniedServices: 'salesentry, payroll' });
		await expect(bench.run(entry({}))).rejects.toMatchObject({
			message: expect.stringMatching(/salesentry\/SalesEntries.*\[EXACT_FORBIDDEN\]/) as string,
			description: expect.stringMatching(/\bright/) as string,
		});
		expect(bench.rows('salesentry/SalesEntries')).toEqual([]);
		const list = (resource: string) =>
			bench.run({ resource, operation: 'getAll', returnAll: false, limit: 5 });
		await expect(list('employee')).rejects.toThrow('EXACT_FORBIDDEN');
		await expect(list('account')).resolves.not.toHaveLength(0);
	});
});
