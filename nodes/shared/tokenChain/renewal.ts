import { setTimeout as delay } from 'node:timers/promises';

import type { ConnectorError } from '../errors';
import { isConnectorError, passOn } from '../errors';
import { readRefusal } from '../vault/rows/authorizations';
import type { LeaseHolding } from '../vault/leaseHolding';
import { recordLease } from '../vault/rows/leases';
import type { Vault } from '../vault/vault';
import type { RememberedToken } from './chainMemory';
import { chainMemory } from './chainMemory';
import type { ChainView } from './chainView';
import { factsOf, readChain, rememberRecord, tokenKey } from './chainView';
import type { ChainDecision } from './plan';
import { isFresh, isUsable, marginFor, planRefresh } from './plan';
import { secretFingerprint, spendRefreshToken } from './spendRefreshToken';
import type { ChainPolicy, FailedAnswer, IdentityFacts, TokenClient } from './types';
import { singleFlight } from '../process/singleFlight';
import { wallTime } from '../process/wallTime';

/** How long a caller may wait for another process's token request (limit 120 s), in milliseconds. */
export const LEASE_WAIT_MS = 130_000;

/** Waits up to this long happen inside the call; longer ones end it with a retryable error. */
const LONGEST_WAIT_MS = 20_000;

/** Pauses between requests that the service provably refused or never got, in milliseconds. */
const REFUSAL_PAUSES_MS = [1_000, 4_000];

/** Pause before the one in-doubt probe, so that a passing fault has a chance to pass. */
const PROBE_PAUSE_MS = 1_000;

/** What a renewal is for. */
export interface RenewalRequest {
	client: TokenClient;
	length: 'normal' | 'long';
	/** Generation whose access token the service has just refused. */
	refusedGeneration?: number;
	/** A person asked for a refresh of this generation, although its token may be good. */
	personAskedAt?: number;
}

/** What may be shown of a record. */
export function aboutRecord(client: TokenClient, identity: string): IdentityFacts {
	return { host: client.host, identifier: identity.slice(identity.lastIndexOf('|') + 1) };
}

/**
 * A token of this record that is good for the request: the present one, one that another process
 * has fetched, or a new one, fetched under the lease with the attempt written ahead.
 * One flight per process and client secret; a wrong secret cannot fail those who hold the right one.
 * @throws ConnectorError of the policy's errors or of the vault.
 */
export async function renew(
	vault: Vault,
	policy: ChainPolicy,
	recordId: string,
	request: RenewalRequest,
): Promise<RememberedToken> {
	const key = [
		'renew',
		tokenKey(vault, recordId),
		secretFingerprint(vault, request.client),
		request.length,
		request.refusedGeneration ?? '',
		request.personAskedAt ?? '',
		request.client.ignoreSslIssues,
	].join('|');
	return await singleFlight(
		key,
		async () => await new Renewal(vault, policy, request).run(recordId),
	);
}

type StopDecision = Extract<ChainDecision, { kind: 'stop' }>;

class Renewal {
	private refusalPauses = 0;

	/** A second token that ends on its way is passed on: the service is slower than its tokens live. */
	private lookedAgain = false;

	/** How long this process stood still while it waited for the last answer. */
	private stoodStillMs = 0;

	/** What a person asked for is sent once; whatever comes of it, the rules hold again. */
	private personServed = false;

	constructor(
		private readonly vault: Vault,
		private readonly policy: ChainPolicy,
		private readonly request: RenewalRequest,
	) {}

	async run(recordId: string): Promise<RememberedToken> {
		try {
			await this.vault.replayUnsaved(recordId);
			const view = await this.load(recordId);
			if (this.isDone(view)) return this.remember(view);
			return await this.underLease(view.record.id);
		} catch (error) {
			// No fault must fail a caller whose present token is still good.
			if (isConnectorError(error) && this.request.personAskedAt === undefined) {
				const present = await this.load(recordId).catch(() => undefined);
				if (present && this.isUsable(present)) return this.remember(present);
			}
			passOn(error);
		}
	}

	/** One lease at a time, so that no order of leases can block two processes on each other. */
	private async underLease(recordId: string): Promise<RememberedToken> {
		let leased: string | RememberedToken = recordId;
		while (typeof leased === 'string') {
			const id: string = leased;
			leased = await this.vault.withLease<string | RememberedToken>(
				recordLease(id),
				{
					waitMs: LEASE_WAIT_MS,
					doneMeanwhile: async () => {
						const view = await this.load(id);
						return this.isDone(view) ? this.remember(view) : undefined;
					},
				},
				async (holding) => await this.spend(id, holding),
			);
		}
		return leased;
	}

	/**
	 * Holds the lease: reads again, decides, sends, until there is a token or nothing more to do.
	 * @returns the token, or the id of the record whose lease is needed instead.
	 */
	private async spend(recordId: string, holding: LeaseHolding): Promise<RememberedToken | string> {
		for (;;) {
			const view = await this.load(recordId);
			// The record was merged while we waited: its lease is another one.
			if (view.record.id !== recordId) return view.record.id;
			const decision = this.decide(view);
			switch (decision.kind) {
				case 'use':
					return this.remember(view);
				case 'stop':
					throw this.stopError(view, decision);
				case 'wait':
					await this.waitOrThrow(view, decision);
					break;
				case 'post': {
					await this.throwIfSecretWasRefused(view);
					const token = await this.post(view, holding, decision.probe);
					if (typeof token === 'string') return token;
					if (token && (this.hasLifeLeft(token) || this.lookedAgain)) return token;
					// A process that stood still may have brought in a token that has ended meanwhile.
					if (token) this.lookedAgain = true;
				}
			}
		}
	}

	private decide(view: ChainView): ChainDecision {
		const facts = { ...this.facts(view), personAsked: this.isPersonAsking(view) };
		return planRefresh(facts, marginFor(this.request.length, view.lifeMs));
	}

	/** The generation a person asked for is the one that is spent; a newer one means that it is done. */
	private isPersonAsking(view: ChainView): boolean {
		return !this.personServed && this.request.personAskedAt === view.record.generation;
	}

	private async waitOrThrow(
		view: ChainView,
		decision: { until: number; reason: 'window' | 'inDoubt' },
	): Promise<void> {
		const wait = decision.until - performance.now();
		if (wait > LONGEST_WAIT_MS || this.isUsable(view)) {
			const retryAt = wallTime(decision.until);
			throw decision.reason === 'inDoubt'
				? this.policy.errors.inDoubt(this.about(view), retryAt)
				: this.policy.errors.unavailable(
						this.about(view),
						'the service does not allow a refresh yet',
						retryAt,
					);
		}
		await delay(Math.max(wait, 1));
	}

	/**
	 * One attempt.
	 * @returns undefined where the loop has to look again, the record's id where the lease was lost.
	 */
	private async post(
		view: ChainView,
		holding: LeaseHolding,
		probe: boolean,
	): Promise<RememberedToken | string | undefined> {
		const { vault, policy, request } = this;
		const spent = await spendRefreshToken({
			vault,
			policy,
			client: request.client,
			view,
			holding,
			probe,
		});
		switch (spent.kind) {
			case 'overtaken':
				return undefined;
			case 'leaseLost':
				// This process stood still for so long that its lease passed on: queue for it again.
				return view.record.id;
			case 'granted':
				this.stoodStillMs = spent.stoodStillMs;
				return spent.token;
			case 'failed':
				await this.throwOrPause(view, spent.answer, probe);
				this.personServed = true;
				return undefined;
		}
	}

	private async throwOrPause(view: ChainView, answer: FailedAnswer, probe: boolean): Promise<void> {
		const about = this.about(view);
		switch (answer.kind) {
			case 'lost':
				chainMemory().tokens.delete(tokenKey(this.vault, view.record.id));
				// The loop reads the record again: a reconnect may have come in between.
				return;
			case 'configuration':
				throw this.policy.errors.configuration(about, answer.code, answer.detail);
			case 'tooEarly':
				if (this.isPersonAsking(view)) {
					throw this.policy.errors.unavailable(about, answer.detail, null);
				}
				// "Not expired" about a token that the API has just refused: the 401 has another cause.
				if (this.request.refusedGeneration === view.record.generation && !probe) {
					throw this.policy.errors.refusedToken(about);
				}
				return;
			case 'unknown':
				if (this.isUsable(view)) throw this.policy.errors.inDoubt(about, Date.now());
				if (!probe) await delay(Math.min(PROBE_PAUSE_MS, view.lifeMs * this.policy.refreshFrom));
				return;
			case 'refused':
			case 'notSent':
				await this.pauseAfterRefusal(view, answer);
		}
	}

	private async pauseAfterRefusal(view: ChainView, answer: FailedAnswer): Promise<void> {
		const pause = Math.max(REFUSAL_PAUSES_MS[this.refusalPauses] ?? 0, answer.retryAfterMs ?? 0);
		const more = this.refusalPauses < REFUSAL_PAUSES_MS.length;
		this.refusalPauses += 1;
		const unavailable = () =>
			this.policy.errors.unavailable(
				this.about(view),
				answer.detail,
				answer.retryAfterMs === undefined ? null : Date.now() + answer.retryAfterMs,
			);
		if (!more || pause > LONGEST_WAIT_MS || this.isUsable(view)) throw unavailable();
		await delay(pause);
	}

	private async throwIfSecretWasRefused(view: ChainView): Promise<void> {
		// A person who asks for a refresh has a reason to believe that the secret is right now.
		if (this.isPersonAsking(view)) return;
		const fingerprint = secretFingerprint(this.vault, this.request.client);
		const refusal = await this.vault.read(() => readRefusal(view.record.id, fingerprint));
		if (refusal === undefined) return;
		throw this.policy.errors.configuration(this.about(view), refusal.code, refusal.detail);
	}

	private stopError(view: ChainView, decision: StopDecision): ConnectorError {
		switch (decision.reason) {
			case 'broken':
				return this.brokenError(view);
			case 'inDoubt':
				return this.policy.errors.inDoubt(this.about(view), null);
			case 'exhausted':
				return this.policy.errors.unavailable(
					this.about(view),
					'the service has refused several token requests in a row',
					wallTime(decision.until),
				);
		}
	}

	private brokenError(view: ChainView): ConnectorError {
		const { record } = view;
		const last = view.attempts.filter((attempt) => attempt.outcome === 'lost').at(-1);
		const about = this.about(view);
		const words = wordsIn(last?.detail);
		if (record.provisional && record.generation === 1) {
			return this.policy.errors.unknownAuthorization(about, words);
		}
		return this.policy.errors.chainLost(about, record.brokenCode ?? '', words);
	}

	private async load(recordId: string): Promise<ChainView> {
		const view = await readChain(this.vault, this.policy, recordId);
		if (view === undefined) {
			throw this.policy.errors.unknownAuthorization(
				{ host: this.request.client.host, identifier: this.request.client.clientId },
				null,
			);
		}
		return view;
	}

	private facts(view: ChainView) {
		const memory = chainMemory().tokens.get(tokenKey(this.vault, view.record.id));
		return factsOf(view, this.policy, memory, this.request.refusedGeneration);
	}

	private isDone(view: ChainView): boolean {
		if (this.isPersonAsking(view)) return false;
		return isFresh(this.facts(view), marginFor(this.request.length, view.lifeMs));
	}

	private isUsable(view: ChainView): boolean {
		return isUsable(this.facts(view), marginFor(this.request.length, view.lifeMs));
	}

	/**
	 * Whether a token that was just saved may be handed out: it may not if this process stood still,
	 * before or after it read the answer, for as long as the token lives. A service that answers
	 * slowly is no reason to ask again.
	 */
	private hasLifeLeft(token: RememberedToken): boolean {
		if (token.receivedAt === null) return true;
		const margin = marginFor(this.request.length, token.lifeMs);
		const arrivedAt = token.receivedAt - this.stoodStillMs;
		return performance.now() + margin < arrivedAt + token.lifeMs;
	}

	private remember(view: ChainView): RememberedToken {
		return rememberRecord(this.vault, view);
	}

	private about(view: ChainView): IdentityFacts {
		return aboutRecord(this.request.client, view.record.identity);
	}
}

/** The service's words in the log of attempts, which puts the error code before them. */
function wordsIn(detail: string | null | undefined): string | null {
	return detail?.replace(/^[A-Z_]+: /, '') ?? null;
}
