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
import { allowedHostsField, httpRequestUseForToken } from './fields/httpRequestUse';
import {
	authorizationUrlField,
	bodyAuthenticationField,
	noRefreshByN8nField,
	scopeField,
} from './fields/oauth2';
import { preAuthenticate } from '../nodes/ExactOnline/auth/preAuthenticationHook';
import {
	AUTHORIZATION_URL,
	OTHER_BASE_URL,
	REGIONS,
	RESOLVED_ORIGIN,
	tokenUrl,
} from '../nodes/ExactOnline/auth/regions';
import type { HookToken } from '../nodes/shared/tokenChain/tokenData';

const TOKEN_URLS = REGIONS.map(({ name, host }) => ({ name, value: tokenUrl(`https://${host}`) }));

/**
 * Exact Online over OAuth 2, on n8n's own Connect button. Its hook hands every request of every node
 * the vault's access token, so that parallel runs never spend one refresh token twice.
 */
export class ExactOnlineOAuth2Api implements ICredentialType {
	name = 'exactOnlineOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Exact Online OAuth2 API';

	documentationUrl =
		'https://github.com/n8n-nodes-exactonline-docuware/n8n-nodes-exactonline-docuware/blob/main/docs/exact-online-credential.md';

	icon: Icon = {
		light: 'file:../icons/exactOnline.svg',
		dark: 'file:../icons/exactOnline.dark.svg',
	};

	/**
	 * The names are those of n8n's own OAuth2 fields, so that each value but one is what n8n asks for and n8n
	 * evaluates one expression per request (docs/facts/n8n.md).
	 */
	properties: INodeProperties[] = [
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'authorizationCode',
		},
		authorizationUrlField(AUTHORIZATION_URL),
		{
			displayName: 'Region',
			name: 'accessTokenUrl',
			type: 'options',
			options: [
				...TOKEN_URLS,
				{
					name: 'Other Base URL',
					value: OTHER_BASE_URL,
					description:
						'The address in Base URL, further down; n8n shows the expression that reads it',
				},
			],
			default: tokenUrl('https://start.exactonline.nl'),
			description: 'The region in which the app was registered. An app works in one region only.',
			hint:
				'Exact Online keeps one connection per app and user: use an app registration or an Exact user for this n8n ' +
				'alone, since a second log-in elsewhere with both ends this one. n8n says "Account connected" also where ' +
				'another credential here has both; the nodes then refuse this one and name the other, unless Duplicate ' +
				'Registration (under Show Advanced Fields) says otherwise.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://start.exactonline.nl',
			description: 'Address of the Exact Online service, without a path',
			displayOptions: { show: { accessTokenUrl: [OTHER_BASE_URL] } },
		},
		allowHttpField(
			'Whether to send tokens over http:// to another machine. For stand-ins in a network ' +
				'of your own; Exact Online itself uses https://.',
			{ hide: { accessTokenUrl: TOKEN_URLS.map(({ value }) => value) } },
		),
		scopeField('', 'Exact Online takes the scopes from the app registration'),
		{
			displayName: 'Login Page',
			name: 'authQueryParameters',
			type: 'options',
			options: [
				{
					name: 'Always Show',
					value: 'force_login=1',
					description:
						'Connect asks for user and password even if this browser is logged in at Exact Online, ' +
						'so that you choose the user on purpose',
				},
				{
					name: 'Show if Not Logged In',
					value: 'force_login=0',
					description: 'Connect takes the user who is logged in at Exact Online in this browser',
				},
			],
			default: 'force_login=1',
			description: 'Whether Connect asks for user and password',
		},
		bodyAuthenticationField,
		advancedFieldsSwitch,
		advanced({
			displayName: 'Duplicate Registration',
			name: 'duplicateRegistration',
			type: 'options',
			options: [
				{
					name: 'Refuse',
					value: 'refuse',
					description:
						'Report an error if another credential is registered for the same app and user, and ' +
						'let that one go on working',
				},
				{
					name: 'Share',
					value: 'share',
					description: 'Use the connection together with the credential registered first',
				},
				{
					name: 'Take Over',
					value: 'takeOver',
					description: 'Register this credential in place of the one registered first',
				},
			],
			default: 'refuse',
			description: 'What to do if another credential uses the same app and Exact user',
		}),
		advanced({
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'With what Exact Online signs what it sends to the Exact Online Webhook Trigger; needed for that node alone. In the ' +
				'Exact Online App Center open Manage My Apps, then the app.',
		}),
		// n8n's own field of this name is not inherited; n8n heeds this one for Connect as well.
		advanced(ignoreSslIssuesField('ignoreSSLIssues', 'Exact Online or of a proxy before it')),
		noRefreshByN8nField,
		httpRequestUseForToken('Allowed Domains Only', 'the allowed domains'),
		allowedHostsField(
			REGIONS.map(({ host }) => host),
			'Hosts that the HTTP Request node may send the access token to, separated by commas. The host of ' +
				'another base URL has to be added.',
		),
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ ${RESOLVED_ORIGIN} }}`,
			url: '/api/v1/current/Me',
			qs: { $select: 'UserID' },
			headers: { Accept: 'application/json' },
		},
	};

	/** Called by n8n (2.20 and later) before every request with this credential. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<HookToken> {
		return await preAuthenticate(credentials);
	}
}
