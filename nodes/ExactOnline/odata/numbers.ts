import {
	decimalText as decimalTextOf,
	wholeDigits,
	type WholeRange,
} from '../../shared/values/numbers';
import type { ValueOptions, WholeType } from './edm';
import { invalidValue } from './invalidValue';

const RANGES: Record<WholeType, WholeRange> = {
	Byte: [0n, 255n],
	Int16: [-(2n ** 15n), 2n ** 15n - 1n],
	Int32: [-(2n ** 31n), 2n ** 31n - 1n],
	Int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * A number as digits with a decimal point, by the rules of shared/values/numbers.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function decimalText(value: unknown): string {
	return decimalTextOf(value, invalidValue);
}

/**
 * A whole number within the range of its type, as digits. For a Byte true is 1 and false 0.
 * @param options a thousands sign tells `1.234` from `1,234`
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function wholeText(
	type: WholeType,
	value: unknown,
	options: Pick<ValueOptions, 'thousands'> = {},
): string {
	if (typeof value === 'boolean' && type === 'Byte') return value ? '1' : '0';
	return wholeDigits(value, RANGES[type], options, invalidValue);
}
