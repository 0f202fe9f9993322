import {
	GUID_PATTERN,
	isInRange,
	isNumeric,
	parseDateTime,
	type EdmType,
	type EdmValue,
} from './edm';

/** As the vendor's example of a goods delivery writes a date. */
const AMERICAN_DATE = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/;

/**
 * A JSON value as a field value, or undefined if the type does not take it
 * (docs/facts/exact-online.md 4.2).
 */
export function acceptValue(type: EdmType, value: unknown): EdmValue | undefined {
	if (value === null) return null;
	if (isNumeric(type)) return acceptNumber(type, value);
	if (type === 'Boolean') return typeof value === 'boolean' ? value : undefined;
	if (typeof value !== 'string') return undefined;
	switch (type) {
		case 'Guid':
			return GUID_PATTERN.test(value) ? value.toLowerCase() : undefined;
		case 'DateTime':
			return readDate(value);
		case 'Binary':
			return isBase64(value) ? value : undefined;
		default:
			return type === 'String' ? value : undefined;
	}
}

function acceptNumber(type: EdmType, value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
	return isInRange(type, number) ? number : undefined;
}

function readDate(text: string): number | undefined {
	const wrapped = /^\/Date\((-?\d+)\)\/$/.exec(text);
	if (wrapped) return Number(wrapped[1]);
	const american = AMERICAN_DATE.exec(text);
	if (!american) return parseDateTime(text);
	const [, month, day, year, time] = american;
	return parseDateTime(`${year}-${month}-${day}T${time}`);
}

function isBase64(text: string): boolean {
	return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
