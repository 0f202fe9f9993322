import type { Answer } from '../../shared/answers';
import { emptyAnswer } from '../../shared/answers';
import { errorAnswer, resourceAnswer } from '../http/answers';
import type { CabinetRight, SimulatedFileCabinet } from '../world/cabinets';
import { addSection } from '../world/documents';
import type { StoredDocument } from '../world/documents';
import { isAnswer } from './authentication';
import type { PlatformCall, Principal, SignedInHandler } from './call';
import { documentResource } from './documentResource';
import { cabinetFor } from './fileCabinets';
import { indexed, storeDialogOf } from './indexing';
import { queryOf } from './organizations';
import { readUpload } from './uploads';

/**
 * `POST FileCabinets/{id}/Documents` in its three forms: data record as JSON, one raw file, or
 * multipart with the index data first (docs/facts/docuware.md 7.2). An empty body is refused, so
 * that a replayed upload whose stream was not opened anew cannot pass.
 */
export const storeDocument: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal, 'General_Store');
	if (isAnswer(cabinet)) return cabinet;
	const upload = readUpload(call.request, call.server.switches.uploadFileNames);
	if (isAnswer(upload)) return upload;
	const { server, request } = call;
	const dialog = storeDialogOf(call, principal, cabinet, queryOf(request.url)('storedialogid'));
	if (dialog !== undefined && isAnswer(dialog)) return dialog;
	const stored = server.documents.add({
		fileCabinetId: cabinet.id,
		values: indexed(call, cabinet, dialog, {}, upload.fields),
		storedBy: principal.user.name,
		storedAt: server.now(),
	});
	for (const file of upload.files) addSection(stored, file, server.now());
	server.counts.documentsStored += 1;
	return resourceAnswer(request, 'Document', documentResource(stored, cabinet, server.switches));
};

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

/** The document that a path names, or its refusal: as {@link cabinetFor}, and 404 for an unknown one. */
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
	return document === undefined
		? errorAnswer(call.request, 404, `The document '${id}' was not found.`)
		: { document, cabinet };
}
