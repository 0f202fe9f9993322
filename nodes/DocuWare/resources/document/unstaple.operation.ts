import { divideOperation } from './divideOperation';

export const unstapleDocument = divideOperation(
	{
		name: 'Unstaple',
		value: 'unstaple',
		action: 'Unstaple document',
		description: 'Make a document of each page of a document; in document trays only',
	},
	{ operation: 'Unstaple', kind: 'trays' },
);
