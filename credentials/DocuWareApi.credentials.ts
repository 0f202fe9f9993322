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

/**
 * DocuWare with user and password: one session for all runs, by cookies or the Identity Service,
 * whichever the server offers.
 */
export class DocuWareApi implements ICredentialType {
	name = 'docuWareApi';

	displayName = 'DocuWare API';

	documentationUrl =
		'https://github.com/n8n-nodes-exactonline-docuware/n8n-nodes-exactonline-docuware/blob/main/docs/docuware-credentials.md';

	icon: Icon = {
		light: 'file:../icons/docuWare.svg',
		dark: 'file:../icons/docuWare.dark.svg',
	};

	properties: INodeProperties[] = [
		serverField,
		{
			displayName: 'User Name',
			name: 'userName',
			type: 'string',
			default: '',
			required: true,
			description: 'A DocuWare user that signs in with a password, not through single sign-on',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		{
			displayName: 'Organization',
			name: 'organization',
			type: 'string',
			default: '',
			description: 'Name of the organization; needed on a server with several only',
		},
		advancedFieldsSwitch,
		advanced(wayInField),
		...sessionPolicyFields(),
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
		await authenticateRequest('docuWareApi', credentials, requestOptions);

	/** Called by n8n where the session generation is empty, and after any error of a request. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		return await preAuthenticate('docuWareApi', credentials);
	}
}
