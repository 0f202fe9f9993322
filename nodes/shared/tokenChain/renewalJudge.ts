import { isEntitled, isProved, isIssuedFirst } from './access';
import type { ChainFacts } from './chainFacts';
import { identityFacts } from './identityKey';
import type { TimedToken } from './memory';
import { rememberStored } from './memory';
import { calledYoungUntil } from './ownTurn';
import type { ChainDecision } from './plan';
import { isFresh, isUsable, marginFor, planRefresh } from './plan';
import { presentFacts } from './presentFacts';
import { isSecretProved } from './refusedSecret';
import type { RenewalRequest } from './renewalRequest';
import type { ChainContext } from './types';
import type { ChainView } from './view';

/** What one renewal makes of a record as the store has it: no input or output, only facts. */
export class RenewalJudge {
	/** What a person asked for is sent once; whatever comes of it, the rules hold again. */
	private personServed = false;

	constructor(
		private readonly chain: ChainContext,
		private readonly request: RenewalRequest,
	) {}

	/** What is to be sent, under the lease. */
	decide(view: ChainView): ChainDecision {
		const facts = {
			...this.facts(view),
			personAsked: this.isPersonAsking(view),
			secretIsProved: isSecretProved(this.chain, view, this.request.client),
		};
		return planRefresh(facts, this.margin(view));
	}

	/** The present token, where nothing needs to be sent for the request. */
	done(view: ChainView): TimedToken | undefined {
		if (this.isPersonAsking(view) || !isFresh(this.facts(view), this.margin(view))) {
			return undefined;
		}
		return this.remember(view);
	}

	/** The generation a person asked for is the one that is spent; a newer one means that it is done. */
	isPersonAsking(view: ChainView): boolean {
		return !this.personServed && this.request.personAskedAt === view.record.generation;
	}

	servePerson(): void {
		this.personServed = true;
	}

	isUsable(view: ChainView): boolean {
		return isUsable(this.facts(view), this.margin(view));
	}

	/** One that the service has called young lives longer than its age says, nobody knows for how long. */
	remember(view: ChainView): TimedToken {
		const token = rememberStored(this.chain.vault, view);
		const facts = this.facts(view);
		const isYounger = (calledYoungUntil(facts) ?? -Infinity) > facts.now;
		return isYounger ? { ...token, ageUncertain: true } : token;
	}

	/** @throws the policy's `overtaken` where the record's pair is not, or no longer, for the caller */
	private facts(view: ChainView): ChainFacts {
		const fingerprint = this.request.broughtBy?.fingerprint;
		if (fingerprint !== undefined && !isEntitled({ ...view, fingerprint })) {
			throw this.chain.policy.errors.overtaken(identityFacts(view.record.identity));
		}
		const known = presentFacts(this.chain, view, this.request.leavesTime);
		const facts = this.mayTryRivals(view) ? known : { ...known, rivals: [] };
		const mustRefresh =
			this.request.mustRefresh === true && !isSecretProved(this.chain, view, this.request.client);
		return mustRefresh ? { ...facts, requestedAt: -Infinity } : facts;
	}

	private mayTryRivals(view: ChainView): boolean {
		const { broughtBy } = this.request;
		if (broughtBy === undefined) return true;
		const { fingerprint } = broughtBy;
		return isProved(view.proofs, fingerprint) || isIssuedFirst(view, fingerprint);
	}

	private margin(view: ChainView): number {
		return marginFor(this.request.length, view.lifeMs);
	}
}
