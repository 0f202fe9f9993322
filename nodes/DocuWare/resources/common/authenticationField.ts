import type { INodeProperties } from 'n8n-workflow';
import type { DocuWareCredentialType } from '../../auth/account/credentialTypes';

/** Credential type by value of the field *Authentication*. */
const CREDENTIAL_TYPES: ReadonlyMap<string, DocuWareCredentialType> = new Map([
	['userPassword', 'docuWareApi'],
	['loginToken', 'docuWareTokenApi'],
	['oAuth2', 'docuWareOAuth2Api'],
]);

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

/** Credential type for a value of the field; undefined leaves the choice to what the node has set. */
export function credentialTypeOf(authentication: unknown): DocuWareCredentialType | undefined {
	return CREDENTIAL_TYPES.get(String(authentication));
}
