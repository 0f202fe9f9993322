import { codeOfWord } from '../../../../../nodes/ExactOnline/catalogue/firstClass/codes';

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
