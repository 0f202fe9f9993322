import { readDate, serviceDateText } from '../fields/serviceDates';
import { isoTime, localDateTime, momentOf, type DateReading } from '../../shared/values/dateTimes';
import { invalidValueWith } from '../../shared/values/invalidValue';
import { decimalText, wholeDigits, withoutEndZeros } from '../../shared/values/numbers';
import { plainText } from '../../shared/values/texts';
import type { ValueOptions } from '../../shared/values/valueOptions';
import type { SearchType } from './operators';

/** DOCUWARE_INVALID_VALUE: a value that cannot be searched for. */
export const invalidValue = invalidValueWith('DOCUWARE_INVALID_VALUE');

const WHOLE = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * A value as it stands in a condition, without escapes: numbers with a decimal point, dates as ISO, times
 * with their zone, so that it does not matter which one the server takes for granted (docs/facts/docuware.md 6.2, 6.3).
 * @throws ConnectorError DOCUWARE_INVALID_VALUE
 */
export function searchValue(type: SearchType, value: unknown, options: ValueOptions): string {
	switch (type) {
		case 'Numeric':
			return wholeDigits(value, WHOLE, options, invalidValue);
		case 'Decimal':
			return withoutEndZeros(decimalText(value, invalidValue));
		case 'Date':
			return localDateTime(value, reading(options, dateText)).slice(0, 10);
		case 'DateTime':
			return timeText(value, options);
		default:
			return plainText(value, invalidValue);
	}
}

/**
 * The end of what a time means: of its second, since times are given to the second and kept more finely; or of the day,
 * where nothing but a day is given.
 */
export function timeEnd(value: unknown, options: ValueOptions): string {
	const text = typeof value === 'string' ? value.trim() : '';
	const last = DAY.test(text) ? `${text}T23:59:59` : value;
	return timeText(last, options).replace(/Z$/, '.999Z');
}

function timeText(value: unknown, options: ValueOptions): string {
	const text = isoTime(momentOf(value, reading(options, serviceDateText)));
	if (text !== undefined) return `${text}Z`;
	throw invalidValue(value, 'is not a date.', 'Enter a date of the years 1 to 9999.');
}

function reading(
	{ timeZone = 'UTC' }: ValueOptions,
	readText: DateReading['readText'],
): DateReading {
	return { timeZone, readText, invalid: invalidValue };
}

/** A date of an answer is a day already. */
function dateText(text: string): string {
	const date = readDate(text);
	return typeof date === 'string' ? date : text;
}
