import type { INodeProperties } from 'n8n-workflow';

/** Where DocuWare is; read by `readServerAddress`. */
export const serverField: INodeProperties = {
	displayName: 'Server',
	name: 'platformUrl',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. acme',
	description:
		'Name of the organization in the cloud (acme for acme.docuware.cloud), or address of your own DocuWare server',
};
