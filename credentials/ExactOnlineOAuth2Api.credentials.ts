import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	IHttpRequestHelper,
	INodeProperties,
	Icon,
} from 'n8n-workflow';

import { allowHttpField } from './fields/connection';
import { allowedDomainsField, httpRequestUseForToken } from './fields/httpRequestUse';
import {
	authQueryField,
	bodyAuthenticationField,
	endpointFields,
	noRefreshByN8nField,
	scopeField,
} from './fields/oauth2';
import { preAuthenticate } from '../nodes/ExactOnline/auth/preAuthenticationHook';
import { hostExpression, replaced } from '../nodes/shared/http/typedHost';
import type { HookToken } from '../nodes/shared/tokenChain/tokenData';

const TYPED =
	'($self["region"] === "custom" ? ($self["baseUrl"] || "") : ($self["region"] || "")).trim()';

/** Scheme, host and port; a path is left away, as the nodes do. */
const BASE_URL = replaced(TYPED, [[/^(https?:\/\/[^\\/?#]*)[\s\S]*$/i, '$1']]);

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

	properties: INodeProperties[] = [
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'hidden',
			default: 'authorizationCode',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: 'Belgium', value: 'https://start.exactonline.be' },
				{ name: 'France', value: 'https://start.exactonline.fr' },
				{ name: 'Germany', value: 'https://start.exactonline.de' },
				{ name: 'Netherlands', value: 'https://start.exactonline.nl' },
				{ name: 'Spain', value: 'https://start.exactonline.es' },
				{ name: 'United Kingdom', value: 'https://start.exactonline.co.uk' },
				{ name: 'United States', value: 'https://start.exactonline.com' },
				{ name: 'Other Base URL', value: 'custom' },
			],
			default: 'https://start.exactonline.nl',
			description: 'The region in which the app was registered. An app works in one region only.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://start.exactonline.nl',
			description: 'Address of the Exact Online service, without a path',
			displayOptions: { show: { region: ['custom'] } },
		},
		allowHttpField(
			'Whether to send tokens over http:// to another machine. For stand-ins in a network ' +
				'of your own; Exact Online itself uses https://.',
			{ show: { region: ['custom'] } },
		),
		{
			displayName:
				'Exact Online keeps one connection per app and user. Use an app registration or an ' +
				'Exact user for this n8n alone; a second log-in elsewhere with the same two ends this ' +
				'one.',
			name: 'oneConnectionNotice',
			type: 'notice',
			default: '',
		},
		...endpointFields(`${BASE_URL} + "/api/oauth2/auth"`, `${BASE_URL} + "/api/oauth2/token"`),
		scopeField('', 'Exact Online takes the scopes from the app registration'),
		authQueryField('={{ $self["alwaysShowLogin"] === false ? "" : "force_login=1" }}'),
		bodyAuthenticationField,
		{
			displayName: 'Always Show Login Page',
			name: 'alwaysShowLogin',
			type: 'boolean',
			default: true,
			description:
				'Whether Connect asks for user and password even if this browser is logged in at ' +
				'Exact Online, so that you choose the user on purpose',
		},
		{
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
		},
		noRefreshByN8nField,
		httpRequestUseForToken('allowedHttpRequestDomains', 'Host of the Region Only', 'Exact Online'),
		allowedDomainsField(hostExpression(TYPED)),
	];

	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{ (${BASE_URL.replaceAll('$self', '$credentials')}) }}`,
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
