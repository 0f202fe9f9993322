import type { DocuWareResource } from '../operation';
import { addAnnotation } from './addAnnotation.operation';
import { appendFile } from './appendFile.operation';
import { appendKeywords } from './appendKeywords.operation';
import { batchUpdate } from './batchUpdate.operation';
import { checkInDocument } from './checkIn.operation';
import { checkOutDocument } from './checkOut.operation';
import { clipDocuments } from './clip.operation';
import { deleteDocument } from './delete.operation';
import { deleteSection } from './deleteSection.operation';
import { downloadDocument } from './download.operation';
import { getDocument } from './get.operation';
import { getApplicationProperties } from './getApplicationProperties.operation';
import { getDocumentCount } from './getCount.operation';
import { getDocumentHistory } from './getHistory.operation';
import { getDocumentLinks } from './getLinks.operation';
import { getDocumentRights } from './getRights.operation';
import { getSections } from './getSections.operation';
import { getSuggestions } from './getSuggestions.operation';
import { getDocumentText } from './getText.operation';
import { getThumbnail } from './getThumbnail.operation';
import { lockDocument } from './lock.operation';
import { placeStamp } from './placeStamp.operation';
import { replaceSection } from './replaceSection.operation';
import { searchDocuments } from './search.operation';
import { setApplicationProperties } from './setApplicationProperties.operation';
import { splitDocument } from './split.operation';
import { stapleDocuments } from './staple.operation';
import { transferDocuments } from './transfer.operation';
import { unclipDocument } from './unclip.operation';
import { undoCheckOut } from './undoCheckOut.operation';
import { unlockDocument } from './unlock.operation';
import { unstapleDocument } from './unstaple.operation';
import { updateIndexFields } from './updateIndexFields.operation';
import { uploadDocument } from './upload.operation';

export const document: DocuWareResource = {
	name: 'Document',
	value: 'document',
	operations: [
		addAnnotation,
		appendFile,
		appendKeywords,
		batchUpdate,
		checkInDocument,
		checkOutDocument,
		clipDocuments,
		deleteDocument,
		deleteSection,
		downloadDocument,
		getDocument,
		getApplicationProperties,
		getDocumentCount,
		getDocumentHistory,
		getDocumentLinks,
		getDocumentRights,
		getSections,
		getSuggestions,
		getDocumentText,
		getThumbnail,
		lockDocument,
		placeStamp,
		replaceSection,
		searchDocuments,
		setApplicationProperties,
		splitDocument,
		stapleDocuments,
		transferDocuments,
		unclipDocument,
		undoCheckOut,
		unlockDocument,
		unstapleDocument,
		updateIndexFields,
		uploadDocument,
	],
	defaultOperation: getDocument.value,
};
