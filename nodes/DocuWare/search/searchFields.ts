import type { FieldNames } from '../fields/fieldNames';
import type { IndexField } from '../fields/indexFields';
import { DOCUMENT_ID, FULL_TEXT, type SearchField } from './conditions';
import { SEARCH_TYPES, type SearchType } from './operators';
import { invalidValue } from './values';

/**
 * A field by what people call it: its name in the database or its label, `TABLE.COLUMN` for the column of a table, or
 * the full text. DWDOCID is there, whether or not the cabinet tells of it.
 *
 * @throws ConnectorError DOCUWARE_INVALID_VALUE for a name that nothing has, and for a table as a whole
 */
export function searchFieldNamed(names: FieldNames, typed: string): SearchField {
	const name = typed.trim();
	if (name.toLowerCase() === FULL_TEXT.name.toLowerCase()) return FULL_TEXT;
	if (names.has(name)) return fieldOf(names.find(name));
	if (name.toUpperCase() === DOCUMENT_ID.name) return DOCUMENT_ID;
	const dot = name.indexOf('.');
	const table = dot > 0 ? name.slice(0, dot) : '';
	if (table === '' || !names.has(table)) return fieldOf(names.find(name));
	return columnOf(names.find(table), name.slice(dot + 1));
}

function fieldOf({ name, type, columns }: IndexField): SearchField {
	if (type !== 'Table') return { name, type: searchType(type) };
	const columnNames = columns.map((column) => `${name}.${column.name}`).join(', ');
	throw invalidValue(
		name,
		'is a table, and only its columns can be searched.',
		`Name a column${columnNames === '' ? ', as in TABLE.COLUMN' : `: ${columnNames}`}.`,
	);
}

function columnOf({ name, columns }: IndexField, typed: string): SearchField {
	const wanted = typed.trim().toLowerCase();
	const column =
		columns.find((one) => one.name.toLowerCase() === wanted) ??
		columns.find(({ label }) => label.toLowerCase() === wanted);
	if (column) return { name, column: column.name, type: searchType(column.type) };
	throw invalidValue(
		typed,
		`is no column of the table ${name}.`,
		`It has ${columns.map((one) => one.name).join(', ')}.`,
	);
}

/** A field of a type that nobody here knows is searched as a text. */
function searchType(type: IndexField['type']): SearchType {
	return SEARCH_TYPES.find((known) => known === type) ?? 'Text';
}
