import { extname } from 'node:path';

import type { SimulatedField, SimulatedFileCabinet } from '../worldData';
import { platformPath } from './call';
import type { StoredDocument } from './documentStore';

/** Names of the element that holds a value, by type of the field (docs/facts/docuware.md 6.3). */
const itemElements: Readonly<Record<SimulatedField['DWFieldType'], string>> = {
	Text: 'String',
	Memo: 'Memo',
	Numeric: 'Int',
	Decimal: 'Decimal',
	Date: 'Date',
	DateTime: 'DateTime',
	Keyword: 'Keywords',
	Table: 'Table',
};

/** Relations of a document with their paths below it (docs/facts/docuware.md 7). */
const relations: ReadonlyArray<readonly [string, string]> = [
	['self', ''],
	['fields', '/Fields'],
	['sections', '/Sections'],
	['fileDownload', '/FileDownload'],
	['thumbnail', '/Thumbnail'],
	['downloadAsArchive', '/DownloadAsArchive'],
	['appProperties', '/DocumentApplicationProperties'],
	['lock', '/Lock'],
];

/** A document with a value for each field of its cabinet, those of the system last. */
export function documentResource(document: StoredDocument, cabinet: SimulatedFileCabinet): object {
	const self = `${platformPath}/FileCabinets/${cabinet.id}/Documents/${document.id}`;
	const storedAt = `/Date(${document.storedAt})/`;
	return {
		Id: document.id,
		Title: document.title,
		FileCabinetId: document.fileCabinetId,
		ContentType: document.contentType,
		FileSize: sizeOf(document),
		TotalPages: document.files.length,
		SectionCount: document.files.length,
		CreatedAt: storedAt,
		LastModified: storedAt,
		Fields: cabinet.fields.map((field) => fieldValue(field, document)),
		Links: relations.map(([rel, path]) => ({ rel, href: `${self}${path}` })),
	};
}

/** `Item` is missing where there is no value (docs/facts/docuware.md 6.3). */
function fieldValue(field: SimulatedField, document: StoredDocument): object {
	const item = itemOf(field, document);
	return {
		FieldName: field.DBFieldName,
		FieldLabel: field.DisplayName,
		...(item === null ? {} : { Item: item }),
		ItemElementName: itemElements[field.DWFieldType],
		IsNull: item === null,
		ReadOnly: field.Scope === 'System',
		SystemField: field.Scope === 'System',
	};
}

function sizeOf(document: StoredDocument): number {
	return document.files.reduce((sum, file) => sum + file.size, 0);
}

function itemOf(field: SimulatedField, document: StoredDocument): unknown {
	switch (field.DBFieldName) {
		case 'DWDOCID':
			return document.id;
		case 'DWSTOREDATETIME':
		case 'DWMODDATETIME':
			return `/Date(${document.storedAt})/`;
		case 'DWSTOREUSER':
		case 'DWMODUSER':
			return document.storedBy;
		case 'DWPAGECOUNT':
		case 'DWSECTIONCOUNT':
			return document.files.length;
		case 'DWDOCSIZE':
			return sizeOf(document);
		case 'DWEXTENSION':
			return extname(document.title) || null;
		default:
			return (
				document.fields.find(({ FieldName: name }) => name === field.DBFieldName)?.Item ?? null
			);
	}
}
