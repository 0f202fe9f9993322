import type { ConnectedTokens } from '../../../shared/tokenChain/tokenData';
import { readConnectedTokens } from '../../../shared/tokenChain/tokenData';
import type { Authorization, Presenter } from '../../../shared/tokenChain/types';
import { docuWareError, invalidCredential } from '../../platform/docuWareErrors';
import type { ServerAddress, ServerConnection } from '../../platform/serverAddress';
import { readServerAddress } from '../../platform/serverAddress';
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
	const organization = text(credential.organization);
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
	const clientSecret = text(credential.clientSecret);
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
	return {
		address: readServerAddress(text(credential.platformUrl)),
		ignoreSslIssues: credential.ignoreSSLIssues === true || credential.ignoreSslIssues === true,
		allowHttp: credential.allowHttp === true,
	};
}

function readTokens(oauthTokenData: unknown): ConnectedTokens {
	const tokens = readConnectedTokens(oauthTokenData);
	if (tokens.pair.accessToken === '') {
		throw docuWareError(
			'DOCUWARE_NOT_CONNECTED',
			'The DocuWare OAuth2 credential holds no authorization yet.',
			'Open the credential and press Connect to log in at DocuWare.',
		);
	}
	if (tokens.pair.refreshToken === '') {
		throw docuWareError(
			'DOCUWARE_NOT_CONNECTED',
			'The authorization in the DocuWare OAuth2 credential came without a refresh token.',
			'In DocuWare Configuration > App Registration allow refresh tokens (scope ' +
				'offline_access) for the app, then press Connect again.',
		);
	}
	return tokens;
}

/**
 * The Identity Service as the user pasted it (its own address, or that of one of its pages); empty
 * means the usual place of a server of one's own (docs/facts/docuware.md 5.1).
 */
function identityUrlOf(credential: CredentialData, address: ServerAddress): string {
	const typed = text(credential.identityServiceUrl);
	if (typed === '') return `${address.origin}/DocuWare/Identity`;
	const url = typed
		.replace(/[?#].*$/, '')
		.replace(/\/(?:\.well-known|connect)\/.*$/i, '')
		.replace(/\/+$/, '');
	if (URL.canParse(url) && isPlainWebAddress(new URL(url))) return url;
	throw invalidCredential(
		'Identity Service URL',
		'is not a web address such as https://login-emea.docuware.cloud/…',
	);
}

function isPlainWebAddress({ protocol, username, password }: URL): boolean {
	return /^https?:$/.test(protocol) && username === '' && password === '';
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
	const value = text(credential[field]);
	if (value === '') throw invalidCredential(label, 'is empty');
	return value;
}

function requiredAsItIs(credential: CredentialData, field: string, label: string): string {
	const value = numberAsText(credential[field]);
	if (typeof value !== 'string' || value === '') throw invalidCredential(label, 'is empty');
	return value;
}

function text(value: unknown): string {
	const typed = numberAsText(value);
	return typeof typed === 'string' ? typed.trim() : '';
}

/** An expression may give a password or a name of digits as a number. */
function numberAsText(value: unknown): unknown {
	return typeof value === 'number' ? String(value) : value;
}
