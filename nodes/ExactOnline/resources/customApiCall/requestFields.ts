import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection } from '../../../shared/node/optionsField';
import { pairsField } from '../../../shared/node/pairsField';
import { simplifyField } from '../../../shared/node/simplify';

const WITH_BODY = ['POST', 'PUT', 'PATCH'];

/** Where the fields of names and values keep them. */
export const PARAMETERS = 'parameters';
export const HEADERS = 'headers';

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
			"Path below the division, such as crm/Contacts(guid'…'). With a slash or api/ in front it " +
			'is taken from the host on, such as /api/v1/current/Me or ' +
			'/api/v1/beta/{division}/payroll/PayrollComponents, where {division} stands for the ' +
			'division.',
	},
	pairsField(
		{
			displayName: 'Query Parameters',
			name: 'queryParameters',
			placeholder: 'Add parameter',
			description: 'Parameters such as $filter, $select or $top; the values are encoded for you',
		},
		{ name: PARAMETERS, displayName: 'Parameter' },
	),
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
	simplifyField,
	optionsCollection([
		{
			displayName: 'Full Response',
			name: 'fullResponse',
			type: 'boolean',
			default: false,
			description: 'Whether to return status, headers and body instead of the rows',
		},
		pairsField(
			{
				displayName: 'Headers',
				name: 'headers',
				placeholder: 'Add header',
				description: 'Headers to send besides Accept and Authorization, such as Prefer',
			},
			{ name: HEADERS, displayName: 'Header' },
		),
		{
			displayName: 'Long Request',
			name: 'long',
			type: 'boolean',
			default: false,
			description:
				'Whether the request may run for minutes (reports, uploads), so that it needs a token with more life left',
		},
	]),
];
