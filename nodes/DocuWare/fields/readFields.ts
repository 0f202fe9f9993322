import { isRecord } from '../../shared/http';
import { readDate, readDateTime } from './serviceDates';

/** A value of an index field in an answer (docs/facts/docuware.md 6.3). */
export type ServiceField = Readonly<Record<string, unknown>>;

/**
 * The value of an index field as a workflow wants it: numbers, ISO dates, lists of keywords, rows of a table as
 * objects by the names of their columns; null where it is empty.
 */
export function readFieldValue(field: ServiceField): unknown {
	const { Item: item, IsNull: isNull, ItemElementName: element } = field;
	if (isNull === true || item === null || item === undefined) return null;
	const name = String(element);
	const read = READERS.get(name) ?? READERS.get(name.toLowerCase()) ?? readUntold;
	return read(item);
}

/**
 * Values by the names of their fields.
 * @param wanted which fields; all if missing
 */
export function readFields(
	fields: unknown,
	wanted: (field: ServiceField) => boolean = () => true,
): Record<string, unknown> {
	const values: Record<string, unknown> = {};
	addFields(values, fields, wanted);
	return values;
}

/**
 * Adds the same to what is known of a document; many hits at once are read by it.
 * @param kept names of which none is added
 */
export function addFields(
	values: Record<string, unknown>,
	fields: unknown,
	wanted: (field: ServiceField) => boolean,
	kept?: ReadonlySet<string>,
): void {
	if (!Array.isArray(fields)) return;
	for (const field of fields as unknown[]) {
		if (!isRecord(field)) continue;
		const name = field.FieldName;
		if (typeof name !== 'string' || !wanted(field) || kept?.has(name) === true) continue;
		const value = readFieldValue(field);
		// Assigned, this one name would be taken for something else.
		if (name === '__proto__') Object.defineProperty(values, name, { ...OWN, value });
		else values[name] = value;
	}
}

const OWN = { configurable: true, enumerable: true, writable: true };

/** The values that a document, a row or an answer to an update holds; those without a name are left out. */
export function fieldsIn(fields: unknown): ServiceField[] {
	const list: unknown[] = Array.isArray(fields) ? fields : [];
	return list.filter(isRecord).filter(({ FieldName: name }) => typeof name === 'string');
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Numbers come as text at times; one that JavaScript cannot hold to the last digit stays one. */
function readNumber(item: unknown): unknown {
	if (typeof item !== 'string') return item;
	const text = item.trim();
	if (text === '') return null;
	if (!NUMBER.test(text)) return item;
	const digits = text
		.replace(/[eE].*$/, '')
		.replace(/[-.]/g, '')
		.replace(/^0+/, '');
	return digits.length <= 15 ? Number(text) : text;
}

function readKeywords(item: unknown): unknown {
	const list = isRecord(item) ? (item.Keyword ?? item.Keywords ?? []) : item;
	return Array.isArray(list) ? list.map(String) : [String(list)];
}

function readTable(item: unknown): unknown {
	const rows: unknown = isRecord(item) ? (item.Row ?? []) : item;
	if (!Array.isArray(rows)) return item;
	return rows.filter(isRecord).map(({ ColumnValue: columns }) => readFields(columns));
}

/** By the name of the element: as the service writes it, and in small letters for all other ways. */
const READERS: ReadonlyMap<string, (item: unknown) => unknown> = new Map(
	(
		[
			['String', readUntold],
			['Int', readNumber],
			['Decimal', readNumber],
			['Date', readDate],
			['DateTime', readDateTime],
			['Keywords', readKeywords],
			['Table', readTable],
		] as const
	).flatMap(([name, read]) => [[name, read] as const, [name.toLowerCase(), read] as const]),
);

/** Where the name of the element says nothing, the form does: dates, keywords and tables show themselves. */
function readUntold(item: unknown): unknown {
	if (isRecord(item)) {
		if ('Keyword' in item) return readKeywords(item);
		if ('Row' in item) return readTable(item);
	}
	return typeof item === 'string' && item.startsWith('/Date(') ? readDateTime(item) : item;
}
