import type { IDataObject } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { useDocuments } from './support/documentBench';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource', () => ({
	...jest.requireActual<object>('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource'),
	createAccessTokenSource: jest.fn(),
}));

const bench = useDocuments();

const INVOICES = 'salesinvoice/SalesInvoices';
const LINES = 'salesinvoice/SalesInvoiceLines';

beforeEach(() => {
	jest.mocked(createAccessTokenSource).mockImplementation(bench.source);
});

const byCode = (value: string) => ({ __rl: true, mode: 'code', value });

const INVOICE: IDataObject = {
	resource: 'salesInvoice',
	operation: 'create',
	orderedBy: byCode('1001'),
	journal: byCode('70'),
	values: { mappingMode: 'defineBelow', value: { YourRef: 'A-1' } },
};

/** A node that makes one invoice of all rows with one number. */
const FROM_ITEMS: IDataObject = {
	...INVOICE,
	orderedBy: byCode('={{ $json.customer }}'),
	values: { mappingMode: 'defineBelow', value: { YourRef: '={{ $json.invoice }}' } },
	linesFrom: 'items',
	documentPer: '={{ $json.invoice }}',
	lineRows: {
		line: [{ Item: byCode('={{ $json.item }}'), Quantity: '={{ $json.quantity }}' }],
	},
};

/** Rows of a spreadsheet: numbers of invoices in turn, so that none of one stand together. */
function spreadsheet(rows: number, invoices: number): IDataObject[] {
	return Array.from({ length: rows }, (_none, index) => ({
		invoice: `S-${index % invoices}`,
		customer: String(1000 + ((index % invoices) % 7)),
		item: `ART-${String((index % 24) + 1).padStart(3, '0')}`,
		quantity: index + 1,
	}));
}

const linesOf = (id: unknown) => bench.lines(LINES, 'InvoiceID', id);

/** Of an invoice as Exact holds it: an answer may be the key alone. */
const yourRefOf = (id: unknown) =>
	bench.rows(INVOICES).find(({ InvoiceID }) => InvoiceID === id)?.YourRef;

const itemId = (code: string) => bench.rows('logistics/Items').find((row) => row.Code === code)?.ID;

it('an invoice with three lines from the form: references by code, numbers and further fields by type', async () => {
	const [output] = await bench.run({
		...INVOICE,
		lineRows: {
			line: [
				{ Item: byCode('ART-001'), Quantity: '1.234,5', VATCode: byCode('2') },
				{ GLAccount: byCode('8100'), Description: 'Freight', NetPrice: '9,90' },
				{
					Item: { __rl: true, mode: 'list', value: itemId('ART-003') },
					further: { field: [{ name: 'Notes', value: "O'Brien" }] },
				},
			],
		},
	});
	expect(output?.json).toMatchObject({ created: true });
	expect(yourRefOf(output?.json.recordId)).toBe('A-1');
	const lines = linesOf(output?.json.recordId);
	expect(lines).toEqual([
		expect.objectContaining({ Item: itemId('ART-001'), Quantity: 1234.5, VATCode: '2' }),
		expect.objectContaining({ Description: 'Freight', NetPrice: 9.9 }),
		expect.objectContaining({ Item: itemId('ART-003'), Notes: "O'Brien" }),
	]);
});

it('lines from an array, with codes in the place of ids', async () => {
	const lines = [
		{ Item: 'ART-001', Quantity: 2, Description: null },
		{ Item: 'ART-002', Quantity: 3 },
	];
	const parameters = { ...INVOICE, linesFrom: 'array', linesArray: '={{ $json.lines }}' };
	const [output] = await bench.run(parameters, [{ lines }]);
	const made = linesOf(output?.json.recordId);
	expect(made.map(({ Item, Quantity }) => [Item, Quantity])).toEqual([
		[itemId('ART-001'), 2],
		[itemId('ART-002'), 3],
	]);
	expect(bench.requests('GET', 'logistics/Items')).toBe(1);
});

it.each([
	['no JSON', { linesFrom: 'array', linesArray: '[{"Item": 1]' }, 'EXACT_INVALID_LINES'],
	['no list', { linesFrom: 'array', linesArray: '{"Item": 1}' }, 'EXACT_INVALID_LINES'],
	['no lines', {}, 'EXACT_INVALID_LINES'],
	[
		'neither item nor GL account',
		{ lineRows: { line: [{ Quantity: '1' }] } },
		'EXACT_INCOMPLETE_LINE',
	],
	[
		'an expression that gives nothing',
		{ lineRows: { line: [{ GLAccount: byCode('8000'), Quantity: '={{ $json.none }}' }] } },
		'EXACT_EMPTY_VALUE',
	],
	[
		'an unknown field',
		{ linesFrom: 'array', linesArray: '[{"GLAccount": "8000", "Colour": "red"}]' },
		'EXACT_UNKNOWN_FIELD',
	],
	['an unknown code', { lineRows: { line: [{ Item: byCode('NONE') }] } }, 'EXACT_NOT_FOUND'],
])('%s is an error before anything is written', async (_what, lines, code) => {
	await expect(bench.run({ ...INVOICE, ...lines })).rejects.toThrow(`[${code}]`);
	expect(bench.requests('POST', INVOICES)).toBe(0);
});

/** Requests that look for forty invoices by reference, account and type: two dozen fit into one. */
const LOOK_UPS = 2;

it('250 rows of a spreadsheet are 40 invoices, and run twice still are', async () => {
	const parameters = { ...FROM_ITEMS, ifExists: 'skip', matchBy: 'document' };
	const rows = spreadsheet(250, 40);
	const first = await bench.run(parameters, rows);
	expect(first).toHaveLength(40);
	expect(first[1]?.json).toMatchObject({
		created: true,
		group: 'S-1',
		itemIndexes: [1, 41, 81, 121, 161, 201, 241],
	});
	expect(yourRefOf(first[1]?.json.recordId)).toBe('S-1');
	expect(first[1]?.pairedItem).toEqual([1, 41, 81, 121, 161, 201, 241].map((item) => ({ item })));
	const lines = linesOf(first[1]?.json.recordId);
	expect(lines.map(({ Quantity }) => Quantity)).toEqual([2, 42, 82, 122, 162, 202, 242]);
	// All codes of the run in one request for each kind.
	expect(bench.requests('GET', 'logistics/Items')).toBe(1);
	expect(bench.requests('GET', 'crm/Accounts')).toBe(1);
	// So are the look-ups, and none is repeated for what is not there.
	expect(bench.requests('GET', INVOICES)).toBe(LOOK_UPS);
	const second = await bench.run(parameters, rows);
	expect(second.map(({ json }) => json.skipped)).toEqual(first.map(() => true));
	expect(second.map(({ json }) => json.recordId)).toEqual(first.map(({ json }) => json.recordId));
	expect(bench.requests('POST', INVOICES)).toBe(40);
	// Each invoice that is there is read, since it goes into the output.
	expect(bench.requests('GET', INVOICES)).toBe(2 * LOOK_UPS + 40);
	expect(bench.rows(LINES).filter(({ Quantity }) => Quantity !== null)).toHaveLength(250);
});

it('a bad row fails its own invoice alone under Continue On Fail', async () => {
	const rows = spreadsheet(6, 3);
	rows[4] = { ...rows[4], quantity: 'many' };
	const output = await bench.run(FROM_ITEMS, rows, { continueOnFail: true });
	expect(output.map(({ json }) => json.group)).toEqual(['S-0', undefined, 'S-2']);
	expect(output[1]).toEqual({
		json: {
			error: {
				code: 'EXACT_INVALID_VALUE',
				message: expect.stringContaining(
					'Item 4 of the group "S-1": Line 1: Quantity: "many"',
				) as string,
				description: expect.any(String) as string,
				group: 'S-1',
				itemIndexes: [1, 4],
			},
		},
		pairedItem: [{ item: 1 }, { item: 4 }],
	});
	expect(bench.requests('POST', INVOICES)).toBe(2);
});

it('headers that differ are an error, or those of the first item', async () => {
	const rows = spreadsheet(4, 2);
	rows[2] = { ...rows[2], customer: '1005' };
	await expect(bench.run(FROM_ITEMS, rows)).rejects.toThrow(
		/group "S-0" give different .*OrderedBy is "1000" for item 0, "1005" for item 2.*\[EXACT_HEADERS_DIFFER\]/,
	);
	expect(bench.requests('POST', INVOICES)).toBe(0);
	const output = await bench.run({ ...FROM_ITEMS, differingHeaders: 'takeFirst' }, rows);
	expect(output).toHaveLength(2);
});

it('a row without its value belongs to no invoice, and one without a quantity leaves it out', async () => {
	const rows = spreadsheet(4, 2);
	rows[1] = { ...rows[1], invoice: '' };
	rows[2] = { ...rows[2], quantity: '' };
	const output = await bench.run(FROM_ITEMS, rows, { continueOnFail: true });
	expect(output.map(({ json }) => json.itemIndexes)).toEqual([[0, 2], undefined, [3]]);
	expect(output[1]?.json.error).toMatchObject({ code: 'EXACT_EMPTY_VALUE', itemIndexes: [1] });
	const strict = { ...FROM_ITEMS, options: { emptyValues: 'error' } };
	await expect(bench.run(strict, [{ ...rows[2] }])).rejects.toThrow('[EXACT_EMPTY_VALUE]');
});

it('columns that are mapped by their names are told apart', async () => {
	const parameters = {
		...FROM_ITEMS,
		values: { mappingMode: 'autoMapInputData', value: null },
		documentPer: '={{ $json.YourRef }}',
		lineRows: {},
	};
	const row = { YourRef: 'C-1', OrderedBy: '1001', Journal: '70', Description: 'Head' };
	const rows = [
		{ ...row, GLAccount: '8000', 'Line Description': 'One', Quantity: 1 },
		// What this node has put into its output is no column.
		{
			...row,
			...{ recordId: 'x', group: 'C-1', itemIndexes: [0], created: true },
			...{ GLAccount: '8100', 'Line Description': 'Two', Quantity: '' },
		},
	];
	const [output] = await bench.run(parameters, rows);
	const lines = linesOf(output?.json.recordId);
	expect(lines.map(({ Description }) => Description)).toEqual(['One', 'Two']);
	expect(bench.rows(INVOICES).find(({ YourRef }) => YourRef === 'C-1')).toMatchObject({
		Description: 'Head',
	});
	await expect(bench.run(parameters, [{ ...rows[0], Colour: 'red' }])).rejects.toThrow(
		/has a field "Colour".*\[EXACT_UNKNOWN_FIELD\]/,
	);
});
