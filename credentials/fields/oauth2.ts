import type { INodeProperties } from 'n8n-workflow';

/** A status that no service answers: it switches n8n's own refresh after a 401 off (docs/facts/n8n.md). */
const NEVER = 599;

/** n8n's name for the field that says which status means "token expired"; it holds no token. */
const EXPIRED_STATUS_FIELD = 'tokenExpiredStatusCode';

/** Where n8n's Connect button sends the user. */
export function authorizationUrlField(
	expression: string,
	displayOptions?: INodeProperties['displayOptions'],
): INodeProperties {
	return {
		displayName: 'Authorization URL',
		name: 'authUrl',
		type: 'hidden',
		default: `={{ ${expression} }}`,
		required: true,
		...(displayOptions && { displayOptions }),
	};
}

/** Where n8n fetches the token of a log-in. */
export function tokenUrlField(expression: string): INodeProperties {
	return {
		displayName: 'Access Token URL',
		name: 'accessTokenUrl',
		type: 'hidden',
		default: `={{ ${expression} }}`,
		required: true,
	};
}

/** n8n's *Scope*, which nobody has to choose. */
export function scopeField(scope: string, description?: string): INodeProperties {
	return {
		displayName: 'Scope',
		name: 'scope',
		type: 'hidden',
		default: scope,
		...(description !== undefined && { description }),
	};
}

/**
 * The scope of an app that acts for itself, where *Scope* is that of a user. n8n sends these further fields of
 * a token request for client credentials alone.
 */
export function appScopeFields(scope: string): INodeProperties[] {
	return [
		{
			displayName: 'Send Additional Body Properties',
			name: 'sendAdditionalBodyProperties',
			type: 'hidden',
			default: true,
		},
		{
			displayName: 'Additional Body Properties',
			name: 'additionalBodyProperties',
			type: 'hidden',
			default: JSON.stringify({ scope }),
			displayOptions: { show: { grantType: ['clientCredentials'] } },
		},
	];
}

/** What Connect adds to the address of the log-in page. */
export function authQueryField(query: string): INodeProperties {
	return {
		displayName: 'Auth URI Query Parameters',
		name: 'authQueryParameters',
		type: 'hidden',
		default: query,
	};
}

/** Client id and secret go in the body of a token request. */
export const bodyAuthenticationField: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'hidden',
	default: 'body',
};

/** Keeps n8n from spending a refresh token by itself. */
export const noRefreshByN8nField: INodeProperties = {
	displayName: 'Token Expired Status Code',
	name: EXPIRED_STATUS_FIELD,
	type: 'hidden',
	default: NEVER,
};
