import type { INodeProperties } from 'n8n-workflow';

/**
 * *Ignore SSL Issues (Insecure)*.
 * @param name `ignoreSSLIssues` where n8n itself heeds it (OAuth2)
 * @param certificate whose certificate is not checked
 */
export function ignoreSslIssuesField(
	name: 'ignoreSslIssues' | 'ignoreSSLIssues',
	certificate: string,
): INodeProperties {
	return {
		displayName: 'Ignore SSL Issues (Insecure)',
		name,
		type: 'boolean',
		default: false,
		description: `Whether to connect even if the certificate of ${certificate} cannot be verified`,
	};
}

/** *Allow Unencrypted Connection (Insecure)*: whether secrets may go to `http://` of another machine. */
export function allowHttpField(
	description: string,
	displayOptions?: INodeProperties['displayOptions'],
): INodeProperties {
	return {
		displayName: 'Allow Unencrypted Connection (Insecure)',
		name: 'allowHttp',
		type: 'boolean',
		default: false,
		description,
		...(displayOptions && { displayOptions }),
	};
}

/** The same for what DocuWare's own sessions send. */
export const allowHttpForSessions = allowHttpField(
	'Whether to connect to an http:// address of another machine, where passwords and sessions can be read on the way',
);
