import type { DocuWareResource } from '../operation';
import { getDocument } from './get.operation';

export const document: DocuWareResource = {
	name: 'Document',
	value: 'document',
	operations: [getDocument],
	defaultOperation: getDocument.value,
};
