import type { DocuWareResource } from '../operation';
import { appendFile } from './appendFile.operation';
import { deleteSection } from './deleteSection.operation';
import { downloadDocument } from './download.operation';
import { getDocument } from './get.operation';
import { getDocumentCount } from './getCount.operation';
import { getSections } from './getSections.operation';
import { getDocumentText } from './getText.operation';
import { getThumbnail } from './getThumbnail.operation';
import { replaceSection } from './replaceSection.operation';
import { searchDocuments } from './search.operation';
import { updateIndexFields } from './updateIndexFields.operation';

export const document: DocuWareResource = {
	name: 'Document',
	value: 'document',
	operations: [
		appendFile,
		deleteSection,
		downloadDocument,
		getDocument,
		getDocumentCount,
		getSections,
		getDocumentText,
		getThumbnail,
		replaceSection,
		searchDocuments,
		updateIndexFields,
	],
	defaultOperation: getDocument.value,
};
