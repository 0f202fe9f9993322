import type { InvalidValue } from './invalidValue';
import type { ValueOptions } from './valueOptions';

/** Least and greatest number that a field takes. */
export type WholeRange = readonly [least: bigint, greatest: bigint];

const WHOLE = /^([+-]?)(\d+)$/;
const ONE_SIGN = /^([+-]?)(\d+)([.,])(\d+)$/;
/** Thousands in groups of three, then perhaps a decimal sign that is another one. */
const GROUPED = /^([+-]?)([1-9]\d{0,2})(?:([.,])\d{3})(?:\3\d{3})*(?:(?!\3)[.,](\d+))?$/;

/** Digits that may be one whole number with commas between its thousands. */
const GROUPED_WHOLE = /^\s*[+-]?[1-9]\d{0,2}(?:,\d{3})+\s*$/;

/**
 * A number as digits with a decimal point. `1234.56`, `1234,56`, `1.234,56` and `1,234.56` are the same; one
 * sign with exactly three digits behind it could be either and is refused.
 * @throws ConnectorError of `invalid`
 */
export function decimalText(value: unknown, invalid: InvalidValue): string {
	if (typeof value === 'bigint') return value.toString();
	if (typeof value === 'number') return plainDigits(value, invalid);
	const text = typeof value === 'string' ? value.trim() : '';
	const [, sign = '', whole, separator, fraction] = ONE_SIGN.exec(text) ?? WHOLE.exec(text) ?? [];
	if (whole === undefined) return ungrouped(value, text, invalid);
	if (separator !== undefined && fraction?.length === 3) throw ambiguous(text, invalid);
	return canonical(sign, whole, fraction);
}

/**
 * A whole number within a range, as digits.
 * @param thousands tells `1.234` from `1,234`
 * @throws ConnectorError of `invalid`
 */
export function wholeDigits(
	value: unknown,
	[least, greatest]: WholeRange,
	{ thousands }: Pick<ValueOptions, 'thousands'>,
	invalid: InvalidValue,
): string {
	if (typeof value === 'number' && Number.isInteger(value)) requireAllDigits(value, invalid);
	const text = decimalText(withoutThousands(value, thousands), invalid);
	const [digits = '', fraction = ''] = text.split('.');
	if (!/^0*$/.test(fraction)) {
		throw invalid(value, 'is not a whole number.', 'Enter a number without decimals.');
	}
	const number = BigInt(digits);
	if (number >= least && number <= greatest) return number.toString();
	throw invalid(value, `is not between ${least} and ${greatest}.`, 'Enter a smaller number.');
}

/**
 * Refuses a whole number that JavaScript cannot hold: what it was before nobody knows.
 * @throws ConnectorError of `invalid`
 */
export function requireAllDigits(whole: number, invalid: InvalidValue): void {
	if (Number.isSafeInteger(whole)) return;
	throw invalid(whole, 'has lost digits on its way.', 'Give so large a number as text.');
}

/** Digits as a number where JavaScript can hold it; else they stay as they are, which the services take as well. */
export function wholeNumber(digits: string): string | number {
	const number = Number(digits);
	return Number.isSafeInteger(number) ? number : digits;
}

/**
 * A number with all the digits that were given.
 * @throws ConnectorError of `invalid`, also for one that JavaScript cannot hold to the last digit
 */
export function heldNumber(value: unknown, invalid: InvalidValue): number {
	const text = decimalText(value, invalid);
	const number = Number(text);
	if (!Number.isFinite(number)) {
		throw invalid(value, 'is too large a number.', 'Enter a smaller number.');
	}
	if (withoutEndZeros(decimalText(number, invalid)) === withoutEndZeros(text)) return number;
	throw invalid(value, 'has more digits than a number can hold.', 'Round it, to 15 digits in all.');
}

/**
 * Refuses a list of numbers, written with commas between them, of which a comma may be one within a number.
 * @param isWhole whether the numbers are whole ones, in which a comma could stand between thousands alone
 * @throws ConnectorError of `invalid`
 */
export function refuseDecimalCommas(
	value: unknown,
	isWhole: boolean,
	{ thousands }: Pick<ValueOptions, 'thousands'>,
	invalid: InvalidValue,
): void {
	if (typeof value !== 'string' || !/\d,\d/.test(value)) return;
	const areWhole = value.split(',').every((part) => /^\s*[+-]?\d+\s*$/.test(part));
	const isGrouped =
		(thousands === ',' && /\d,\d{3}(?!\d)/.test(value)) ||
		(thousands === undefined && value.split(/,\s+|\s+,/).some((one) => GROUPED_WHOLE.test(one)));
	if (isWhole && areWhole && !isGrouped) return;
	throw invalid(
		value,
		'may be one number with a comma, or several with commas between them.',
		'Put a blank behind each comma between numbers and use decimal points, or give a list: ["12,50", "13"].',
	);
}

/** Digits without zeros at the end of their decimals: the same for each way to write a number. */
export function withoutEndZeros(text: string): string {
	return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** One sign with three digits behind it, where it is known to stand between thousands. */
function withoutThousands(value: unknown, thousands: '.' | ',' | undefined): unknown {
	if (typeof value !== 'string' || thousands === undefined) return value;
	const [, sign = '', whole = '', separator, fraction = ''] = ONE_SIGN.exec(value.trim()) ?? [];
	if (separator === undefined || fraction.length !== 3) return value;
	// The other sign is that of decimals then; a fourth digit says so.
	if (separator !== thousands) return `${sign}${whole}.${fraction}0`;
	return /^[1-9]\d{0,2}$/.test(whole) ? `${sign}${whole}${fraction}` : value;
}

function ungrouped(value: unknown, text: string, invalid: InvalidValue): string {
	const [, sign, , , fraction] = GROUPED.exec(text) ?? [];
	if (sign === undefined) {
		throw invalid(value, 'is not a number.', 'Enter a number such as 1234.56.');
	}
	const end = fraction === undefined ? text.length : text.length - fraction.length - 1;
	return canonical(sign, text.slice(sign.length, end).replace(/[.,]/g, ''), fraction);
}

function ambiguous(text: string, invalid: InvalidValue): Error {
	return invalid(
		text,
		'may be a number with three decimals or one with a sign between thousands.',
		'Enter it without a sign between thousands and with another number of decimals, as in 1234 or 1.2340; ' +
			'an expression may give a number instead of a text.',
	);
}

function canonical(sign: string, whole: string, fraction: string | undefined): string {
	const digits = whole.replace(/^0+(?=\d)/, '');
	const text = fraction === undefined ? digits : `${digits}.${fraction}`;
	return sign === '-' && /[1-9]/.test(text) ? `-${text}` : text;
}

/** Without an exponent, which no service's documentation has. */
function plainDigits(number: number, invalid: InvalidValue): string {
	if (!Number.isFinite(number)) {
		throw invalid(number, 'is not a number.', 'Enter a number such as 1234.56.');
	}
	const text = String(number);
	const [, sign = '', first = '', rest = '', exponent] = EXPONENT.exec(text) ?? [];
	if (exponent === undefined) return text;
	const shift = Number(exponent);
	const digits = first + rest;
	if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${digits}`;
	return sign + digits.padEnd(shift + 1, '0');
}

const EXPONENT = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/;
