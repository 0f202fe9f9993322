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
	switch (String(element).toLowerCase()) {
		case 'int':
		case 'decimal':
			return readNumber(item);
		case 'date':
			return readDate(item);
		case 'datetime':
			return readDateTime(item);
		case 'keywords':
			return readKeywords(item);
		case 'table':
			return readTable(item);
		default:
			return readUntold(item);
	}
}

/**
 * Values by the names of their fields.
 * @param wanted which fields; all if missing
 */
export function readFields(
	fields: unknown,
	wanted: (field: ServiceField) => boolean = () => true,
): Record<string, unknown> {
	return Object.fromEntries(
		fieldsIn(fields)
			.filter(wanted)
			.map((field) => [String(field.FieldName), readFieldValue(field)]),
	);
}

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

/** Where the name of the element says nothing, the form does: dates, keywords and tables show themselves. */
function readUntold(item: unknown): unknown {
	if (isRecord(item)) {
		if ('Keyword' in item) return readKeywords(item);
		if ('Row' in item) return readTable(item);
	}
	return typeof item === 'string' && item.startsWith('/Date(') ? readDateTime(item) : item;
}
