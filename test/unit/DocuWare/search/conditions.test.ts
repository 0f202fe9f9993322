import {
	conditionsOf,
	FULL_TEXT,
	type SearchField,
	type SearchRow,
} from '../../../../nodes/DocuWare/search/conditions';
import type { SearchOperator, SearchType } from '../../../../nodes/DocuWare/search/operators';

const options = { timeZone: 'Europe/Berlin' };

function values(
	type: SearchType,
	operator: SearchOperator,
	value?: unknown,
	valueTo?: unknown,
): Array<Array<string | null>> {
	const row: SearchRow = { field: 'FIELD', operator, value, valueTo };
	return conditionsOf({ name: 'FIELD', type }, row, options).map(({ Value }) => Value);
}

describe('conditions by the type of a field', () => {
	it('compare texts', () => {
		expect(values('Text', 'is', 'Peters')).toEqual([['Peters']]);
		expect(values('Keyword', 'contains', 'urg')).toEqual([['*urg*']]);
		expect(values('Memo', 'notContains', 'a (b)')).toEqual([['NOT *a?\\(b\\)*']]);
		expect(values('Text', 'isNot', 'Peters')).toEqual([['NOT Peters']]);
		expect(values('Text', 'anyOf', 'a, b')).toEqual([['"a" OR "b"']]);
		expect(values('Text', 'anyOf', '["a,b", "c"]')).toEqual([['"a,b" OR "c"']]);
		expect(values('Text', 'is', 7)).toEqual([['7']]);
		expect(values('Text', 'between', 'A', 'M (2)')).toEqual([['A', 'M \\(2\\)']]);
	});

	it('know emptiness of every type', () => {
		expect(values('Date', 'isEmpty')).toEqual([['EMPTY()']]);
		expect(values('Text', 'isNotEmpty')).toEqual([['NOTEMPTY()']]);
	});

	it('read numbers with a decimal comma, or refuse them by name', () => {
		expect(values('Decimal', 'is', '1.234,56')).toEqual([['1234.56']]);
		expect(values('Decimal', 'from', '0,5')).toEqual([['0.5', null]]);
		expect(values('Numeric', 'to', 7)).toEqual([[null, '7']]);
		expect(values('Numeric', 'anyOf', [1, '2'])).toEqual([['1'], ['2']]);
		expect(values('Numeric', 'anyOf', '1,3, 12')).toEqual([['1'], ['3'], ['12']]);
		expect(values('Decimal', 'anyOf', '12.5, 13')).toEqual([['12.5'], ['13']]);
		expect(values('Decimal', 'anyOf', ['12,50', '12,5'])).toEqual([['12.5']]);
		expect(values('Decimal', 'anyOf', '1, 1.0, 1.00, -0.0, 100')).toEqual([['1'], ['0'], ['100']]);
		expect(() => values('Decimal', 'anyOf', '12,50')).toThrow(/FIELD: "12,50" may be one number/);
		expect(() => values('Decimal', 'anyOf', '1,3')).toThrow(/may be one number/);
		expect(() => values('Numeric', 'anyOf', '1,5 , 2.0')).toThrow(/may be one number/);
		expect(() =>
			conditionsOf(
				{ name: 'FIELD', type: 'Numeric' },
				{ field: 'FIELD', operator: 'anyOf', value: '1,234' },
				{ thousands: ',' },
			),
		).toThrow(/may be one number/);
		expect(() => values('Decimal', 'is', '1,234')).toThrow(/FIELD: "1,234" may be a number/);
		expect(() => values('Numeric', 'is', '1,5')).toThrow(/FIELD: .*not a whole number/);
		expect(() => values('Numeric', 'is', 'many')).toThrow(/FIELD: "many" is not a number/);
	});

	it('read dates as ISO, native or of an answer', () => {
		expect(values('Date', 'is', '2026-04-07')).toEqual([['2026-04-07']]);
		expect(values('Date', 'is', new Date('2026-04-06T22:30:00Z'))).toEqual([['2026-04-07']]);
		expect(values('Date', 'is', { toISO: () => '2026-04-07T00:00:00+02:00' })).toEqual([
			['2026-04-07'],
		]);
		expect(values('Date', 'from', '/Date(1775520000000)/')).toEqual([['2026-04-07', null]]);
		expect(() => values('Date', 'is', '07/04/2026')).toThrow(/FIELD: "07\/04\/2026" is not a date/);
		expect(() => values('Date', 'is', '2026-02-30')).toThrow(/is not a date/);
	});

	it('take a day of a field with times as a whole', () => {
		expect(values('DateTime', 'is', '2026-04-07')).toEqual([
			['2026-04-06T22:00:00Z', '2026-04-07T21:59:59.999Z'],
		]);
		expect(values('DateTime', 'between', '2026-04-07', '2026-04-08')).toEqual([
			['2026-04-06T22:00:00Z', '2026-04-08T21:59:59.999Z'],
		]);
		expect(values('DateTime', 'to', '2026-04-08')).toEqual([[null, '2026-04-08T21:59:59.999Z']]);
		expect(values('DateTime', 'from', '2026-04-07T10:00:00Z')).toEqual([
			['2026-04-07T10:00:00Z', null],
		]);
	});

	it('find a time within its second', () => {
		expect(values('DateTime', 'is', '2026-04-07T10:00:00Z')).toEqual([
			['2026-04-07T10:00:00Z', '2026-04-07T10:00:00.999Z'],
		]);
		expect(values('DateTime', 'to', '2026-04-07T10:00:00.453Z')).toEqual([
			[null, '2026-04-07T10:00:00.999Z'],
		]);
	});

	it('search the full text for words and phrases', () => {
		const field: SearchField = FULL_TEXT;
		const asked = (operator: SearchOperator, value: unknown) =>
			conditionsOf(field, { field: 'DocuWareFulltext', operator, value }, options);
		expect(asked('contains', ' unpaid invoice ')).toEqual([
			{ DBName: 'DocuWareFulltext', Value: ['"unpaid invoice"'] },
		]);
		expect(asked('contains', 'invoice 4711.pdf')).toEqual([
			{ DBName: 'DocuWareFulltext', Value: ['"invoice 4711 pdf"'] },
		]);
		expect(() => asked('contains', '...')).toThrow(/has no words/);
		expect(() => asked('contains', '("")')).toThrow(/has no words/);
		expect(asked('contains', 'say "no" (UK) AND go')).toEqual([
			{ DBName: 'DocuWareFulltext', Value: ['"say no UK AND go"'] },
		]);
		expect(asked('anyOf', ['a b', 'OR'])).toEqual([
			{ DBName: 'DocuWareFulltext', Value: ['"a b" OR "OR"'] },
		]);
		expect(asked('like', 'invoi*')).toEqual([{ DBName: 'DocuWareFulltext', Value: ['invoi*'] }]);
		expect(() => asked('from', 'a')).toThrow(/cannot be asked of the full text/);
	});

	it('name the column of a table', () => {
		const field = { name: 'POSITIONS', column: 'AMOUNT', type: 'Decimal' } as const;
		expect(
			conditionsOf(field, { field: 'POSITIONS.AMOUNT', operator: 'from', value: '3,5' }),
		).toEqual([{ DBName: 'POSITIONS', ColumnName: 'AMOUNT', Value: ['3.5', null] }]);
	});
});

describe('a condition is refused', () => {
	it.each([undefined, null, '', '  ', [], Number.NaN])('without a value (%j)', (value) => {
		for (const operator of ['is', 'contains', 'from', 'anyOf'] as const) {
			expect(() => values('Text', operator, value)).toThrow(
				expect.objectContaining({ code: 'DOCUWARE_INVALID_VALUE' }),
			);
		}
	});

	it('with half a range, or one that is turned', () => {
		expect(() => values('Text', 'between', 'a', '')).toThrow(/has no end/);
		expect(() => values('Numeric', 'between', 9, 10)).not.toThrow();
		expect(() => values('Numeric', 'between', 10, 9)).toThrow(/ends before it begins/);
		expect(() => values('Date', 'between', '2026-02-01', '2026-01-01')).toThrow(/before it begins/);
		const noon = '2026-02-01T12:00:00Z';
		expect(() => values('DateTime', 'between', noon, noon)).not.toThrow();
		expect(() => values('DateTime', 'between', noon, '2026-02-01T11:59:59Z')).toThrow(/before it/);
	});

	it('with an operator within an end of a range of texts, which DocuWare would carry out', () => {
		expect(() => values('Text', 'between', 'A AND B', 'M')).toThrow(
			/FIELD: "A AND B" has the word AND/,
		);
		expect(() => values('Keyword', 'to', 'NOT A')).toThrow(/has the word AND, OR or NOT/);
		expect(values('Text', 'is', 'A AND B')).toEqual([['"A AND B"']]);
	});

	it('with an operator that its type does not know', () => {
		expect(() => values('Numeric', 'contains', 1)).toThrow(/Contains" cannot be asked/);
		expect(() => values('Date', 'isNot', '2026-01-01')).toThrow(/Is Not" cannot be asked/);
	});

	it('with an empty value among several', () => {
		expect(() => values('Text', 'anyOf', 'a,,b')).toThrow(/holds an empty value/);
		expect(() => values('Text', 'anyOf', ['a', null])).toThrow(/holds an empty value/);
	});
});

it('an error shows the beginning of a long name alone, so that a model is not given it back', () => {
	const row = { field: 'x'.repeat(3_000), operator: 'is' as const, value: '', place: 1 };
	const work = () => conditionsOf({ name: 'A', type: 'Text' }, row);
	expect(work).toThrow(expect.objectContaining({ code: 'DOCUWARE_INVALID_VALUE' }));
	expect(work).toThrow(/^.{60,400}$/s);
});
