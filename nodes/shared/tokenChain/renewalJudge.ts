import { isEntitled, isProved, isIssuedFirst } from './access';
import type { ChainFacts } from './chainFacts';
import { isClaimedYoung, staysThoughRefused } from './claimedAge';
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
		private readonly recordId: string,
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

	/** Whether a token that the service has refused stays in use; see `staysThoughRefused`. */
	staysThoughRefused(view: ChainView, decision = this.decide(view)): boolean {
		return this.isRefused(view) && staysThoughRefused(this.facts(view), decision);
	}

	/** Whether the present pair is young by a claim alone. */
	isClaimedYoung(view: ChainView): boolean {
		return isClaimedYoung(this.facts(view));
	}

	/** Whether the access token that the service has just refused is that of the present pair. */
	isRefused({ record }: ChainView): boolean {
		const { refusedGeneration } = this.request;
		return record.id === this.recordId && record.generation === refusedGeneration;
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
		const accessTokenRefused = known.accessTokenRefused || this.isRefused(view);
		const rivals = this.mayTryRivals(view) ? known.rivals : [];
		const facts = { ...known, accessTokenRefused, rivals };
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
