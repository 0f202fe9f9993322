import { textTestOf } from '../../../../simulators/DocuWare/search/terms';
import type { SearchRules } from '../../../../simulators/DocuWare/search/terms';
import { InvalidValue } from '../../../../simulators/DocuWare/world/sentValues';

const rules: SearchRules = {
	notFindsEmpty: true,
	quotedBackslash: 'literal',
	quotedParentheses: 'literal',
	zonedTimes: 'taken',
	severalValues: 'range',
	dayOfTimes: 'midnight',
	checkedOutUntold: 'found',
	searchedTimes: 'asWritten',
	timeBounds: 'included',
	zoneMinutes: 0,
	userFunctions: { CURRENTUSERSHORTNAME: 'api' },
};

function fits(value: string, texts: string[], changes: Partial<SearchRules> = {}): boolean {
	return textTestOf(value, { ...rules, ...changes })(texts);
}

describe('a search value', () => {
	it.each([
		['Peters', 'peters', true],
		['Peters', 'Peters Engineering', false],
		['Peters Engineering', 'Peters Engineering', true],
		['Pet*', 'Peters Engineering', true],
		['*Engineering', 'Peters Engineering', true],
		['P?ters', 'Peters', true],
		['P?ters', 'Pters', false],
		['a.c', 'abc', false],
		['"A" OR "B"', 'B', true],
		['"A" OR "B"', 'A OR B', false],
		['"MILLER AND SON"', 'Miller and Son', true],
		['*Miller* AND *Son*', 'Miller and Son', true],
		['*Miller* AND *Son*', 'Miller', false],
		['NOT *Miller*', 'Smith', true],
		['NOT *Miller*', 'Miller', false],
		['A AND NOT B OR C', 'C', true],
		['"Clever?123"', 'Clever?123', true],
		['"Clever?123"', 'CleverX123', false],
		['"Price List (UK)"', 'Price List (UK)', true],
		['Price List \\(UK\\)', 'Price List (UK)', true],
		['50\\*', '50*', true],
		['50\\*', '500', false],
		['a\\\\b', 'a\\b', true],
		['say \\"no\\"', 'say "no"', true],
		['Sand OR Android', 'Android', true],
		['ORDER', 'ORDER', true],
		['CURRENTUSERSHORTNAME()', 'API', true],
		['Müller-Lüdenscheidt & Co. [x]', 'müller-lüdenscheidt & co. [X]', true],
		['C:\\\\temp', 'C:\\temp', true],
		['😀?', '😀!', true],
	])('%s on %s: %s', (value, text, expected) => {
		expect(fits(value, [text])).toBe(expected);
	});

	it('asks for emptiness by functions', () => {
		expect([fits('EMPTY()', []), fits('EMPTY()', ['a'])]).toEqual([true, false]);
		expect([fits('NOTEMPTY()', []), fits('NOTEMPTY()', ['a'])]).toEqual([false, true]);
		expect(fits('A OR EMPTY()', [])).toBe(true);
	});

	it('fits where one of several keywords does', () => {
		expect([fits('b', ['a', 'b']), fits('NOT b', ['a', 'b'])]).toEqual([true, false]);
	});

	it('is read by two readings where the sources are silent', () => {
		expect([
			fits('NOT A', []),
			fits('NOT A', [], { notFindsEmpty: false }),
			fits('"a\\b"', ['a\\b']),
			fits('"a\\b"', ['ab'], { quotedBackslash: 'escape' }),
			fits('"say \\"no\\""', ['say "no"'], { quotedBackslash: 'escape' }),
		]).toEqual([true, false, true, true, true]);
	});

	it.each([
		'',
		'  ',
		'Price List (UK)',
		'a)',
		'"open',
		'a\\',
		'AND',
		'A OR',
		'NOT',
		'A AND OR B',
		'EMPTY() A',
		'SOMETHING()',
		'empty()',
	])('is refused: %j', (value) => {
		expect(() => fits(value, ['a'])).toThrow(InvalidValue);
	});
});
