import type { Answer } from '../../shared/answers';
import { errorAnswer } from '../http/answers';
import { sameText } from '../simulatedServer';
import type { CabinetRight } from '../world/cabinets';
import type { DocumentLock, StoredDocument } from '../world/documents';
import type { PlatformCall, Principal } from './call';

/** What changes a document or its files; whoever holds it keeps others from it. */
const changes: readonly CabinetRight[] = [
	'General_Edit',
	'General_EditDocuments',
	'General_DeleteDocuments',
	'General_Append',
	'General_Checkout',
	'Annotation_New',
	'Annotation_Delete',
	'Annotation_All',
	'Annotation_Stamp_New',
];

/** The lock of a document that is in force; one whose time is up is taken away. */
export function lockOf(now: number, document: StoredDocument): DocumentLock | undefined {
	if (document.lock !== undefined && document.lock.until <= now) delete document.lock;
	return document.lock;
}

/**
 * 409 or 423 where somebody else has checked a document out or locked it, and it is to be changed
 * (docs/facts/docuware.md 8.5, which of the two is uncertain).
 */
export function heldByOther(
	call: PlatformCall,
	principal: Principal,
	document: StoredDocument,
	right: CabinetRight,
): Answer | undefined {
	if (!changes.includes(right)) return undefined;
	const message = heldMessage(call, principal, document);
	return message === undefined ? undefined : held(call, message);
}

/** Who else holds a document, in words; undefined where nobody does. */
export function heldMessage(
	{ server }: PlatformCall,
	{ user }: Principal,
	document: StoredDocument,
): string | undefined {
	const { checkedOutBy } = document;
	if (checkedOutBy !== undefined && !sameText(checkedOutBy, user.name)) {
		return `The document ${document.id} is checked out by ${checkedOutBy}.`;
	}
	const lock = lockOf(server.now(), document);
	return lock === undefined || sameText(lock.userName, user.name)
		? undefined
		: `The document ${document.id} is locked by ${lock.userName}.`;
}

/** The answer about a document that is held. */
export function held({ server, request }: PlatformCall, message: string): Answer {
	return errorAnswer(request, server.switches.heldDocumentStatus, message);
}
