import type { ConnectorError } from '../errors';
import type { DuplicatePolicy } from '../vault/rows/authorizations';
import type { Vault } from '../vault/vault';

/** What a token endpoint hands out, as the vault keeps it (sealed). */
export interface TokenPair {
	accessToken: string;
	refreshToken: string;
	/** Life of the access token in milliseconds; null where the answer did not tell. */
	lifeMs: number | null;
}

/** An access token as a caller gets it. */
export interface AccessToken {
	/** The bearer value; never log it, never put it into execution data. */
	accessToken: string;
	/** Generation of the token chain this token belongs to. */
	generation: number;
	/**
	 * When the token ends, on this process's monotonic clock (`performance.now()`), in milliseconds;
	 * Infinity where its age is not known for certain.
	 */
	validUntil: number;
}

/** An access token that the service has refused. */
export interface RefusedToken extends Pick<AccessToken, 'accessToken' | 'generation'> {
	/** It is dead although it has not ended, and a refresh of its generation is allowed. Default false. */
	isDead?: boolean;
}

/**
 * Who presents an authorization. The hook knows neither id nor name
 * (docs/facts/n8n.md, "The OAuth2 hook").
 */
export interface Presenter {
	credentialId: string | null;
	credentialName: string | null;
	instanceId: string | null;
	duplicatePolicy: DuplicatePolicy;
	/** The administrator of this n8n has every second credential refused, whatever was registered before. */
	duplicatesRefused?: boolean;
}

/** One press on Connect, as n8n's credential holds it, and who presents it. */
export interface Authorization {
	/** Origin of the token endpoint and the API, without a trailing slash. */
	host: string;
	clientId: string;
	clientSecret: string;
	pair: TokenPair;
	/** When the pair was issued, wall clock in milliseconds; null where the credential does not tell. */
	issuedAt: number | null;
	ignoreSslIssues: boolean;
	/** Whether `http://` to another machine is allowed. */
	allowHttp?: boolean;
	presenter: Presenter;
}

/** The app and connection with which a token endpoint is asked. */
export type TokenClient = Pick<
	Authorization,
	'host' | 'clientId' | 'clientSecret' | 'ignoreSslIssues' | 'allowHttp'
>;

/** A new pair and when it was asked for and arrived (`performance.now()`, milliseconds). */
export interface GrantedAnswer {
	kind: 'granted';
	pair: TokenPair;
	requestedAt: number;
	receivedAt: number;
}

/**
 * Any other answer, told apart by what it proves about the secret that was sent.
 * `tooEarly`, `refused` and `notSent` prove that it was not spent; `lost` that it is dead;
 * `configuration` that the app or its secret is wrong; `unknown` proves nothing.
 */
export interface FailedAnswer {
	kind: 'tooEarly' | 'refused' | 'notSent' | 'lost' | 'configuration' | 'unknown';
	/** Stable error code. */
	code: string;
	/** The service's own words or the transport's, redacted and short. */
	detail: string;
	/** How long the service asks to wait, in milliseconds. */
	retryAfterMs?: number;
	/** HTTP status of an `unknown` answer, where one came. */
	status?: number;
	/** Its words are those for a token that the service had issued itself, and beside which a later pair is in force. */
	showsIssued?: boolean;
	/** The service may have meant the token that was sent, although its words are not known for that. */
	mayMeanToken?: boolean;
}

export type TokenAnswer = GrantedAnswer | FailedAnswer;

/** Whose authorization an access token is. */
export interface Identity {
	/** What follows `clientId#`: the user's id at the service. */
	userId: string;
	/** For people: shown in status. */
	userName: string | null;
}

/** What an error is about; every field may be shown. */
export interface IdentityFacts {
	host: string;
	/** `clientId#userId`, or the client id alone while the user is not known. */
	identifier: string;
}

/** What the chain needs to know of a service; all of it is free of state. */
export interface ChainPolicy {
	service: string;
	/**
	 * A refresh is allowed from this part of the access token's life on (Exact Online: 570 s of
	 * 600 s, docs/facts/exact-online.md 1.4). 0 where the service allows it at any time.
	 */
	windowStart: number;
	/** From this part of the life on, a refresh is done; at least `windowStart`. */
	refreshFrom: number;
	/** How long a refresh token lives at most without use, in milliseconds. */
	idleMs: number;
	/** Assumed life where an answer does not tell, in milliseconds. */
	defaultLifeMs: number;
	/** The code of its refusal of a token that it had issued itself, and beside which a later pair is in force. */
	issuedCode?: string;
	/** Log-ins of one app and user live side by side; else a new one ends every earlier one. */
	sideBySide: boolean;
	/** Spends the refresh token. Never throws, never retries. */
	requestTokens(client: TokenClient, refreshToken: string): Promise<TokenAnswer>;
	/** Whose token this is; `unauthorized` where the service refused the token. */
	whoAmI(client: TokenClient, accessToken: string): Promise<Identity | 'unauthorized'>;
	/**
	 * Takes a pair's refresh token back at the service; left out where the service has no way to do so.
	 * @returns false where this server has none.
	 * @throws ConnectorError where the service has not confirmed it.
	 */
	revokeTokens?(client: TokenClient, pair: TokenPair): Promise<boolean>;
	errors: ChainErrors;
}

/** One service's token chains on one vault: what every step works with. */
export interface ChainContext {
	readonly vault: Vault;
	readonly policy: ChainPolicy;
}

/** The service's words for what can go wrong with a chain. */
export interface ChainErrors {
	/**
	 * The service calls the refresh token dead. `answerLostAt` (wall clock, ms): when a token request of
	 * our own was sent whose answer never arrived or told nothing; null where there was none.
	 */
	chainLost(
		about: IdentityFacts,
		code: string,
		detail: string | null,
		answerLostAt: number | null,
	): ConnectorError;
	/** The vault has never seen this authorization, and the service calls it old. */
	unknownAuthorization(about: IdentityFacts, detail: string | null): ConnectorError;
	configuration(about: IdentityFacts, code: string, detail: string | null): ConnectorError;
	/** The token endpoint cannot be reached or refuses for now. `retryAt` wall clock, ms. */
	unavailable(about: IdentityFacts, detail: string, retryAt: number | null): ConnectorError;
	/**
	 * The answer to a token request was lost or tells nothing, and nothing more may be sent for now, or
	 * by itself at all (`retryAt` null). `detail`: what came instead.
	 */
	inDoubt(about: IdentityFacts, retryAt: number | null, detail: string | null): ConnectorError;
	/** The service has accepted another log-in for this app and user, and has never accepted this one. */
	overtaken(about: IdentityFacts): ConnectorError;
	/** The pair in a credential is of two users: its access token of one, its refresh token of another. */
	mixedLogIn(about: IdentityFacts): ConnectorError;
	/** A young token was refused by the service itself. */
	refusedToken(about: IdentityFacts): ConnectorError;
	/** A person has ended this log-in for good; `at` wall clock, ms, null where nobody knows. */
	forgotten(about: IdentityFacts, at: number | null): ConnectorError;
	/** The service has not accepted the client secret that comes with this authorization. */
	unproved(about: IdentityFacts): ConnectorError;
	/** @param keptUntil when the pair of the refused log-in lapses unless it is used, wall clock, ms */
	duplicate(about: IdentityFacts, owner: DuplicateOwner, keptUntil: number | null): ConnectorError;
}

/** The credential that an identity is registered to, as far as it may be told. */
export interface DuplicateOwner {
	credentialId: string | null;
	credentialName: string | null;
	/** True where it belongs to another n8n instance or may not be shown. */
	elsewhere: boolean;
}
