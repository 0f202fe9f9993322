import type { DocuWareResource } from '../operation';
import { createViewerLink } from './create.operation';

export const viewerLink: DocuWareResource = {
	name: 'Viewer Link',
	value: 'viewerLink',
	operations: [createViewerLink],
	defaultOperation: createViewerLink.value,
};
