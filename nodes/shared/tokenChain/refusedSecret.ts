import { readRefusal } from '../vault/rows/authorizations';
import type { VaultRecord } from '../vault/rows/records';
import { secretFingerprint } from './fingerprints';
import { identityFacts } from './identityKey';
import type { ChainContext, TokenClient } from './types';

/** What the service said when it refused this client secret at this record. */
export async function refusalOfSecret(
	{ vault }: ChainContext,
	recordId: string,
	client: TokenClient,
): Promise<{ code: string; detail: string | null } | undefined> {
	const fingerprint = secretFingerprint(vault, client);
	return await vault.read(() => readRefusal(recordId, fingerprint));
}

/**
 * A client secret that the service has refused is not sent again by itself.
 * @throws the policy's `configuration`, with what the service said.
 */
export async function throwIfSecretWasRefused(
	chain: ChainContext,
	record: VaultRecord,
	client: TokenClient,
): Promise<void> {
	const refusal = await refusalOfSecret(chain, record.id, client);
	if (refusal === undefined) return;
	const about = identityFacts(record.identity);
	throw chain.policy.errors.configuration(about, refusal.code, refusal.detail);
}
