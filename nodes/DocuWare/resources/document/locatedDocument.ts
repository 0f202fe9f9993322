import type { INodeProperties } from 'n8n-workflow';
import { documentPath, type CabinetKind } from '../../api/cabinetFacts';
import { documentLink, type DocumentRelation, type LocatedDocument } from '../../api/documentLinks';
import { fileCabinetField, readFileCabinetId } from '../common/cabinetField';
import { documentIdField, readDocumentId } from '../common/documentIdField';
import type { OperationCall } from '../operation';

/** One document of a file cabinet: trays keep no versions. */
export const versionedFields: INodeProperties[] = [fileCabinetField('cabinets'), documentIdField];

/**
 * The document that the item names, read, so that its own links are known and one that is missing or out of
 * reach is an error before anything is changed.
 *
 * @throws ConnectorError as the fields and the client throw
 */
export async function readDocument(
	call: OperationCall,
	kind: CabinetKind = 'both',
): Promise<LocatedDocument> {
	const documentId = readDocumentId(call);
	const cabinetId = await readFileCabinetId(call, kind);
	return await locateDocument(call, cabinetId, documentId);
}

/** The same for one that is known by its numbers. */
export async function locateDocument(
	{ client, signal }: OperationCall,
	cabinetId: string,
	documentId: number,
): Promise<LocatedDocument> {
	const path = documentPath(cabinetId, documentId);
	return { cabinetId, documentId, resource: await client.read({ path, signal }) };
}

/** Where a document is, for the output. */
export function placeOf({ cabinetId, documentId }: LocatedDocument): {
	documentId: number;
	fileCabinetId: string;
} {
	return { documentId, fileCabinetId: cabinetId };
}

/** The address of something about the document: its own link, else the known path. */
export function linkOf(
	{ client }: OperationCall,
	document: LocatedDocument,
	relation: DocumentRelation,
): URL {
	return documentLink(client, document, relation);
}
