import type { INodeProperties } from 'n8n-workflow';
import { lineRows } from './lineRows';

/** Where the lines of a document come from. */
export type LinesFrom = 'rows' | 'array' | 'items';

/** Shown where items are put together. */
const FROM_ITEMS = { show: { linesFrom: ['items'] } };

/** Name of the field by whose value items are put together. */
export const GROUP_BY = 'documentPer';

/** The lines of a new document, three ways. */
export const linesFields: INodeProperties[] = [
	{
		displayName: 'Lines From',
		name: 'linesFrom',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Array',
				value: 'array',
				description: 'An array with one object for each line, mostly by an expression',
			},
			{
				name: 'Input Items',
				value: 'items',
				description:
					'All items with the same value of an expression become the lines of one document',
			},
			{ name: 'Rows Entered Here', value: 'rows', description: 'One document for each item' },
		],
		default: 'rows',
		description:
			'Where the lines of a new document come from. A document that exists already keeps its lines; Add Line, ' +
			'Change Line and Delete Line change single ones.',
	},
	{
		displayName: 'One Document per Value Of',
		name: GROUP_BY,
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. {{ $json.invoiceNumber }}',
		description:
			'All items with the same value, neighbours or not, become one document: its head is that of the first ' +
			'item, each item adds the line below. Numbers and their texts are the same value, capitals count. A fixed text makes one document of all items.',
		displayOptions: FROM_ITEMS,
	},
	{ ...lineRows, displayOptions: { show: { linesFrom: ['rows', 'items'] } } },
	{
		displayName: 'Lines',
		name: 'linesArray',
		type: 'json',
		typeOptions: { rows: 6 },
		default: '[]',
		required: true,
		placeholder: 'e.g. {{ $json.lines }}',
		description:
			"An array with one object for each line, by Exact Online's names. References such as Item take the " +
			'code or the ID.',
		displayOptions: { show: { linesFrom: ['array'] } },
	},
	{
		displayName: 'Header Fields That Differ',
		name: 'differingHeaders',
		type: 'options',
		options: [
			{ name: 'Error', value: 'refuse' },
			{ name: 'Take the First', value: 'takeFirst' },
		],
		default: 'refuse',
		description:
			'What happens where the items of one document give different values for a field of its head',
		displayOptions: FROM_ITEMS,
	},
];
