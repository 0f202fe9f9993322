import { plainText } from '../../../../nodes/shared/values/texts';
import { invalidValueWith } from '../../../../nodes/shared/values/invalidValue';

const invalid = invalidValueWith('EXACT_INVALID_VALUE');

it.each([
	[' A ', ' A '],
	['90071992547409931', '90071992547409931'],
	[9_007_199_254_740_991, '9007199254740991'],
	[90_071_992_547_409_931n, '90071992547409931'],
	[1.5, '1.5'],
	[1e-7, '0.0000001'],
	[true, 'true'],
])('%p is %s', (value, text) => {
	expect(plainText(value, invalid)).toBe(text);
});

// Red before, for the numbers: a reference of 17 digits was written with other digits at its end.
it.each([[Number('90071992547409931')], [1e21], [Number.NaN], [{}], [['a']], [undefined]])(
	'%p is no text',
	(value) => {
		expect(() => plainText(value, invalid)).toThrow(
			expect.objectContaining({ code: 'EXACT_INVALID_VALUE' }),
		);
	},
);
