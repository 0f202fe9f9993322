import { divideOperation } from './divideOperation';

export const unclipDocument = divideOperation(
	{
		name: 'Unclip',
		value: 'unclip',
		action: 'Unclip document',
		description: 'Make a document of each file that a document consists of',
	},
	{ operation: 'Unclip', kind: 'both' },
);
