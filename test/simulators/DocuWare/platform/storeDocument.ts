import { resourceAnswer } from '../http/answers';
import { isAnswer } from './authentication';
import type { SignedInHandler } from './call';
import { beginChunks } from './chunks';
import { documentResource } from './documentResource';
import { cabinetFor } from './fileCabinets';
import { queryOf } from './organizations';
import { storeUpload, valuesFor } from './storing';
import { isChunk, readUpload } from './uploads';

/**
 * `POST FileCabinets/{id}/Documents` in its forms: data record as JSON, one raw file, multipart with the
 * index data first, or the first of several chunks (docs/facts/docuware.md 7.2). An empty body is refused,
 * so that a replayed upload whose stream was not opened anew cannot pass.
 */
export const storeDocument: SignedInHandler = (call, principal) => {
	const cabinet = cabinetFor(call, principal, 'General_Store');
	if (isAnswer(cabinet)) return cabinet;
	const upload = readUpload(call);
	if (isAnswer(upload)) return upload;
	const storeDialogId = queryOf(call.request.url)('storedialogid');
	if (isChunk(call.request)) {
		// What is wrong with the index data is said at once, not after the last chunk.
		const refusal = valuesFor(call, principal, storeDialogId, upload.fields);
		if ('status' in refusal) return refusal;
		return beginChunks(call, principal, upload, {
			kind: 'document',
			fileCabinetId: cabinet.id,
			storeDialogId,
			fields: upload.fields,
			properties: upload.properties,
		});
	}
	const stored = storeUpload(call, principal, storeDialogId, upload);
	return isAnswer(stored)
		? stored
		: resourceAnswer(
				call.request,
				'Document',
				documentResource(stored, cabinet, call.server.switches),
			);
};
