import { ConnectorError } from '../../shared/errors';
import { linkIn, onlyLinkIn } from '../platform/links';
import { cabinetPath, documentPath } from './cabinetFacts';
import type { PlatformClient, PlatformResource } from './platformClient';

/** Below a document, or below its cabinet with the document in the query (docs/facts/docuware.md 7.3, 7.4). */
const DOCUMENT_PATHS = {
	annotation: { path: 'Annotation' },
	appProperties: { path: 'DocumentApplicationProperties' },
	/** No path is known. */
	auditInformation: undefined,
	checkInFromFileSystem: { path: 'CheckInFromFileSystem' },
	checkoutToFileSystem: { path: 'CheckoutToFileSystem' },
	contentDivideOperation: { operation: 'ContentDivide' },
	documentLinks: { path: 'DocumentLinks' },
	lock: { path: 'Lock' },
	processDocumentAction: { operation: 'ProcessDocumentAction' },
	rights: { path: 'Rights' },
	suggestions: { path: 'Suggestions' },
	/** No path is known. */
	versionHistory: undefined,
	workflowHistory: { path: 'WorkflowHistory' },
} as const;

const CABINET_PATHS = {
	batchUpdate: 'Operations/BatchDocumentsUpdateFields',
	documents: 'Documents',
	contentMergeOperation: 'Operations/ContentMerge',
	stamps: 'Stamps',
	transfer: 'Task/Transfer',
} as const;

export type DocumentRelation = keyof typeof DOCUMENT_PATHS;
export type CabinetRelation = keyof typeof CABINET_PATHS;

/** A document as it was read, and where it is. */
export interface LocatedDocument {
	cabinetId: string;
	documentId: number;
	resource: PlatformResource;
}

/**
 * The address that a document gives for a relation, else the one that is known of it.
 *
 * @throws ConnectorError DOCUWARE_NOT_OFFERED where there is neither, DOCUWARE_FOREIGN_HOST where it gives one to another
 *   server and none is known
 */
export function documentLink(
	client: PlatformClient,
	{ cabinetId, documentId, resource }: LocatedDocument,
	relation: DocumentRelation,
): URL {
	const known: { path?: string; operation?: string } | undefined = DOCUMENT_PATHS[relation];
	const find = known === undefined ? onlyLinkIn : linkIn;
	const own = find(client.session, resource, relation);
	if (own !== undefined) return own;
	if (known?.path !== undefined) {
		return client.address(`${documentPath(cabinetId, documentId)}/${known.path}`);
	}
	if (known?.operation !== undefined) {
		const path = `${cabinetPath(cabinetId)}/Operations/${known.operation}`;
		return client.address(`${path}?DocId=${documentId}`);
	}
	throw notOffered(relation, documentId);
}

/**
 * The address that a file cabinet or tray gives for a relation, else the one that is known of it.
 *
 * @param resource the cabinet as it was read
 */
export function cabinetLink(
	client: PlatformClient,
	cabinetId: string,
	resource: PlatformResource,
	relation: CabinetRelation,
): URL {
	return (
		linkIn(client.session, resource, relation) ??
		client.address(`${cabinetPath(cabinetId)}/${CABINET_PATHS[relation]}`)
	);
}

/** What a document says it has by a link that is not there. */
const WHY_NOT: Partial<Record<DocumentRelation, string>> = {
	auditInformation: 'auditing of documents is off for the file cabinet, or the user may not see it',
	versionHistory: 'the file cabinet has no version management, or the document no second version',
};

function notOffered(relation: DocumentRelation, documentId: number): ConnectorError {
	const why = WHY_NOT[relation] ?? 'this server may not have it';
	return new ConnectorError(
		'DOCUWARE_NOT_OFFERED',
		`Document ${documentId} has no link "${relation}": ${why}.`,
		{
			repair:
				'Check the settings of the file cabinet in DocuWare Configuration, and the rights of the user.',
		},
	);
}
