import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { authenticateRequest, preAuthenticate } from '../nodes/DocuWare/auth/httpRequestHook';

/** Host of the server without port; a name without dots is an organization in the cloud. */
const HOST =
	'($self["platformUrl"] || "").trim().replace(/^[a-z]+:\\/\\//i, "").replace(/[\\/?#:].*$/, "").replace(/^(?!localhost$)([a-z0-9-]+)$/i, "$1.docuware.cloud")';

/** DocuWare with a login token that somebody made beforehand. */
export class DocuWareTokenApi implements ICredentialType {
	name = 'docuWareTokenApi';

	displayName = 'DocuWare Login Token API';

	documentationUrl =
		'https://github.com/n8n-nodes-exactonline-docuware/n8n-nodes-exactonline-docuware/blob/main/docs/docuware-credentials.md';

	icon: Icon = {
		light: 'file:../icons/docuWare.svg',
		dark: 'file:../icons/docuWare.dark.svg',
	};

	properties: INodeProperties[] = [
		{
			displayName: 'Server',
			name: 'platformUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'acme',
			description:
				'Name of the organization in the cloud (acme for acme.docuware.cloud), or address of your own DocuWare server',
		},
		{
			displayName: 'Login Token',
			name: 'loginToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'A login token that DocuWare has made for its Platform service',
		},
		{
			displayName: 'Usage',
			name: 'usage',
			type: 'options',
			options: [
				{
					name: 'Multi',
					value: 'Multi',
					description: 'The token may be used until it expires',
				},
				{
					name: 'Single',
					value: 'Single',
					description: 'The token may be used once; its session is kept and never logged off',
				},
			],
			default: 'Multi',
			description: 'How the token was made',
		},
		{
			displayName: 'Way In',
			name: 'wayIn',
			type: 'options',
			options: [
				{
					name: 'Automatic',
					value: 'automatic',
					description: 'Ask the server what it offers, and remember',
				},
				{
					name: 'Cookie Session',
					value: 'cookie',
					description: 'DocuWare up to 7.10',
				},
				{
					name: 'Identity Service',
					value: 'identityService',
					description: 'DocuWare from 7.8',
				},
			],
			default: 'automatic',
			description: 'How to log on',
		},
		{
			displayName: 'Session Policy',
			name: 'sessionPolicy',
			type: 'options',
			options: [
				{
					name: 'Keep',
					value: 'keep',
					description: 'One session for all runs, never logged off: one licence',
				},
				{
					name: 'Log Off When Idle',
					value: 'logOffWhenIdle',
					description:
						'Log off once nobody uses the session; the next run begins with a login token made before',
				},
			],
			default: 'keep',
			description: 'What happens to the session between runs',
			displayOptions: { show: { usage: ['Multi'] } },
		},
		{
			displayName: 'Idle Time (Seconds)',
			name: 'idleSeconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 30,
			description: 'How long nobody must have used the session before it is logged off',
			displayOptions: { show: { usage: ['Multi'], sessionPolicy: ['logOffWhenIdle'] } },
		},
		{
			displayName: 'Wait for a Licence (Seconds)',
			name: 'licenceWaitSeconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 130,
			description:
				'How long to wait where no licence is free. DocuWare blocks a licence for two minutes after a log-off. 0 fails at once.',
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSslIssues',
			type: 'boolean',
			default: false,
			description: 'Whether to connect even if the certificate of the server cannot be verified',
		},
		{
			displayName: 'Allow Unencrypted Connection (Insecure)',
			name: 'allowHttp',
			type: 'boolean',
			default: false,
			description:
				'Whether to connect to an http:// address of another machine, where passwords and sessions can be read on the way',
		},
		{
			displayName: 'Session Generation',
			name: 'sessionGeneration',
			type: 'hidden',
			typeOptions: { expirable: true },
			default: '',
		},
		{
			displayName: 'Use in HTTP Request Node',
			name: 'allowedHttpRequestDomains',
			type: 'options',
			options: [
				{
					name: 'Any Host (Not Recommended)',
					value: 'all',
					description:
						'The HTTP Request node may send requests anywhere; those to other hosts go out without the session',
				},
				{
					name: 'Host of the Server Only',
					value: 'domains',
					description: 'The HTTP Request node may send requests to the DocuWare server only',
				},
				{
					name: 'Not at All',
					value: 'none',
					description: 'The HTTP Request node may not use this credential',
				},
			],
			default: 'domains',
			description: 'Which hosts the HTTP Request node may use this credential for',
		},
		{
			displayName: 'Allowed Domains',
			name: 'allowedDomains',
			type: 'hidden',
			default: `={{ ${HOST} }}`,
		},
	];

	/** Called by n8n before each request of another node with this credential. */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> =>
		await authenticateRequest('docuWareTokenApi', credentials, requestOptions);

	/** Called by n8n where the session generation is empty, and after any error of a request. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await preAuthenticate('docuWareTokenApi', credentials);
	}
}
