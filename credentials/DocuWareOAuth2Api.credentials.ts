import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestHelper,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { advanced, advancedFieldsSwitch } from './fields/advanced';
import { allowHttpField, ignoreSslIssuesField } from './fields/connection';
import { allowedDomainsField, httpRequestUseForToken } from './fields/httpRequestUse';
import { integrationPassphraseField } from './fields/integrationPassphrase';
import {
	appScopeFields,
	authQueryField,
	authorizationUrlField,
	bodyAuthenticationField,
	noRefreshByN8nField,
	tokenUrlField,
} from './fields/oauth2';
import { serverField } from './fields/server';
import { preAuthenticateOAuth2 } from '../nodes/DocuWare/auth/preAuthenticationHook';
import { IDENTITY_URL, PLATFORM_URL, SERVER_HOST } from '../nodes/DocuWare/auth/serverExpressions';
import type { HookToken } from '../nodes/shared/tokenChain/tokenData';

/** With a grant in which a user logs in. */
const FOR_A_USER = { show: { grantType: ['pkce'] } };

/**
 * DocuWare from 7.11 with an app registration, on n8n's own Connect button. Its hook hands every
 * request of every node the vault's access token, so that parallel runs never spend one refresh token
 * twice.
 */
export class DocuWareOAuth2Api implements ICredentialType {
	name = 'docuWareOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'DocuWare OAuth2 API';

	documentationUrl =
		'https://github.com/n8n-nodes-exactonline-docuware/n8n-nodes-exactonline-docuware/blob/main/docs/docuware-credentials.md';

	icon: Icon = {
		light: 'file:../icons/docuWare.svg',
		dark: 'file:../icons/docuWare.dark.svg',
	};

	/**
	 * n8n shows the fields first that bear names of its own, and evaluates every expression that is shown, twice
	 * per request of the HTTP Request node (docs/facts/n8n.md).
	 */
	properties: INodeProperties[] = [
		serverField,
		{
			displayName: 'Identity Service URL',
			name: 'identityServiceUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://login-emea.docuware.cloud/00000000-0000-0000-0000-000000000000',
			description:
				'Open https://acme.docuware.cloud/DocuWare/Platform/Home/IdentityServiceInfo (with ' +
				'your own server) in a browser and paste IdentityServiceUrl. Empty means the usual ' +
				'place of your own server, https://server/DocuWare/Identity.',
		},
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'options',
			options: [
				{
					name: 'Authorization Code (PKCE)',
					value: 'pkce',
					description: 'A user logs in once with the Connect button',
				},
				{
					name: 'Client Credentials (Experimental)',
					value: 'clientCredentials',
					description:
						"The app acts for itself; not in DocuWare's own documentation, rights and licence " +
						'depend on the registration',
				},
			],
			default: 'pkce',
		},
		authorizationUrlField(`${IDENTITY_URL} + "/connect/authorize"`, FOR_A_USER),
		tokenUrlField(`${IDENTITY_URL} + "/connect/token"`),
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default: 'openid dwprofile docuware.platform offline_access',
			displayOptions: FOR_A_USER,
		},
		...appScopeFields('docuware.platform'),
		authQueryField(''),
		bodyAuthenticationField,
		advancedFieldsSwitch,
		advanced(integrationPassphraseField),
		// n8n's own field of this name is not inherited; n8n heeds this one for Connect as well.
		advanced(ignoreSslIssuesField('ignoreSSLIssues', 'the server or of its Identity Service')),
		advanced(
			allowHttpField(
				'Whether to connect to an http:// address of another machine, where access tokens can be read on the way',
			),
		),
		noRefreshByN8nField,
		httpRequestUseForToken('Host of the Server Only', 'the DocuWare server'),
		allowedDomainsField(SERVER_HOST),
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ${PLATFORM_URL.replaceAll('$self', '$credentials')} }}`,
			url: '/Organizations',
			headers: { Accept: 'application/json' },
		},
	};

	/** Called by n8n (2.20 and later) before every request with this credential. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<HookToken> {
		return await preAuthenticateOAuth2(credentials);
	}
}
