import type { SecretRefusal } from '../vault/rows/authorizations';
import { provedSecrets } from './access';
import { secretFingerprint } from './fingerprints';
import { identityFacts } from './identityKey';
import type { ChainContext, TokenClient } from './types';
import type { ChainView } from './view';

/** What the service said when it refused this client secret at this record. */
export function refusalOfSecret(
	{ vault }: ChainContext,
	{ refusals }: ChainView,
	client: TokenClient,
): SecretRefusal | undefined {
	return refusals.get(secretFingerprint(vault, client));
}

/** Whether the service has accepted this client secret for this record. */
export function isSecretProved(
	{ vault }: ChainContext,
	{ proofs }: ChainView,
	client: TokenClient,
): boolean {
	return provedSecrets(proofs).includes(secretFingerprint(vault, client));
}

/**
 * A client secret that the service has refused is not sent again by itself.
 * @throws the policy's `configuration`, with what the service said.
 */
export function throwIfSecretWasRefused(
	chain: ChainContext,
	view: ChainView,
	client: TokenClient,
): void {
	const refusal = refusalOfSecret(chain, view, client);
	if (refusal === undefined) return;
	const about = identityFacts(view.record.identity);
	throw chain.policy.errors.configuration(about, refusal.code, refusal.detail);
}
