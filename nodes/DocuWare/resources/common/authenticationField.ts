import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

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

/** The credentials that *Authentication* chooses among. The editor hides each field that is named here, so no other may be. */
export const docuWareCredentials: INodeCredentialDescription[] = [
	{
		name: 'docuWareApi',
		required: true,
		displayOptions: { show: { authentication: ['userPassword'] } },
		testedBy: 'testDocuWareCredential',
	},
	{
		name: 'docuWareTokenApi',
		required: true,
		displayOptions: { show: { authentication: ['loginToken'] } },
		testedBy: 'testLoginTokenCredential',
	},
	{
		name: 'docuWareOAuth2Api',
		required: true,
		displayOptions: { show: { authentication: ['oAuth2'] } },
	},
];
