import { mergeOperation } from './mergeOperation';

export const clipDocuments = mergeOperation(
	{
		name: 'Clip',
		value: 'clip',
		action: 'Clip documents',
		description: 'Make one document of several; each stays a file of its own in it',
	},
	{ operation: 'Clip', kind: 'both' },
);
