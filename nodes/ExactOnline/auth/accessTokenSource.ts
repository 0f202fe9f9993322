import type { RequestLength } from '../../shared/http';
import type { Vault } from '../../shared/vault/vault';
import type { AccessToken } from '../../shared/tokenChain/types';

export type { AccessToken };

/**
 * What the API client knows of authorization: where the API is, and where a token comes from.
 * The real one is backed by the vault; tests pass their own.
 */
export interface AccessTokenSource {
	/** Origin of the regional host, for instance `https://start.exactonline.nl`, without a trailing slash. */
	readonly baseUrl: string;
	/** True where the user switched certificate checks off. */
	readonly ignoreSslIssues: boolean;
	/** True where the user allowed `http://` to another machine. */
	readonly allowHttp?: boolean;
	/** Key for limits that hold per app: the client id. */
	readonly clientId: string;
	/** Tells one log-in from the next (*Connect*); no secret. */
	readonly loginMark?: string;
	/** Id of the user, once a token has told whose it is: the same for every credential of that user. */
	readonly userId?: string | undefined;
	/** Where the tokens come from, which is shared by all processes. */
	readonly vault?: Vault;
	/**
	 * A token with the margin left that a request of this length needs
	 * (docs/facts/exact-online.md 1.4: it must be valid until the request has ended).
	 * Refreshes under the vault's lease where needed.
	 * @throws ConnectorError with an EXACT_* or VAULT_* code.
	 */
	getAccessToken(length: RequestLength, signal?: AbortSignal): Promise<AccessToken>;
	/**
	 * Asked after a 401. Reads the vault again and returns another token if there is one (somebody
	 * refreshed or reconnected) or if the used one has ended meanwhile; returns undefined where the
	 * vault still holds the token that was refused, in which case the 401 is to be reported.
	 */
	replaceRefusedToken(
		refused: AccessToken,
		length: RequestLength,
		signal?: AbortSignal,
	): Promise<AccessToken | undefined>;
}
