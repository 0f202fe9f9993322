import type { ConnectedTokens } from '../../../shared/tokenChain/tokenData';
import { readConnectedTokens } from '../../../shared/tokenChain/tokenData';
import type { Authorization, Presenter } from '../../../shared/tokenChain/types';
import { isHostAsTyped } from '../../../shared/http';
import { docuWareError, invalidCredential } from '../../platform/docuWareErrors';
import type { ServerAddress, ServerConnection } from '../../platform/serverAddress';
import { readServerAddress } from '../../platform/serverAddress';
import { IDENTITY_STEPS } from '../../platform/typedServer';
import type {
	ClientCredentialsAccount,
	LoginTokenAccount,
	PasswordAccount,
	SessionPolicy,
	WayInChoice,
} from './sessionAccount';

/** A credential as n8n hands it out, decrypted. */
export type CredentialData = Record<string, unknown>;

/** Default of the field *Wait for a Licence (Seconds)*: a licence is blocked for two minutes after a log-off. */
export const DEFAULT_LICENCE_WAIT_SECONDS = 130;

/** As long waits who has no such field, in milliseconds: access tokens may book a licence of their own. */
export const USUAL_LICENCE_WAIT_MS = DEFAULT_LICENCE_WAIT_SECONDS * 1000;

/** Default of the field *Idle Time (Seconds)*. */
export const DEFAULT_IDLE_SECONDS = 30;

/** What an OAuth2 credential asks for: an authorization of a user, or the app's own. */
export type OAuth2Reading =
	| { kind: 'authorization'; authorization: Authorization; connection: ServerConnection }
	| { kind: 'clientCredentials'; account: ClientCredentialsAccount };

/**
 * The credential *DocuWare*.
 * @throws ConnectorError DOCUWARE_CREDENTIAL_INVALID (names the field)
 */
export function readPasswordAccount(credential: CredentialData): PasswordAccount {
	const connection = readConnection(credential);
	const userName = required(credential, 'userName', 'User Name');
	const organization = optional(credential, 'organization', 'Organization');
	const at = connection.address.origin;
	return {
		kind: 'password',
		...connection,
		...readLimits(credential),
		userName,
		// Blanks may belong to a password.
		password: requiredAsItIs(credential, 'password', 'Password'),
		organization,
		label: `${userName}${organization === '' ? '' : ` of ${organization}`} at ${at}`,
		wayIn: wayInOf(credential),
	};
}

/**
 * The credential *DocuWare Login Token*. The session of a single-use token is always kept: it could
 * not be begun a second time.
 * @throws ConnectorError DOCUWARE_CREDENTIAL_INVALID
 */
export function readLoginTokenAccount(credential: CredentialData): LoginTokenAccount {
	const connection = readConnection(credential);
	const usage = credential.usage === 'Single' ? 'Single' : 'Multi';
	const limits = readLimits(credential);
	return {
		kind: 'loginToken',
		...connection,
		...limits,
		policy: usage === 'Single' ? 'keep' : limits.policy,
		token: required(credential, 'loginToken', 'Login Token'),
		usage,
		label: `the owner of the login token at ${connection.address.origin}`,
		wayIn: wayInOf(credential),
	};
}

/**
 * The credential *DocuWare OAuth2*.
 * @throws ConnectorError DOCUWARE_CREDENTIAL_INVALID, DOCUWARE_NOT_CONNECTED
 */
export function readOAuth2Credential(
	credential: CredentialData,
	presenter: Omit<Presenter, 'duplicatePolicy'>,
): OAuth2Reading {
	const connection = readConnection(credential);
	const identityUrl = identityUrlOf(credential, connection.address);
	const clientId = required(credential, 'clientId', 'Client ID');
	const clientSecret = typedText(credential.clientSecret, 'Client Secret').trim();
	if (credential.grantType === 'clientCredentials') {
		const account: ClientCredentialsAccount = {
			kind: 'clientCredentials',
			...connection,
			...readLimits(credential),
			policy: 'keep',
			identityUrl,
			clientId,
			clientSecret: required(credential, 'clientSecret', 'Client Secret'),
			label: `the app ${clientId} at ${connection.address.origin}`,
			wayIn: 'identityService',
		};
		return { kind: 'clientCredentials', account };
	}
	return {
		kind: 'authorization',
		connection,
		authorization: {
			host: identityUrl,
			clientId,
			clientSecret,
			...readTokens(credential.oauthTokenData),
			ignoreSslIssues: connection.ignoreSslIssues,
			allowHttp: connection.allowHttp,
			// Unlike at Exact Online a second log-in does not end the first one.
			presenter: { ...presenter, duplicatePolicy: 'share' },
		},
	};
}

/** The server of a credential and how it is reached. @throws DOCUWARE_CREDENTIAL_INVALID */
export function readConnection(credential: CredentialData): ServerConnection {
	const identityServiceUrl = readIdentityServiceUrl(credential);
	return {
		address: readServerAddress(typedText(credential.platformUrl, 'Server').trim()),
		ignoreSslIssues: credential.ignoreSSLIssues === true || credential.ignoreSslIssues === true,
		allowHttp: credential.allowHttp === true,
		...(identityServiceUrl !== undefined && { identityServiceUrl }),
	};
}

function readTokens(oauthTokenData: unknown): ConnectedTokens {
	const tokens = readConnectedTokens(oauthTokenData);
	if (tokens.pair.accessToken === '') {
		throw docuWareError(
			'DOCUWARE_NOT_CONNECTED',
			'The DocuWare OAuth2 credential is not connected yet.',
			'Open the credential and press Connect to log in at DocuWare.',
		);
	}
	if (tokens.pair.refreshToken === '') {
		throw docuWareError(
			'DOCUWARE_NOT_CONNECTED',
			'The log-in of the DocuWare OAuth2 credential cannot be kept: it came without a refresh token.',
			'In DocuWare Configuration > App Registration allow refresh tokens (scope ' +
				'offline_access) for the app, then press Connect again.',
		);
	}
	return tokens;
}

/** Empty means the usual place of a server of one's own (docs/facts/docuware.md 5.1). */
function identityUrlOf(credential: CredentialData, address: ServerAddress): string {
	return readIdentityServiceUrl(credential) ?? `${address.origin}/DocuWare/Identity`;
}

/**
 * The Identity Service as the user pasted it (its own address, or that of one of its pages), with its scheme, host and
 * port in their one spelling; undefined where the credential names none, or does without one.
 */
function readIdentityServiceUrl(credential: CredentialData): string | undefined {
	const label = 'Identity Service URL';
	// The editor hides the field then, and keeps what was typed before.
	if (credential.wayIn === 'cookie') return undefined;
	const typed = optional(credential, 'identityServiceUrl', label);
	if (typed === '') return undefined;
	const url = IDENTITY_STEPS.reduce((text, [from, to]) => text.replace(from, to), typed);
	// What stands in the vault is found by this address, so its host has one spelling.
	if (isPlainWebAddress(url)) return url.replace(/^https?:\/\/[^\\/]*/i, new URL(url).origin);
	throw invalidCredential(
		label,
		'is not a web address such as https://login-emea.docuware.cloud/…',
	);
}

function isPlainWebAddress(text: string): boolean {
	if (!URL.canParse(text)) return false;
	const url = new URL(text);
	const { protocol, username, password } = url;
	const isWeb = /^https?:$/.test(protocol) && username === '' && password === '';
	// A separator of names in the vault has no place in it.
	return isWeb && isHostAsTyped(text, url) && !/[\s|]/.test(text);
}

function readLimits(credential: CredentialData): {
	policy: SessionPolicy;
	idleMs: number;
	licenceWaitMs: number;
} {
	return {
		policy: credential.sessionPolicy === 'logOffWhenIdle' ? 'logOffWhenIdle' : 'keep',
		idleMs: seconds(credential.idleSeconds, DEFAULT_IDLE_SECONDS, 'Idle Time (Seconds)'),
		licenceWaitMs: seconds(
			credential.licenceWaitSeconds,
			DEFAULT_LICENCE_WAIT_SECONDS,
			'Wait for a Licence (Seconds)',
		),
	};
}

function seconds(value: unknown, usual: number, label: string): number {
	if (value === undefined || value === null || value === '') return usual * 1000;
	const number = Number(value);
	if (!Number.isFinite(number) || number < 0)
		throw invalidCredential(label, 'is no number of seconds');
	return number * 1000;
}

function wayInOf(credential: CredentialData): WayInChoice {
	const { wayIn } = credential;
	return wayIn === 'cookie' || wayIn === 'identityService' ? wayIn : 'automatic';
}

function required(credential: CredentialData, field: string, label: string): string {
	return requiredAsItIs(credential, field, label, (value) => value.trim());
}

/** A field that may stay empty; an expression that gives nothing does not mean that it was left empty. */
function optional(credential: CredentialData, field: string, label: string): string {
	const value = credential[field];
	if (field in credential && (value === undefined || value === null)) {
		throw invalidCredential(label, `holds an expression that gives ${String(value)}`);
	}
	return typedText(value, label).trim();
}

function requiredAsItIs(
	credential: CredentialData,
	field: string,
	label: string,
	change = (value: string) => value,
): string {
	const value = change(typedText(credential[field], label));
	if (value === '') throw invalidCredential(label, 'is empty');
	return value;
}

/** An expression may give a password or a name of digits as a number. @throws DOCUWARE_CREDENTIAL_INVALID */
function typedText(value: unknown, label: string): string {
	if (value === undefined || value === null) return '';
	if (typeof value === 'string') return value;
	if (typeof value !== 'number' || !Number.isFinite(value)) {
		throw invalidCredential(label, 'holds an expression that gives no text');
	}
	// Beyond that its last digits are lost, and a wrong password would be sent.
	if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
		throw invalidCredential(
			label,
			'is a number too long to be exact; let the expression give a text',
		);
	}
	return String(value);
}
