import type { Rival } from '../vault/rows/rivals';
import type { ChainFacts } from './chainFacts';
import { isInDoubt } from './chainFacts';
import type { ChainDecision } from './plan';

/**
 * Whether the age of a pair beside a record is what its credential tells. n8n notes when a token ends by the clock of
 * the machine on which somebody pressed Connect; by the clock of another one it may have ended long before, or
 * has just been issued (docs/facts/n8n.md, "The OAuth2 hook").
 */
export function isClaimed({ origin, generation }: Pick<Rival, 'origin' | 'generation'>): boolean {
	return origin === 'claimed' && generation === 1;
}

/**
 * Whether a refused access token stays in use: it is young by the age that is claimed for it, and the service has said so
 * too, or has said no so often that it is not asked. A refusal of a claimed age leads to one refresh, because
 * the token may have ended; where that is too early, the refusal has another cause, as with every young token.
 *
 * @param decision what may be sent, the token being refused
 */
export function staysThoughRefused(facts: ChainFacts, decision: ChainDecision): boolean {
	if (!isClaimedYoung(facts)) return false;
	return decision.kind === 'wait' || (decision.kind === 'stop' && decision.reason === 'exhausted');
}

/** Whether the present pair is young by the age that is claimed for it, or nobody knows its age. */
export function isClaimedYoung(facts: ChainFacts): boolean {
	const { ageIsClaimed, requestedAt, lifeMs, now, attempts, broken } = facts;
	if (ageIsClaimed !== true || broken || attempts.some(isInDoubt)) return false;
	return requestedAt === null || now < requestedAt + lifeMs;
}
