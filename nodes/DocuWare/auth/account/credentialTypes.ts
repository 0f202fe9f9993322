/** The three credential types of the package, by name. */
export type DocuWareCredentialType = 'docuWareApi' | 'docuWareTokenApi' | 'docuWareOAuth2Api';

/**
 * How requests prove who they are: `cookie` by the cookies of `Account/Logon` (up to 7.10),
 * `identityService` by a bearer token of the Identity Service (from 7.8), `oauth2` by a bearer token
 * of an app registration (from 7.11).
 */
export type SessionWayIn = 'cookie' | 'identityService' | 'oauth2';

/** Credential type by value of the nodes' field *Authentication*. */
const BY_AUTHENTICATION: ReadonlyMap<string, DocuWareCredentialType> = new Map([
	['userPassword', 'docuWareApi'],
	['loginToken', 'docuWareTokenApi'],
	['oAuth2', 'docuWareOAuth2Api'],
]);

/** Credential type for a value of the field *Authentication*; undefined where it says nothing. */
export function credentialTypeFor(authentication: unknown): DocuWareCredentialType | undefined {
	return BY_AUTHENTICATION.get(String(authentication));
}

/** The names of the credential types, the most usual first. */
export const CREDENTIAL_TYPES: readonly DocuWareCredentialType[] = [
	'docuWareApi',
	'docuWareOAuth2Api',
	'docuWareTokenApi',
];
