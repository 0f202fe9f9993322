import { addChunk } from './chunks';
import {
	downloadAsArchive,
	downloadDocument,
	downloadSection,
	getDocumentThumbnail,
	getSectionData,
	getSectionThumbnail,
} from './downloads';
import {
	annotatePage,
	downloadPage,
	findStampPosition,
	getPage,
	getPagesBlock,
	stampPage,
} from './pages';
import { signedIn } from './routes';
import type { PlatformRoute } from './routes';
import {
	addSectionToDocument,
	appendFiles,
	deleteSection,
	getSection,
	listSections,
	replaceSection,
} from './sections';
import { storeDocument } from './storeDocument';
import { getTextshot } from './textRecognition';

const cabinet = 'FileCabinets/{fileCabinetId}';
const document = `${cabinet}/Documents/{documentId}`;
const section = `${cabinet}/Sections/{sectionId}`;

/** Files of documents: in, out, and one by one (docs/facts/docuware.md 7.1 to 7.3). */
export const fileRoutes: readonly PlatformRoute[] = [
	signedIn('POST', `${cabinet}/Documents`, storeDocument),
	signedIn('POST', `${cabinet}/ChunkedUploads/{uploadId}/{number}`, addChunk),
	signedIn('POST', document, appendFiles),
	signedIn('GET', `${document}/FileDownload`, downloadDocument),
	signedIn('GET', `${document}/DownloadAsArchive`, downloadAsArchive),
	signedIn('POST', `${document}/DownloadAsArchive`, downloadAsArchive),
	signedIn('GET', `${document}/Thumbnail`, getDocumentThumbnail),
	signedIn('GET', `${document}/Image`, getDocumentThumbnail),
	signedIn('GET', `${cabinet}/Rendering/{sectionId}/Thumbnail`, getSectionThumbnail),
	signedIn('GET', `${cabinet}/Sections`, listSections),
	signedIn('POST', `${cabinet}/Sections`, addSectionToDocument),
	signedIn('GET', section, getSection),
	signedIn('DELETE', section, deleteSection),
	signedIn('GET', `${section}/Data`, getSectionData),
	signedIn('POST', `${section}/Data`, replaceSection),
	signedIn('PUT', `${section}/Data`, replaceSection),
	signedIn('GET', `${section}/FileDownload`, downloadSection),
	signedIn('GET', `${section}/Textshot`, getTextshot),
	signedIn('GET', `${section}/PagesBlock`, getPagesBlock),
	signedIn('GET', `${section}/FileDownloadPage`, downloadPage),
	signedIn('GET', `${section}/Pages/{number}`, getPage),
	signedIn('POST', `${section}/Pages/{number}/Annotation`, annotatePage),
	signedIn('POST', `${section}/Pages/{number}/Stamp`, stampPage),
	signedIn('POST', `${section}/Pages/{number}/StampBestPosition`, findStampPosition),
];
