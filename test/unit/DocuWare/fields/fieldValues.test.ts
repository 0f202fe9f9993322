import * as fc from 'fast-check';
import { FieldNames } from '../../../../nodes/DocuWare/fields/fieldNames';
import { indexFieldsOf, SYSTEM_FIELDS } from '../../../../nodes/DocuWare/fields/indexFields';
import { readFields, readFieldValue } from '../../../../nodes/DocuWare/fields/readFields';
import { writeFields, type WriteOptions } from '../../../../nodes/DocuWare/fields/writeFields';
import { holds } from '../../../support/properties';

const ZONES = ['UTC', 'Europe/Amsterdam', 'Pacific/Auckland', 'America/Los_Angeles'];

const definition = (name: string, type: string, more: object = {}) => ({
	DBFieldName: name,
	DisplayName: name.toLowerCase(),
	DWFieldType: type,
	Scope: 'User',
	...more,
});

const fields = indexFieldsOf([
	definition('TEXT', 'Text', { Length: 10, DisplayName: 'A text' }),
	definition('OTHER', 'Text', { Length: 0, DisplayName: 'Twin' }),
	definition('ANOTHER', 'Text', { DisplayName: 'Twin' }),
	definition('MEMO', 'Memo'),
	definition('WHOLE', 'Numeric'),
	definition('AMOUNT', 'Decimal', { Precision: 2 }),
	definition('DAY', 'Date'),
	definition('TIME', 'DateTime'),
	definition('WORDS', 'Keyword', { Length: 20 }),
	definition('LINES', 'Table', {
		TableFieldColumns: [
			definition('LINES_ARTICLE', 'Text', { DisplayName: 'Article' }),
			definition('LINES_COUNT', 'Numeric', { DisplayName: 'Count' }),
			definition('LINES_DAY', 'Date', { DisplayName: 'Day' }),
			definition('LINES_SUM', 'Decimal', { ReadOnly: true }),
		],
	}),
	definition('SHOWN', 'Text', { ReadOnly: true }),
	definition('STRANGE', 'Holograph'),
	definition('DWDOCID', 'Numeric'),
]);
const names = new FieldNames(fields, 'the file cabinet Things');

const write = (values: Record<string, unknown>, options?: WriteOptions) =>
	writeFields(names, values, options);
const itemOf = (name: string, value: unknown, options?: WriteOptions) =>
	write({ [name]: value }, options)[0]?.Item;

describe('what is written', () => {
	it.each<[string, unknown, unknown]>([
		['TEXT', 'plain', 'plain'],
		['TEXT', 42, '42'],
		['STRANGE', 'as text', 'as text'],
		['MEMO', 'x'.repeat(3000), 'x'.repeat(3000)],
		['WHOLE', '42', 42],
		['WHOLE', '1.234.567', 1_234_567],
		['WHOLE', '9007199254740993', '9007199254740993'],
		['AMOUNT', '1.234,5', 1234.5],
		['AMOUNT', '12,34', 12.34],
		['AMOUNT', '12.3400', 12.34],
		['AMOUNT', -0.5, -0.5],
		['DAY', '2026-04-07', '2026-04-07'],
		['DAY', new Date('2026-04-06T22:00:00Z'), '2026-04-07'],
		['DAY', '/Date(1577836800000)/', '2020-01-01'],
		['TIME', '2026-04-07T13:30', '/Date(1775561400000)/'],
		['TIME', '2026-04-07T11:30:00Z', '/Date(1775561400000)/'],
		['TIME', '/Date(1775561400000+0200)/', '/Date(1775561400000)/'],
		['WORDS', 'one', { $type: 'DocumentIndexFieldKeywords', Keyword: ['one'] }],
		['WORDS', ['a', 'b', 'a', ''], { $type: 'DocumentIndexFieldKeywords', Keyword: ['a', 'b'] }],
		[
			'WORDS',
			'["Smith, J", 7]',
			{ $type: 'DocumentIndexFieldKeywords', Keyword: ['Smith, J', '7'] },
		],
		['WORDS', [], null],
		['WORDS', ' [] ', null],
		['LINES', '[]', null],
		['TEXT', '[]', '[]'],
		['TEXT', null, null],
	])('%s: %p is sent as %p', (name, value, item) => {
		expect(itemOf(name, value, { timeZone: 'Europe/Amsterdam' })).toEqual(item);
	});

	it('a field that is cleared says so in both ways, with its type', () => {
		expect(write({ DAY: null })).toEqual([
			{ FieldName: 'DAY', Item: null, ItemElementName: 'Date', IsNull: true },
		]);
	});

	it('rows of a table: one or several, as JSON too, by names or labels of the columns', () => {
		const row = [
			{ FieldName: 'LINES_ARTICLE', Item: 'Bolt', ItemElementName: 'String' },
			{ FieldName: 'LINES_COUNT', Item: 3, ItemElementName: 'Int' },
			{ FieldName: 'LINES_DAY', Item: null, ItemElementName: 'Date', IsNull: true },
		];
		const Row = [{ ColumnValue: row }];
		const given = { Article: 'Bolt', lines_count: '3', Day: '' };
		for (const value of [given, [given], JSON.stringify([given]), JSON.stringify(given)]) {
			expect(itemOf('LINES', value)).toEqual({ $type: 'DocumentIndexFieldTable', Row });
		}
		expect(Object.keys(itemOf('LINES', given) as object)[0]).toBe('$type');
	});

	it.each<[string, unknown, string]>([
		['TEXT', 'x'.repeat(11), 'TEXT (A text): "xxxxxxxxxxx" has 11 characters'],
		['OTHER', 'x'.repeat(256), 'the field takes 255'],
		['TEXT', ' ', 'TEXT (A text): " " is an empty text'],
		['WORDS', ['', ' '], 'holds no keyword'],
		['TEXT', {}, 'is not a text'],
		['WHOLE', 1.5, 'is not a whole number'],
		['WHOLE', '1.234', 'may be a number with three decimals'],
		['AMOUNT', '0,125', 'may be a number with three decimals'],
		['AMOUNT', 0.1 + 0.2, 'has 17 decimals, and the field takes 2'],
		['AMOUNT', 'many', 'is not a number'],
		['DAY', '07.04.2026', 'is not a date'],
		['TIME', '2026-04-07T25:00', 'is not a date'],
		// Red before: read back, these were empty, or no date.
		['DAY', '0001-01-01', 'stands for no date in DocuWare'],
		['TIME', '0001-01-01T00:00:00', 'stands for no date in DocuWare'],
		['TIME', new Date(-62_135_596_800_000), 'stands for no date in DocuWare'],
		['TIME', '9999-12-31T23:59:59-05:00', 'stands for no date in DocuWare'],
		['LINES', [{ Day: '0001-01-01' }], 'stands for no date in DocuWare'],
		['WORDS', 'a;b', 'may be one keyword or several'],
		['WORDS', ['x'.repeat(21)], 'the field takes 20'],
		['LINES', 'Bolt', 'is row 1 and no object'],
		['LINES', [{ Article: 'a' }, { Count: 'many' }], 'row 2: LINES_COUNT (Count): "many"'],
		['LINES', [{ Article: 'a' }, {}], 'has no column in row 2'],
		['SHOWN', 'x', 'is read-only here'],
		['DWDOCID', 1, 'is a field that DocuWare fills itself'],
		['TXT', 'x', 'Did you mean TEXT'],
		['Twin', 'x', 'several fields of the file cabinet Things have this label: OTHER, ANOTHER'],
	])('%s: %p is refused', (name, value, message) => {
		expect(() => write({ [name]: value })).toThrow(
			expect.objectContaining({
				code: 'DOCUWARE_INVALID_VALUE',
				message: expect.stringContaining(message),
			}),
		);
	});

	it('a name is taken in any case, or by its label, but only once', () => {
		expect(write({ ' text ': 'a', memo: 'b' })).toHaveLength(2);
		expect(() => write({ TEXT: 'a', 'A text': 'b' })).toThrow('given twice');
	});

	it('strangers and read-only fields are left out where that is asked for', () => {
		const options = { unknown: 'leaveOut', readOnly: 'leaveOut' } as const;
		const sent = write({ TXT: 1, SHOWN: 1, DWDOCID: 1, TEXT: 'a' }, options);
		expect(sent.map(({ FieldName }) => FieldName)).toEqual(['TEXT']);
	});

	it('a strange column of a row is refused, whatever becomes of strange fields', () => {
		const rows = { LINES: [{ Artcle: 'Bolt' }] };
		expect(() => write(rows, { unknown: 'leaveOut' })).toThrow('Did you mean Article');
	});

	it('a read-only column of a row that was read is left out where that is asked for', () => {
		const rows = { LINES: [{ Article: 'Bolt', LINES_SUM: 3 }] };
		expect(() => write(rows)).toThrow('is read-only here');
		const [sent] = write(rows, { readOnly: 'leaveOut' });
		expect(JSON.stringify(sent)).not.toContain('LINES_SUM');
		expect(JSON.stringify(sent)).toContain('Bolt');
	});

	it('1.234 is a number where the sign between thousands is known', () => {
		expect(itemOf('WHOLE', '1.234', { thousands: '.' })).toBe(1234);
	});
});

describe('what is read', () => {
	it.each<[string, object, unknown]>([
		['nothing', { IsNull: true, ItemElementName: 'Int' }, null],
		['nothing with a value beside', { IsNull: true, Item: 5, ItemElementName: 'Int' }, null],
		['a number', { Item: 5, ItemElementName: 'Int' }, 5],
		['a number as text', { Item: '12.50', ItemElementName: 'decimal' }, 12.5],
		[
			'a long number',
			{ Item: '12345678901234567890', ItemElementName: 'Int' },
			'12345678901234567890',
		],
		['keywords', { Item: { Keyword: ['a', 'b'] }, ItemElementName: 'Keywords' }, ['a', 'b']],
		['one keyword', { Item: 'a', ItemElementName: 'keywords' }, ['a']],
		['a date without the name of its element', { Item: '/Date(0)/' }, '1970-01-01T00:00:00Z'],
		['a table without one', { Item: { Row: [] } }, []],
	])('%s', (_what, field, value) => {
		expect(readFieldValue({ FieldName: 'X', ...field })).toEqual(value);
	});

	it('a name that means something to JavaScript is one like any other', () => {
		const read = readFields([{ FieldName: '__proto__', Item: 1 }]);
		expect(Object.entries(read)).toEqual([['__proto__', 1]]);
		expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
	});

	it('the kind of a value is known in any case of its name', () => {
		for (const name of ['DateTime', 'datetime', 'DATETIME']) {
			expect(readFieldValue({ Item: '/Date(0)/', ItemElementName: name })).toBe(
				'1970-01-01T00:00:00Z',
			);
		}
	});

	it('fields of the system are known by how their names begin', () => {
		expect([...SYSTEM_FIELDS].filter((name) => !name.startsWith('DW'))).toEqual([]);
	});

	it('what has no name is left out', () => {
		expect(readFields([{ FieldName: 'A', Item: 1 }, { Item: 2 }, null, 3])).toEqual({ A: 1 });
		expect(readFields(undefined)).toEqual({});
	});
});

it('what is written is read back as the same, in every zone', () => {
	const text = (maxLength: number) =>
		fc.string({ minLength: 1, maxLength }).filter((one) => one.trim() === one && one !== '');
	const values = fc.record({
		TEXT: text(10),
		MEMO: text(400),
		WHOLE: fc.maxSafeInteger(),
		AMOUNT: fc.integer({ min: -1e9, max: 1e9 }).map((cents) => cents / 100),
		DAY: fc
			.oneof(
				fc.integer({ min: -20_000, max: 40_000 }),
				fc.integer({ min: -719_000, max: 2_932_896 }),
			)
			.map((at) => new Date(at * 86_400_000).toISOString().slice(0, 10)),
		TIME: fc
			.oneof(fc.integer({ min: -2e9, max: 4e9 }), fc.integer({ min: -62e9, max: 253_402_300_799 }))
			.map((at) => `${new Date(at * 1000).toISOString().slice(0, 19)}Z`),
		WORDS: fc.uniqueArray(text(20), { minLength: 1, maxLength: 5 }),
	});
	holds(
		fc.property(values, fc.constantFrom(...ZONES), (given, timeZone) => {
			const sent = write(given, { timeZone });
			const answered = sent.map((field) =>
				field.ItemElementName === 'Date'
					? { ...field, Item: `/Date(${Date.parse(String(field.Item))})/` }
					: { ...field },
			);
			expect(readFields(answered)).toEqual(given);
			expect(write(readFields(answered), { timeZone: 'Asia/Tokyo' })).toEqual(sent);
		}),
	);
});
