import { setTimeout as delay } from 'node:timers/promises';

import type { RequestLength } from '../http';
import { singleFlight } from '../process/singleFlight';
import type { LeaseHolding } from '../vault/leaseHolding';
import { readRefusal } from '../vault/rows/authorizations';
import { recordLease } from '../vault/rows/leases';
import type { Rival } from '../vault/rows/rivals';
import { settleNeverSent } from '../vault/spending/neverSent';
import type { ChainFacts } from './chainFacts';
import { secretFingerprint } from './fingerprints';
import { identityFacts } from './identityKey';
import type { TimedToken } from './memory';
import { memoryKey, rememberRival, rememberToken } from './memory';
import type { NextStep } from './outcomes';
import { afterFailure, fateOfRival, LONGEST_WAIT_MS, stopError, whileWaiting } from './outcomes';
import type { ChainDecision } from './plan';
import { isFresh, isUsable, marginFor, planRefresh } from './plan';
import { LEASE_WAIT_MS } from './renewal';
import { spendRival } from './rivalSpending';
import { noteRefused, wasRefused } from './tokenNotes';
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
	const { client, length, refusedGeneration, personAsked } = request;
	const key = [
		'renewRival',
		memoryKey(chain.vault, place.rivalId),
		secretFingerprint(chain.vault, client),
		length,
		refusedGeneration ?? '',
		personAsked === true,
		client.ignoreSslIssues,
		...(client.allowHttp === true ? ['http'] : []),
	].join('|');
	return await singleFlight(
		key,
		async () => await new RivalRenewal(chain, place.rivalId, request).run(place.recordId),
	);
}

interface Found {
	view: ChainView;
	rival: Rival;
}

/** One renewal of a rival's pair with what it has met so far. */
class RivalRenewal {
	private refusals = 0;

	/** How long this renewal may still pause; waiting for an answer is no pause. */
	private patienceMs = LONGEST_WAIT_MS;

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
			noteRefused(memoryKey(vault, this.rivalId), refusedGeneration);
		}
		await vault.replayUnsaved(recordId);
		const found = await this.load(recordId);
		if (found === 'settled') return found;
		const done = this.done(found);
		if (done !== undefined) return done;
		for (;;) {
			const result = await vault.withLease<RivalResult | 'again'>(
				recordLease(found.view.record.id),
				{ waitMs: LEASE_WAIT_MS, doneMeanwhile: async () => await this.look(recordId) },
				async (holding) => await this.decideAndAct(recordId, holding),
			);
			if (result !== 'again') return result;
		}
	}

	private async look(recordId: string): Promise<RivalResult | undefined> {
		const found = await this.load(recordId);
		return found === 'settled' ? found : this.done(found);
	}

	private async decideAndAct(
		recordId: string,
		holding: LeaseHolding,
	): Promise<RivalResult | 'again'> {
		for (;;) {
			await settleNeverSent(this.chain.vault);
			const found = await this.load(recordId);
			if (found === 'settled') return found;
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
		const { policy } = this.chain;
		if (decision.kind === 'wait') {
			const circumstances = {
				policy,
				view: found.view,
				usable: false,
				patienceMs: this.patienceMs,
			};
			await this.pauseOrThrow(whileWaiting(circumstances, decision));
			return;
		}
		const stop =
			decision.kind === 'stop' ? decision : ({ kind: 'stop', reason: 'broken' } as const);
		throw stopError(policy, found.view, stop);
	}

	/** @returns undefined where the loop has to look again. */
	private async post(
		{ view, rival }: Found,
		holding: LeaseHolding,
	): Promise<RivalResult | 'again' | undefined> {
		await this.throwIfSecretWasRefused(view);
		const { vault, policy } = this.chain;
		const staysBeside = policy.sideBySide && view.record.state === 'active';
		const { client } = this.request;
		const order = { record: view.record, rival, client, holding, staysBeside };
		const spent = await spendRival(this.chain, order);
		this.personServed = true;
		if (spent === 'overtaken') return undefined;
		if (spent === 'leaseLost') return 'again';
		if (spent.kind === 'ended') {
			if (spent.answer.kind !== 'granted') await this.meet({ view, rival }, spent.answer);
			return undefined;
		}
		if (spent.kind === 'superseded') return 'settled';
		const { secret, requestedAt, receivedAt } = spent.granted;
		return rememberToken(vault, {
			recordId: staysBeside ? rival.id : view.record.id,
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
			view: found.view,
			usable: this.isUsable(found),
			patienceMs: this.patienceMs,
			answer,
			probe: true,
			personAsked: this.request.personAsked === true,
			tokenRefused: false,
			refusals: this.refusals,
		});
		this.refusals += 1;
		await this.pauseOrThrow(next);
	}

	private async throwIfSecretWasRefused({ record }: ChainView): Promise<void> {
		if (this.isPersonAsking()) return;
		const { vault, policy } = this.chain;
		const fingerprint = secretFingerprint(vault, this.request.client);
		const refusal = await vault.read(() => readRefusal(record.id, fingerprint));
		if (refusal === undefined) return;
		const about = identityFacts(record.identity);
		throw policy.errors.configuration(about, refusal.code, refusal.detail);
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
		const facts = { ...this.facts(found), personAsked: this.isPersonAsking() };
		const rivals = [rivalFacts(found.view, found.rival)];
		return planRefresh({ ...facts, broken: true, rivals }, this.margin(found));
	}

	private facts({ view, rival }: Found): ChainFacts {
		const { vault, policy } = this.chain;
		const at = monotonicTime(view, rival.at ?? rival.addedAt);
		return {
			...factsOf(view, policy, undefined, undefined),
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

	private async pauseOrThrow(next: NextStep): Promise<void> {
		if ('error' in next) throw next.error;
		if (next.pauseMs <= 0) return;
		this.patienceMs -= next.pauseMs;
		await delay(next.pauseMs);
	}
}
