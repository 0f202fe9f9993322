import { ConnectorError } from '../../shared/errors';
import type { EdmType } from './edm';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** `Account.Code` is left-padded with blanks to this length (docs/facts/exact-online.md 4.4). */
const ACCOUNT_CODE_LENGTH = 18;

/** An account code as it is stored, so that `eq` finds it. */
export function padAccountCode(code: string): string {
	return code.trim().padStart(ACCOUNT_CODE_LENGTH, ' ');
}

/**
 * A value as it is written in `$filter` or in the key of a URL (docs/facts/exact-online.md 4.2).
 * @throws ConnectorError EXACT_INVALID_VALUE where the value does not fit the type.
 */
export function odataLiteral(type: EdmType, value: unknown): string {
	switch (type) {
		case 'Guid':
			return `guid'${readGuid(value)}'`;
		case 'String':
			return `'${String(value).replaceAll("'", "''")}'`;
		case 'DateTime':
			return `datetime'${toExactDateTime(value)}'`;
		case 'Boolean':
			return readBoolean(value);
		case 'Int64':
			return `${readInteger(value)}L`;
		case 'Byte':
		case 'Int16':
		case 'Int32':
			return readInteger(value);
		case 'Double':
		case 'Decimal':
			return readNumber(value);
		case 'Binary':
			throw invalid('A binary field cannot be compared.', 'Use another field in the filter.');
	}
}

/** The path of one entity: `crm/Accounts` and a key make `crm/Accounts(guid'…')`. */
export function entityPath(collection: string, keyType: EdmType, key: unknown): string {
	return `${collection}(${odataLiteral(keyType, key)})`;
}

/** Parts of a filter that must all hold; undefined where there are none. */
export function allOf(parts: ReadonlyArray<string | undefined>): string | undefined {
	const given = parts.filter((part): part is string => part !== undefined && part.trim() !== '');
	return given.length < 2 ? given[0] : given.map((part) => `(${part})`).join(' and ');
}

/**
 * A filter that a person typed, or an expression gave, so that it can stand beside others: it cannot leave the
 * brackets that are put around it.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function typedFilter(filter: string): string {
	const outside = filter.replace(/'(?:[^']|'')*'/g, '');
	let depth = 0;
	for (const character of outside) {
		if (character === '(') depth += 1;
		if (character === ')') depth -= 1;
		if (depth < 0) break;
	}
	if (depth === 0 && !outside.includes("'")) return filter;
	throw invalid(
		'The OData Filter closes a bracket or a quote that it has not opened, or leaves one open.',
		"Correct the filter; a quote inside a text is doubled, as in 'O''Brien'.",
	);
}

/** Filter for texts that hold a part; the function form of docs/facts/exact-online.md 4.3. */
export function contains(field: string, part: string): string {
	return `substringof(${odataLiteral('String', part)},${field}) eq true`;
}

/**
 * A time in the form that Exact takes: ISO without a zone. A time without a zone is taken as it
 * is; one with a zone is given in UTC. Exact's own times are Dutch or UTC
 * (docs/facts/exact-online.md 4.2 is uncertain), so a filter "later than" made from it may bring up
 * to two hours more, never less.
 */
export function toExactDateTime(value: unknown): string {
	const text = dateText(value);
	const [, date = '', time = '00:00', seconds = '00', zone] = DATE_TIME.exec(text) ?? [];
	const local = `${date}T${time}:${seconds}`;
	if (isInCalendar(local)) {
		const at = Date.parse(zone === undefined ? `${local}Z` : text.replace(' ', 'T'));
		if (!Number.isNaN(at)) return new Date(at).toISOString().slice(0, 19);
	}
	throw invalid(
		`"${text.slice(0, 40)}" is not a date.`,
		'Enter a date such as 2026-04-07 or 2026-04-07T13:30:00.',
	);
}

const DATE_TIME =
	/^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Native dates, and those of Luxon and Moment, know how they are written; texts are taken as they are. */
function dateText(value: unknown): string {
	if (value instanceof Date)
		return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
	const { toISO, toISOString } = Object(value ?? '') as Record<string, unknown>;
	const write = [toISO, toISOString].find((one) => typeof one === 'function');
	return String(write === undefined ? value : (write as () => unknown).call(value)).trim();
}

/** `Date` takes 30 February for 2 March. */
function isInCalendar(local: string): boolean {
	const time = Date.parse(`${local}Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(local);
}

function readGuid(value: unknown): string {
	const text = String(value)
		.trim()
		.replace(/^\{(.*)\}$/, '$1');
	if (GUID.test(text)) return text.toLowerCase();
	throw invalid(
		`"${text.slice(0, 60)}" is not an identifier of Exact Online.`,
		"Enter the record's ID, which looks like 3fa85f64-5717-4562-b3fc-2c963f66afa6.",
	);
}

function readInteger(value: unknown): string {
	const text = String(value).trim();
	if (/^-?\d{1,19}$/.test(text)) return text;
	throw invalid(
		`"${text.slice(0, 40)}" is not a whole number.`,
		'Enter a number without decimals.',
	);
}

function readNumber(value: unknown): string {
	const text = String(value).trim();
	if (/^-?\d+(?:\.\d+)?$/.test(text)) return text;
	throw invalid(`"${text.slice(0, 40)}" is not a number.`, 'Enter a number with a decimal point.');
}

function readBoolean(value: unknown): string {
	const text = String(value).trim().toLowerCase();
	if (text === 'true' || text === 'false') return text;
	throw invalid(`"${text.slice(0, 40)}" is neither true nor false.`, 'Enter true or false.');
}

function invalid(message: string, repair: string): ConnectorError {
	return new ConnectorError('EXACT_INVALID_VALUE', message, { repair });
}
