import { readEndpoint } from '../../../../../nodes/ExactOnline/catalogue/catalogue';
import { FIRST_CLASS } from '../../../../../nodes/ExactOnline/catalogue/firstClass';
import {
	codeOfWord,
	wordOfCode,
} from '../../../../../nodes/ExactOnline/catalogue/firstClass/codes';

const TYPES = { 10: 'Contract', 20: 'Letter', 130: 'contract', 140: '20' };

// Red before: the first one was taken.
it('a word that several codes have is an error that names them', () => {
	expect(() => codeOfWord(TYPES, 'Contract')).toThrow('stands for several values');
});

it.each([
	['letter', '20'],
	['20', '20'],
	[' 130 ', '130'],
	['77', '77'],
])('%j is the code %s', (given, code) => {
	expect(codeOfWord(TYPES, given)).toBe(code);
});

it('a word or a code is taken, with any capitals; an unknown word is refused, an unknown code passed on', () => {
	const codes = { 10: 'Draft', 20: 'Open' };
	expect(codeOfWord(codes, 'draft')).toBe('10');
	expect(codeOfWord(codes, 20)).toBe('20');
	expect(codeOfWord(codes, '99')).toBe('99');
	expect(wordOfCode(codes, 99)).toBe('99');
	expect(wordOfCode({ A: 'None' }, 'constructor')).toBe('constructor');
	expect(codeOfWord({ A: 'None', C: 'Customer' }, 'c')).toBe('C');
	for (const wrong of ['done', '', null, 'constructor']) {
		expect(() => codeOfWord(codes, wrong)).toThrow(/Draft|known values/);
	}
});

it('fields with codes are told in words wherever a public source tells them', () => {
	const coded = FIRST_CLASS.flatMap(({ value, codes = {} }) =>
		Object.keys(codes).map((field) => `${value}.${field}`),
	);
	expect(coded.length).toBeGreaterThan(70);
	// What people filter by, of the resources that have it.
	for (const { value, endpoint, main, codes = {}, lists = {} } of FIRST_CLASS) {
		const { fields } = readEndpoint(endpoint);
		const untold = main.filter(
			(name) =>
				/(?:^Type|Status|^BalanceSide|BalanceType|^PaymentMethod|^Operation)$/.test(name) &&
				!(name in codes) &&
				!(name in lists),
		);
		expect({ value, untold }).toEqual({ value, untold: [] });
		for (const path of Object.values(lists)) {
			expect(readEndpoint(path).fields.get('Description')?.type).toBe('String');
		}
		expect(Object.keys(lists).filter((name) => !fields.has(name))).toEqual([]);
	}
});

it('a letter that is not in the list is passed on as well', () => {
	expect(codeOfWord({ B: 'On Credit' }, 'V')).toBe('V');
	expect(() => codeOfWord({ 10: 'Draft' }, 'V')).toThrow('none of the known values');
	expect(() => codeOfWord({ B: 'On Credit' }, 'v')).toThrow('none of the known values');
});
