import type { INodeProperties } from 'n8n-workflow';

/** The Identity Service by another address than the one that the server names; hidden where none is used. */
export const identityServiceField: INodeProperties = {
	displayName: 'Identity Service URL',
	name: 'identityServiceUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://dw.example.com/DocuWare/Identity',
	description:
		'Address of the Identity Service as n8n reaches it. Empty takes the one that the server names. Needed only ' +
		'where the server names a host of its own network. The password is sent to this address.',
	displayOptions: { show: { wayIn: ['automatic', 'identityService'] } },
};
