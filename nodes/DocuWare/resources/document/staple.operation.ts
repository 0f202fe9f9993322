import { mergeOperation } from './mergeOperation';

export const stapleDocuments = mergeOperation(
	{
		name: 'Staple',
		value: 'staple',
		action: 'Staple documents',
		description: 'Make one file of the pages of several documents; in document trays only',
	},
	{ operation: 'Staple', kind: 'trays' },
);
