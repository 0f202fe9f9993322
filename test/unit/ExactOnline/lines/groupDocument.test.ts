import * as fc from 'fast-check';
import { readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import {
	groupDocument,
	type DocumentItem,
} from '../../../../nodes/ExactOnline/lines/groupDocument';
import { holds } from '../../../support/properties';

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';

const shape = {
	header: readEndpoint('salesinvoice/SalesInvoices'),
	line: readEndpoint('salesinvoice/SalesInvoiceLines'),
	lines: {
		field: 'SalesInvoiceLines',
		header: 'InvoiceID',
		main: [],
		required: [],
		oneOf: ['Item', 'GLAccount'],
	},
	options: { timeZone: 'Europe/Amsterdam' },
	differing: 'refuse' as const,
};

function item(
	itemIndex: number,
	header: DocumentItem['header'],
	line: Record<string, unknown> = {},
): DocumentItem {
	return { itemIndex, header, lines: [{ Item: ID, ...line }] };
}

const make = (items: readonly DocumentItem[], more: Partial<typeof shape> | object = {}) =>
	groupDocument(items, { ...shape, ...more }, 'of the group "7"');

it('the header of the first item and the lines of all, by type', () => {
	expect(
		make([
			item(4, { YourRef: 7, OrderDate: '2026-04-06T22:00:00Z' }, { Quantity: '1,5' }),
			item(9, { YourRef: '7', OrderDate: '2026-04-07' }, { Quantity: 2 }),
		]),
	).toEqual({
		YourRef: '7',
		OrderDate: '2026-04-07T00:00:00',
		SalesInvoiceLines: [
			{ Item: ID, Quantity: 1.5 },
			{ Item: ID, Quantity: 2 },
		],
	});
});

describe('header fields that differ', () => {
	const items = [
		item(0, { YourRef: '7', Description: 'One' }),
		item(2, { YourRef: '7' }),
		item(3, { YourRef: '8', Description: 'Two' }),
		item(5, { YourRef: '9' }),
		item(6, { YourRef: '8' }),
	];

	it('are an error with fields, group and items', () => {
		expect(() => make(items)).toThrow(
			expect.objectContaining({
				code: 'EXACT_HEADERS_DIFFER',
				message:
					'The items of the group "7" give different values for the head of one document: YourRef is "7" for ' +
					'item 0, "8" for item 3, and differs for items 5, 6; Description is "One" for item 0, "Two" for item 3. ' +
					'No document was made.',
			}),
		);
	});

	it('are those of the first item by wish', () => {
		const said = [item(0, { YourRef: '7' }), item(2, { YourRef: '8' })];
		expect(make(said, { differing: 'takeFirst' })).toMatchObject({ YourRef: '7' });
	});

	it('are no wish of the first where lines have the field too, whose values would be lost', () => {
		expect(() => make(items, { differing: 'takeFirst' })).toThrow(
			expect.objectContaining({
				code: 'EXACT_HEADERS_DIFFER',
				message: expect.stringContaining(
					'one document: Description is "One" for item 0, "Two" for item 3. No',
				),
				repair: expect.stringContaining('"Line Description"'),
			}),
		);
	});

	it('and one that the first item does not give is a difference too', () => {
		const later = [item(0, {}), item(1, { YourRef: '7' })];
		expect(() => make(later)).toThrow('YourRef is not given for item 0, "7" for item 1');
		expect(make(later, { differing: 'takeFirst' })).not.toHaveProperty('YourRef');
	});

	it('one that is to be cleared differs from a value', () => {
		expect(() => make([item(0, { YourRef: '7' }), item(1, { YourRef: null })])).toThrow(
			'"7" for item 0, null for item 1',
		);
	});
});

it.each([
	[
		'a value that does not fit',
		{ Quantity: 'many' },
		'Item 5 of the group "7": Line 1: Quantity: "many"',
	],
	[
		'a line that lacks what Exact wants',
		{ Item: '' },
		'Item 5 of the group "7": Line 1 has no Item or GL Account',
	],
	['a name that nobody knows', { Itm: 1 }, 'Item 5 of the group "7": Line 1: Sales Invoice Line'],
])('%s makes no document, and names the item', (_what, line, text) => {
	expect(() => make([item(1, {}), item(5, {}, line)])).toThrow(text);
});

it('an item without a line makes no document', () => {
	expect(() => make([item(1, {}), { itemIndex: 5, header: {}, lines: [] }])).toThrow(
		'Item 5 of the group "7": The item gives no line.',
	);
});

it('any items: as many lines as were given, in their order, and the header of each of them', () => {
	const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 });
	holds(
		fc.property(counts, fc.string(), (lines, reference) => {
			const items = lines.map((count, itemIndex) => ({
				itemIndex,
				header: { YourRef: reference },
				lines: Array.from({ length: count }, (_none, line) => ({
					Item: ID,
					Description: `${itemIndex}.${line}`,
				})),
			}));
			expect(make(items)).toEqual({
				YourRef: reference,
				SalesInvoiceLines: items.flatMap((one) => one.lines),
			});
		}),
		50,
	);
});
