import { msDateOf, msDateOfDay } from '../world/dates';
import type { IndexValue, StoredDocument, StoredSection } from '../world/documents';
import { pagesOf, sizeOf, titleOf } from '../world/documents';
import type { SimulatedFileCabinet } from '../world/cabinets';
import { itemElements } from '../world/fields';
import type { SimulatedField } from '../world/fields';
import { valueOf } from '../world/systemValues';
import type { DocuWareSwitches } from '../switches';
import { zoneMinutesOf } from './writingRules';
import { platformPath } from './call';

/** Relations of a document with their paths below it (docs/facts/docuware.md 7). */
const relations: ReadonlyArray<readonly [string, string]> = [
	['self', ''],
	['fields', '/Fields'],
	['fileDownload', '/FileDownload'],
	['thumbnail', '/Thumbnail'],
	['downloadAsArchive', '/DownloadAsArchive'],
	['appProperties', '/DocumentApplicationProperties'],
	['lock', '/Lock'],
	['annotation', '/Annotation'],
	['auditInformation', '/AuditInformation'],
	['documentLinks', '/DocumentLinks'],
	['rights', '/Rights'],
	['workflowHistory', '/WorkflowHistory'],
	['suggestions', '/Suggestions'],
];

/** Relations to what the cabinet does with one of its documents. */
const operations: ReadonlyArray<readonly [string, string]> = [
	['processDocumentAction', 'ProcessDocumentAction'],
	['contentDivideOperation', 'ContentDivide'],
];

/** Relations that a document has where its cabinet manages versions (docs/facts/docuware.md 7.3). */
function versionRelations(
	{ checkedOutBy }: StoredDocument,
	{ versionManagement = 'Disable' }: SimulatedFileCabinet,
): ReadonlyArray<readonly [string, string]> {
	if (versionManagement === 'Disable') return [];
	return [
		['versionHistory', '/VersionHistory'],
		checkedOutBy === undefined
			? ['checkoutToFileSystem', '/CheckoutToFileSystem']
			: ['checkInFromFileSystem', '/CheckInFromFileSystem'],
	];
}

/** What an answer shows of a document. */
export interface DocumentView {
	/** Names of the fields in the answer; absent: all of the cabinet. */
	fields?: readonly string[];
	/** Sections as members of the document; a search leaves them out (docs/facts/docuware.md 7.1). */
	withSections?: boolean;
}

/** A document with a value for each field of its cabinet, those of the system last. */
export function documentResource(
	document: StoredDocument,
	cabinet: SimulatedFileCabinet,
	switches: DocuWareSwitches,
	{ fields, withSections = true }: DocumentView = {},
): object {
	const zone = zoneMinutesOf(switches);
	const self = `${platformPath}/FileCabinets/${cabinet.id}/Documents/${document.id}`;
	const shown =
		fields === undefined
			? cabinet.fields
			: cabinet.fields.filter(({ DBFieldName: name }) => fields.includes(name));
	return {
		Id: document.id,
		Title: titleOf(document),
		FileCabinetId: document.fileCabinetId,
		ContentType: document.sections[0]?.contentType ?? 'application/octet-stream',
		FileSize: sizeOf(document),
		TotalPages: pagesOf(document),
		HaveMoreTotalPages: false,
		SectionCount: document.sections.length,
		CreatedAt: msDateOf(document.storedAt, zone),
		CreatedAtSpecified: true,
		LastModified: msDateOf(document.modifiedAt, zone),
		LastModifiedSpecified: true,
		IntellixTrust: 'None',
		VersionStatus: versionStatus(document, cabinet),
		HasTextAnnotation: false,
		HasXmlDigitalSignatures: false,
		AnnotationsPreview: false,
		Version: { Major: document.version.major, Minor: document.version.minor },
		Flags: {
			IsCold: false,
			IsDBRecord: document.sections.length === 0,
			IsCheckedOut: document.checkedOutBy !== undefined,
			IsCopyRightProtected: false,
			IsVoiceAvailable: false,
			HasAppendedDocuments: false,
			IsProtected: false,
			IsDeleted: false,
			IsEmail: document.sections[0]?.contentType === 'message/rfc822',
		},
		Fields: shown.map((field) =>
			fieldResource(field, valueOf(document, field.DBFieldName), switches),
		),
		Sections: withSections
			? document.sections.map((section) => embeddedSection(section, document, switches))
			: [],
		Links: [
			...[...relationsOf(switches), ...versionRelations(document, cabinet)].map(([rel, path]) => ({
				rel,
				href: `${self}${path}`,
			})),
			...operations.map(([rel, name]) => ({
				rel,
				href: `${platformPath}/FileCabinets/${cabinet.id}/Operations/${name}?DocId=${document.id}`,
			})),
			{
				rel: 'sections',
				href: `${platformPath}/FileCabinets/${cabinet.id}/Sections?DocId=${document.id}`,
			},
			{ rel: 'filecabinet', href: `${platformPath}/FileCabinets/${cabinet.id}` },
		],
	};
}

/** A document without a picture of its own has no link to one. */
function relationsOf({ documentThumbnail }: DocuWareSwitches): typeof relations {
	return relations.filter(([rel]) => rel !== 'thumbnail' || documentThumbnail === 'served');
}

function versionStatus(document: StoredDocument, cabinet: SimulatedFileCabinet): string {
	if ((cabinet.versionManagement ?? 'Disable') === 'Disable') return 'Disable';
	return document.checkedOutBy === undefined ? 'Initial' : 'InProgress';
}

/** A field with its value; `Item` is missing where there is none, by switch null (docs/facts/docuware.md 6.3). */
export function fieldResource(
	field: SimulatedField,
	value: IndexValue | undefined,
	switches: DocuWareSwitches,
): object {
	const { DWFieldType: type } = field;
	const common = {
		FieldName: field.DBFieldName,
		FieldLabel: field.DisplayName,
		ItemElementName: itemElements[type],
		ReadOnly: field.Scope === 'System',
		SystemField: field.Scope === 'System',
	};
	if (value !== undefined) {
		return { ...common, Item: itemOf(field, value, switches), IsNull: false };
	}
	if (switches.emptyDates === 'minimum' && (type === 'Date' || type === 'DateTime')) {
		return { ...common, Item: '/Date(-62135596800000)/', IsNull: false };
	}
	return { ...common, ...(switches.emptyItem === 'null' ? { Item: null } : {}), IsNull: true };
}

/** A section inside a document carries `self` and `thumbnail` only (docs/facts/docuware.md 7.1). */
export function embeddedSection(
	section: StoredSection,
	document: StoredDocument,
	switches: DocuWareSwitches,
): object {
	const id = `${document.id}-${section.number}`;
	const cabinet = `${platformPath}/FileCabinets/${document.fileCabinetId}`;
	return {
		Id: id,
		ContentType: section.contentType,
		PageCount: section.pageCount,
		HaveMorePages: false,
		FileSize: section.content.size,
		OriginalFileName: section.name,
		ContentModified: msDateOf(section.modifiedAt, zoneMinutesOf(switches)),
		SignatureStatus: [],
		HasTextAnnotation: false,
		AnnotationsPreview: false,
		Links: [
			{ rel: 'self', href: `${cabinet}/Sections/${id}` },
			{ rel: 'thumbnail', href: `${cabinet}/Rendering/${id}/Thumbnail` },
		],
	};
}

/** A value as the answer has it (docs/facts/docuware.md 6.3). */
export function itemOf(
	field: SimulatedField,
	value: IndexValue,
	switches: DocuWareSwitches,
): unknown {
	if (typeof value === 'number') {
		if (field.DWFieldType === 'Date') return msDateOfDay(value, zoneMinutesOf(switches));
		return field.DWFieldType === 'DateTime' ? msDateOf(value, zoneMinutesOf(switches)) : value;
	}
	if (!Array.isArray(value)) return value;
	if (field.DWFieldType === 'Keyword') {
		return { $type: 'DocumentIndexFieldKeywords', Keyword: value };
	}
	return {
		$type: 'DocumentIndexFieldTable',
		Row: value.map((row) => ({
			ColumnValue: field.TableFieldColumns.map((column) =>
				fieldResource(
					column,
					typeof row === 'string' ? undefined : row[column.DBFieldName],
					switches,
				),
			),
		})),
	};
}
