import { deleteDocument, getDocument } from './documents';
import { getFields, updateFields } from './documentFields';
import { batchUpdate } from './batchUpdates';
import { signedIn } from './routes';
import type { PlatformRoute } from './routes';
import { deleteFromTrash, getTrashBin, queryTrashBin, restoreFromTrash } from './trashBin';

/** Documents and their index fields (docs/facts/docuware.md 7). */
export const documentRoutes: readonly PlatformRoute[] = [
	signedIn('GET', 'FileCabinets/{fileCabinetId}/Documents/{documentId}', getDocument),
	signedIn('DELETE', 'FileCabinets/{fileCabinetId}/Documents/{documentId}', deleteDocument),
	signedIn('GET', 'FileCabinets/{fileCabinetId}/Documents/{documentId}/Fields', getFields),
	signedIn('PUT', 'FileCabinets/{fileCabinetId}/Documents/{documentId}/Fields', updateFields),
	signedIn('POST', 'FileCabinets/{fileCabinetId}/Documents/{documentId}/Fields', updateFields),
	signedIn(
		'POST',
		'FileCabinets/{fileCabinetId}/Operations/BatchDocumentsUpdateFields',
		batchUpdate,
	),
	signedIn('GET', 'TrashBin', getTrashBin),
	signedIn('POST', 'TrashBin/Query', queryTrashBin),
	signedIn('POST', 'TrashBin/BatchRestore', restoreFromTrash),
	signedIn('POST', 'TrashBin/BatchDelete', deleteFromTrash),
];
