import type { InvalidValue } from './invalidValue';
import { decimalText, requireAllDigits } from './numbers';

/**
 * A text as it is; numbers, true and false in their own words.
 * @throws ConnectorError of `invalid` for what has no words, such as an object or a list, and for a whole number that
 *   JavaScript does not hold to the last digit
 */
export function plainText(value: unknown, invalid: InvalidValue): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' && Number.isInteger(value)) requireAllDigits(value, invalid);
	if (typeof value === 'number' || typeof value === 'bigint') return decimalText(value, invalid);
	if (typeof value === 'boolean') return String(value);
	throw invalid(value, 'is not a text.', 'Give a text, or let an expression make one of it.');
}
