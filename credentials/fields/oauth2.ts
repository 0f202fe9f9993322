import type { INodeProperties } from 'n8n-workflow';

/** A status that no service answers: it switches n8n's own refresh after a 401 off (docs/facts/n8n.md). */
const NEVER = 599;

/** n8n's name for the field that says which status means "token expired"; it holds no token. */
const EXPIRED_STATUS_FIELD = 'tokenExpiredStatusCode';

/** Where n8n's Connect button sends the user. */
export function authorizationUrlField(expression: string): INodeProperties {
	return {
		displayName: 'Authorization URL',
		name: 'authUrl',
		type: 'hidden',
		default: `={{ ${expression} }}`,
		required: true,
	};
}

/** Where n8n's Connect button finds the service. */
export function endpointFields(
	authorizationExpression: string,
	tokenExpression: string,
): INodeProperties[] {
	return [
		authorizationUrlField(authorizationExpression),
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default: `={{ ${tokenExpression} }}`,
			required: true,
		},
	];
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
