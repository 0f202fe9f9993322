import type { RequestLength } from '../http';
import type { ChainFacts } from './chainFacts';
import { isInDoubt } from './chainFacts';
import type { OwnTurn } from './ownTurn';
import { calledYoungUntil, idleDeadline, isOvertaken, ownTurn, wasProbed } from './ownTurn';
import { exhaustedUntil } from './requestLimits';
import type { RivalTurn } from './rivalTurn';
import { rivalTurn } from './rivalTurn';

/**
 * `use`: the present token is good and no refresh is due or allowed. `post`: spend the record's own
 * refresh token now. `tryRival`: spend that rival's instead. `wait`: nothing may be sent before `until`.
 * `stop`: nothing may be sent at all (`broken`, `inDoubt`), or not before `until` (`exhausted`).
 */
export type ChainDecision =
	| { kind: 'use' }
	| { kind: 'post'; probe: boolean }
	| { kind: 'tryRival'; rival: string }
	| { kind: 'wait'; until: number; reason: 'window' | 'inDoubt' }
	| { kind: 'stop'; reason: 'broken' }
	| { kind: 'stop'; reason: 'inDoubt' }
	| { kind: 'stop'; reason: 'exhausted'; until: number };

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
	return Math.max(byAge, calledYoungUntil(facts) ?? byAge);
}

/** Whether the present access token may be sent with this margin. */
export function isUsable(facts: ChainFacts, marginMs: number): boolean {
	if (facts.broken || facts.accessTokenRefused) return false;
	const end = validUntil(facts);
	return end === undefined || facts.now + marginMs < end;
}

/** Whether the present access token may be used, and no refresh is due yet or none is allowed. */
export function isFresh(facts: ChainFacts, marginMs: number): boolean {
	if (!isUsable(facts, marginMs)) return false;
	const { receivedAt, lifeMs, refreshFrom, now } = facts;
	if (receivedAt === null || now < receivedAt + lifeMs * refreshFrom) return true;
	const next = nextRequest(facts);
	if (next === undefined || now < next.at) return true;
	return exhaustedUntil(facts, !('rival' in next)) !== undefined;
}

/**
 * What to do about the chain, under its lease. Counts what the store knows, not what this process
 * remembers: an attempt without an outcome belongs to a holder that is gone or has lost the lease.
 */
export function planRefresh(facts: ChainFacts, marginMs: number): ChainDecision {
	if (facts.personAsked !== true && isFresh(facts, marginMs)) return { kind: 'use' };
	const next = nextRequest(facts);
	if (next === undefined)
		return { kind: 'stop', reason: isCalledOld(facts) ? 'broken' : 'inDoubt' };
	const exhausted = exhaustedUntil(facts, !('rival' in next));
	if (exhausted !== undefined) return { kind: 'stop', reason: 'exhausted', until: exhausted };
	if (facts.now < next.at) {
		const reason = facts.attempts.some(isInDoubt) ? 'inDoubt' : 'window';
		return { kind: 'wait', until: next.at, reason };
	}
	return 'rival' in next
		? { kind: 'tryRival', rival: next.rival }
		: { kind: 'post', probe: next.probe };
}

/** What is sent next, not before a pause is over that the service has asked for. */
function nextRequest(facts: ChainFacts): OwnTurn | RivalTurn | undefined {
	const next = nextInTurn(facts);
	return next && { ...next, at: Math.max(next.at, facts.askedPauseUntil ?? -Infinity) };
}

/**
 * The record's own pair goes first, unless the service has called it old or the owner has logged in
 * anew. A rival goes instead of a further probe, and where "too early" has proved a later log-in; never
 * later than the own pair would, so that a claimed time holds nothing up.
 *
 * @returns undefined where nothing may be sent by itself any more.
 */
function nextInTurn(facts: ChainFacts): OwnTurn | RivalTurn | undefined {
	const rival = rivalTurn(facts);
	if (isCalledOld(facts)) return rival;
	if (rival?.first === true) return rival;
	const own = isPastIdle(facts) ? undefined : ownTurn(facts);
	if (rival === undefined || own === undefined) return own ?? rival;
	const rivalMayGo = wasProbed(facts) || isOvertaken(facts);
	return rivalMayGo && rival.at <= Math.max(own.at, facts.now) ? rival : own;
}

function isCalledOld({ broken, attempts }: ChainFacts): boolean {
	return broken || attempts.some(({ outcome }) => outcome === 'lost');
}

/**
 * A pair in doubt is not probed any more once it has lapsed and a probe after that, which would have
 * told so, had no answer either; a person may still ask.
 */
function isPastIdle(facts: ChainFacts): boolean {
	if (facts.personAsked === true) return false;
	const probe = facts.attempts.filter(isInDoubt).slice(1).at(-1);
	return probe !== undefined && probe.startedAt >= idleDeadline(facts);
}
