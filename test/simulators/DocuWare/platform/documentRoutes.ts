import { deleteDocument, getDocument } from './documents';
import { getFields, updateFields } from './documentFields';
import { signedIn } from './routes';
import type { PlatformRoute } from './routes';

/** Documents and their index fields (docs/facts/docuware.md 7). */
export const documentRoutes: readonly PlatformRoute[] = [
	signedIn('GET', 'FileCabinets/{fileCabinetId}/Documents/{documentId}', getDocument),
	signedIn('DELETE', 'FileCabinets/{fileCabinetId}/Documents/{documentId}', deleteDocument),
	signedIn('GET', 'FileCabinets/{fileCabinetId}/Documents/{documentId}/Fields', getFields),
	signedIn('PUT', 'FileCabinets/{fileCabinetId}/Documents/{documentId}/Fields', updateFields),
	signedIn('POST', 'FileCabinets/{fileCabinetId}/Documents/{documentId}/Fields', updateFields),
];
