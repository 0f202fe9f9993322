import { getAnnotations, placeAnnotations } from './annotations';
import { getApplicationProperties, setApplicationProperties } from './applicationProperties';
import { divideContent, mergeContent } from './contentOperations';
import {
	getAuditInformation,
	getDocumentLinks,
	getLinkedDocuments,
	getRights,
} from './documentFacts';
import { lockDocument, unlockDocument } from './documentLocks';
import { signedIn } from './routes';
import type { PlatformRoute } from './routes';
import { listStamps } from './stamps';
import { getSuggestions } from './suggestions';
import { transferDocuments } from './transfers';
import {
	checkInFromFile,
	checkOutToFile,
	getVersionHistory,
	processDocumentAction,
} from './versions';
import { getInstanceHistory, getWorkflowHistory } from './workflowHistory';

const cabinet = 'FileCabinets/{fileCabinetId}';
const document = `${cabinet}/Documents/{documentId}`;

/** What is done with whole documents (docs/facts/docuware.md 7.3, 7.4, 8.2). */
export const actionRoutes: readonly PlatformRoute[] = [
	signedIn('POST', `${cabinet}/Task/Transfer`, transferDocuments),
	signedIn('POST', `${cabinet}/Operations/ContentMerge`, mergeContent),
	signedIn('PUT', `${cabinet}/Operations/ContentMerge`, mergeContent),
	signedIn('POST', `${cabinet}/Operations/ContentDivide`, divideContent),
	signedIn('PUT', `${cabinet}/Operations/ContentDivide`, divideContent),
	signedIn('PUT', `${cabinet}/Operations/ProcessDocumentAction`, processDocumentAction),
	signedIn('POST', `${document}/CheckoutToFileSystem`, checkOutToFile),
	signedIn('POST', `${document}/CheckInFromFileSystem`, checkInFromFile),
	signedIn('GET', `${document}/VersionHistory`, getVersionHistory),
	signedIn('POST', `${document}/Lock`, lockDocument),
	signedIn('DELETE', `${document}/Lock`, unlockDocument),
	signedIn('GET', `${cabinet}/Stamps`, listStamps),
	signedIn('GET', `${document}/Annotation`, getAnnotations),
	signedIn('POST', `${document}/Annotation`, placeAnnotations),
	signedIn('GET', `${document}/DocumentApplicationProperties`, getApplicationProperties),
	signedIn('POST', `${document}/DocumentApplicationProperties`, setApplicationProperties),
	signedIn('GET', `${document}/Suggestions`, getSuggestions),
	signedIn('GET', `${document}/DocumentLinks`, getDocumentLinks),
	signedIn('GET', `${document}/DocumentLinks/{linkId}/Result`, getLinkedDocuments),
	signedIn('POST', `${document}/Rights`, getRights),
	signedIn('GET', `${document}/Rights`, getRights),
	signedIn('GET', `${document}/AuditInformation`, getAuditInformation),
	signedIn('POST', `${document}/AuditInformation`, getAuditInformation),
	signedIn('GET', `${document}/WorkflowHistory`, getWorkflowHistory),
	signedIn('GET', 'Workflows/{workflowId}/Instances/{instanceId}/History', getInstanceHistory),
];
