import type { INodeProperties } from 'n8n-workflow';

const WITH_BODY = ['POST', 'PUT', 'PATCH'];

const nameAndValue: INodeProperties[] = [
	{ displayName: 'Name', name: 'name', type: 'string', default: '' },
	{ displayName: 'Value', name: 'value', type: 'string', default: '' },
];

/** What a person says about a request of their own. */
export const requestFields: INodeProperties[] = [
	{
		displayName: 'Method',
		name: 'method',
		type: 'options',
		options: ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'].map((value) => ({ name: value, value })),
		default: 'GET',
		description: 'HTTP method of the request',
	},
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. crm/Contacts',
		description:
			"Path below the division, such as crm/Contacts(guid'…'). With a slash in front it is taken from the host on, such as /api/v1/current/Me or /api/v1/beta/{division}/payroll/PayrollComponents, where {division} stands for the division.",
	},
	{
		displayName: 'Query Parameters',
		name: 'queryParameters',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add parameter',
		default: {},
		description: 'Parameters such as $filter, $select or $top; the values are encoded for you',
		options: [{ displayName: 'Parameter', name: 'parameters', values: nameAndValue }],
	},
	{
		displayName: 'Body',
		name: 'body',
		type: 'json',
		default: '{}',
		description: 'JSON that is sent. Dates go without a zone, such as 2026-04-07T00:00:00.',
		displayOptions: { show: { method: WITH_BODY } },
	},
	{
		displayName: 'Return All Pages',
		name: 'allPages',
		type: 'boolean',
		default: false,
		description: 'Whether to follow the links to further pages and return all rows',
		displayOptions: { show: { method: ['GET'] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Full Response',
				name: 'fullResponse',
				type: 'boolean',
				default: false,
				description: 'Whether to return status, headers and body instead of the rows',
			},
			{
				displayName: 'Headers',
				name: 'headers',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true },
				placeholder: 'Add header',
				default: {},
				description: 'Headers to send besides Accept and Authorization, such as Prefer',
				options: [{ displayName: 'Header', name: 'headers', values: nameAndValue }],
			},
			{
				displayName: 'Long Request',
				name: 'long',
				type: 'boolean',
				default: false,
				description:
					'Whether the request may run for minutes (reports, uploads), so that it needs a token with more life left',
			},
			{
				displayName: 'Raw',
				name: 'raw',
				type: 'boolean',
				default: false,
				description:
					'Whether to return the data as Exact Online delivers it, with metadata and dates such as /Date(1700000000000)/',
			},
		],
	},
];
