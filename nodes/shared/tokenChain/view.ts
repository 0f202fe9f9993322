import type { Attempt } from '../vault/rows/attempts';
import { attemptsWithin, presentAttempts, RIVAL_ATTEMPT } from '../vault/rows/attempts';
import type { SecretRefusal } from '../vault/rows/authorizations';
import { refusalsOf } from '../vault/rows/authorizations';
import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow, together } from '../vault/database/transaction';
import type { VaultRecord } from '../vault/rows/records';
import { readRecord } from '../vault/rows/records';
import type { Proof } from '../vault/rows/proofs';
import { proofsOf } from '../vault/rows/proofs';
import type { Rival, ClaimOf } from '../vault/rows/rivals';
import { RIVALS_LIVE, rivalsOf } from '../vault/rows/rivals';
import { claimsIn } from '../vault/spending/claims';
import { isSomebodyWaiting, provedSecrets } from './access';
import { askedPauseUntil } from './askedPause';
import type { AttemptFacts, ChainFacts, RivalFacts } from './chainFacts';
import { countedSpanMs } from './requestLimits';
import { isAhead, withPastTimes } from './pastTimes';
import { likelierFirst } from './rivalTurn';
import { isMeasured } from './tokenNotes';
import type { ChainContext, ChainPolicy } from './types';

/**
 * A record as the store has it, with its clock and this process's clock at the same moment. No time in it is later than
 * that (`pastTimes.ts`).
 */
export interface ChainView {
	record: VaultRecord;
	/** The attempts at the record's generation, oldest first. */
	attempts: Attempt[];
	/** Those that the limits of requests count, of all generations, oldest first. */
	recent: Attempt[];
	/** The pairs beside the record's own, in the order they came. */
	rivals: Rival[];
	/** By the id of a rival, how many with the same access token the service has refused. */
	refusedBefore: ReadonlyMap<string, number>;
	/** The ids of the rivals that wait with whose claim it has lately refused a client secret. */
	secretRefusedFor: ReadonlySet<string>;
	/** What the service has accepted, and what waits for that. */
	proofs: Proof[];
	/** The client secrets that it has refused, by their digest. */
	refusals: ReadonlyMap<string, SecretRefusal>;
	/** Store clock when this was read. */
	storeNow: number;
	/** Monotonic clock when this was read. */
	monotonicNow: number;
	/** Of the record's own access token; where the service has not accepted the pair, as its credential claims. */
	lifeMs: number;
	/** As the service has told it, else as the policy assumes. */
	toldLifeMs: number;
}

/** Reads record and attempts in one go; undefined where the record is gone. */
export async function readChain(
	chain: ChainContext,
	recordId: string,
): Promise<ChainView | undefined> {
	return await chain.vault.read(() => chainRows(recordId, chain));
}

/**
 * As `readChain`, inside a transaction. All in one round trip; what is looked up by the id of a merged
 * record is looked up again.
 */
export function* chainRows(
	recordId: string,
	chain: ChainContext,
): SqlTransaction<ChainView | undefined> {
	const { vault, policy } = chain;
	const usualSpanMs = countedSpanMs(policy.defaultLifeMs);
	const [record, now, attempts, latest, rivals, proofs, refusals] = yield* together(
		readRecord(recordId),
		storeNow(),
		presentAttempts(recordId),
		attemptsWithin(recordId, usualSpanMs),
		rivalsOf(recordId),
		proofsOf(recordId),
		refusalsOf(recordId),
	);
	const monotonicNow = performance.now();
	if (record === undefined) return undefined;
	if (record.id !== recordId) return yield* chainRows(record.id, chain);
	const told = record.meta.lifeMs;
	const lifeMs = typeof told === 'number' && told > 0 ? told : policy.defaultLifeMs;
	const toldLifeMs = record.generation > 1 ? lifeMs : policy.defaultLifeMs;
	const spanMs = countedSpanMs(toldLifeMs);
	const all = spanMs > usualSpanMs ? yield* attemptsWithin(recordId, spanMs) : latest;
	const recent = all.filter(({ startedAt: at }) => at > now - spanMs && !isAhead(at, now));
	const claimOf = claimsIn(vault.sealer);
	const past = withPastTimes({ record, attempts, rivals }, { now, longAgo: now - 2 * spanMs });
	return {
		record: past.record,
		attempts: past.attempts,
		recent,
		rivals: record.provisional ? [] : past.rivals,
		refusedBefore: refusedOfEach(rivals, claimOf),
		secretRefusedFor: secretRefusedFor(record, rivals, recent, claimOf),
		proofs,
		refusals,
		storeNow: now,
		monotonicNow,
		lifeMs,
		toldLifeMs,
	};
}

/**
 * How many of the same claim the service has refused, of each rival that waits.
 * @param claimOf see `surplusRivals`
 */
export function refusedOfEach(rivals: readonly Rival[], claimOf: ClaimOf): Map<string, number> {
	const waiting = rivals.filter(({ state }) => state === 'waiting');
	const aside = waiting.length === 0 ? [] : rivals.filter(({ state }) => state === 'setAside');
	if (aside.length === 0) return new Map();
	const refused = aside.map(claimOf);
	const count = (claim: string) => refused.filter((one) => one === claim).length;
	return new Map(waiting.map((one) => [one.id, count(claimOf(one))]));
}

/**
 * The rivals that wait with whose claim a client secret was refused by one of these attempts, also with the
 * record's own pair while the service has accepted none.
 */
export function secretRefusedFor(
	record: Pick<VaultRecord, 'id' | 'generation' | 'sealed'>,
	rivals: readonly Rival[],
	recent: readonly Attempt[],
	claimOf: ClaimOf,
): Set<string> {
	const refused = recent.filter(
		({ kind, generation, outcome }) =>
			outcome === 'configuration' && (kind === RIVAL_ATTEMPT || generation === 1),
	);
	if (refused.length === 0) return new Set();
	const spent = new Set(refused.map(({ spentFingerprint }) => spentFingerprint));
	const claims = new Set(rivals.filter((one) => spent.has(one.fingerprint)).map(claimOf));
	const isOwn = record.generation === 1 && refused.some(({ kind }) => kind !== RIVAL_ATTEMPT);
	if (isOwn) claims.add(claimOf(record));
	const waiting = rivals.filter(({ state }) => state === 'waiting');
	return new Set(waiting.filter((one) => claims.has(claimOf(one))).map(({ id }) => id));
}

/** When the token in the store was asked for and arrived, as this process remembers it (monotonic, ms). */
interface SeenToken {
	requestedAt: number | null;
	receivedAt: number | null;
}

/**
 * The facts for a decision. Ages come from the monotonic clock where this process saw the token
 * arrive, else from the store's clock.
 *
 * @param isRefused the service has refused the record's access token.
 * @param leavesTime the caller leaves the first half of the window to whoever has something to prove.
 */
export function factsOf(
	view: ChainView,
	policy: ChainPolicy,
	seen: SeenToken | undefined,
	isRefused: boolean,
	leavesTime = false,
): ChainFacts {
	const toMonotonic = (storeTime: number) => monotonicTime(view, storeTime);
	const askedUntil = askedPauseUntil(view.record, view.storeNow);
	const waits = leavesTime && isSomebodyWaiting(view.proofs, { ...view, now: view.storeNow });
	const { requestedAt, receivedAt } = view.record;
	const timed = ({ outcome, startedAt, finishedAt }: Attempt): AttemptFacts => ({
		outcome,
		startedAt: toMonotonic(startedAt),
		finishedAt: finishedAt === null ? null : toMonotonic(finishedAt),
	});
	return {
		now: performance.now(),
		requestedAt: seen?.requestedAt ?? (requestedAt === null ? null : toMonotonic(requestedAt)),
		receivedAt: seen?.receivedAt ?? (receivedAt === null ? null : toMonotonic(receivedAt)),
		ageIsMeasured: isMeasured(seen),
		lifeMs: view.lifeMs,
		toldLifeMs: view.toldLifeMs,
		noSecretIsProved: provedSecrets(view.proofs).length === 0,
		newcomerWaits: view.rivals.some(
			({ id, state, triedAt }) =>
				state === 'waiting' && triedAt === null && !view.secretRefusedFor.has(id),
		),
		windowStart: policy.windowStart,
		refreshFrom: waits ? (1 + policy.refreshFrom) / 2 : policy.refreshFrom,
		idleMs: policy.idleMs,
		broken: view.record.state === 'broken',
		accessTokenRefused: isRefused,
		askedPauseUntil: askedUntil === null ? null : toMonotonic(askedUntil),
		attempts: view.attempts.filter(({ kind }) => kind !== RIVAL_ATTEMPT).map(timed),
		recent: view.recent.map((one) => {
			const rival = one.kind === RIVAL_ATTEMPT;
			return { ...timed(one), rival, unproved: rival || one.generation === 1 };
		}),
		rivals: liveRivals(view),
	};
}

/** A moment of the store's clock on this process's monotonic clock. */
export function monotonicTime(
	view: Pick<ChainView, 'monotonicNow' | 'storeNow'>,
	storeTime: number,
): number {
	return view.monotonicNow - (view.storeNow - storeTime);
}

/** The likeliest of those that may be tried; the others move up as these are set aside. */
function liveRivals(view: ChainView): RivalFacts[] {
	return view.rivals
		.map((rival) => rivalFacts(view, rival))
		.filter(({ setAside }) => !setAside)
		.sort(likelierFirst)
		.slice(0, RIVALS_LIVE);
}

/**
 * A rival as a decision looks at it. Where nobody tells its age it is at most as old as its entry; a claimed
 * time is believed as far as its access token bears it out, which was good when the service said whose it is.
 */
export function rivalFacts(view: ChainView, rival: Rival): RivalFacts {
	const { id, origin, reconnect, triedAt, authorization } = rival;
	return {
		id,
		wasFirst: authorization !== null && authorization === view.record.meta.firstOf,
		origin,
		reconnect,
		refusedBefore: view.refusedBefore.get(id) ?? 0,
		secretWasRefused: view.secretRefusedFor.has(id),
		at: monotonicTime(view, bornAt(rival, view.toldLifeMs)),
		triedAt: triedAt === null ? null : monotonicTime(view, triedAt),
		setAside: rival.state === 'setAside',
	};
}

function bornAt({ origin, at, addedAt }: Rival, lifeMs: number): number {
	if (at === null || origin === 'healed') return at ?? addedAt;
	return Math.min(Math.max(at, addedAt - lifeMs), addedAt);
}
