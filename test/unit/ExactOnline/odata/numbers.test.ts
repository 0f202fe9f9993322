import * as fc from 'fast-check';
import type { WholeType } from '../../../../nodes/ExactOnline/odata/edm';
import { decimalText, wholeText } from '../../../../nodes/ExactOnline/odata/numbers';
import { holds } from '../../../support/properties';

const REFUSED = expect.objectContaining({ code: 'EXACT_INVALID_VALUE' }) as Error;

describe('a number with decimals', () => {
	it.each<[unknown, string]>([
		['1234.56', '1234.56'],
		['1234,56', '1234.56'],
		['1.234,56', '1234.56'],
		['1,234.56', '1234.56'],
		['-1.234.567,8', '-1234567.8'],
		['1,234,567', '1234567'],
		['1.234,567', '1234.567'],
		['1,2345', '1.2345'],
		['12', '12'],
		[' +007,10 ', '7.10'],
		['-0,0', '0.0'],
		[1234.5, '1234.5'],
		[1.234, '1.234'],
		[0.1, '0.1'],
		[1e21, '1000000000000000000000'],
		[-1.5e-7, '-0.00000015'],
		[12n, '12'],
	])('%p is %s', (value, text) => {
		expect(decimalText(value)).toBe(text);
	});

	it.each(['1.234', '1,234', '0.125', '-12,345', '1234.567'])(
		'one sign with three digits behind it may be either: %s',
		(text) => {
			expect(() => decimalText(text)).toThrow(REFUSED);
			expect(() => decimalText(text)).toThrow(/three decimals/);
		},
	);

	it.each<unknown>([
		...['', ' ', 'abc', '1e3', '1.23.45', '12.34,5', '1234,567.89', '0.123.456', '.5', '5.', '€ 5'],
		...['1 234', "1'234", '--1', '1-', '0x10', 'NaN', 'Infinity', '1,234.56.7', '1.2,3'],
		...[NaN, Infinity, null, undefined, true, {}, [], [5], new Date(0)],
	])('refuses %p', (value) => {
		expect(() => decimalText(value)).toThrow(REFUSED);
	});

	it('survives every way of writing it', () => {
		const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
		holds(
			fc.property(cents, fc.constantFrom('.', ','), fc.boolean(), (amount, decimal, grouped) => {
				const sign = amount < 0n ? '-' : '';
				const digits = (amount < 0n ? -amount : amount).toString().padStart(3, '0');
				const [whole, fraction] = [digits.slice(0, -2), digits.slice(-2)];
				const separator = decimal === '.' ? ',' : '.';
				const written = grouped ? whole.replace(/\B(?=(?:\d{3})+$)/g, separator) : whole;
				const text = decimalText(`${sign}${written}${decimal}${fraction}`);
				expect(text).toBe(`${amount === 0n ? '' : sign}${whole}.${fraction}`);
			}),
		);
	});

	it('is the same number, whatever JavaScript calls it', () => {
		holds(
			fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
				const text = decimalText(number);
				expect(text).toMatch(/^-?\d+(?:\.\d+)?$/);
				expect(Number(text)).toBe(number === 0 ? 0 : number);
			}),
		);
	});
});

describe('a whole number', () => {
	it.each<[WholeType, unknown, string]>([
		['Int32', '1234', '1234'],
		['Int32', '1.234.567', '1234567'],
		['Int32', '12,00', '12'],
		['Int32', 5, '5'],
		['Int32', -2_147_483_648, '-2147483648'],
		['Int32', '007', '7'],
		['Byte', 255, '255'],
		['Byte', true, '1'],
		['Byte', false, '0'],
		['Int16', '-32768', '-32768'],
		['Int64', '9223372036854775807', '9223372036854775807'],
		['Int64', 9223372036854775807n, '9223372036854775807'],
		['Int64', 2 ** 53 - 1, '9007199254740991'],
	])('%s %p is %s', (type, value, text) => {
		expect(wholeText(type, value)).toBe(text);
	});

	it.each<[WholeType, unknown]>([
		['Byte', 256],
		['Byte', -1],
		['Int16', 32_768],
		['Int32', '2147483648'],
		['Int32', true],
		['Int32', 1.5],
		['Int32', '12,50'],
		['Int32', '1.234'],
		['Int32', ''],
		['Int32', null],
		['Int64', '9223372036854775808'],
		['Int64', 2 ** 53],
		['Int64', 1e300],
	])('refuses %s %p', (type, value) => {
		expect(() => wholeText(type, value)).toThrow(REFUSED);
	});

	it('may have one sign between thousands where it is said which', () => {
		expect(wholeText('Int32', '1.234', { thousands: '.' })).toBe('1234');
		expect(wholeText('Int32', '-1,234', { thousands: ',' })).toBe('-1234');
		expect(wholeText('Int32', '1.000', { thousands: ',' })).toBe('1');
		for (const text of ['1.234', '0,125']) {
			expect(() => wholeText('Int32', text, { thousands: ',' })).toThrow(REFUSED);
		}
		expect(() => wholeText('Int32', '1234.567', { thousands: '.' })).toThrow(REFUSED);
	});

	it('survives, as number and as text, within its range', () => {
		holds(
			fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (number) => {
				expect(wholeText('Int64', number.toString())).toBe(number.toString());
			}),
		);
		holds(
			fc.property(fc.integer(), (number) => {
				expect(wholeText('Int32', number)).toBe(String(number));
			}),
		);
	});
});
