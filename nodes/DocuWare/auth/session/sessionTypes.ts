import type { Readable } from 'node:stream';

import type {
	HttpBodyTypes,
	HttpResponse,
	HttpResponseType,
	ReplayableBody,
} from '../../../shared/http';
import type { DocuWareCredentialType } from '../account/credentialTypes';
import type { SessionStatus } from '../record/sessionStatus';

/** One request to the Platform. */
export interface DocuWareRequest<R extends HttpResponseType = 'text'> {
	method: string;
	/**
	 * Address: absolute on the credential's origin, or a path. A path that starts with `/` is taken
	 * from the origin (as the `href` of a link is meant), any other from `…/DocuWare/Platform/`.
	 */
	url: string;
	/** `Accept: application/json` and `Accept-Language: en` are added where they are missing. */
	headers?: Record<string, string>;
	/**
	 * What is sent. A plain stream can be sent once only: after a session that turns out to be dead
	 * the request then fails with DOCUWARE_SESSION_ENDED instead of being repeated. Give a function
	 * (for instance one that opens n8n's binary data again) and it is repeated.
	 */
	body?: ReplayableBody | Readable;
	responseType?: R;
	/** Milliseconds for the exchange, as in the transport; default 120 000. */
	timeoutMs?: number;
	/** Most bytes of the answer, as in the transport; default 64 MiB. */
	maxResponseBytes?: number;
	/** False fails at once where a limit of requests, or a free licence, would have to be waited for. Default true. */
	waits?: boolean;
	/** True for the list of file cabinets where it stands at another path than usual: it waits for its turn all the same. */
	listsCabinets?: boolean;
	/** n8n's cancel signal. */
	signal?: AbortSignal;
}

export interface LogOnOptions {
	/**
	 * True logs on anew although a session is open (books another licence until the older session
	 * ends) and although this password was refused before. Default false: an open session is used.
	 */
	force?: boolean;
	/** A person asks for it: what was refused before is tried again. Default false. */
	atPersonsRequest?: boolean;
	signal?: AbortSignal;
}

export interface LogOffOptions {
	/** True logs off although other executions use the session. Default false. */
	force?: boolean;
	/** True leaves the session open where other executions use it, instead of failing. Default false. */
	leaveOpen?: boolean;
	/** Make a new login token first and keep it in the vault (KBA-36918). Default true. */
	createTokenFirst?: boolean;
	/** Releases the caller at once; nothing is sent from then on, and the session stays open. */
	signal?: AbortSignal;
}

export interface ForgetOptions {
	/**
	 * True forgets although other executions use the session, and although the service does not confirm that it
	 * has ended the session or taken the tokens back. Default false.
	 */
	force?: boolean;
	/** Releases the caller; what has begun goes on. */
	signal?: AbortSignal;
}

export interface ForgetResult {
	/** ISO text. */
	forgottenAt: string | null;
	/** Whether DocuWare has confirmed the log-off of a session; null where there is no log-off. */
	loggedOff: boolean | null;
	/** Whether the Identity Service has taken the refresh tokens back; null where there are none. */
	tokensRevoked: boolean | null;
}

export interface TokenLogOnOptions {
	/** Left out or empty: the newest one of the vault. */
	token?: string;
	/** As the token was made. Default `Multi`. */
	usage?: 'Single' | 'Multi';
	signal?: AbortSignal;
}

export interface StatusOptions {
	signal?: AbortSignal;
}

/** What a login token is asked for with (docs/facts/docuware.md 4.2). */
export interface LoginTokenOptions {
	/** Default `Multi`. */
	usage?: 'Single' | 'Multi';
	/** `d`, `hh:mm[:ss]` or `d.hh:mm:ss`; a bare number means days. Default `1.00:00:00`; at most 365 days. */
	lifetime?: string;
	/** `DWProductTypes`; default `['PlatformService']`. */
	targetProducts?: string[];
	signal?: AbortSignal;
}

/** A login token as it was made. */
export interface CreatedLoginToken {
	/** The secret itself: goes into execution data only if the user asked for it. */
	token: string;
	usage: 'Single' | 'Multi';
	/** Life asked for, in milliseconds; the server may shorten it without saying so. */
	lifetimeMs: number;
	/** ISO text. */
	expiresAt: string;
	/** One sentence, for instance about a life over 28 days; empty where there is nothing to say. */
	warnings: string[];
}

export interface LogOffResult {
	/** False where there was no session to end, or others use it and it was left open. */
	loggedOff: boolean;
	/** Whether a new login token was put into the vault first. */
	loginTokenCreated: boolean;
	status: SessionStatus;
}

/** The raw secret of a session, for *Include Secret in Output* only. */
export type SessionSecretView = { cookie: string } | { accessToken: string };

/**
 * A DocuWare session of one credential, or of a session reference that it was given earlier: one
 * per identity, shared by all items, executions and workers through the vault.
 *
 * All methods throw ConnectorError with a DOCUWARE_*, VAULT_* or HTTP_* code.
 */
export interface DocuWareSession {
	/** Origin, for instance `https://acme.docuware.cloud`; no secret goes anywhere else. */
	readonly origin: string;
	/** `{origin}/DocuWare/Platform`, without a trailing slash. */
	readonly baseUrl: string;
	/** Who and where, for messages. */
	readonly identity: string;

	/**
	 * Keyed digest of who uses it, in which organization, and with what secret: what was read with one session is good
	 * for another of the same key, and for no other.
	 */
	readonly userKey: string;

	/**
	 * Sends a request with the session: begins one where there is none, adds cookie or bearer, and
	 * deals with what a session can meet: 401 of a dead session (one new log-on under the lease, then
	 * the request again), 401 for want of a licence (waits within the credential's limit), 410 (the
	 * server was updated: Identity Service), 429 (waits). Every other status is returned, redirects
	 * too. Nothing else is ever repeated.
	 *
	 * A request for the list of file cabinets, told by its usual path or by its mark, waits for its turn: a server allows 60 a minute
	 * (docs/facts/docuware.md 8.4), counted over all processes that share the vault, repeats too.
	 *
	 * @throws DOCUWARE_FOREIGN_HOST where the URL is not on the credential's origin.
	 */
	request<R extends HttpResponseType = 'text'>(
		request: DocuWareRequest<R>,
	): Promise<HttpResponse<HttpBodyTypes[R]>>;

	/** Whether the list of file cabinets may be asked for by who could do without: then it is at once, and others still may. */
	mayListCabinets(): Promise<boolean>;

	/** Makes sure that a session is open; see `LogOnOptions.force` for a new one. */
	logOn(options?: LogOnOptions): Promise<SessionStatus>;

	/**
	 * Ends the session at the server.
	 * @throws DOCUWARE_SESSION_IN_USE where other executions use it, unless `force` or `leaveOpen` is set.
	 */
	logOff(options?: LogOffOptions): Promise<LogOffResult>;

	/**
	 * Ends the session for good: logged off, tokens taken back where the service can do that, and every
	 * secret of it overwritten in the vault.
	 * @throws DOCUWARE_SESSION_IN_USE, DOCUWARE_LOGOFF_FAILED, DOCUWARE_REVOCATION_FAILED where `force` is not
	 * set; DOCUWARE_OTHERS_SESSION, DOCUWARE_UNPROVED.
	 */
	forget(options?: ForgetOptions): Promise<ForgetResult>;

	/**
	 * Makes a login token with the session. One for `PlatformService` is kept in the vault as the newest
	 * one; another could not begin a session of this package.
	 */
	createLoginToken(options?: LoginTokenOptions): Promise<CreatedLoginToken>;

	/**
	 * Begins a session with a login token. Without `token`: with the newest one in the vault, for this
	 * identity, and falls back to nothing else. With `token`: a session of that token, whose user may be
	 * another one; work goes on with the session that is returned.
	 * @throws DOCUWARE_TOKEN_REFUSED, DOCUWARE_TOKEN_USED, DOCUWARE_NO_LOGIN_TOKEN
	 */
	tokenLogOn(options?: TokenLogOnOptions): Promise<DocuWareSession>;

	/** How the session stands; sends nothing. */
	status(options?: StatusOptions): Promise<SessionStatus>;

	/** Writes down that a raw secret of this session, a login token, goes into an output. */
	noteSecretShown(): Promise<void>;

	/** Cookie header or bearer value of the open session, written down as shown; undefined where none is open. */
	secret(): Promise<SessionSecretView | undefined>;

	/**
	 * Says that this node run no longer uses the session, so that the idle time can begin. Call it in a
	 * `finally` of the node's execute function. Never throws.
	 */
	release(): Promise<void>;
}

/** How `createDocuWareSession` is to find the session. */
export interface CreateSessionOptions {
	/** Which credential the node uses; without it, the one that the node has set. */
	credentialType?: DocuWareCredentialType;
	/** `sessionReference` of an earlier node; empty or absent: the credential's own session. */
	sessionReference?: string;
	/**
	 * True where a session that an operation has logged off is to be taken all the same: *Log On*, *Token
	 * Log On*, *Get Status*.
	 */
	mayBeEnded?: boolean;
}
