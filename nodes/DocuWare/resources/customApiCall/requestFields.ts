import type { INodeProperties } from 'n8n-workflow';
import { pairsField } from '../../../shared/node/pairsField';

const METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/** Where a field of names and values keeps them. */
export const PAIRS = 'entries';

/** What is sent: method, path, query, headers and body. */
export const requestFields: INodeProperties[] = [
	{
		displayName: 'Method',
		name: 'method',
		type: 'options',
		noDataExpression: true,
		options: METHODS.map((method) => ({ name: method, value: method })),
		default: 'GET',
		description: 'HTTP method. Only GET and HEAD are ever sent a second time by themselves.',
	},
	{
		displayName: 'Path',
		name: 'path',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. FileCabinets',
		description:
			'Path below /DocuWare/Platform, a link of an earlier answer, or a full address on the ' +
			'server of the credential. No other server is ever called.',
	},
	pairs('Query Parameters', 'queryParameters', 'Add parameter', 'Values are encoded for you'),
	pairs(
		'Headers',
		'headers',
		'Add header',
		'Accept and the session are added by the node; Authorization and Cookie cannot be set',
	),
	{
		displayName: 'Body',
		name: 'bodyType',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Binary File', value: 'binary' },
			{ name: 'Form (URL Encoded)', value: 'form' },
			{ name: 'JSON', value: 'json' },
			{ name: 'None', value: 'none' },
			{ name: 'Raw', value: 'raw' },
		],
		default: 'none',
		displayOptions: { show: { method: ['DELETE', 'PATCH', 'POST', 'PUT'] } },
	},
	bodyField('json', {
		displayName: 'JSON',
		name: 'jsonBody',
		type: 'json',
		default: '{}',
		description: 'Sent as it stands here. DocuWare wants $type as the first member of an object.',
	}),
	bodyField('form', pairs('Form Fields', 'formFields', 'Add field', 'Sent in UTF-8')),
	bodyField('raw', {
		displayName: 'Text',
		name: 'rawBody',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description:
			'Sent as it stands here, in UTF-8. An expression in it that gives nothing leaves a gap.',
	}),
	bodyField('raw', {
		displayName: 'Content Type',
		name: 'rawContentType',
		type: 'string',
		default: 'text/plain',
		placeholder: 'e.g. application/vnd.docuware.platform.documentstransferinfo+json',
		description: 'Media type of the text',
	}),
	bodyField('binary', {
		displayName: 'Input Data Field Name',
		name: 'inputDataFieldName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the input field containing the binary file data to be sent',
		description:
			'The file is streamed where n8n keeps binary data in files. Its name is sent in ' +
			'Content-Disposition as DocuWare wants it.',
	}),
];

function bodyField(bodyType: string, field: INodeProperties): INodeProperties {
	const show = { method: ['DELETE', 'PATCH', 'POST', 'PUT'], bodyType: [bodyType] };
	return { ...field, displayOptions: { show } };
}

function pairs(
	displayName: string,
	name: string,
	placeholder: string,
	description: string,
): INodeProperties {
	const group = { name: PAIRS, displayName: 'Entry' };
	return pairsField({ displayName, name, placeholder, description }, group);
}
