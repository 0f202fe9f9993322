import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { OutputRow } from '../../../shared/node/operation';
import { namesIn, outputChoice, type OutputMode } from '../../../shared/node/outputChoice';
import type { PlatformResource } from '../../api/platformClient';
import { SYSTEM_FIELDS } from '../../fields/indexFields';
import { addFields, fieldsIn, type ServiceField } from '../../fields/readFields';
import { readDateTime } from '../../fields/serviceDates';
import type { OperationCall } from '../operation';

/** What a document says of itself beside its index fields; `documentId` always comes out. */
export const DOCUMENT_MEMBERS = [
	'title',
	'fileCabinetId',
	'contentType',
	'fileSize',
	'pageCount',
	'sectionCount',
	'storedAt',
	'modifiedAt',
] as const;

type DocumentMember = (typeof DOCUMENT_MEMBERS)[number];

/**
 * What comes out simplified beside the index fields. These are the user's own, so all of them come, however many; what is
 * said of the files, and what the system keeps, comes where it is chosen.
 */
const LOOKED_FOR: readonly DocumentMember[] = ['title', 'fileCabinetId', 'storedAt', 'modifiedAt'];

export const documentOutputFields: INodeProperties[] = outputChoice({
	simplified: 'All index fields as plain values, with number, title, place and times',
	raw: 'The document as DocuWare delivers it',
	list: { loadOptionsMethod: 'getDocumentFields', loadOptionsDependsOn: ['fileCabinetId.value'] },
});

/** How the item wants documents. */
export interface DocumentOutput {
	mode: OutputMode;
	/** Names that come out; undefined for all. */
	selected: ReadonlySet<string> | undefined;
}

/**
 * How the item wants documents. The chosen index fields may be given in any case, or by label.
 *
 * @param cabinetId whose fields they are; undefined where documents lie in several, and names are taken as they are
 * @throws ConnectorError DOCUWARE_INVALID_VALUE for a field that the file cabinet has not, with those that are near
 */
export async function readDocumentOutput(
	{ context, itemIndex, facts }: OperationCall,
	cabinetId: string | undefined,
): Promise<DocumentOutput> {
	const mode = context.getNodeParameter('output', itemIndex, 'simplified') as OutputMode;
	if (mode !== 'selected') return { mode, selected: undefined };
	const chosen = namesIn(context.getNodeParameter('fieldsToReturn', itemIndex, []));
	if (chosen.length === 0) return { mode, selected: undefined };
	const isOwn = (name: string) => isMember(name) || name === DOCUMENT_ID;
	if (cabinetId === undefined || chosen.every(isOwn)) return { mode, selected: new Set(chosen) };
	const { names } = await facts.cabinet(cabinetId);
	const selected = chosen.map((name) => (isOwn(name) ? name : names.find(name).name));
	return { mode, selected: new Set(selected) };
}

/** What the next node finds a document by. */
export const DOCUMENT_ID = 'documentId';

/** What a document says of itself, which no field may stand in the way of. */
const OWN_NAMES: ReadonlySet<string> = new Set([DOCUMENT_ID, ...DOCUMENT_MEMBERS]);

/**
 * Names of the index fields that have to be asked for, for a search that returns only what is named; undefined for
 * all.
 */
export function indexFieldsWanted({ selected }: DocumentOutput): string[] | undefined {
	return selected && [...selected].filter((name) => !isMember(name) && name !== DOCUMENT_ID);
}

/** A document as the item wants it. */
export function documentRow(output: DocumentOutput, document: PlatformResource): OutputRow {
	return { json: documentJson(output, document) };
}

/** A document, or one of the hits of a search, as the item wants it. */
export function documentJson(
	{ mode, selected }: DocumentOutput,
	document: PlatformResource,
): IDataObject {
	if (mode === 'raw') return document as IDataObject;
	const members = memberValues(document);
	const json: Record<string, unknown> = { documentId: documentIdOf(document) };
	if (selected === undefined) {
		addFields(json, document.Fields, isUsers, OWN_NAMES);
		const isWhole = mode === 'selected' || isInTray(document);
		const names = isWhole ? DOCUMENT_MEMBERS : LOOKED_FOR;
		for (const name of names) json[name] = members[name];
		return json as IDataObject;
	}
	for (const [name, value] of Object.entries(members)) if (selected.has(name)) json[name] = value;
	// A field cannot stand in the way of what the next node finds the document by.
	const own = new Set(Object.keys(json));
	addFields(json, document.Fields, ({ FieldName: name }) => selected.has(String(name)), own);
	return json as IDataObject;
}

/** The number of a document: of its own, or of its field DWDOCID; null where neither is there. */
export function documentIdOf({ Id: id, Fields: fields }: PlatformResource): number | null {
	if (typeof id === 'number' && id > 0) return id;
	const field = fieldsIn(fields).find(({ FieldName: name }) => name === 'DWDOCID');
	const number = Number(field?.Item ?? id);
	return Number.isInteger(number) && number > 0 ? number : null;
}

/** A document tray has no index fields, and its ID begins with `b_` (docs/facts/docuware.md 6.1). */
function isInTray({ FileCabinetId: id }: PlatformResource): boolean {
	return typeof id === 'string' && id.startsWith('b_');
}

function memberValues(document: PlatformResource): Record<DocumentMember, unknown> {
	const { Title, FileCabinetId, ContentType, FileSize, TotalPages, SectionCount } = document;
	return {
		title: Title ?? null,
		fileCabinetId: FileCabinetId ?? null,
		contentType: ContentType ?? null,
		fileSize: FileSize ?? null,
		pageCount: TotalPages ?? null,
		sectionCount: SectionCount ?? null,
		storedAt: readDateTime(document.CreatedAt),
		modifiedAt: readDateTime(document.LastModified),
	};
}

/** Whether a field is one of the user, not of the system. */
export function isUsers({ SystemField: isSystem, FieldName: name }: ServiceField): boolean {
	return isSystem !== true && !isSystemName(String(name));
}

/** Names of the system begin with DW, which is seen without writing each name in capitals. */
function isSystemName(name: string): boolean {
	return /^dw/i.test(name) && SYSTEM_FIELDS.has(name.toUpperCase());
}

function isMember(name: string): name is DocumentMember {
	return (DOCUMENT_MEMBERS as readonly string[]).includes(name);
}
