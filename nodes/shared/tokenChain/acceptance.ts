import type { Proof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import type { Conclusion } from '../vault/spending/spendSecret';
import { isProved, provedSecrets } from './access';
import type { TokenPair } from './types';

/**
 * A conclusion with what a success proves (docs/architecture.md, rule 10): the authorization that brought
 * the record's pair, and the client secret used. Left out where both stand noted.
 */
export function withProof(
	conclusion: Conclusion<TokenPair>,
	{
		record,
		proofs,
		secretFingerprint,
	}: { record: VaultRecord; proofs: readonly Proof[]; secretFingerprint: string },
): Conclusion<TokenPair> {
	if (conclusion.kind !== 'granted') return conclusion;
	const { pairOf } = record.meta;
	const authorizations = typeof pairOf === 'string' && !isProved(proofs, pairOf) ? [pairOf] : [];
	if (authorizations.length === 0 && provedSecrets(proofs).includes(secretFingerprint)) {
		return conclusion;
	}
	const accepted = { authorizations, secretFingerprint };
	return { kind: 'granted', granted: { ...conclusion.granted, accepted } };
}
