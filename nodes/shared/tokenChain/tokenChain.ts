import { passOn } from '../errors';
import type { Attempt } from '../vault/rows/attempts';
import { latestAttempts } from '../vault/rows/attempts';
import type { RecordOwner } from '../vault/rows/records';
import { listRecords } from '../vault/rows/records';
import type { Vault } from '../vault/vault';
import type { Presentation } from './adoption';
import { authorizationFingerprint, present, releaseRegistration } from './adoption';
import type { RememberedToken } from './chainMemory';
import { chainMemory } from './chainMemory';
import type { ChainView } from './chainView';
import { readChain, tokenKey } from './chainView';
import type { OwnerSecrecy } from './duplicateGuard';
import { tellableOwner } from './duplicateGuard';
import { identify } from './identification';
import { hasEnded, isFreshInMemory } from './rememberedToken';
import { aboutRecord, renew } from './renewal';
import type { Authorization, ChainPolicy, DuplicateOwner, Presenter } from './types';
import { released } from '../process/singleFlight';

/** How long the guard's word holds before the hot path asks it again, in milliseconds. */
const GUARD_CHECK_MS = 30_000;

/** How long the guard is not asked again after the store did not answer, in milliseconds. */
const STORE_AWAY_PAUSE_MS = 5_000;

/** An access token as a caller gets it. */
export type GrantedToken = Pick<RememberedToken, 'accessToken' | 'generation' | 'recordId'> & {
	/** Monotonic clock, milliseconds; Infinity where the age is not known for certain. */
	validUntil: number;
};

/**
 * One service's token chains: hands out access tokens, refreshes them under the vault's contract,
 * and guards each identity against a second registration. Every caller in every process goes
 * through here, the nodes as well as the credential's hook.
 */
export class TokenChain {
	constructor(
		private readonly vault: Vault,
		private readonly policy: ChainPolicy,
		private readonly hide: OwnerSecrecy,
	) {}

	/**
	 * A token with enough life left for the request. A fresh one comes from memory, without I/O.
	 *
	 * @param signal releases the caller; a token request under way goes on and is saved.
	 * @throws ConnectorError of the policy's errors or of the vault.
	 */
	async getToken(
		authorization: Authorization,
		length: 'normal' | 'long',
		signal?: AbortSignal,
	): Promise<GrantedToken> {
		const remembered = this.fromMemory(authorization, length);
		if (remembered) return granted(remembered);
		return await released(this.obtain(authorization, length), signal);
	}

	/**
	 * After a 401: another token, if the vault holds one or if the refused one has ended (also by
	 * the wall clock, which goes on while a machine sleeps). Undefined where the refused token is
	 * the present one and young: a refresh could not succeed and would count as an error.
	 */
	async replaceRefused(
		authorization: Authorization,
		refused: Pick<GrantedToken, 'accessToken' | 'generation'>,
		length: 'normal' | 'long',
		signal?: AbortSignal,
	): Promise<GrantedToken | undefined> {
		return await released(this.replace(authorization, refused, length), signal);
	}

	/**
	 * The chain of this authorization as it stands in the store, with its latest attempts. Sends
	 * nothing where the authorization is known already.
	 */
	async status(
		authorization: Authorization,
		attemptLimit: number,
	): Promise<{ view: ChainView; attempts: Attempt[]; vault: Vault }> {
		const { record } = await this.resolve(authorization);
		const view = await readChain(this.vault, this.policy, record.id);
		const attempts = await this.vault.read(() => latestAttempts(record.id, attemptLimit));
		if (view === undefined) {
			throw this.policy.errors.unknownAuthorization(
				aboutRecord(authorization, record.identity),
				null,
			);
		}
		return { view, attempts, vault: this.vault };
	}

	/**
	 * Refreshes now because a person asks for it. Also sends what the rules would not send by
	 * themselves any more: one further probe of a chain in doubt, one try with a client secret that
	 * was refused. Never before the window is open, never on a broken chain.
	 * @throws ConnectorError of the policy's errors; `unavailable` tells when the window opens.
	 */
	async refreshNow(authorization: Authorization, signal?: AbortSignal): Promise<GrantedToken> {
		const { record } = await this.resolve(authorization);
		const request = {
			client: authorization,
			length: 'normal',
			personAskedAt: record.generation,
		} as const;
		const renewed = renew(this.vault, this.policy, record.id, request);
		return granted(await released(renewed, signal));
	}

	/** Gives up the registration of this authorization's identity; its chain goes on. */
	async release(authorization: Authorization): Promise<Presentation> {
		const presentation = await this.resolve(authorization);
		await releaseRegistration(this.vault, presentation.record.id);
		chainMemory().authorizations.clear();
		return presentation;
	}

	/**
	 * Registers this authorization's credential in place of the present owner, because a person
	 * asks for it; the former owner is refused from then on.
	 */
	async takeOver(authorization: Authorization): Promise<Presentation> {
		const fingerprint = authorizationFingerprint(this.vault, authorization);
		const known = await present(this.vault, fingerprint, authorization.presenter);
		if (known === undefined || known.record.provisional) {
			await identify(this.vault, this.policy, authorization, fingerprint);
		}
		const taken = await present(this.vault, fingerprint, authorization.presenter, true);
		chainMemory().authorizations.clear();
		return taken ?? (await this.resolve(authorization));
	}

	/** The owner of an identity as far as this presenter may be told. */
	tellOwner(owner: RecordOwner | null, presenter: Presenter): DuplicateOwner {
		return tellableOwner(owner, presenter, this.hide);
	}

	/** All identities of this service that are registered from one n8n instance, or by nobody. */
	async registered(instanceId: string | null): Promise<ChainView[]> {
		const records = await this.vault.read(() => listRecords(this.policy.service));
		const views: ChainView[] = [];
		for (const { id, owner } of records) {
			if (owner !== null && owner.instanceId !== instanceId) continue;
			const view = await readChain(this.vault, this.policy, id);
			if (view) views.push(view);
		}
		return views;
	}

	/** The record this authorization belongs to, identified and judged by the guard. */
	async resolve(authorization: Authorization): Promise<Presentation> {
		const fingerprint = authorizationFingerprint(this.vault, authorization);
		const { presenter } = authorization;
		await this.vault.replayUnsaved();
		let presentation = await present(this.vault, fingerprint, presenter);
		if (presentation === undefined || presentation.record.provisional) {
			presentation = await identify(this.vault, this.policy, authorization, fingerprint);
		}
		const memoryKey = this.authorizationKey(fingerprint);
		if (presentation.verdict.changed) forgetAuthorizationsOf(presentation.record.id);
		if (!presentation.verdict.welcome) {
			chainMemory().authorizations.delete(memoryKey);
			throw this.policy.errors.duplicate(
				aboutRecord(authorization, presentation.record.identity),
				tellableOwner(presentation.verdict.owner, presenter, this.hide),
			);
		}
		this.forgetOlderGeneration(presentation);
		chainMemory().authorizations.set(memoryKey, {
			recordId: presentation.record.id,
			checkUntil:
				performance.now() +
				Math.min(GUARD_CHECK_MS, presentation.verdict.recheckInMs ?? GUARD_CHECK_MS),
		});
		return presentation;
	}

	private async obtain(
		authorization: Authorization,
		length: 'normal' | 'long',
	): Promise<GrantedToken> {
		const { record } = await this.resolveOrRemember(authorization, length);
		const remembered = chainMemory().tokens.get(tokenKey(this.vault, record.id));
		if (remembered && isFreshInMemory(remembered, length, this.policy)) return granted(remembered);
		return granted(
			await renew(this.vault, this.policy, record.id, { client: authorization, length }),
		);
	}

	/** A store that is away must not stop a caller whose token is fresh and whose guard check is merely due. */
	private async resolveOrRemember(
		authorization: Authorization,
		length: 'normal' | 'long',
	): Promise<{ record: { id: string } }> {
		try {
			return await this.resolve(authorization);
		} catch (error) {
			const stale = this.fromMemory(authorization, length, true);
			if (stale && isVaultTrouble(error)) {
				this.postponeCheck(authorization);
				return { record: { id: stale.recordId } };
			}
			passOn(error);
		}
	}

	private async replace(
		authorization: Authorization,
		refused: Pick<GrantedToken, 'accessToken' | 'generation'>,
		length: 'normal' | 'long',
	): Promise<GrantedToken | undefined> {
		const { record } = await this.resolve(authorization);
		const request = { client: authorization, length } as const;
		if (record.generation !== refused.generation) {
			const other = await renew(this.vault, this.policy, record.id, request);
			return other.accessToken === refused.accessToken ? undefined : granted(other);
		}
		const remembered = chainMemory().tokens.get(tokenKey(this.vault, record.id));
		if (remembered && remembered.generation === refused.generation && !hasEnded(remembered)) {
			return undefined;
		}
		return granted(
			await renew(this.vault, this.policy, record.id, {
				...request,
				refusedGeneration: refused.generation,
			}),
		);
	}

	private fromMemory(
		authorization: Authorization,
		length: 'normal' | 'long',
		checkIsDue = false,
	): RememberedToken | undefined {
		const { authorizations, tokens } = chainMemory();
		const fingerprint = authorizationFingerprint(this.vault, authorization);
		const known = authorizations.get(this.authorizationKey(fingerprint));
		if (!known || (!checkIsDue && performance.now() > known.checkUntil)) return undefined;
		const token = tokens.get(tokenKey(this.vault, known.recordId));
		return token && isFreshInMemory(token, length, this.policy) ? token : undefined;
	}

	/** While the store is away not every call waits for it. */
	private postponeCheck(authorization: Authorization): void {
		const fingerprint = authorizationFingerprint(this.vault, authorization);
		const known = chainMemory().authorizations.get(this.authorizationKey(fingerprint));
		if (known) known.checkUntil = performance.now() + STORE_AWAY_PAUSE_MS;
	}

	/** Another process may have saved a newer pair, after a reconnect for instance. */
	private forgetOlderGeneration({ record }: Presentation): void {
		const key = tokenKey(this.vault, record.id);
		const remembered = chainMemory().tokens.get(key);
		if (remembered && (remembered.generation < record.generation || record.state === 'broken')) {
			chainMemory().tokens.delete(key);
		}
	}

	private authorizationKey(fingerprint: string): string {
		return `${this.vault.vaultId}|${fingerprint}`;
	}
}

/** The guard has changed its word on a record: everybody in this process has to ask it again. */
function forgetAuthorizationsOf(recordId: string): void {
	const { authorizations } = chainMemory();
	for (const [key, known] of authorizations) {
		if (known.recordId === recordId) authorizations.delete(key);
	}
}

function granted(token: RememberedToken): GrantedToken {
	return {
		accessToken: token.accessToken,
		generation: token.generation,
		recordId: token.recordId,
		validUntil:
			token.requestedAt === null || token.ageUncertain
				? Infinity
				: token.requestedAt + token.lifeMs,
	};
}

function isVaultTrouble(error: unknown): boolean {
	return (
		error instanceof Error &&
		'code' in error &&
		typeof error.code === 'string' &&
		error.code.startsWith('VAULT_') &&
		error.code !== 'VAULT_KEY_MISMATCH'
	);
}
