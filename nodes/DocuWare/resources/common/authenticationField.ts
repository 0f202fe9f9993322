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

/** What every credential has that *Authentication* chooses. */
export function ifChosen(
	value: 'loginToken' | 'oAuth2' | 'userPassword',
): Pick<INodeCredentialDescription, 'required' | 'displayOptions'> {
	return { required: true, displayOptions: { show: { authentication: [value] } } };
}

/** The credentials that *Authentication* chooses among. The editor hides each field that is named here, so no other may be. */
export const docuWareCredentials: INodeCredentialDescription[] = [
	{ name: 'docuWareApi', testedBy: 'testDocuWareCredential', ...ifChosen('userPassword') },
	{ name: 'docuWareTokenApi', testedBy: 'testLoginTokenCredential', ...ifChosen('loginToken') },
	{ name: 'docuWareOAuth2Api', ...ifChosen('oAuth2') },
];
