import type { HttpResponse } from '../../../shared/http';
import type { EventOrigin, RecordEvent } from '../../../shared/vault/rows/events';
import { UNKNOWN_RUN } from '../../../shared/vault/rows/events';
import type { Vault } from '../../../shared/vault/vault';
import type { SessionAccount } from '../account/sessionAccount';
import type { LoginTokenReply, LoginTokenTerms } from '../lifecycle/loginTokenMaking';
import type { LiveSession } from '../record/openSession';
import type { GivenToken } from '../record/sessionRecord';
import type { SessionStatus } from '../record/sessionStatus';
import type { ForgetOptions, ForgetResult, LogOffOptions, LogOnOptions } from './sessionTypes';

/**
 * What carries one request: a credential, the generation that it belongs to, of which session record where the
 * vault keeps it in one, and its end (monotonic, ms).
 */
export type RequestCredential = Pick<LiveSession, 'credential' | 'generation' | 'validUntil'> &
	Partial<Pick<LiveSession, 'recordId'>>;

/** What comes in place of a credential that the server has refused. */
export interface Replacement extends RequestCredential {
	/** Opened since then; false where it stood in the vault already, so that it may have ended as well. */
	isNew: boolean;
}

/** Which credential presents itself for a session. */
export interface SessionPresenter {
	credentialId: string | null;
	/**
	 * Digest of the credential's id and secret: to whom the session of a login token belongs that it hands
	 * over. Null where n8n does not tell the id.
	 */
	giver: string | null;
	/** The run it is for, where there is one. */
	origin: EventOrigin;
}

/** n8n does not tell: a hook, the test of a credential that is not saved yet. */
export const UNKNOWN_PRESENTER: SessionPresenter = {
	credentialId: null,
	giver: null,
	origin: UNKNOWN_RUN,
};

/** Server, name for messages, and limits that the credential sets. */
export type SessionRules = Pick<
	SessionAccount,
	| 'address'
	| 'ignoreSslIssues'
	| 'allowHttp'
	| 'identityServiceUrl'
	| 'label'
	| 'wayIn'
	| 'policy'
	| 'licenceWaitMs'
>;

/**
 * Where a session gets its credentials from: the vault's session record, or a token chain. All
 * methods throw ConnectorError with a DOCUWARE_*, VAULT_* or HTTP_* code; a signal releases the
 * caller with its reason.
 */
export interface SessionSource {
	readonly vault: Vault;
	readonly rules: SessionRules;
	/** Names who uses the session: the same for all items of an execution. */
	readonly useId: string;
	readonly presenter: SessionPresenter;
	/** See `DocuWareSession.userKey`. */
	readonly userKey: string;

	/**
	 * A credential for one request; begins a session where there is none.
	 * @param waits false fails at once where a limit of log-ons, or a free licence, would have to be waited for
	 */
	obtain(signal?: AbortSignal, waits?: boolean): Promise<RequestCredential>;

	/**
	 * After a 401: another credential, or the same one (same generation) where it is good after all and
	 * the refusal is about the request.
	 */
	replace(refused: RequestCredential, signal?: AbortSignal, waits?: boolean): Promise<Replacement>;

	/** Takes in the `Set-Cookie` lines of an answer. Never throws. */
	absorb(used: RequestCredential, answer: HttpResponse<unknown>): Promise<void>;

	/** Notes that a request runs. @returns notes its end */
	requestBegins(): () => void;

	/** Makes sure that a session is open. */
	logOn(options: LogOnOptions): Promise<void>;

	/** As `logOn`, with the newest login token of the vault, or the given one of its making, and nothing else. */
	logOnByKeptToken(signal?: AbortSignal, given?: GivenToken): Promise<void>;

	/** Whether the vault has had this login token made for this account. */
	hasMadeToken(token: string): Promise<boolean>;

	logOff(options: LogOffOptions): Promise<{ loggedOff: boolean; tokenCreated: boolean }>;

	/** Ends it for good; nothing is overwritten before the service has confirmed the end, unless forced. */
	forget(options: ForgetOptions): Promise<ForgetResult>;

	/** Writes down that a login token is asked for, asks, and keeps the token where it can be used. */
	makeLoginToken(
		terms: LoginTokenTerms,
		ask: () => Promise<LoginTokenReply>,
		signal?: AbortSignal,
	): Promise<LoginTokenReply>;

	status(): Promise<SessionStatus>;

	/** Whether there is a session of this account's own proof, whose secret can be shown; sends nothing. */
	isOpen(): Promise<boolean>;

	/** Writes down what a person has done with the session. */
	noteEvent(event: RecordEvent): Promise<void>;

	/** This execution no longer uses the session. Never throws. */
	release(): Promise<void>;
}
