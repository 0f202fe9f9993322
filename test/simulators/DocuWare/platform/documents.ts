import type { Answer } from '../../shared/answers';
import { emptyAnswer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import type { CabinetRight, SimulatedFileCabinet } from '../world/cabinets';
import type { StoredDocument } from '../world/documents';
import { isAnswer } from './authentication';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { documentResource } from './documentResource';
import { cabinetFor } from './fileCabinets';
import { heldByOther } from './holds';

/** `GET FileCabinets/{id}/Documents/{documentId}`. */
export const getDocument: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DisplayDocument');
	if (isAnswer(found)) return found;
	const { document, cabinet } = found;
	return resourceAnswer(
		call.request,
		'Document',
		documentResource(document, cabinet, call.server.switches),
	);
};

/** `DELETE FileCabinets/{id}/Documents/{documentId}`: into the trash bin (docs/facts/docuware.md 7.3). */
export const deleteDocument: SignedInHandler = (call, principal) => {
	const found = documentFor(call, principal, 'General_DeleteDocuments');
	if (isAnswer(found)) return found;
	const { server } = call;
	server.documents.discard(found.document, principal.user.name, server.now());
	server.counts.documentsDeleted += 1;
	return emptyAnswer(200);
};

/** The document that a path names, or its refusal: as {@link cabinetFor}, 404 for an unknown one, and see {@link heldByOther}. */
export function documentFor(
	call: PlatformCall,
	principal: Principal,
	right: CabinetRight,
): { document: StoredDocument; cabinet: SimulatedFileCabinet } | Answer {
	const cabinet = cabinetFor(call, principal, right);
	if (isAnswer(cabinet)) return cabinet;
	const id = call.parameters['documentId'] ?? '';
	const document = /^\d+$/.test(id)
		? call.server.documents.find(cabinet.id, Number(id))
		: undefined;
	if (document === undefined) {
		return errorAnswer(call.request, 404, `The document '${id}' was not found.`);
	}
	return heldByOther(call, principal, document, right) ?? { document, cabinet };
}
