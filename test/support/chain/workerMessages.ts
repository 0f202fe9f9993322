import type { Authorization } from '../../../nodes/shared/tokenChain/types';
import type { PostgresTiming } from '../../../nodes/shared/vault/database/postgresTiming';
import type { LeaseTiming } from '../../../nodes/shared/vault/leaseHolding';

/** Where the vault of a worker process is. */
export type StoreLocation =
	{ engine: 'sqlite'; file: string } | { engine: 'postgres'; url: string };

/**
 * Points of a token request at which a worker kills itself with SIGKILL, in their order:
 * the attempt row is about to be written; it is committed; the answer has been read; the new secret
 * is written but not committed; it is committed; the token is about to be returned to the caller.
 */
export type KillPoint =
	'beforeAttemptRow' | 'afterAttemptRow' | 'answerRead' | 'saving' | 'saved' | 'notReturned';

/** How a worker opens its vault. Times in milliseconds. */
export interface WorkerOptions {
	store: StoreLocation;
	spillFolder: string;
	timing: LeaseTiming;
	saveLimitMs?: number;
	/** SQLite: how long a foreign lock is waited for. */
	busyLimitMs?: number;
	postgresTiming?: PostgresTiming;
	killAt?: KillPoint;
	/** In place of the tests' encryption key. */
	key?: string;
	/** Nobody can see whether it lives: as on a system that does not tell, or in a container of its own. */
	isUnseen?: boolean;
}

/** What the callers of a worker have met since its start. */
export interface ServeCounts {
	/** API calls answered 200. */
	calls: number;
	/** API calls answered 401, also with the token that the vault had then. */
	unauthorized: number;
	/** API calls that were held back, because their token had ended before the connection stood. */
	heldBack: number;
	/** By the name that a token has in the user agent, when a call with it last left; wall clock. */
	lastStarts: Record<string, number>;
	/** API calls answered otherwise, or not at all. */
	otherAnswers: number;
	/** Calls of `getToken` that failed, by error code. */
	failures: Record<string, number>;
	/** One message per error code, for people. */
	messages: Record<string, string>;
	highestGeneration: number;
}

/** Which kind of token request is under way. */
export type Posting = 'refresh' | 'probe' | null;

/** What callers of a worker do: one API call each with a token, then a pause around `pauseMs`. */
export interface ServeOrder {
	authorization: Authorization;
	callers: number;
	pauseMs: number;
}

/** Requests that a worker makes one after another, as a node run does for its items. */
export interface RequestOrder {
	authorization: Authorization;
	credentialId: string;
	division?: number;
	/** A path each. */
	paths: string[];
	/** As the node's option. */
	parallel?: number;
}

/** What came of a request: `ok`, or the code of its error. */
export type RequestOutcome = string;

/**
 * What a worker tells without being asked: that a token request of this kind goes out, or has been
 * answered; the counts of the callers so far.
 */
export type WorkerNotice = { posting: Posting } | { counts: ServeCounts };
