import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection } from '../../../shared/node/optionsField';

/** What becomes of the answer. */
export const responseFields: INodeProperties[] = [
	{
		displayName: 'Response Format',
		name: 'responseFormat',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'File', value: 'file', description: 'Binary data, streamed' },
			{ name: 'JSON', value: 'json' },
			{ name: 'Text', value: 'text', description: 'A text in the field data' },
		],
		default: 'json',
		description:
			'What is asked for in Accept, and what becomes of the answer. Binary content becomes binary data in any case.',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'outputDataFieldName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: { responseFormat: ['file'] } },
	},
	optionsCollection([
		{
			displayName: 'Follow Next Links',
			name: 'followNext',
			type: 'boolean',
			default: false,
			description:
				'Whether to read the pages after the answer, too. For GET with JSON, and for a search by POST.',
		},
		{
			displayName: 'Include Response Headers and Status',
			name: 'fullResponse',
			type: 'boolean',
			default: false,
			description: 'Whether to return status code and headers beside the body',
		},
		{
			displayName: 'Items Property',
			name: 'itemsProperty',
			type: 'string',
			default: '',
			placeholder: 'e.g. FileCabinet',
			description:
				'Name of the list in a JSON answer whose entries become one item each. Empty: every answer is one item.',
		},
		{
			displayName: 'Max Pages',
			name: 'maxPages',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 100,
			description: 'Most pages to read with Follow Next Links',
		},
		{
			displayName: 'Never Error',
			name: 'neverError',
			type: 'boolean',
			default: false,
			description: 'Whether to succeed also when the status code is not 2xx',
		},
		{
			displayName: 'Timeout',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 120000,
			description: 'Time in milliseconds for the whole answer; of a file up to its beginning',
		},
	]),
];
