import type { INodeProperties } from 'n8n-workflow';
/** Which credential the node uses; see docs/docuware-credentials.md for the right one by version. */
export const authenticationField: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Login Token',
			value: 'loginToken',
			description: 'A login token that somebody made in DocuWare or with this node',
		},
		{
			name: 'OAuth2',
			value: 'oAuth2',
			description: 'An app registration; DocuWare 7.11 and later',
		},
		{
			name: 'User and Password',
			value: 'userPassword',
			description: 'A user with a DocuWare password; every DocuWare version',
		},
	],
	default: 'userPassword',
};
