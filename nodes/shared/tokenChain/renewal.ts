import { isConnectorError, passOn } from '../errors';
import type { LeaseHolding } from '../vault/leaseHolding';
import { LEASE_WAIT_MS } from '../vault/leaseHolding';
import { recordLease } from '../vault/rows/leases';
import type { SpendResult } from '../vault/spending/spendSecret';
import type { TimedToken } from './memory';
import { dropRefusedToken, forgetToken, rememberedToken, rememberToken } from './memory';
import { afterFailure, fateOfRival, stopError, whileWaiting } from './outcomes';
import { spendOwn } from './ownSpending';
import { Patience } from './patience';
import type { ChainDecision } from './plan';
import { marginFor } from './plan';
import { throwIfSecretWasRefused } from './refusedSecret';
import { renewalFlight } from './renewalFlight';
import { RenewalJudge } from './renewalJudge';
import type { Opened } from './renewalOpening';
import { RenewalOpening } from './renewalOpening';
import type { RenewalRequest } from './renewalRequest';
import { revokeIfForgotten } from './revocation';
import { proveOwnPair } from './proving';
import type { RivalSpent } from './rivalSpending';
import { spendRival } from './rivalSpending';
import { noteMeasured } from './tokenNotes';
import type { ChainContext, FailedAnswer, TokenAnswer, TokenPair } from './types';
import type { ChainView } from './view';
import { readChain } from './view';

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
	const { client, length, refusedGeneration, personAskedAt, waitsForNew, broughtBy } = request;
	const isOwn = request.mustRefresh === true;
	const mustWait = personAskedAt !== undefined || waitsForNew === true;
	const needsNew = refusedGeneration !== undefined || isOwn;
	return await renewalFlight(
		chain,
		{
			kind: isOwn ? 'renewOwn' : 'renew',
			more: [refusedGeneration ?? '', personAskedAt ?? ''],
			id: recordId,
			broughtBy,
			client,
			length,
			waits: mustWait ? 'forAnswer' : needsNew ? 'forNew' : 'ifNeeded',
		},
		async (noted) => await new Renewal(noted, request).run(recordId),
	);
}

/** What is sent next. */
type RequestDecision = Extract<ChainDecision, { kind: 'post' | 'tryRival' }>;

interface Sending extends Pick<Opened, 'ahead'> {
	holding: LeaseHolding;
	decision: RequestDecision;
}

/** One renewal with what it has met so far: it may send several requests, under several leases. */
class Renewal {
	/** Answers that were refusals or no connection at all. */
	private refusals = 0;

	private readonly patience = new Patience();

	private readonly judge: RenewalJudge;

	/** A second token that ends on its way is passed on: the service is slower than its tokens live. */
	private lookedAgain = false;

	constructor(
		private readonly chain: ChainContext,
		private readonly request: RenewalRequest,
	) {
		this.judge = new RenewalJudge(chain, request);
	}

	async run(recordId: string): Promise<TimedToken> {
		const { refusedGeneration } = this.request;
		if (refusedGeneration !== undefined) {
			dropRefusedToken(this.chain.vault, recordId, refusedGeneration);
		}
		try {
			await this.chain.vault.replayUnsaved(recordId);
			const view = this.seen(recordId) ?? (await this.load(recordId));
			if (this.judge.isUsable(view)) this.judge.remember(view);
			return this.judge.done(view) ?? (await this.underLease(view.record.id));
		} catch (error) {
			// No fault must fail a caller whose present token is still good.
			if (isConnectorError(error) && this.request.personAskedAt === undefined) {
				const view = await this.load(recordId).catch(() => undefined);
				if (view && this.judge.isUsable(view)) return this.judge.remember(view);
			}
			passOn(error);
		}
	}

	/** What the caller has read just now, unless this process has got a newer pair since. */
	private seen(recordId: string): ChainView | undefined {
		const { view } = this.request;
		const known = rememberedToken(this.chain.vault, view?.record.id ?? recordId);
		const isOld =
			known !== undefined && view !== undefined && known.generation > view.record.generation;
		return isOld ? undefined : view;
	}

	/** One lease at a time, so that no order of leases can block two processes on each other. */
	private async underLease(recordId: string): Promise<TimedToken> {
		let leased: string | TimedToken = recordId;
		while (typeof leased === 'string') {
			const id: string = leased;
			const opening = new RenewalOpening(this.chain, id, this.judge, this.request.client);
			try {
				leased = await this.chain.vault.withLease<string | TimedToken, Opened | undefined>(
					recordLease(id),
					{
						waitMs: LEASE_WAIT_MS,
						doneMeanwhile: async () => this.judge.done(await this.load(id)),
						begin: (taking) => opening.begin(taking),
					},
					async (holding, opened) => await this.decideAndAct(id, holding, opened),
				);
			} finally {
				await opening.end();
			}
		}
		return leased;
	}

	/**
	 * Holds the lease: reads again, decides, sends, until there is a token or nothing more to do.
	 * @param opened what was read and decided together with taking the lease.
	 * @returns the token, or the id of the record whose lease is needed instead.
	 */
	private async decideAndAct(
		recordId: string,
		holding: LeaseHolding,
		opened: Opened | undefined,
	): Promise<TimedToken | string> {
		for (let found = opened; ; found = undefined) {
			const { view, decision, ahead } = found ?? (await this.lookAgain(recordId, holding));
			// The record was merged while we waited: its lease is another one.
			if (view.record.id !== recordId) return view.record.id;
			// A store that fell back gets the pair again that this process received last.
			if (ahead === undefined && (await this.chain.vault.heal(view.record))) continue;
			switch (decision.kind) {
				case 'use':
					return this.judge.remember(view);
				case 'stop':
					throw stopError({ policy: this.chain.policy, view }, decision);
				case 'wait':
					await this.patience.take(whileWaiting(this.circumstances(view), decision));
					break;
				case 'tryRival':
				case 'post': {
					const token = await this.post(view, { holding, decision, ahead });
					if (token !== undefined) return token;
					if (holding.isGivenBack === true) return recordId;
				}
			}
		}
	}

	private async lookAgain(recordId: string, holding: LeaseHolding): Promise<Opened> {
		// Who held the lease before may have died with its answer on this disk; and a request that never left
		// must not stand as one in doubt where the store was away just then.
		await this.chain.vault.replayUnsaved(recordId, holding);
		const view = await this.load(recordId);
		return { view, decision: this.judge.decide(view), ahead: undefined };
	}

	/**
	 * One attempt.
	 * @returns undefined where the loop has to look again, the record's id where the lease was lost.
	 */
	private async post(view: ChainView, sending: Sending): Promise<TimedToken | string | undefined> {
		// A person who asks for a refresh has a reason to believe that the secret is right now.
		if (!this.judge.isPersonAsking(view)) {
			throwIfSecretWasRefused(this.chain, view, this.request.client);
		}
		const spent = await this.spend(view, sending);
		if (spent === 'overtaken') return undefined;
		// This process stood still for so long that its lease passed on: queue for it again.
		if (spent === 'leaseLost') return view.record.id;
		if (spent.kind === 'saved') return await this.handOut(view, spent);
		if (spent.kind === 'superseded') {
			const { client } = this.request;
			await revokeIfForgotten(this.chain, view.record.id, client, spent.granted.secret);
		}
		if (spent.answer.kind !== 'granted') await this.meet(view, spent.answer, sending.decision);
		return undefined;
	}

	private async spend(
		view: ChainView,
		{ holding, decision, ahead }: Sending,
	): Promise<SpendResult<TokenAnswer, TokenPair> | RivalSpent> {
		const { record, proofs, rivals } = view;
		const { client } = this.request;
		if (decision.kind === 'tryRival') {
			const rival = rivals.find(({ id }) => id === decision.rival)!;
			return await spendRival(this.chain, { record, proofs, rival, client, holding });
		}
		return await spendOwn(this.chain, { view, client, holding, probe: decision.probe, ahead });
	}

	/**
	 * A token that was just saved. It is not handed out if this process stood still, before or after it
	 * read the answer, for as long as the token lives; then the loop looks again, once. A service that
	 * answers slowly is no reason to ask again.
	 */
	private async handOut(
		{ record, proofs }: ChainView,
		spent: Extract<SpendResult<TokenAnswer, TokenPair> | RivalSpent, { kind: 'saved' }>,
	): Promise<TimedToken | undefined> {
		const { granted } = spent;
		const { secret, requestedAt, receivedAt } = granted;
		// A pair that stays beside the record's own is not for those that the record serves.
		if ('place' in spent && spent.place.at !== 'record') return undefined;
		if (!('place' in spent)) {
			const accepted = { record, proofs, client: this.request.client, granted };
			if ((await proveOwnPair(this.chain, accepted)) === 'other') return undefined;
		}
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
			personAsked: this.judge.isPersonAsking(view),
			tokenRefused: this.request.refusedGeneration === view.record.generation,
			refusals: this.refusals,
		});
		if (answer.kind === 'refused' || answer.kind === 'notSent') this.refusals += 1;
		await this.patience.take(next);
		this.judge.servePerson();
	}

	private async load(recordId: string): Promise<ChainView> {
		const view = await readChain(this.chain, recordId);
		if (view !== undefined) return view;
		const { host, clientId } = this.request.client;
		throw this.chain.policy.errors.unknownAuthorization({ host, identifier: clientId }, null);
	}

	private circumstances(view: ChainView) {
		return {
			policy: this.chain.policy,
			view,
			usable: this.judge.isUsable(view),
			patienceMs: this.patience.leftMs,
		};
	}
}
