import { heldNumber, wholeNumber } from '../../shared/values/numbers';
import { plainText as plainTextOf } from '../../shared/values/texts';
import { toExactDateTime } from './dateTimes';
import type { EdmType, ValueOptions } from './edm';
import { invalidValue } from './invalidValue';
import { wholeText } from './numbers';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Blanks are dropped before; what remains is Base64 with or without its padding. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** A value as it stands in the JSON of a request. */
export type BodyValue = string | number | boolean | null;

/**
 * A value as it stands in the body of a POST or PUT (docs/facts/exact-online.md 4.2); null clears a field.
 * @throws ConnectorError EXACT_INVALID_VALUE where the value does not fit the type
 */
export function bodyValue(type: EdmType, value: unknown, options: ValueOptions = {}): BodyValue {
	if (value === null) return null;
	switch (type) {
		case 'Guid':
			return guidText(value);
		case 'String':
			return plainText(value);
		case 'DateTime':
			return toExactDateTime(value, options.timeZone);
		case 'Boolean':
			return truth(value);
		case 'Byte':
		case 'Int16':
		case 'Int32':
			return Number(wholeText(type, value, options));
		case 'Int64':
			return wholeNumber(wholeText(type, value, options));
		case 'Double':
		case 'Decimal':
			return heldNumber(value, invalidValue);
		case 'Binary':
			return base64Text(value);
	}
}

/**
 * An identifier in small letters, without the braces that some programs put around it.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function guidText(value: unknown): string {
	const text = String(value)
		.trim()
		.replace(/^\{(.*)\}$/, '$1');
	if (typeof value === 'string' && GUID.test(text)) return text.toLowerCase();
	throw invalidValue(
		value,
		'is not an identifier of Exact Online.',
		"Enter the record's ID, which looks like 3fa85f64-5717-4562-b3fc-2c963f66afa6.",
	);
}

/**
 * A text as it is; numbers, true and false in their own words.
 * @throws ConnectorError EXACT_INVALID_VALUE for what has no words, such as an object or a list
 */
export function plainText(value: unknown): string {
	return plainTextOf(value, invalidValue);
}

/**
 * True or false, also as text, and as 1 or 0.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function truth(value: unknown): boolean {
	const text = String(value).trim().toLowerCase();
	if (text === 'true' || text === '1') return true;
	if (text === 'false' || text === '0') return false;
	throw invalidValue(value, 'is neither true nor false.', 'Enter true or false.');
}

function base64Text(value: unknown): string {
	if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
	const text = typeof value === 'string' ? value.replace(/\s+/g, '') : undefined;
	const bare = text?.replace(/={1,2}$/, '') ?? '';
	if (text !== undefined && BASE64.test(text) && bare.length % 4 !== 1) {
		return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
	}
	throw invalidValue(
		typeof value === 'string' ? value : typeof value,
		'is not Base64.',
		'Give the content in Base64, without a heading such as data:image/png;base64,.',
	);
}

/** Whether a value is an identifier in one of the forms that `guidText` takes. */
export function isGuid(value: unknown): boolean {
	return typeof value === 'string' && GUID.test(value.trim().replace(/^\{(.*)\}$/, '$1'));
}
