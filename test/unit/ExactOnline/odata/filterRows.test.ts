import * as fc from 'fast-check';
import type { EdmType } from '../../../../nodes/ExactOnline/odata/edm';
import {
	comparison,
	filterOfRows,
	operatorsOf,
	type FilterField,
	type FilterOperator,
	type FilterRow,
} from '../../../../nodes/ExactOnline/odata/filterRows';
import { keyBatches } from '../../../../nodes/ExactOnline/odata/keyBatches';
import { orderByClause, selectClause } from '../../../../nodes/ExactOnline/odata/queryOptions';
import type { EdmValue, Row } from '../../../simulators/ExactOnline/odata/edm';
import { compileFilter } from '../../../simulators/ExactOnline/odata/filter';
import { holds } from '../../../support/properties';

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const REFUSED = expect.objectContaining({ code: 'EXACT_INVALID_VALUE' }) as Error;

const FIELDS = {
	ID: 'Guid',
	Name: 'String',
	Code: 'String',
	AccountCode: 'String',
	Blocked: 'Boolean',
	Status: 'Int32',
	Timestamp: 'Int64',
	Amount: 'Double',
	Modified: 'DateTime',
} as const satisfies Record<string, EdmType>;

type FieldName = keyof typeof FIELDS;

const CODES: Partial<Record<string, FilterField['code']>> = {
	Code: 'padded',
	AccountCode: 'trimmed',
};

function fieldOf(name: string): FilterField {
	if (!Object.hasOwn(FIELDS, name)) return { name, type: undefined };
	return { name, type: FIELDS[name as FieldName], code: CODES[name] };
}

/** The filter as the strict grammar of the simulator understands it, beside another condition. */
function accepts(filter: string | undefined, row: Row): boolean {
	const text = `(${filter}) and (Status lt 0)`;
	return compileFilter(text, { typeName: 'Test', fields: FIELDS }).accepts({ ...row, Status: -1 });
}

function filterOf(field: FieldName, operator: FilterOperator, value?: unknown): string | undefined {
	return filterOfRows([{ field, operator, value }], 'and', fieldOf);
}

describe('one condition', () => {
	it('does not make two numbers of one with a decimal comma', () => {
		expect(filterOf('Status', 'isOneOf', '1,2')).toBe('Status eq 1 or Status eq 2');
		expect(filterOf('Amount', 'isOneOf', '12.5, 13')).toMatch(
			/^Amount eq 12\.5\w* or Amount eq 13/,
		);
		expect(filterOf('Amount', 'isOneOf', ['12,5'])).toMatch(/^Amount eq 12\.5\w*$/);
		expect(() => filterOf('Amount', 'isOneOf', '12,5')).toThrow(REFUSED);
		expect(() => filterOf('Status', 'isOneOf', '1,5 , 2.0')).toThrow(REFUSED);
	});

	// Red before: one text such as 101,102,103 was refused, since it may be one number.
	it.each<[string, number[]]>([
		['101,102,103', [101, 102, 103]],
		['1,234', [1, 234]],
		['1, 234', [1, 234]],
		['1,234,5', [1, 234, 5]],
		['1000,234', [1000, 234]],
		[' 100 , 20 ', [100, 20]],
		['101;102; 103', [101, 102, 103]],
		['[101, 102]', [101, 102]],
		['["101", "102"]', [101, 102]],
	])('makes whole numbers of %j', (value, numbers) => {
		const all = numbers.map((one) => `Status eq ${one}`).join(' or ');
		expect(filterOf('Status', 'isOneOf', value)).toBe(all);
	});

	it.each(['1,234', '7, 1,234', '1,234,567'])(
		'where commas stand between thousands, %j may be one number',
		(value) => {
			const row: FilterRow = { field: 'Status', operator: 'isOneOf', value };
			expect(() => filterOfRows([row], 'and', fieldOf, { thousands: ',' })).toThrow(REFUSED);
		},
	);

	it('with semicolons between them values may hold commas', () => {
		expect(filterOf('Amount', 'isOneOf', '12,5; 1.234,25')).toBe(
			'Amount eq 12.5 or Amount eq 1234.25',
		);
		expect(filterOf('Name', 'isOneOf', 'Smith, John;Doe')).toBe(
			"Name eq 'Smith, John' or Name eq 'Doe'",
		);
		expect(filterOf('Name', 'isOneOf', '[draft], open')).toBe(
			"Name eq '[draft]' or Name eq 'open'",
		);
		expect(() => filterOf('Status', 'isOneOf', '1;2,345')).toThrow(REFUSED);
		expect(() => filterOf('Name', 'isOneOf', 'a;;b')).toThrow(REFUSED);
	});

	it.each<[FieldName, FilterOperator, unknown, string]>([
		['Name', 'eq', "O'Brien", "Name eq 'O''Brien'"],
		['Name', 'contains', "'t", "substringof('''t',Name) eq true"],
		['Name', 'notContains', 'x', "not (substringof('x',Name) eq true)"],
		['Name', 'startsWith', 'x', "startswith(Name,'x') eq true"],
		['Name', 'endsWith', 'x', "endswith(Name,'x') eq true"],
		['Name', 'isEmpty', undefined, "Name eq null or Name eq ''"],
		['Name', 'isNotEmpty', undefined, "Name ne null and Name ne ''"],
		['Code', 'eq', '123', "Code eq '               123'"],
		['Code', 'gt', ' 123 ', "Code gt '               123'"],
		['Code', 'startsWith', '12', "startswith(trim(Code),'12') eq true"],
		['AccountCode', 'eq', 123, "trim(AccountCode) eq '123'"],
		['AccountCode', 'isOneOf', '1, 2,1', "trim(AccountCode) eq '1' or trim(AccountCode) eq '2'"],
		['ID', 'eq', ID.toUpperCase(), `ID eq guid'${ID}'`],
		['ID', 'isOneOf', [ID, ID], `ID eq guid'${ID}'`],
		['ID', 'isEmpty', undefined, 'ID eq null'],
		['Blocked', 'eq', 'true', 'Blocked eq true'],
		['Timestamp', 'gt', '387', 'Timestamp gt 387L'],
		['Amount', 'le', '1.234,5', 'Amount le 1234.5'],
		['Amount', 'eq', 0, 'Amount eq 0'],
		['Blocked', 'ne', false, 'Blocked ne false'],
		['Modified', 'ge', '2026-04-07', "Modified ge datetime'2026-04-07T00:00:00'"],
	])('%s %s %p', (field, operator, value, filter) => {
		expect(filterOf(field, operator, value)).toBe(filter);
	});

	it.each<[string, FilterOperator, unknown]>([
		['Name', 'eq', ''],
		['Name', 'eq', undefined],
		['Name', 'contains', null],
		['Name', 'contains', {}],
		['Name', 'isOneOf', []],
		['Name', 'isOneOf', 'a,,b'],
		['ID', 'contains', 'x'],
		['ID', 'gt', ID],
		['Blocked', 'gt', true],
		['ID', 'eq', "x' or 1 eq 1"],
		['Status', 'eq', '1 or true'],
		['Lines', 'isEmpty', undefined],
		['Name eq 1 or Name', 'eq', 'x'],
		['Name', 'or' as FilterOperator, 'x'],
	])('is refused: %s %s %p', (field, operator, value) => {
		expect(() => filterOfRows([{ field, operator, value }], 'and', fieldOf)).toThrow(REFUSED);
	});

	it('cannot speak of binary fields, collections and unknown types', () => {
		expect(operatorsOf('Binary')).toEqual([]);
		expect(operatorsOf(undefined)).toEqual([]);
		const binary: FilterField = { name: 'Picture', type: 'Binary' };
		expect(() => comparison(binary, 'eq', 'x')).toThrow(REFUSED);
	});

	it('has the day of the workflow', () => {
		const options = { timeZone: 'America/Los_Angeles' };
		const row: FilterRow = { field: 'Modified', operator: 'lt', value: '2026-04-07T07:00:00Z' };
		expect(filterOfRows([row], 'or', fieldOf, options)).toBe(
			"Modified lt datetime'2026-04-07T00:00:00'",
		);
	});
});

it('several conditions must all hold, or one', () => {
	const rows: FilterRow[] = [
		{ field: 'Name', operator: 'isEmpty' },
		{ field: 'Blocked', operator: 'eq', value: true },
	];
	expect(filterOfRows(rows, 'and', fieldOf)).toBe(
		"(Name eq null or Name eq '') and (Blocked eq true)",
	);
	expect(filterOfRows(rows, 'or', fieldOf)).toBe(
		"(Name eq null or Name eq '') or (Blocked eq true)",
	);
	expect(filterOfRows([], 'and', fieldOf)).toBeUndefined();
});

describe('for random values', () => {
	const nasty = fc.array(
		fc.constantFrom("'", ')', '(', ' or ', ' eq ', 'true', ' ', 'a', 'é', '😀', '%27', ',', '\\'),
		{ minLength: 1 },
	);
	const text = fc.oneof(
		fc.string({ unit: 'grapheme', minLength: 1 }),
		nasty.map((parts) => parts.join('')),
	);
	const texts: Record<string, (whole: string, part: string) => boolean> = {
		eq: (whole, part) => whole === part,
		ne: (whole, part) => whole !== part,
		contains: (whole, part) => whole.includes(part),
		notContains: (whole, part) => !whole.includes(part),
		startsWith: (whole, part) => whole.startsWith(part),
		endsWith: (whole, part) => whole.endsWith(part),
		gt: (whole, part) => whole > part,
		le: (whole, part) => whole <= part,
	};

	it('a text finds what it says and cannot leave its brackets', () => {
		const operator = fc.constantFrom(...Object.keys(texts));
		holds(
			fc.property(operator, text, text, fc.boolean(), (name, value, other, same) => {
				const stored = same ? `${other}${value}` : other;
				const filter = filterOf('Name', name as FilterOperator, value);
				expect(accepts(filter, { Name: stored })).toBe(texts[name]!(stored, value));
				expect(accepts(filter, { Name: value })).toBe(texts[name]!(value, value));
				const outside = `(${filter}) and (Status ge 0)`;
				const compiled = compileFilter(outside, { typeName: 'Test', fields: FIELDS });
				expect(compiled.accepts({ Name: value, Status: -1 })).toBe(false);
			}),
			500,
		);
	});

	it('an account code is found with and without its blanks', () => {
		const code = fc.stringMatching(/^[A-Z0-9][A-Z0-9']{0,17}$/);
		holds(
			fc.property(code, code, fc.boolean(), (value, other, padded) => {
				const stored = (one: string) => (padded ? one.padStart(18) : one);
				const trimmed = filterOf('AccountCode', 'eq', ` ${value}`);
				expect(accepts(trimmed, { AccountCode: stored(value) })).toBe(true);
				expect(accepts(trimmed, { AccountCode: stored(other) })).toBe(value === other);
				expect(accepts(filterOf('Code', 'eq', value), { Code: value.padStart(18) })).toBe(true);
				expect(accepts(filterOf('Code', 'startsWith', value), { Code: value.padStart(18) })).toBe(
					true,
				);
			}),
		);
	});

	it('numbers, dates, guids and Booleans find themselves', () => {
		const values: Array<[FieldName, fc.Arbitrary<[unknown, EdmValue]>]> = [
			['Status', fc.integer({ max: -1 }).map((one) => [one, one])],
			['Amount', fc.integer().map((one) => [`${one},25`, Number(`${one}.25`)])],
			['ID', fc.uuid().map((one) => [one.toUpperCase(), one])],
			['Blocked', fc.boolean().map((one) => [String(one), one])],
			['Timestamp', fc.maxSafeInteger().map((one) => [String(one), one])],
			[
				'Modified',
				fc
					.integer({ min: 0, max: 4_000_000_000 })
					.map((one) => [new Date(one * 1000).toISOString(), one * 1000]),
			],
		];
		for (const [field, pairs] of values) {
			holds(
				fc.property(pairs, ([given, stored]) => {
					const filter = `(${filterOf(field, 'eq', given)}) and (Name eq null)`;
					const compiled = compileFilter(filter, { typeName: 'Test', fields: FIELDS });
					expect(compiled.accepts({ [field]: stored })).toBe(true);
				}),
				50,
			);
		}
	});

	it('a long list of keys is asked for in parts that fit, each key once, in order', () => {
		const room = fc.integer({ min: 100, max: 3000 });
		holds(
			fc.property(fc.array(text, { maxLength: 80 }), room, (values, width) => {
				const field = fieldOf('Name');
				const batches = keyBatches(field, values, width);
				expect(batches.flatMap((batch) => batch.values)).toEqual([...new Set(values)]);
				for (const { filter, values: own } of batches) {
					expect(own.length).toBeLessThanOrEqual(60);
					if (own.length > 1) expect(encodeURIComponent(filter).length).toBeLessThanOrEqual(width);
					for (const value of own) expect(accepts(filter, { Name: value })).toBe(true);
				}
				batches.slice(1).forEach(({ values: own }, index) => {
					const before = batches[index]!;
					const more = encodeURIComponent(` or ${comparison(field, 'eq', own[0])}`).length;
					const full = encodeURIComponent(before.filter).length + more > width;
					expect(full || before.values.length === 60).toBe(true);
				});
			}),
			100,
		);
	});
});

it('a page of guids fits into one request, more take another', () => {
	const ids = Array.from({ length: 130 }, (_none, index) =>
		ID.replace(/^.{3}/, String(100 + index)),
	);
	const batches = keyBatches({ name: 'ID', type: 'Guid' }, [...ids, ...ids], 5500);
	expect(batches.map(({ values }) => values.length)).toEqual([60, 60, 10]);
	expect(keyBatches({ name: 'ID', type: 'Guid' }, [], 5500)).toEqual([]);
	expect(() => keyBatches({ name: 'ID', type: 'Guid' }, ['x'], 5500)).toThrow(REFUSED);
});

it('fields are chosen and sorted by name', () => {
	expect(selectClause(['ID', ' Name ', 'ID', ''])).toBe('ID,Name');
	expect(selectClause('ID, Name')).toBe('ID,Name');
	expect(selectClause([])).toBeUndefined();
	expect(selectClause(undefined)).toBeUndefined();
	expect(
		orderByClause([
			{ field: 'Name' },
			{ field: ' Modified ', direction: 'desc' },
			{ field: 'Name', direction: 'desc' },
		]),
	).toBe('Name,Modified desc');
	expect(orderByClause([])).toBeUndefined();
	for (const field of ['', 'Name desc', "Name,'", 'A/B']) {
		expect(() => orderByClause([{ field }])).toThrow(REFUSED);
	}
});
