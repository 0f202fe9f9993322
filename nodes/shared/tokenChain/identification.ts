import { recordLease } from '../vault/rows/leases';
import type { Vault } from '../vault/vault';
import type { Presentation } from './adoption';
import { merge, mergeTarget, takeIn } from './adoption';
import { chainMemory } from './chainMemory';
import { tokenKey } from './chainView';
import { hasEnded } from './rememberedToken';
import { LEASE_WAIT_MS, renew } from './renewal';
import { secretFingerprint } from './spendRefreshToken';
import type { Authorization, ChainPolicy, Identity } from './types';
import { singleFlight } from '../process/singleFlight';

/** Merging is tried again this often while other processes change the records. */
const MERGE_TRIES = 10;

/**
 * Finds out whose authorization it is and brings it into the record of that identity (DESIGN.md,
 * "An authorization whose identity is not yet known").
 * @throws ConnectorError of the policy's errors or of the vault
 */
export async function identify(
	vault: Vault,
	policy: ChainPolicy,
	authorization: Authorization,
	fingerprint: string,
): Promise<Presentation> {
	// Two credentials may present one authorization; each is judged by itself, and a wrong client
	// secret must not fail the one that holds the right one.
	const key = [
		'identify',
		vault.vaultId,
		fingerprint,
		JSON.stringify(authorization.presenter),
		secretFingerprint(vault, authorization),
		authorization.ignoreSslIssues,
	].join('|');
	return await singleFlight(
		key,
		async () => await new Identification(vault, policy, authorization, fingerprint).run(),
	);
}

class Identification {
	constructor(
		private readonly vault: Vault,
		private readonly policy: ChainPolicy,
		private readonly authorization: Authorization,
		private readonly fingerprint: string,
	) {}

	async run(): Promise<Presentation> {
		const provisionalId = await takeIn(
			this.vault,
			this.policy.service,
			this.authorization,
			this.fingerprint,
			this.provisionalIdentity(),
		);
		return await this.mergeUnderLeases(provisionalId, await this.askIdentity(provisionalId));
	}

	private async askIdentity(recordId: string): Promise<Identity> {
		const { vault, policy, authorization } = this;
		const request = { client: authorization, length: 'normal' } as const;
		let token = await renew(vault, policy, recordId, request);
		let identity = await policy.whoAmI(authorization, token.accessToken);
		if (identity === 'unauthorized' && hasEnded(token)) {
			token = await renew(vault, policy, recordId, {
				...request,
				refusedGeneration: token.generation,
			});
			identity = await policy.whoAmI(authorization, token.accessToken);
		}
		if (identity !== 'unauthorized') return identity;
		throw policy.errors.refusedToken(this.about());
	}

	private async mergeUnderLeases(provisionalId: string, identity: Identity): Promise<Presentation> {
		const input = {
			provisionalId,
			identity: this.identityOf(identity),
			meta: { userName: identity.userName },
			presenter: this.authorization.presenter,
			fingerprint: this.fingerprint,
		};
		for (let tries = 0; tries < MERGE_TRIES; tries += 1) {
			const targetId = await mergeTarget(this.vault, input.identity);
			const ids = [...new Set([provisionalId, targetId ?? provisionalId])].sort();
			const result = await this.underLeases(
				ids,
				async () => await merge(this.vault, input, targetId),
			);
			if (result === 'again') continue;
			// What was remembered of the provisional record lacks the age that the merge has given it.
			chainMemory().tokens.delete(tokenKey(this.vault, provisionalId));
			return result.merged;
		}
		throw this.policy.errors.unavailable(
			this.about(),
			'other processes kept changing this connection while it was being registered',
			Date.now(),
		);
	}

	/** Leases are always taken in the order of their names, so that two merges cannot block each other. */
	private async underLeases<T>(recordIds: string[], work: () => Promise<T>): Promise<T> {
		const [first, ...rest] = recordIds;
		if (first === undefined) return await work();
		return await this.vault.withLease(
			recordLease(first),
			{ waitMs: LEASE_WAIT_MS },
			async () => await this.underLeases(rest, work),
		);
	}

	private identityOf({ userId }: Identity): string {
		const { host, clientId } = this.authorization;
		return `${this.policy.service}|${host}|${clientId}#${userId}`;
	}

	private provisionalIdentity(): string {
		const { host, clientId } = this.authorization;
		return `provisional|${this.policy.service}|${host}|${this.fingerprint}|${clientId}`;
	}

	private about() {
		return { host: this.authorization.host, identifier: this.authorization.clientId };
	}
}
