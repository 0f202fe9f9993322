import type { INodeProperties } from 'n8n-workflow';
import { optionsCollection } from '../../../shared/node/optionsField';
import { fileCabinetField } from '../common/cabinetField';
import { documentIdField } from '../common/documentIdField';

const DOCUMENT_VIEWS = ['V', 'D'];

/** What a link shows, and how it is protected. */
export const linkFields: INodeProperties[] = [
	{
		displayName: 'Show',
		name: 'view',
		type: 'options',
		options: [
			{ name: 'Document', value: 'V', description: 'The document in the viewer' },
			{ name: 'Download', value: 'D', description: 'The file of the document as a download' },
			{
				name: 'Result List and Viewer',
				value: 'RLV',
				description: 'The documents that a query finds',
			},
			{
				name: 'Search, Result List and Viewer',
				value: 'SRLV',
				description: 'A search of the file cabinet',
			},
		],
		default: 'V',
	},
	fileCabinetField('both'),
	{ ...documentIdField, displayOptions: { show: { view: DOCUMENT_VIEWS } } },
	{
		displayName: 'Query',
		name: 'linkQuery',
		type: 'string',
		default: '',
		placeholder: 'e.g. [COMPANY]="Peters Engineering"',
		description: 'Fields in brackets by their database names, joined by AND or OR; none if empty',
		displayOptions: { show: { view: ['RLV', 'SRLV'] } },
	},
	{
		displayName: 'Encryption',
		name: 'encryption',
		type: 'options',
		options: [
			{
				name: 'AES-CBC',
				value: 'cbc',
				description: "As DocuWare's articles describe it; needs the passphrase",
			},
			{
				name: 'AES-GCM',
				value: 'gcm',
				description: 'As one client does it with newer servers; needs the passphrase',
			},
			{
				name: 'Automatic',
				value: 'automatic',
				description: 'AES-CBC where the credential has the passphrase, else none',
			},
			{ name: 'None', value: 'none', description: 'Everybody can read and change the link' },
		],
		default: 'automatic',
		description:
			'Whether the parameters of the link are encrypted with the Integration Passphrase of the credential',
	},
	{
		displayName: 'Log In by Link',
		name: 'logIn',
		type: 'boolean',
		default: false,
		description:
			'Whether the link holds a login token, so that no one is asked for a password. Warning: whoever has the link acts as the user of the credential until it ends.',
		displayOptions: { show: { encryption: ['automatic', 'cbc', 'gcm'] } },
	},
	optionsCollection([
		{
			displayName: 'Organization GUID',
			name: 'organization',
			type: 'string',
			default: '',
			placeholder: 'e.g. 8f4c2a60-51d3-4d0e-9b72-3c1de5a70911',
			description: 'Needed on a server of your own with several organizations only',
		},
		{
			displayName: 'Result List ID',
			name: 'resultListId',
			type: 'string',
			default: '',
			placeholder: 'e.g. a60d2279-227d-454b-815c-14d64eb165a1',
			description: 'The dialog that shows the documents found',
		},
		{
			displayName: 'Valid For (Minutes)',
			name: 'validMinutes',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 60,
			description:
				'How long the link can be used; without this it does not end, or after an hour where it logs in. An unencrypted link can be changed by whoever has it.',
		},
	]),
];
