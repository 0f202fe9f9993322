import { isRecord } from '../../shared/http';

/** Types of index fields (docs/facts/docuware.md 6.3). */
export const FIELD_TYPES = [
	'Text',
	'Memo',
	'Numeric',
	'Decimal',
	'Date',
	'DateTime',
	'Keyword',
	'Table',
] as const;

export type FieldType = (typeof FIELD_TYPES)[number];

/** An index field of a file cabinet, or a column of a table (docs/facts/docuware.md 6.1). */
export interface IndexField {
	/** Name in the database, by which values are sent. */
	name: string;
	/** What people see; the name where there is none. */
	label: string;
	/** Undefined for a type that is not known here. */
	type: FieldType | undefined;
	/** DocuWare fills it itself. */
	isSystem: boolean;
	/** Nobody may change it in the dialog that was asked. */
	isReadOnly: boolean;
	/** A document cannot be stored without it. */
	isRequired: boolean;
	/** Most characters of a text; undefined where nothing is said. */
	length?: number;
	/** Decimals of a decimal number; undefined where nothing is said. */
	precision?: number;
	/** Columns of a table, in their order. */
	columns: readonly IndexField[];
	/** The dialog has a select list for it. */
	hasSelectList: boolean;
	/** Nothing but an entry of that list may be stored. */
	takesListOnly?: boolean;
}

/**
 * Fields that DocuWare fills itself: wherever they come from, a value of a document does not say so
 * (docs/facts/docuware.md 6.3).
 */
export const SYSTEM_FIELDS: ReadonlySet<string> = new Set([
	'DWDOCID',
	'DWSTOREDATETIME',
	'DWSTOREUSER',
	'DWMODDATETIME',
	'DWMODUSER',
	'DWLASTACCESSDATETIME',
	'DWEXTENSION',
	'DWPAGECOUNT',
	'DWSECTIONCOUNT',
	'DWDOCSIZE',
	'DWDISKNO',
	'DWDISK',
	'DWFLAGS',
	'DWVERSIONCOMMENT',
	'DWVERSTATUS',
	'DWUSRVERSION',
	'DWCONTENTMODUSER',
	'DWCONTENTMODDATETIME',
]);

/**
 * The fields in an answer: those of a cabinet, or of a dialog, whose label is `DlgLabel`
 * (docs/facts/docuware.md 6.1). What has no name is left out.
 */
export function indexFieldsOf(list: unknown): IndexField[] {
	return Array.isArray(list) ? list.filter(isRecord).flatMap(indexField) : [];
}

function indexField(field: Record<string, unknown>): IndexField[] {
	const name = text(field.DBFieldName) ?? text(field.DBName);
	if (name === undefined) return [];
	const isSystem = field.Scope === 'System' || SYSTEM_FIELDS.has(name.toUpperCase());
	const length = positive(field.Length);
	const precision = positive(field.Precision);
	return [
		{
			name,
			label: text(field.DlgLabel) ?? text(field.DisplayName) ?? text(field.Label) ?? name,
			type: typeOf(field.DWFieldType),
			isSystem,
			isReadOnly: isSystem || field.ReadOnly === true,
			isRequired: field.NotEmpty === true,
			...(length !== undefined && { length }),
			...(precision !== undefined && { precision }),
			columns: indexFieldsOf(field.TableFieldColumns),
			hasSelectList: hasLink(field, 'simpleSelectList'),
			...(field.SelectListOnly === true && { takesListOnly: true }),
		},
	];
}

function typeOf(value: unknown): FieldType | undefined {
	const name = String(value).toLowerCase();
	return FIELD_TYPES.find((type) => type.toLowerCase() === name);
}

function text(value: unknown): string | undefined {
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function positive(value: unknown): number | undefined {
	const number = Number(value);
	return Number.isInteger(number) && number > 0 ? number : undefined;
}

function hasLink(field: Record<string, unknown>, rel: string): boolean {
	const links: unknown[] = Array.isArray(field.Links) ? field.Links : [];
	return links.some(
		(link) => isRecord(link) && String(link.rel).toLowerCase() === rel.toLowerCase(),
	);
}
