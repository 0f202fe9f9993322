import { codesOf, holeIn } from '../../../../nodes/shared/node/expressionHoles';

describe('the pieces of an expression', () => {
	it.each([
		['=a{{ 1 }}b{{ 2 }}', [' 1 ', ' 2 ']],
		['{{ 1 }}', []],
		['=\\{{ 1 }}', []],
		['=C:\\\\{{ 1 }}', [' 1 ']],
		['=C:\\\\\\{{ 1 }}', []],
		['=\\\\{{ 1 }}\\\\\\\\{{ 2 }}', [' 1 ', ' 2 ']],
	])(
		'of %s are what n8n evaluates: an even number of backslashes escapes nothing',
		(text, codes) => {
			expect(codesOf(text)).toEqual(codes);
		},
	);

	it('a hole behind backslashes is one', () => {
		const evaluate = (text: string) => (text.includes('there') ? 'x' : undefined);
		expect(holeIn('=C:\\\\{{ $json.gone }}', evaluate)).toBe(' $json.gone ');
		expect(holeIn('=C:\\\\{{ $json.there }}', evaluate)).toBeUndefined();
	});
});
