import type { ConnectorError } from '../errors';
import { wallTime } from '../process/wallTime';
import type { SqlTransaction } from '../vault/database/transaction';
import type { Attempt, AttemptOutcome } from '../vault/rows/attempts';
import { RIVAL_ATTEMPT } from '../vault/rows/attempts';
import { saveRefusal } from '../vault/rows/authorizations';
import type { VaultRecord } from '../vault/rows/records';
import { markBroken } from '../vault/rows/records';
import type { Rival } from '../vault/rows/rivals';
import type { Conclusion } from '../vault/spending/spendSecret';
import { noteIssued } from './access';
import { noteAskedPause } from './askedPause';
import { isInDoubt } from './chainFacts';
import { forgottenAt } from '../vault/rows/forgotten';
import { identityFacts } from './identityKey';
import type { ChainDecision } from './plan';
import type { ChainPolicy, FailedAnswer, TokenAnswer, TokenPair } from './types';
import type { ChainView } from './view';

/**
 * All pauses of one renewal together, in milliseconds; what takes longer ends it with a retryable error.
 * With the requests between them it has to fit into the 20 s that an execution waits.
 */
export const LONGEST_WAIT_MS = 18_000;

/** When a caller may come again where neither the service nor a window tells, in milliseconds. */
const COME_AGAIN_MS = 60_000;

/** Pauses between requests that the service provably refused or never got, in milliseconds. */
const REFUSAL_PAUSES_MS = [1_000, 4_000];

/** Pause before the one in-doubt probe, so that a passing fault has a chance to pass. */
const PROBE_PAUSE_MS = 1_000;

/** What an answer means for the record: a new pair, or what is to be remembered of the refusal. */
export function conclusionOf(
	answer: TokenAnswer,
	spent: TokenPair,
	policy: ChainPolicy,
	refused: { record: VaultRecord; secretFingerprint: string },
): Conclusion<TokenPair> {
	if (answer.kind === 'granted') {
		const lifeMs = answer.pair.lifeMs ?? spent.lifeMs ?? policy.defaultLifeMs;
		const { requestedAt, receivedAt } = answer;
		const secret = { ...answer.pair, lifeMs };
		// A store that fell back must not give the pair to whoever had brought the one before.
		const { pairOf } = refused.record.meta;
		const meta = { lifeMs, ageUncertain: false, pairOf };
		return { kind: 'granted', granted: { secret, meta, requestedAt, receivedAt } };
	}
	const { id, generation } = refused.record;
	const { code, detail, showsIssued, retryAfterMs } = answer;
	const outcome = outcomeOf(answer);
	function* also(): SqlTransaction<void> {
		if (outcome === 'lost') yield* markBroken(id, generation, code);
		if (showsIssued === true) yield* noteIssued(refused.record, refused.record.meta.pairOf);
		if (outcome === 'configuration') {
			yield* saveRefusal(id, refused.secretFingerprint, code, detail);
		}
		yield* noteAskedPause(id, retryAfterMs);
	}
	return { kind: 'ended', end: { outcome, detail: `${code}: ${detail}`, also } };
}

/** Statuses that Exact Online counts as errors of the app (docs/facts/exact-online.md 1.7). */
const COUNTED_STATUSES: readonly unknown[] = [400, 401, 403, 404];

/** How the log of attempts names an answer. */
export function outcomeOf({ kind, status }: FailedAnswer): AttemptOutcome {
	return kind === 'unknown' && COUNTED_STATUSES.includes(status) ? 'doubtful' : kind;
}

/**
 * What an answer means for a rival whose token was sent. `setAside` where the service may have meant
 * the token, in whatever words; a refused client secret is the caller's, and the rival stays.
 */
export function fateOfRival(answer: TokenAnswer): 'accepted' | 'stays' | 'setAside' {
	if (answer.kind === 'granted') return 'accepted';
	return answer.kind === 'lost' || answer.mayMeanToken === true ? 'setAside' : 'stays';
}

/** The renewal goes on after a pause, or ends with an error. */
export type NextStep = { pauseMs: number } | { error: ConnectorError };

/** What a renewal knows when a request has failed or has to wait. */
export interface Circumstances {
	policy: ChainPolicy;
	view: ChainView;
	/** The present access token may be used all the same: no caller has to wait. */
	usable: boolean;
	/** How long this call may still wait, in milliseconds. */
	patienceMs: number;
	/** The pair beside the record's own that is at stake, where it is not that one. */
	rival?: Rival;
}

/** What a failed answer means for the caller, besides the present state of the record. */
export interface Failure extends Circumstances {
	answer: FailedAnswer;
	probe: boolean;
	personAsked: boolean;
	/** The service has just refused the access token of this generation. */
	tokenRefused: boolean;
	/** How many answers before this one were refusals or no connection at all. */
	refusals: number;
}

/** What a failed answer means for the caller. */
export function afterFailure(failure: Failure): NextStep {
	const { policy, view, usable, answer, probe } = failure;
	const about = identityFacts(view.record.identity);
	switch (answer.kind) {
		case 'lost':
			// The record is read again: a reconnect may have come in between.
			return { pauseMs: 0 };
		case 'configuration':
			return { error: policy.errors.configuration(about, answer.code, answer.detail) };
		case 'tooEarly':
			if (failure.personAsked) {
				return { error: policy.errors.unavailable(about, answer.detail, null) };
			}
			// "Not expired" about a token that the API has just refused: the 401 has another cause.
			return failure.tokenRefused && !probe
				? { error: policy.errors.refusedToken(about) }
				: { pauseMs: 0 };
		case 'unknown':
			if (usable) return { error: policy.errors.inDoubt(about, Date.now(), answer.detail) };
			// Where the service has no window the plan says when the probe may go.
			return { pauseMs: probe ? 0 : Math.min(PROBE_PAUSE_MS, view.lifeMs * policy.windowStart) };
		case 'refused':
		case 'notSent':
			return afterRefusal(failure);
	}
}

function afterRefusal(failure: Failure): NextStep {
	const { usable, patienceMs, answer, refusals } = failure;
	const { retryAfterMs } = answer;
	const pauseMs = Math.max(REFUSAL_PAUSES_MS[refusals] ?? 0, retryAfterMs ?? 0);
	const isLast = refusals >= REFUSAL_PAUSES_MS.length;
	if (!isLast && pauseMs <= patienceMs && !usable) return { pauseMs };
	const retryAt = Date.now() + (retryAfterMs ?? COME_AGAIN_MS);
	return { error: notForNow(failure, answer.detail, retryAt) };
}

/** Nothing can be sent for now. That the connection is intact is not said where an earlier answer leaves it in doubt. */
function notForNow(
	{ policy: { errors }, view, rival }: Pick<Circumstances, 'policy' | 'view' | 'rival'>,
	why: string,
	retryAt: number,
): ConnectorError {
	const about = identityFacts(view.record.identity);
	const doubt = lastDoubt(view, rival);
	return doubt === undefined
		? errors.unavailable(about, why, retryAt)
		: errors.inDoubt(about, retryAt, wordsIn(doubt.detail));
}

/** What it means that nothing may be sent yet. */
export function whileWaiting(
	circumstances: Circumstances,
	{ until, reason }: Extract<ChainDecision, { kind: 'wait' }>,
): NextStep {
	const { policy, view, usable, patienceMs } = circumstances;
	const wait = until - performance.now();
	if (wait <= patienceMs && !usable) return { pauseMs: Math.max(wait, 1) };
	const about = identityFacts(view.record.identity);
	const retryAt = wallTime(until);
	const why = 'the service does not allow a refresh yet';
	return {
		error:
			reason === 'inDoubt'
				? policy.errors.inDoubt(about, retryAt, wordsIn(lastDoubt(view)?.detail))
				: notForNow(circumstances, why, retryAt),
	};
}

/** Why nothing may be sent at all, or not for now. */
export function stopError(
	stopped: Pick<Circumstances, 'policy' | 'view' | 'rival'>,
	decision: Extract<ChainDecision, { kind: 'stop' }>,
): ConnectorError {
	const { policy, view } = stopped;
	const { errors } = policy;
	const about = identityFacts(view.record.identity);
	switch (decision.reason) {
		case 'broken':
			return brokenError(errors, view);
		case 'inDoubt':
			return errors.inDoubt(about, null, wordsIn(lastDoubt(view)?.detail));
		case 'exhausted':
			return notForNow(
				stopped,
				'the service has refused several token requests in a row',
				wallTime(decision.until),
			);
	}
}

/** What the attempts know decides: an answer of our own that was lost explains an old token. */
function brokenError(errors: ChainPolicy['errors'], view: ChainView) {
	const { record } = view;
	const endedAt = forgottenAt(record);
	if (endedAt !== undefined) return errors.forgotten(identityFacts(record.identity), endedAt);
	const last = ownAttempts(view)
		.filter(({ outcome }) => outcome === 'lost')
		.at(-1);
	const about = identityFacts(record.identity);
	const words = wordsIn(last?.detail);
	const answerLostAt = lastDoubt(view)?.startedAt ?? null;
	const isNew = record.provisional && record.generation === 1 && record.sealed !== '';
	return isNew && answerLostAt === null
		? errors.unknownAuthorization(about, words)
		: errors.chainLost(about, record.brokenCode ?? '', words, answerLostAt);
}

/** The last request with the record's own pair, or with the given one beside it, of which nobody knows what became. */
function lastDoubt(view: ChainView, rival?: Rival): Attempt | undefined {
	const attempts = rival === undefined ? ownAttempts(view) : attemptsOf(view, rival);
	return attempts.filter(isInDoubt).at(-1);
}

function attemptsOf({ attempts }: ChainView, { fingerprint }: Rival): Attempt[] {
	return attempts.filter(
		({ kind, spentFingerprint }) => kind === RIVAL_ATTEMPT && spentFingerprint === fingerprint,
	);
}

function ownAttempts({ attempts }: ChainView): Attempt[] {
	return attempts.filter(({ kind }) => kind !== RIVAL_ATTEMPT);
}

/** The service's words in the log of attempts, which puts the error code before them. */
function wordsIn(detail: string | null | undefined): string | null {
	return detail?.replace(/^[A-Z_]+: /, '') ?? null;
}
