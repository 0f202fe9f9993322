import type { AttemptOutcome } from '../vault/rows/attempts';

/** One request that spent a token, as the log of attempts knows it. */
export interface AttemptFacts {
	outcome: AttemptOutcome;
	startedAt: number;
	finishedAt: number | null;
}

/** One request of the identity, whichever of its pairs it spent. */
export interface RecentAttempt extends AttemptFacts {
	/** It spent a rival's token, not that of the record's own pair. */
	rival: boolean;
	/** The service had not accepted the pair yet. */
	unproved?: boolean;
}

/** A pair that stands beside the record's own one (docs/architecture.md, rule 6). */
export interface RivalFacts {
	id: string;
	/** `healed`: this package received it itself. `claimed`: a credential brought it. */
	origin: 'healed' | 'claimed';
	/**
	 * When it was received, or when its log-in is claimed to have been, never later than the moment it
	 * came here; null where nobody tells. It orders rivals and says when the rival's own window opens; it
	 * never moves the window of the record's pair.
	 */
	at: number | null;
	/** When its refresh token was last sent; null: never. */
	triedAt: number | null;
	/** The service has said no to it; it is kept, but not tried again. */
	setAside: boolean;
	/** How many pairs that came with the same access token the service has refused. Default 0. */
	refusedBefore?: number;
	/** The service has lately refused a client secret with a pair that came with the same access token. */
	secretWasRefused?: boolean;
	/** The record began with it; what it is worth is asked once without waiting for a turn. */
	wasFirst?: boolean;
	/** A new log-in of the record's own credential, seen by node code: it goes before the own pair. */
	reconnect?: boolean;
}

/**
 * Everything a decision about a refresh rests on. All times are milliseconds on one clock, the
 * monotonic one of this process, into which the store's times have been converted.
 */
export interface ChainFacts {
	now: number;
	/** When the present pair was asked for and arrived; null: nobody knows, valid until refused. */
	requestedAt: number | null;
	receivedAt: number | null;
	/** This process saw the pair or a later one arrive, so its age is no matter of clocks that may jump. */
	ageIsMeasured: boolean;
	lifeMs: number;
	/**
	 * How long tokens live by the service's own word, else as assumed: what a credential claims of its token
	 * counts for that one alone. The limits of requests go by it.
	 */
	toldLifeMs: number;
	/** Part of the life after which the service allows a refresh, and after which one is done. */
	windowStart: number;
	refreshFrom: number;
	/** How long a refresh token lives without use. */
	idleMs: number;
	broken: boolean;
	/** The service has refused the present access token, and its age by the wall clock explains it. */
	accessTokenRefused: boolean;
	/** The service has accepted, for this record, the client secret that is to be sent. */
	secretIsProved?: boolean;
	/** The service has accepted no client secret for this record yet. */
	noSecretIsProved?: boolean;
	/** A rival stands that was never tried, and with whose access token no client secret was refused. */
	newcomerWaits?: boolean;
	/** Until when the service has asked to wait with any request; null or left out: it has not. */
	askedPauseUntil?: number | null;
	/** A person asks for a refresh now: the window must be open, but no token need be due. */
	personAsked?: boolean;
	/** Attempts to spend the present refresh token, oldest first. */
	attempts: AttemptFacts[];
	/** The attempts of the last hour and of the last token life, of every generation and pair. */
	recent: RecentAttempt[];
	/** The pairs that stand beside the record's own, in any order. */
	rivals: RivalFacts[];
}

/** Whether it is not known what became of the token that was sent. */
export function isInDoubt({ outcome }: Pick<AttemptFacts, 'outcome'>): boolean {
	return outcome === 'open' || outcome === 'unknown' || outcome === 'doubtful';
}

/** When an attempt was over, or began where that is not known. */
export function endOf({ startedAt, finishedAt }: AttemptFacts): number {
	return finishedAt ?? startedAt;
}

/** How long after the last pair the service takes a refresh for too early, in milliseconds. */
export function windowOf({ lifeMs, windowStart }: ChainFacts): number {
	return lifeMs * windowStart;
}
