import { oneSpelling } from '../../../shared/tokenChain/identityKey';
import type { Vault } from '../../../shared/vault/vault';
import type { ServerConnection } from '../../platform/serverAddress';
import { placeOf } from '../../platform/serverAddress';

/** Which way a credential allows; `automatic` asks the server. */
export type WayInChoice = 'automatic' | 'cookie' | 'identityService';

/** What a session does when nobody uses it. */
export type SessionPolicy = 'keep' | 'logOffWhenIdle';

interface AccountBasics extends ServerConnection {
	/** Who and where, for people. */
	label: string;
	wayIn: WayInChoice;
	policy: SessionPolicy;
	/** Milliseconds without use before *log off when idle* acts. */
	idleMs: number;
	/** How long to wait for a free licence, in milliseconds. */
	licenceWaitMs: number;
}

/** User and password of the credential *DocuWare*. */
export interface PasswordAccount extends AccountBasics {
	kind: 'password';
	userName: string;
	password: string;
	/** Empty where the credential names none. */
	organization: string;
}

/** A login token: the credential *DocuWare Login Token*, or a token given to *Token Log On*. */
export interface LoginTokenAccount extends AccountBasics {
	kind: 'loginToken';
	/** True for a token that a node was given: its session belongs to the credential that gave it. */
	given?: boolean;
	token: string;
	usage: 'Single' | 'Multi';
}

/** The app registration of the credential *DocuWare OAuth2* with the grant *client credentials*. */
export interface ClientCredentialsAccount extends AccountBasics {
	kind: 'clientCredentials';
	identityUrl: string;
	clientId: string;
	clientSecret: string;
}

/** What a session can be begun with. */
export type SessionAccount = PasswordAccount | LoginTokenAccount | ClientCredentialsAccount;

export const SESSION_SERVICE = 'docuware';

/** The identity in the vault (docs/architecture.md, "The vault contract"). */
export function identityOf(vault: Vault, account: SessionAccount): string {
	switch (account.kind) {
		case 'password': {
			const { organization, userName } = account;
			return [
				SESSION_SERVICE,
				serverOf(account),
				organization.toLowerCase(),
				userName.toLowerCase(),
			].join('|');
		}
		case 'loginToken':
			return [
				'docuwareToken',
				serverOf(account),
				vault.sealer.fingerprint('docuware login token', account.token),
			].join('|');
		case 'clientCredentials': {
			const app = oneSpelling({ host: account.identityUrl, clientId: account.clientId });
			return ['docuwareClient', app.host, app.clientId].join('|');
		}
	}
}

function serverOf({ address, identityServiceUrl }: SessionAccount): string {
	return placeOf(address.baseUrl.toLowerCase(), identityServiceUrl);
}

/**
 * Keyed digest of the secret that opens the account, bound to its record: proves that a credential
 * may use what is kept there (docs/architecture.md, rule 10).
 */
export function proofOf(vault: Vault, account: SessionAccount, recordId: string): string {
	return vault.sealer.fingerprint('docuware proof', recordId, secretOf(account));
}

/**
 * Keyed digest of who logs on where, and with what: the same for every spelling of *Organization*, since to
 * the server they are log-ons of one user, counted together on the way to a lock.
 */
export function logInOf(vault: Vault, account: SessionAccount): string {
	const who =
		account.kind === 'password'
			? [serverOf(account), account.userName.toLowerCase()]
			: [identityOf(vault, account)];
	return vault.sealer.fingerprint('docuware log-in', account.kind, ...who, secretOf(account));
}

/** Name of the lease under which these log-in data are sent: by one at a time, however they are spelled. */
export function logInLease(vault: Vault, account: SessionAccount): string {
	return `docuware log-in:${logInOf(vault, account)}`;
}

/** The secret of an account, to take it out of texts. */
export function secretOf(account: SessionAccount): string {
	switch (account.kind) {
		case 'password':
			return account.password;
		case 'loginToken':
			return account.token;
		case 'clientCredentials':
			return account.clientSecret;
	}
}
