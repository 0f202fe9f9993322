import type { INodeProperties } from 'n8n-workflow';

/** Where the file of the item is. */
export const inputFileField: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryField',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the input field that holds the file',
};

/** Another name than the file has. */
export const fileNameOption: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. invoice.pdf',
	description: 'Name of the file with its ending; by default the one that it has',
};

/** Where the file goes. */
export const outputFileField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'outputField',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output field to put the file in',
};
