import type { INodeProperties } from 'n8n-workflow';

/** Where the file of the item is. */
export const inputFileField: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the input field that holds the file',
};

/** Where the file goes; a model gets none. */
export const outputFileField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'outputField',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output field to put the file in',
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

/** One of the files of a document. */
export const sectionField: INodeProperties = {
	displayName: 'Section',
	name: 'sectionId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 338-365',
	description:
		'ID of the section as Get Sections puts it out, or its place in the document: 1 for the first. May be empty where the document has one.',
};
