import type { RequestLength } from '../http';
import { presentMeanwhile } from '../process/presentMeanwhile';
import { released } from '../process/singleFlight';
import type { EventOrigin } from '../vault/rows/events';
import { UNKNOWN_RUN } from '../vault/rows/events';
import type { RecordOwner } from '../vault/rows/records';
import type { Vault } from '../vault/vault';
import { isVaultTrouble } from '../vault/vaultErrors';
import { isFromRecord } from './access';
import * as authorizations from './authorizationMemory';
import type { OwnerSecrecy } from './duplicateGuard';
import { tellableOwner } from './duplicateGuard';
import { authorizationFingerprint, presentationKey } from './fingerprints';
import type { ForgetOrder, Forgotten } from './forgetting';
import { forgetLogIn } from './forgetting';
import { identityFacts } from './identityKey';
import * as memory from './memory';
import type { Presentation } from './presentation';
import { present, questionOf } from './presentation';
import type { ChainStatus } from './registration';
import * as registration from './registration';
import { renew } from './renewal';
import { requireProof } from './requireProof';
import type { GuardedChains } from './resolving';
import { presentIdentified, resolve, welcomed } from './resolving';
import { renewRival } from './rivalRenewal';
import { ownPairOnly, placeOf, refusedAccess, replace, serve } from './serving';
import { takeIn } from './takingIn';
import type {
	AccessToken,
	Authorization,
	ChainPolicy,
	DuplicateOwner,
	Presenter,
	RefusedToken,
} from './types';
import type { ChainView } from './view';

/** How often an authorization is presented again because the service has decided about its pair. */
const MOST_DECISIONS = 3;

/**
 * One service's token chains: hands out access tokens, refreshes them under the vault's contract,
 * and guards each identity against a second registration. Every caller in every process goes
 * through here, the nodes as well as the credential's hook.
 *
 * The way of a token: from memory while it is fresh; else the authorization is resolved to the
 * record of its identity, and that record's chain is renewed (`renewal.ts`), which spends the
 * refresh token under the record's lease (`vault/spending/spendSecret.ts`).
 */
export class TokenChain implements GuardedChains {
	constructor(
		readonly vault: Vault,
		readonly policy: ChainPolicy,
		readonly hide: OwnerSecrecy,
	) {}

	/**
	 * A token with enough life left for the request. A fresh one comes from memory, without I/O.
	 *
	 * @param signal releases the caller; a token request under way goes on and is saved.
	 * @throws ConnectorError of the policy's errors or of the vault.
	 */
	async getToken(
		authorization: Authorization,
		length: RequestLength,
		signal?: AbortSignal,
	): Promise<AccessToken> {
		const presented = presentationKey(this.vault, authorization);
		const token = authorizations.knownToken(this, presented, length);
		if (token !== undefined) return memory.accessTokenOf(token);
		return await released(this.obtain(authorization, length, presented), signal);
	}

	private async obtain(
		authorization: Authorization,
		length: RequestLength,
		presented = presentationKey(this.vault, authorization),
	): Promise<AccessToken> {
		for (let tries = 0; ; tries += 1) {
			const found = await this.resolveOrRemember(authorization, length, presented);
			if ('accessToken' in found) return memory.accessTokenOf(found);
			const token = await serve(this, { presentation: found, authorization, length });
			if (token !== 'settled') {
				if (found.access.from === 'broughtPair' && token.recordId === found.record.id) {
					authorizations.rememberBrought(this.vault, presented, token);
				}
				// Whatever had to wait for the proof is carried out before anybody uses it.
				if (isAccepted(found, token)) await this.resolve(authorization).catch(() => undefined);
				return memory.accessTokenOf(token);
			}
			if (tries === MOST_DECISIONS) throw this.unsettled(found);
		}
	}

	/** A store that is away or silent must not stop a caller whose token is good and whose check is merely due. */
	private async resolveOrRemember(
		authorization: Authorization,
		length: RequestLength,
		presented: string,
	): Promise<Presentation | memory.TimedToken> {
		const key = `resolve|${memory.memoryKey(this.vault, presented)}`;
		return await presentMeanwhile<Presentation | memory.TimedToken>(
			key,
			this.resolve(authorization),
			{
				present: () => {
					const token = authorizations.knownToken(this, presented, length, 'checkIsDue');
					if (token !== undefined) authorizations.postponeCheck(this.vault, presented);
					return token;
				},
				excuses: isVaultTrouble,
			},
		);
	}

	private unsettled({ record }: Presentation): Error {
		const why = 'the service kept deciding between several log-ins';
		return this.policy.errors.unavailable(identityFacts(record.identity), why, Date.now());
	}

	/** The record this authorization belongs to, identified and judged by the guard. */
	async resolve(authorization: Authorization): Promise<Presentation> {
		return await resolve(this, authorization);
	}

	/**
	 * After a 401: another token, if the vault holds one or if the refused one has ended (also by
	 * the wall clock, which goes on while a machine sleeps). Undefined where the refused token is
	 * the present one and young: a refresh could not succeed and would count as an error. Where the
	 * service allows one at any time, the caller says of such a token that it is dead.
	 */
	async replaceRefused(
		authorization: Authorization,
		refused: RefusedToken,
		length: RequestLength,
		signal?: AbortSignal,
	): Promise<AccessToken | undefined> {
		return await released(this.replace(authorization, refused, length), signal);
	}

	private async replace(
		authorization: Authorization,
		refused: RefusedToken,
		length: RequestLength,
	): Promise<AccessToken | undefined> {
		const presentation = await this.resolve(authorization);
		const other = await replace(this, { presentation, authorization, length }, refused);
		if (other === 'settled') return await this.obtain(authorization, length);
		if (other === undefined || other.accessToken === refused.accessToken) return undefined;
		return memory.accessTokenOf(other);
	}

	/** As `getToken`, but a refresh that is due is waited for, also while the present token is good. */
	async renewWhereDue(authorization: Authorization, signal?: AbortSignal): Promise<AccessToken> {
		return await released(this.renewWhereDueFor(authorization), signal);
	}

	private async renewWhereDueFor(authorization: Authorization): Promise<AccessToken> {
		const presentation = await this.resolve(authorization);
		const { access, record } = presentation;
		const request = { client: authorization, length: 'normal', waitsForNew: true } as const;
		if (isFromRecord(access)) {
			const asked = { ...request, ...ownPairOnly(this, presentation, authorization) };
			return memory.accessTokenOf(await renew(this, record.id, asked));
		}
		if (access.from === 'rival') {
			const token = await renewRival(this, placeOf(presentation, access.rivalId), request);
			if (token !== 'settled') return memory.accessTokenOf(token);
		}
		return await this.obtain(authorization, 'normal');
	}

	/**
	 * Refreshes now because a person asks for it. Also sends what the rules would not send by
	 * themselves any more: one further probe of a chain in doubt, one try with a client secret that
	 * was refused. Never before the window is open, never on a broken chain.
	 * @throws ConnectorError of the policy's errors; `unavailable` tells when the window opens.
	 */
	async refreshNow(authorization: Authorization, signal?: AbortSignal): Promise<AccessToken> {
		return await released(this.refreshFor(authorization), signal);
	}

	private async refreshFor(authorization: Authorization): Promise<AccessToken> {
		const presentation = await this.resolve(authorization);
		const { access, record } = presentation;
		const request = { client: authorization, length: 'normal' } as const;
		if (access.from === 'nothing') throw refusedAccess(this, presentation);
		if (access.from === 'rival') {
			const place = placeOf(presentation, access.rivalId);
			const token = await renewRival(this, place, { ...request, personAsked: true });
			if (token === 'settled') return await this.obtain(authorization, 'normal');
			return memory.accessTokenOf(token);
		}
		const mustRefresh = !isFromRecord(access);
		const only = ownPairOnly(this, presentation, authorization);
		const asked = { ...request, ...only, mustRefresh, personAskedAt: record.generation };
		return memory.accessTokenOf(await renew(this, record.id, asked));
	}

	/**
	 * The chain of this authorization as it stands in the store, with its latest attempts. Sends
	 * nothing where the authorization is known already.
	 */
	async status(authorization: Authorization, attemptLimit: number): Promise<ChainStatus> {
		const { record } = await this.resolve(authorization);
		return await registration.readStatus(this, record, attemptLimit);
	}

	/** All identities of this service that are registered from one n8n instance, or by nobody. */
	async registered(instanceId: string | null): Promise<ChainView[]> {
		return await registration.readRegistered(this, instanceId);
	}

	/**
	 * Gives up the registration of this authorization's identity, unless cancelled before; its chain goes on.
	 * @throws ConnectorError of the policy's errors: `unproved` where the authorization has no proof of its own
	 */
	async release(
		authorization: Authorization,
		signal?: AbortSignal,
		origin: EventOrigin = UNKNOWN_RUN,
	): Promise<Presentation> {
		const presentation = await released(this.resolve(authorization), signal);
		await requireProof(this, presentation);
		await registration.releaseRegistration(this.vault, presentation.record.id, origin);
		return presentation;
	}

	/**
	 * Registers this authorization's credential in place of the present owner, because a person
	 * asks for it and does not cancel it before; the former owner is refused from then on.
	 */
	async takeOver(
		authorization: Authorization,
		signal?: AbortSignal,
		origin: EventOrigin = UNKNOWN_RUN,
	): Promise<Presentation> {
		const fingerprint = authorizationFingerprint(this.vault, authorization);
		await released(presentIdentified(this, authorization, fingerprint), signal);
		const taken = await registration.takeOverRegistration(this, authorization, origin);
		return taken ?? (await this.resolve(authorization));
	}

	/**
	 * Ends this authorization's log-in for good, unless cancelled before it begins; see `forgetLogIn`.
	 * Nothing is asked of the service but to take the refresh tokens back.
	 */
	async forget(
		authorization: Authorization,
		order: ForgetOrder,
		signal?: AbortSignal,
	): Promise<Forgotten> {
		const fingerprint = authorizationFingerprint(this.vault, authorization);
		const question = questionOf(this, authorization, fingerprint);
		const look = async () => {
			const known = await present(this, question);
			if (known !== undefined) return welcomed(this, known, authorization);
			await takeIn(this, authorization, fingerprint);
			return welcomed(this, (await present(this, question))!, authorization);
		};
		await released(look(), signal);
		return await forgetLogIn(this, authorization, look, order);
	}

	/** The identity of an authorization (`identityKey`), once a token was got for it in this process. */
	identityOf(authorization: Authorization): string | undefined {
		return authorizations.knownIdentity(this.vault, presentationKey(this.vault, authorization));
	}

	/** The owner of an identity as far as this presenter may be told. */
	tellOwner(owner: RecordOwner | null, presenter: Presenter): DuplicateOwner {
		return tellableOwner(owner, presenter, this.hide);
	}
}

/** Whether the service has accepted the pair that this authorization brought, by the request just made. */
function isAccepted({ access, rival }: Presentation, token: memory.TimedToken): boolean {
	if (access.from !== 'rival') return false;
	return token.recordId !== access.rivalId || token.generation !== rival?.generation;
}
