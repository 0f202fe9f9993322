/** Types of index fields (docs/facts/docuware.md 6.3). */
export type FieldType =
	'Text' | 'Memo' | 'Numeric' | 'Decimal' | 'Date' | 'DateTime' | 'Keyword' | 'Table';

/** An index field of a file cabinet, or a column of a table field (docs/facts/docuware.md 6.1). */
export interface SimulatedField {
	DBFieldName: string;
	DisplayName: string;
	DWFieldType: FieldType;
	Scope: 'User' | 'System';
	/** Most characters of a text; 0 where the type has no such limit. */
	Length: number;
	/** Digits behind the point of a decimal. */
	Precision: number;
	NotEmpty: boolean;
	UsedAsDocumentName: boolean;
	/** Columns of a table; empty for all other types. */
	TableFieldColumns: SimulatedField[];
}

/** Names of the element that holds a value, by type of the field (docs/facts/docuware.md 6.3). */
export const itemElements: Readonly<Record<FieldType, string>> = {
	Text: 'String',
	Memo: 'Memo',
	Numeric: 'Int',
	Decimal: 'Decimal',
	Date: 'Date',
	DateTime: 'DateTime',
	Keyword: 'Keywords',
	Table: 'Table',
};

/** A field of the user with what is usual for its type. */
export function field(
	name: string,
	label: string,
	type: FieldType,
	more: Partial<SimulatedField> = {},
): SimulatedField {
	return {
		DBFieldName: name,
		DisplayName: label,
		DWFieldType: type,
		Scope: 'User',
		Length: type === 'Text' || type === 'Keyword' ? 255 : 0,
		Precision: type === 'Decimal' ? 2 : 0,
		NotEmpty: false,
		UsedAsDocumentName: false,
		TableFieldColumns: [],
		...more,
	};
}

function systemField(name: string, label: string, type: FieldType): SimulatedField {
	return field(name, label, type, { Scope: 'System' });
}

/** Fields that every cabinet and tray has; nobody but the server writes them (docs/facts/docuware.md 6.3). */
export const systemFields: readonly SimulatedField[] = [
	systemField('DWDOCID', 'Document ID', 'Numeric'),
	systemField('DWSTOREDATETIME', 'Stored on', 'DateTime'),
	systemField('DWSTOREUSER', 'Stored by', 'Text'),
	systemField('DWMODDATETIME', 'Modified on', 'DateTime'),
	systemField('DWMODUSER', 'Modified by', 'Text'),
	systemField('DWEXTENSION', 'Extension', 'Text'),
	systemField('DWPAGECOUNT', 'Page count', 'Numeric'),
	systemField('DWSECTIONCOUNT', 'Number of files', 'Numeric'),
	systemField('DWDOCSIZE', 'Document size', 'Numeric'),
	systemField('DWDISKNO', 'Disk number', 'Numeric'),
	systemField('DWVERSIONCOMMENT', 'Version comment', 'Text'),
	systemField('DWVERSTATUS', 'Version status', 'Text'),
	systemField('DWUSRVERSION', 'Version', 'Text'),
	systemField('DWCONTENTMODUSER', 'Content modified by', 'Text'),
	systemField('DWCONTENTMODDATETIME', 'Content modified on', 'DateTime'),
];
