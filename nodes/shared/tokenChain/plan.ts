import type { RequestLength } from '../http';
import type { AttemptOutcome } from '../vault/rows/attempts';

/**
 * Everything a decision about a refresh rests on. All times are milliseconds on one clock, the
 * monotonic one of this process, into which the store's times have been converted.
 */
export interface ChainFacts {
	now: number;
	/** When the present pair was asked for and arrived; null: nobody knows, valid until refused. */
	requestedAt: number | null;
	receivedAt: number | null;
	lifeMs: number;
	/** Part of the life after which the service allows a refresh, and after which one is done. */
	windowStart: number;
	refreshFrom: number;
	broken: boolean;
	/** The service has refused the present access token, and its age by the wall clock explains it. */
	accessTokenRefused: boolean;
	/** A person asks for a refresh now: the window must be open, but no token need be due. */
	personAsked?: boolean;
	/** Attempts to spend the present refresh token, oldest first. */
	attempts: Array<{ outcome: AttemptOutcome; startedAt: number; finishedAt: number | null }>;
}

/**
 * `use`: the present token is good and no refresh is due. `post`: spend the refresh token now.
 * `wait`: nothing may be sent before `until`. `stop`: nothing may be sent at all (`broken`,
 * `inDoubt`), or not before `until` (`exhausted`).
 */
export type ChainDecision =
	| { kind: 'use' }
	| { kind: 'post'; probe: boolean }
	| { kind: 'wait'; until: number; reason: 'window' | 'inDoubt' }
	| { kind: 'stop'; reason: 'broken' }
	| { kind: 'stop'; reason: 'inDoubt' }
	| { kind: 'stop'; reason: 'exhausted'; until: number };

/**
 * Further token requests after proof of refusal, per life of an access token
 * (docs/architecture.md, rule 7).
 */
const REFUSALS_PER_LIFE = 3;

/** The longest margin that a request needs, in milliseconds. */
const LONGEST_MARGIN_MS = { normal: 5_000, long: 30_000 } as const;

/** Scaled margin: never more than this part of the life, so that it fits into the refresh window. */
const MARGIN_PART = 0.05;

/** How much life a token must have left when a request of this length starts, in milliseconds. */
export function marginFor(length: RequestLength, lifeMs: number): number {
	return Math.min(LONGEST_MARGIN_MS[length], lifeMs * MARGIN_PART);
}

/** When the present access token ends; undefined where its age is not known. */
export function validUntil(facts: ChainFacts): number | undefined {
	if (facts.requestedAt === null) return undefined;
	const byAge = facts.requestedAt + facts.lifeMs;
	// "Too early" proves that the token is younger than this side's clocks believe.
	return Math.max(byAge, calledYoungUntil(facts) ?? byAge);
}

/** Whether the present access token may be sent with this margin. */
export function isUsable(facts: ChainFacts, marginMs: number): boolean {
	if (facts.broken || facts.accessTokenRefused) return false;
	const end = validUntil(facts);
	return end === undefined || facts.now + marginMs < end;
}

/** Whether the present access token may be used and no refresh is due yet. */
export function isFresh(facts: ChainFacts, marginMs: number): boolean {
	if (!isUsable(facts, marginMs)) return false;
	return facts.receivedAt === null || facts.now < refreshDueAt(facts, facts.receivedAt);
}

/**
 * What to do about the chain, under its lease. Counts what the store knows, not what this process
 * remembers: an attempt without an outcome belongs to a holder that is gone or has lost the lease.
 */
export function planRefresh(facts: ChainFacts, marginMs: number): ChainDecision {
	if (facts.broken) return { kind: 'stop', reason: 'broken' };
	if (isFresh(facts, marginMs) && facts.personAsked !== true) return { kind: 'use' };
	const inDoubt = facts.attempts.filter(isUnknown);
	if (inDoubt.length > 1) {
		return facts.personAsked === true
			? { kind: 'post', probe: true }
			: { kind: 'stop', reason: 'inDoubt' };
	}
	const exhaustedUntil = refusalsExhaustedUntil(facts);
	if (exhaustedUntil !== undefined)
		return { kind: 'stop', reason: 'exhausted', until: exhaustedUntil };
	const doubtful = inDoubt[0];
	if (doubtful !== undefined) return planInDoubt(facts, doubtful);
	const opensAt = windowOpensAt(facts);
	if (opensAt !== undefined && facts.now < opensAt && !facts.accessTokenRefused) {
		return { kind: 'wait', until: opensAt, reason: 'window' };
	}
	return { kind: 'post', probe: false };
}

/**
 * The lost answer may have carried a new pair. The old secret is spent once more and the answer
 * read; "not expired" means that a pair was issued, so the next try waits for its window. Where that
 * was not long enough (the service worked on the lost request late), further tries keep a distance.
 */
function planInDoubt(
	facts: ChainFacts,
	doubtful: { startedAt: number; finishedAt: number | null },
): ChainDecision {
	const early = facts.attempts.filter(
		(attempt) => attempt.outcome === 'tooEarly' && attempt.startedAt >= doubtful.startedAt,
	);
	const [first] = early;
	const last = early.at(-1);
	if (first === undefined || last === undefined) return { kind: 'post', probe: true };
	// A request without an answer may have arrived any time before the probe that met its pair.
	const issuedBy = doubtful.finishedAt ?? first.startedAt;
	const window = facts.lifeMs * facts.windowStart;
	const until = Math.max(
		issuedBy + window,
		(last.finishedAt ?? last.startedAt) + facts.lifeMs - window,
	);
	return facts.now < until
		? { kind: 'wait', until, reason: 'inDoubt' }
		: { kind: 'post', probe: true };
}

function refreshDueAt(facts: ChainFacts, receivedAt: number): number {
	const due = receivedAt + facts.lifeMs * facts.refreshFrom;
	return Math.max(due, calledYoungUntil(facts) ?? due);
}

function windowOpensAt(facts: ChainFacts): number | undefined {
	if (facts.receivedAt === null) return undefined;
	return facts.receivedAt + facts.lifeMs * facts.windowStart;
}

/**
 * Until when a pair is taken for good that is the present one for certain (no answer was lost) and
 * that the service has called "not expired". Said once, it proves the part of the life after the
 * window; that covers clocks that differ by seconds. Said again after that, this side's clock has
 * jumped and the age is not known: a whole window is assumed, because asking again and again would
 * use up the error limit, and a 401 tells otherwise.
 */
function calledYoungUntil(facts: ChainFacts): number | undefined {
	if (facts.attempts.some(isUnknown)) return undefined;
	const early = facts.attempts.filter((attempt) => attempt.outcome === 'tooEarly');
	const saidAt = early.at(-1)?.finishedAt ?? undefined;
	if (saidAt === undefined) return undefined;
	return saidAt + facts.lifeMs * (early.length === 1 ? 1 - facts.windowStart : facts.windowStart);
}

function refusalsExhaustedUntil(facts: ChainFacts): number | undefined {
	const recent = facts.attempts
		.filter((attempt) => attempt.outcome === 'tooEarly' || attempt.outcome === 'refused')
		.map((attempt) => attempt.finishedAt ?? attempt.startedAt)
		.filter((at) => at > facts.now - facts.lifeMs);
	if (recent.length < REFUSALS_PER_LIFE) return undefined;
	return recent[recent.length - REFUSALS_PER_LIFE]! + facts.lifeMs;
}

function isUnknown(attempt: { outcome: AttemptOutcome }): boolean {
	return attempt.outcome === 'open' || attempt.outcome === 'unknown';
}
