import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { advanced, advancedFieldsSwitch } from './fields/advanced';
import { allowHttpForSessions, ignoreSslIssuesField } from './fields/connection';
import { allowedDomainsField, httpRequestUseForSessions } from './fields/httpRequestUse';
import { identityServiceField } from './fields/identityService';
import { integrationPassphraseField } from './fields/integrationPassphrase';
import { serverField } from './fields/server';
import {
	licenceWaitField,
	sessionGenerationField,
	sessionPolicyFields,
	wayInField,
} from './fields/session';
import { authenticateRequest, preAuthenticate } from '../nodes/DocuWare/auth/httpRequestHook';
import { SERVER_HOST } from '../nodes/DocuWare/auth/serverExpressions';

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
		serverField,
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
		advancedFieldsSwitch,
		advanced(wayInField),
		...sessionPolicyFields({ usage: ['Multi'] }),
		advanced(licenceWaitField),
		advanced(integrationPassphraseField),
		advanced(identityServiceField),
		advanced(ignoreSslIssuesField('ignoreSslIssues', 'the server')),
		advanced(allowHttpForSessions),
		sessionGenerationField,
		httpRequestUseForSessions,
		allowedDomainsField(SERVER_HOST),
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
