import type { INodeProperties } from 'n8n-workflow';

/** Where DocuWare is; read by `readServerAddress`. */
export const serverField: INodeProperties = {
	displayName: 'Server',
	name: 'platformUrl',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'acme',
	description:
		'Name of the organization in the cloud (acme for acme.docuware.cloud), or address of your own DocuWare server',
};

/**
 * Expression for the host of the field *Server* without port; a name without dots is an organization
 * in the cloud.
 */
export const SERVER_HOST =
	'($self["platformUrl"] || "").trim().replace(/^[a-z]+:\\/\\//i, "")' +
	'.replace(/[\\/?#:].*$/, "").replace(/^(?!localhost$)([a-z0-9-]+)$/i, "$1.docuware.cloud")';
