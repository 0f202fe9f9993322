import { isConnectorError, passOn } from '../errors';
import type { RequestLength } from '../http';
import type { LeaseHolding } from '../vault/leaseHolding';
import { LEASE_WAIT_MS } from '../vault/leaseHolding';
import { recordLease } from '../vault/rows/leases';
import { settleNeverSent } from '../vault/spending/neverSent';
import type { SpendResult } from '../vault/spending/spendSecret';
import { spendSecret } from '../vault/spending/spendSecret';
import { refreshTokenFingerprint, secretFingerprint } from './fingerprints';
import type { TimedToken } from './memory';
import {
	dropRefusedToken,
	forgetToken,
	memoryKey,
	rememberedToken,
	rememberStored,
	rememberToken,
} from './memory';
import { afterFailure, conclusionOf, fateOfRival, stopError, whileWaiting } from './outcomes';
import type { ChainFacts } from './chainFacts';
import type { ChainDecision } from './plan';
import { isFresh, isUsable, marginFor, planRefresh } from './plan';
import { Patience } from './patience';
import { renewalFlight } from './renewalFlight';
import { revokeIfForgotten } from './revocation';
import { throwIfSecretWasRefused } from './refusedSecret';
import { noteMeasured, wasRefused } from './tokenNotes';
import { spendRival } from './rivalSpending';
import { withProof } from './acceptance';
import type { ChainContext, FailedAnswer, TokenAnswer, TokenClient, TokenPair } from './types';
import type { ChainView } from './view';
import { factsOf, readChain } from './view';

/** What a renewal is for. */
export interface RenewalRequest {
	client: TokenClient;
	length: RequestLength;
	/** Generation whose access token the service has just refused. */
	refusedGeneration?: number;
	/** A person asked for a refresh of this generation, although its token may be good. */
	personAskedAt?: number;
	/** A refresh that is due is waited for, also while the present token is good. */
	waitsForNew?: boolean;
	/** Only what the caller's own client secret brings may be handed out, and nothing before. */
	mustRefresh?: boolean;
	/** The caller leaves the first half of the window to whoever has something to prove. */
	leavesTime?: boolean;
}

/**
 * A token of this record that is good for the request: the present one, one that another process
 * has fetched, or a new one, fetched under the lease with the attempt written ahead.
 * @throws ConnectorError of the policy's errors or of the vault.
 */
export async function renew(
	chain: ChainContext,
	recordId: string,
	request: RenewalRequest,
): Promise<TimedToken> {
	const { client, length, refusedGeneration, personAskedAt, waitsForNew } = request;
	const isOwn = request.mustRefresh === true;
	const mustWait = personAskedAt !== undefined || waitsForNew === true;
	const needsNew = refusedGeneration !== undefined || isOwn;
	return await renewalFlight(
		chain,
		{
			kind: isOwn ? 'renewOwn' : 'renew',
			more: [refusedGeneration ?? '', personAskedAt ?? ''],
			id: recordId,
			client,
			length,
			waits: mustWait ? 'forAnswer' : needsNew ? 'forNew' : 'ifNeeded',
		},
		async () => await new Renewal(chain, request).run(recordId),
	);
}

/** What is sent next. */
type RequestDecision = Extract<ChainDecision, { kind: 'post' | 'tryRival' }>;

/** One renewal with what it has met so far: it may send several requests, under several leases. */
class Renewal {
	/** Answers that were refusals or no connection at all. */
	private refusals = 0;

	private readonly patience = new Patience();

	/** A second token that ends on its way is passed on: the service is slower than its tokens live. */
	private lookedAgain = false;

	/** What a person asked for is sent once; whatever comes of it, the rules hold again. */
	private personServed = false;

	constructor(
		private readonly chain: ChainContext,
		private readonly request: RenewalRequest,
	) {}

	async run(recordId: string): Promise<TimedToken> {
		const { refusedGeneration } = this.request;
		if (refusedGeneration !== undefined) {
			dropRefusedToken(this.chain.vault, recordId, refusedGeneration);
		}
		try {
			await this.chain.vault.replayUnsaved(recordId);
			const view = await this.load(recordId);
			if (this.isUsable(view)) this.remember(view);
			return this.done(view) ?? (await this.underLease(view.record.id));
		} catch (error) {
			// No fault must fail a caller whose present token is still good.
			if (isConnectorError(error) && this.request.personAskedAt === undefined) {
				const view = await this.load(recordId).catch(() => undefined);
				if (view && this.isUsable(view)) return this.remember(view);
			}
			passOn(error);
		}
	}

	/** One lease at a time, so that no order of leases can block two processes on each other. */
	private async underLease(recordId: string): Promise<TimedToken> {
		let leased: string | TimedToken = recordId;
		while (typeof leased === 'string') {
			const id: string = leased;
			leased = await this.chain.vault.withLease<string | TimedToken>(
				recordLease(id),
				{ waitMs: LEASE_WAIT_MS, doneMeanwhile: async () => this.done(await this.load(id)) },
				async (holding) => await this.decideAndAct(id, holding),
			);
		}
		return leased;
	}

	/**
	 * Holds the lease: reads again, decides, sends, until there is a token or nothing more to do.
	 * @returns the token, or the id of the record whose lease is needed instead.
	 */
	private async decideAndAct(
		recordId: string,
		holding: LeaseHolding,
	): Promise<TimedToken | string> {
		for (;;) {
			// A request that never left must not stand as one in doubt where the store was away just then.
			await settleNeverSent(this.chain.vault);
			const view = await this.load(recordId);
			// The record was merged while we waited: its lease is another one.
			if (view.record.id !== recordId) return view.record.id;
			// A store that fell back gets the pair again that this process received last.
			if (await this.chain.vault.heal(view.record)) continue;
			const decision = this.decide(view);
			switch (decision.kind) {
				case 'use':
					return this.remember(view);
				case 'stop':
					throw stopError(this.chain.policy, view, decision);
				case 'wait':
					await this.patience.take(whileWaiting(this.circumstances(view), decision));
					break;
				case 'tryRival':
				case 'post': {
					const token = await this.post(view, holding, decision);
					if (token !== undefined) return token;
				}
			}
		}
	}

	/**
	 * One attempt.
	 * @returns undefined where the loop has to look again, the record's id where the lease was lost.
	 */
	private async post(
		view: ChainView,
		holding: LeaseHolding,
		decision: RequestDecision,
	): Promise<TimedToken | string | undefined> {
		// A person who asks for a refresh has a reason to believe that the secret is right now.
		if (!this.isPersonAsking(view)) {
			throwIfSecretWasRefused(this.chain, view, this.request.client);
		}
		const spent = await this.spend(view, holding, decision);
		if (spent === 'overtaken') return undefined;
		// This process stood still for so long that its lease passed on: queue for it again.
		if (spent === 'leaseLost') return view.record.id;
		if (spent.kind === 'saved') return this.handOut(view, spent);
		if (spent.kind === 'superseded') {
			const { client } = this.request;
			await revokeIfForgotten(this.chain, view.record.id, client, spent.granted.secret);
		}
		if (spent.answer.kind !== 'granted') await this.meet(view, spent.answer, decision);
		return undefined;
	}

	/** Spends the refresh token once; its new pair is in the vault before anybody may use it. */
	private async spend(
		{ record, proofs, rivals }: ChainView,
		holding: LeaseHolding,
		decision: RequestDecision,
	): Promise<SpendResult<TokenAnswer, TokenPair>> {
		const { vault, policy } = this.chain;
		const { client } = this.request;
		if (decision.kind === 'tryRival') {
			const rival = rivals.find(({ id }) => id === decision.rival)!;
			const order = { record, rival, client, holding, staysBeside: false };
			return await spendRival(this.chain, order);
		}
		const pair = vault.openSecret(record) as TokenPair;
		const refused = { record, secretFingerprint: secretFingerprint(vault, client) };
		return await spendSecret<TokenAnswer, TokenPair>({
			vault,
			record,
			holding,
			kind: decision.probe ? 'probe' : 'refresh',
			spentFingerprint: refreshTokenFingerprint(vault, pair.refreshToken),
			send: async () => await policy.requestTokens(client, pair.refreshToken),
			conclude: (answer) =>
				withProof(conclusionOf(answer, pair, policy, refused), { ...refused, proofs }),
		});
	}

	/**
	 * A token that was just saved. It is not handed out if this process stood still, before or after it
	 * read the answer, for as long as the token lives; then the loop looks again, once. A service that
	 * answers slowly is no reason to ask again.
	 */
	private handOut(
		{ record }: ChainView,
		spent: Extract<SpendResult<TokenAnswer, TokenPair>, { kind: 'saved' }>,
	): TimedToken | undefined {
		const { secret, requestedAt, receivedAt } = spent.granted;
		const token = rememberToken(this.chain.vault, {
			recordId: record.id,
			generation: spent.generation,
			accessToken: secret.accessToken,
			lifeMs: secret.lifeMs ?? this.chain.policy.defaultLifeMs,
			requestedAt,
			receivedAt,
			ageUncertain: false,
		});
		noteMeasured(token);
		const margin = marginFor(this.request.length, token.lifeMs);
		const endsAt = receivedAt - spent.stoodStillMs + token.lifeMs;
		if (this.lookedAgain || performance.now() + margin < endsAt) return token;
		this.lookedAgain = true;
		return undefined;
	}

	/** A request without a new pair: pauses where it is worth another look. */
	private async meet(
		view: ChainView,
		answer: FailedAnswer,
		decision: RequestDecision,
	): Promise<void> {
		// What was said of a rival says nothing of the record's own token.
		const isRival = decision.kind === 'tryRival';
		if (isRival && fateOfRival(answer) === 'setAside') return;
		const probe = isRival || decision.probe;
		if (answer.kind === 'lost' && !isRival) forgetToken(this.chain.vault, view.record.id);
		const next = afterFailure({
			...this.circumstances(view),
			answer,
			probe,
			personAsked: this.isPersonAsking(view),
			tokenRefused: this.request.refusedGeneration === view.record.generation,
			refusals: this.refusals,
		});
		if (answer.kind === 'refused' || answer.kind === 'notSent') this.refusals += 1;
		await this.patience.take(next);
		this.personServed = true;
	}

	private async load(recordId: string): Promise<ChainView> {
		const view = await readChain(this.chain, recordId);
		if (view !== undefined) return view;
		const { host, clientId } = this.request.client;
		throw this.chain.policy.errors.unknownAuthorization({ host, identifier: clientId }, null);
	}

	private decide(view: ChainView): ChainDecision {
		const facts = { ...this.facts(view), personAsked: this.isPersonAsking(view) };
		return planRefresh(facts, this.margin(view));
	}

	/** The present token, where nothing needs to be sent for the request. */
	private done(view: ChainView): TimedToken | undefined {
		if (this.isPersonAsking(view) || !isFresh(this.facts(view), this.margin(view))) {
			return undefined;
		}
		return this.remember(view);
	}

	/** The generation a person asked for is the one that is spent; a newer one means that it is done. */
	private isPersonAsking(view: ChainView): boolean {
		return !this.personServed && this.request.personAskedAt === view.record.generation;
	}

	private isUsable(view: ChainView): boolean {
		return isUsable(this.facts(view), this.margin(view));
	}

	private circumstances(view: ChainView) {
		return {
			policy: this.chain.policy,
			view,
			usable: this.isUsable(view),
			patienceMs: this.patience.leftMs,
		};
	}

	private facts(view: ChainView): ChainFacts {
		const seen = rememberedToken(this.chain.vault, view.record.id);
		const { vault, policy } = this.chain;
		const { id, generation } = view.record;
		const refused = wasRefused(memoryKey(vault, id), generation) ? generation : undefined;
		const facts = factsOf(view, policy, seen, refused, this.request.leavesTime);
		return this.request.mustRefresh === true ? { ...facts, requestedAt: -Infinity } : facts;
	}

	private margin(view: ChainView): number {
		return marginFor(this.request.length, view.lifeMs);
	}

	private remember(view: ChainView): TimedToken {
		return rememberStored(this.chain.vault, view);
	}
}
