import { isConnectorError, passOn } from '../errors';
import type { RequestLength } from '../http';
import type { LeaseHolding } from '../vault/leaseHolding';
import { LEASE_WAIT_MS } from '../vault/leaseHolding';
import { recordLease } from '../vault/rows/leases';
import type { Rival } from '../vault/rows/rivals';
import type { ChainFacts } from './chainFacts';
import type { TimedToken } from './memory';
import { dropRefusedToken, memoryKey, rememberRival, rememberToken } from './memory';
import { afterFailure, fateOfRival, stopError, whileWaiting } from './outcomes';
import { Patience } from './patience';
import type { ChainDecision } from './plan';
import { isFresh, isUsable, marginFor, planRefresh } from './plan';
import { renewalFlight } from './renewalFlight';
import { isSecretProved, throwIfSecretWasRefused } from './refusedSecret';
import { revokeIfForgotten } from './revocation';
import { spendRival } from './rivalSpending';
import { wasRefused } from './tokenNotes';
import type { ChainContext, FailedAnswer, TokenClient } from './types';
import type { ChainView } from './view';
import { factsOf, monotonicTime, readChain, rivalFacts } from './view';

/** What a newcomer wants of the pair that it brought. */
export interface RivalRequest {
	client: TokenClient;
	length: RequestLength;
	/** Generation of the pair whose access token the service has just refused. */
	refusedGeneration?: number;
	/** A person asked for a refresh, although the token may be good. */
	personAsked?: boolean;
	/** A refresh that is due is waited for, also while the present token is good. */
	waitsForNew?: boolean;
}

/** `settled`: the pair is no rival any more, because the service has decided; present it again. */
export type RivalResult = TimedToken | 'settled';

/**
 * A token of the pair that an authorization brought, for this authorization alone: the present one while
 * it lives, then a new one by spending that pair's refresh token, under the lease of the record it
 * stands beside. The record's own pair is left alone.
 * @throws ConnectorError of the policy's errors or of the vault.
 */
export async function renewRival(
	chain: ChainContext,
	place: { recordId: string; rivalId: string },
	request: RivalRequest,
): Promise<RivalResult> {
	const { client, length, refusedGeneration, personAsked, waitsForNew } = request;
	const mustWait = personAsked === true || waitsForNew === true;
	const needsNew = refusedGeneration !== undefined;
	return await renewalFlight(
		chain,
		{
			kind: 'renewRival',
			more: [refusedGeneration ?? '', personAsked === true],
			id: place.rivalId,
			client,
			length,
			waits: mustWait ? 'forAnswer' : needsNew ? 'forNew' : 'ifNeeded',
		},
		async (noted) => await new RivalRenewal(noted, place.rivalId, request).run(place.recordId),
	);
}

interface Found {
	view: ChainView;
	rival: Rival;
}

/** One renewal of a rival's pair with what it has met so far. */
class RivalRenewal {
	private refusals = 0;

	private readonly patience = new Patience();

	private personServed = false;

	constructor(
		private readonly chain: ChainContext,
		private readonly rivalId: string,
		private readonly request: RivalRequest,
	) {}

	async run(recordId: string): Promise<RivalResult> {
		const { vault } = this.chain;
		const { refusedGeneration } = this.request;
		if (refusedGeneration !== undefined) {
			dropRefusedToken(vault, this.rivalId, refusedGeneration);
		}
		try {
			await vault.replayUnsaved(recordId);
			const found = await this.load(recordId);
			if (found === 'settled') return found;
			if (this.isUsable(found)) this.remember(found);
			return this.done(found) ?? (await this.underLease(found.view.record.id));
		} catch (error) {
			// No fault must fail a newcomer whose own token is still good.
			if (isConnectorError(error) && this.request.personAsked !== true) {
				const found = await this.load(recordId).catch(() => 'settled' as const);
				if (found !== 'settled' && this.isUsable(found)) return this.remember(found);
			}
			passOn(error);
		}
	}

	private async underLease(recordId: string): Promise<RivalResult> {
		let leased: string = recordId;
		for (;;) {
			const id = leased;
			const result = await this.chain.vault.withLease<RivalResult | { lease: string }>(
				recordLease(id),
				{ waitMs: LEASE_WAIT_MS, doneMeanwhile: async () => await this.look(id) },
				async (holding) => await this.decideAndAct(id, holding),
			);
			if (result === 'settled' || !('lease' in result)) return result;
			leased = result.lease;
		}
	}

	private async look(recordId: string): Promise<RivalResult | undefined> {
		const found = await this.load(recordId);
		return found === 'settled' ? found : this.done(found);
	}

	/** @returns the record whose lease is needed instead, where it is another one or was lost. */
	private async decideAndAct(
		recordId: string,
		holding: LeaseHolding,
	): Promise<RivalResult | { lease: string }> {
		for (;;) {
			// As for a record's own pair: who held the lease before may have died with its answer on this disk.
			await this.chain.vault.replayUnsaved(recordId, holding);
			const found = await this.load(recordId);
			if (found === 'settled') return found;
			// The record was merged while we waited: its lease is another one.
			if (found.view.record.id !== recordId) return { lease: found.view.record.id };
			const done = this.done(found);
			if (done !== undefined) return done;
			const decision = this.decide(found);
			if (decision.kind === 'tryRival') {
				const result = await this.post(found, holding);
				if (result !== undefined) return result;
				continue;
			}
			if (this.isUsable(found)) return this.remember(found);
			await this.pauseBefore(found, decision);
		}
	}

	private async pauseBefore(found: Found, decision: ChainDecision): Promise<void> {
		const circumstances = {
			policy: this.chain.policy,
			...found,
			usable: false,
			patienceMs: this.patience.leftMs,
		};
		if (decision.kind === 'wait') {
			await this.patience.take(whileWaiting(circumstances, decision));
			return;
		}
		const stop =
			decision.kind === 'stop' ? decision : ({ kind: 'stop', reason: 'broken' } as const);
		throw stopError(circumstances, stop);
	}

	/** @returns undefined where the loop has to look again. */
	private async post(
		{ view, rival }: Found,
		holding: LeaseHolding,
	): Promise<RivalResult | { lease: string } | undefined> {
		if (!this.isPersonAsking()) {
			throwIfSecretWasRefused(this.chain, view, this.request.client);
		}
		const { vault, policy } = this.chain;
		const { client } = this.request;
		const spent = await spendRival(this.chain, { ...view, rival, client, holding });
		this.personServed = true;
		if (spent === 'overtaken') return undefined;
		if (spent === 'leaseLost') return { lease: view.record.id };
		if (spent.kind === 'ended') {
			// The log-in with which the record began goes on with that, now that the service knows it.
			const isFirst = rival.authorization === view.record.meta.firstOf;
			if (isFirst && 'showsIssued' in spent.answer && spent.answer.showsIssued) return 'settled';
			if (spent.answer.kind !== 'granted') await this.meet({ view, rival }, spent.answer);
			return undefined;
		}
		if (spent.kind === 'superseded') {
			await revokeIfForgotten(this.chain, view.record.id, client, spent.granted.secret);
			return 'settled';
		}
		if (spent.place.at === 'aside') return 'settled';
		const { secret, requestedAt, receivedAt } = spent.granted;
		return rememberToken(vault, {
			recordId: spent.place.at === 'beside' ? rival.id : view.record.id,
			generation: spent.generation,
			accessToken: secret.accessToken,
			lifeMs: secret.lifeMs ?? policy.defaultLifeMs,
			requestedAt,
			receivedAt,
			ageUncertain: false,
		});
	}

	private async meet(found: Found, answer: FailedAnswer): Promise<void> {
		// What the service said of the token is noted with the rival; the next look tells.
		if (fateOfRival(answer) === 'setAside') return;
		const next = afterFailure({
			policy: this.chain.policy,
			...found,
			usable: this.isUsable(found),
			patienceMs: this.patience.leftMs,
			answer,
			probe: true,
			personAsked: this.request.personAsked === true,
			tokenRefused: false,
			refusals: this.refusals,
		});
		this.refusals += 1;
		await this.patience.take(next);
	}

	private async load(recordId: string): Promise<Found | 'settled'> {
		const view = await readChain(this.chain, recordId);
		const rival = view?.rivals.find(({ id }) => id === this.rivalId);
		return view === undefined || rival?.state !== 'waiting' ? 'settled' : { view, rival };
	}

	private done(found: Found): TimedToken | undefined {
		if (this.isPersonAsking() || !isFresh(this.facts(found), this.margin(found))) return undefined;
		return this.remember(found);
	}

	/** Its own window, and the limits of requests that hold for all pairs of the identity. */
	private decide(found: Found): ChainDecision {
		const facts = {
			...this.facts(found),
			personAsked: this.isPersonAsking(),
			secretIsProved: isSecretProved(this.chain, found.view, this.request.client),
		};
		const rivals = [rivalFacts(found.view, found.rival)];
		return planRefresh({ ...facts, broken: true, rivals }, this.margin(found));
	}

	private facts({ view, rival }: Found): ChainFacts {
		const { vault, policy } = this.chain;
		const at = monotonicTime(view, rival.at ?? rival.addedAt);
		return {
			...factsOf(view, policy, undefined, false),
			requestedAt: at,
			receivedAt: at,
			lifeMs: rival.lifeMs ?? policy.defaultLifeMs,
			broken: false,
			accessTokenRefused: wasRefused(memoryKey(vault, rival.id), rival.generation),
			attempts: [],
			rivals: [],
		};
	}

	private isPersonAsking(): boolean {
		return this.request.personAsked === true && !this.personServed;
	}

	private isUsable(found: Found): boolean {
		return isUsable(this.facts(found), this.margin(found));
	}

	private margin({ rival }: Found): number {
		return marginFor(this.request.length, rival.lifeMs ?? this.chain.policy.defaultLifeMs);
	}

	private remember({ view, rival }: Found): TimedToken {
		return rememberRival(this.chain, view, rival);
	}
}
