import { PURCHASE } from '../../../../nodes/ExactOnline/catalogue/firstClass/purchase';
import { readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import { requireCompleteLines } from '../../../../nodes/ExactOnline/lines/completeLine';
import { splitColumns } from '../../../../nodes/ExactOnline/lines/lineColumns';
import { codeReferences } from '../../../../nodes/ExactOnline/lines/lineReferences';
import { linesArray } from '../../../../nodes/ExactOnline/lines/linesArray';

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const invoice = readEndpoint('salesinvoice/SalesInvoices');
const line = readEndpoint('salesinvoice/SalesInvoiceLines');

describe('an array', () => {
	it.each([
		['of objects', [{ Quantity: 1 }]],
		['as text', '[{"Quantity": 1}]'],
		['as Exact answers with', { results: [{ Quantity: 1 }] }],
	])('%s is lines', (_what, value) => {
		expect(linesArray(value, 'Lines')).toEqual([{ Quantity: 1 }]);
	});

	it.each([
		['[{"Quantity": 1]', /^Lines is not JSON: .*position/],
		['', 'Lines is empty.'],
		['{"Quantity": 1}', 'Lines gives an object, not a list.'],
		[undefined, 'Lines gives undefined, not a list.'],
		[7, 'Lines gives a number, not a list.'],
		[[], 'Lines gives an empty list.'],
		[[{}, 'x'], 'Lines, line 2, is a string.'],
		[[[]], 'Lines, line 1, is a list.'],
		[[null], 'Lines, line 1, is null.'],
	])('%j is none', (value, message) => {
		expect(() => linesArray(value, 'Lines')).toThrow(message);
		expect(() => linesArray(value, 'Lines')).toThrow(
			expect.objectContaining({ code: 'EXACT_INVALID_LINES' }),
		);
	});
});

describe('columns of an item', () => {
	const split = (columns: Record<string, unknown>, unknown: 'refuse' | 'leaveOut' = 'refuse') =>
		splitColumns(columns, invoice, line, 'SalesInvoiceLines', unknown);

	it('are told apart by name', () => {
		expect(
			split({
				...{ OrderedBy: '1', ' Quantity ': 2, Description: 'head' },
				...{ 'Line Description': 'line', 'SalesInvoiceLines.Notes': 'n', 'line.VATCode': '2' },
			}),
		).toEqual({
			header: { OrderedBy: '1', Description: 'head' },
			line: { Quantity: 2, Description: 'line', Notes: 'n', VATCode: '2' },
		});
	});

	// Red before: the last one was taken, and the others were lost.
	it.each([
		{ Quantity: 1, 'Quantity ': 2 },
		{ Quantity: 1, 'Line Quantity': 2 },
		{ 'Line.Description': 'a', 'Line Description': 'b' },
		{ OrderedBy: '1', ' OrderedBy': '2' },
	])('that give one field twice are an error: %j', (columns) => {
		expect(() => split(columns)).toThrow(/^Two columns give \w+\.$/);
	});

	it("a name that only answers have in the header is the line's", () => {
		expect(split({ AmountFC: 5 })).toEqual({ header: {}, line: { AmountFC: 5 } });
	});

	it('unknown ones are listed, or left out by wish', () => {
		expect(() => split({ row: 1, Colour: 'red' })).toThrow(
			'Neither Sales Invoice nor Sales Invoice Line has a field "row", "Colour".',
		);
		expect(() => split({ Quantty: 1 })).toThrow('Did you mean Quantity');
		expect(split({ row: 1, Quantity: 1 }, 'leaveOut')).toEqual({
			header: {},
			line: { Quantity: 1 },
		});
		expect(() => split({ constructor: 1 })).toThrow('"constructor"');
	});
});

describe('what a line needs', () => {
	it.each([[{ Item: ID }], [{ GLAccount: ID }]])('%j is enough', (given) => {
		expect(() =>
			requireCompleteLines([given], { required: [], oneOf: ['Item', 'GLAccount'] }),
		).not.toThrow();
	});

	// Red before: a line that is invoiced by its order had to name the item as well.
	it('a line of a purchase invoice names an item or the line of its order', () => {
		const { lines } = PURCHASE.find(({ value }) => value === 'purchaseInvoice')!;
		expect(() =>
			requireCompleteLines([{ PurchaseOrderLine: ID }, { Item: ID }], lines!),
		).not.toThrow();
		expect(() => requireCompleteLines([{ Quantity: 1 }], lines!)).toThrow(
			'Line 1 has no Item or Purchase Order Line',
		);
	});

	it('what lacks is named with the line', () => {
		const rule = { required: ['Quantity'], oneOf: ['Item', 'GLAccount'] };
		expect(() => requireCompleteLines([{ Item: ID, Quantity: 0 }, { Item: '' }], rule)).toThrow(
			expect.objectContaining({
				code: 'EXACT_INCOMPLETE_LINE',
				message: 'Line 2 has no Quantity, no Item or GL Account. Nothing was sent.',
			}),
		);
	});
});

it('references by code where Exact wants an id are found', () => {
	const values = { Item: ' 00123 ', GLAccount: `{${ID}}`, VATCode: '2', Project: 7, Employee: '' };
	expect(
		codeReferences(line, values).map(({ field, target, code }) => [field, target.endpoint, code]),
	).toEqual([
		['Item', 'logistics/Items', '00123'],
		['Project', 'project/Projects', '7'],
	]);
});
