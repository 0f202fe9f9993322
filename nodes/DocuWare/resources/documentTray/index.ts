import type { DocuWareResource } from '../operation';
import { getTrayDocuments } from './getDocuments.operation';
import { getManyDocumentTrays } from './getMany.operation';
import { uploadToTray } from './upload.operation';

export const documentTray: DocuWareResource = {
	name: 'Document Tray',
	value: 'documentTray',
	operations: [getTrayDocuments, getManyDocumentTrays, uploadToTray],
	defaultOperation: getTrayDocuments.value,
};
