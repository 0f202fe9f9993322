import type { DocuWareResource } from '../operation';
import { getTrayDocuments } from './getDocuments.operation';
import { getManyDocumentTrays } from './getMany.operation';

export const documentTray: DocuWareResource = {
	name: 'Document Tray',
	value: 'documentTray',
	operations: [getTrayDocuments, getManyDocumentTrays],
	defaultOperation: getTrayDocuments.value,
};
