import type { Authorization } from '../../../nodes/shared/tokenChain/types';
import type { PostgresTiming } from '../../../nodes/shared/vault/database/postgresDatabase';
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
}

/** What the callers of a worker have met since its start. */
export interface ServeCounts {
	/** API calls answered 200. */
	calls: number;
	/** API calls answered 401. */
	unauthorized: number;
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

/** A question with an answer. */
export type WorkerRequest =
	| { kind: 'open'; options: WorkerOptions }
	| { kind: 'getToken'; authorization: Authorization }
	| { kind: 'serve'; authorization: Authorization; callers: number; pauseMs: number }
	| { kind: 'stopServing' }
	/** SQLite: runs SQL on the worker's own connection, for faults that bind this process alone. */
	| { kind: 'sql'; text: string };

/** An error as it crosses the process border. */
export interface WorkerError {
	code: string;
	message: string;
	repair: string;
	retryable: boolean;
}

export type WorkerMessage =
	| { id: number; value: unknown }
	| { id: number; error: WorkerError }
	/** A token request of this kind goes out, or has been answered; not asked for. */
	| { posting: Posting }
	/** The counts of the callers so far; not asked for. */
	| { counts: ServeCounts };
