import type { Proof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import type { Conclusion } from '../vault/spending/spendSecret';
import { isProved, provedSecrets } from './access';
import type { TokenPair } from './types';

/**
 * A conclusion with what a success proves at once (docs/architecture.md, rule 10): the client secret used,
 * and, where the user is asked for afterwards, the authorization that brought the pair. Left out where
 * it stands noted.
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
	const isOpen = record.provisional && typeof pairOf === 'string' && !isProved(proofs, pairOf);
	const authorizations = isOpen ? [pairOf] : [];
	if (authorizations.length === 0 && provedSecrets(proofs).includes(secretFingerprint)) {
		return conclusion;
	}
	const accepted = { authorizations, secretFingerprint };
	return { kind: 'granted', granted: { ...conclusion.granted, accepted } };
}
