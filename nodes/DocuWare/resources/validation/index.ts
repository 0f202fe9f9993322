import type { DocuWareResource } from '../operation';
import { acceptDocument } from './accept.operation';
import { refuseDocument } from './refuse.operation';

export const validation: DocuWareResource = {
	name: 'Validation',
	value: 'validation',
	operations: [acceptDocument, refuseDocument],
	defaultOperation: acceptDocument.value,
};
