import { proofsOf } from '../vault/rows/proofs';
import { rivalsOf } from '../vault/rows/rivals';
import { isProved, provedSecrets } from './access';
import { identityFacts } from './identityKey';
import type { Presentation } from './presentation';
import { refusedAccess } from './serving';
import type { ChainContext } from './types';

/**
 * What a person does to the whole connection asks for proof: an authorization of the record's own, with a
 * client secret that the service has accepted (docs/architecture.md, rule 10).
 * @throws ConnectorError of the policy's errors: `unproved`, or why this authorization is served from no pair
 */
export async function requireProof(chain: ChainContext, presentation: Presentation): Promise<void> {
	const { access, record, verdict } = presentation;
	if (access.from === 'nothing' || access.from === 'refusedSecret') {
		throw refusedAccess(chain, presentation);
	}
	if (record.provisional || (access.from === 'record' && access.proved)) return;
	const { fingerprint } = verdict.presented;
	const proofs = await chain.vault.read(() => proofsOf(record.id));
	const hasNoSecrets = isProved(proofs, fingerprint) && provedSecrets(proofs).length === 0;
	if (access.from === 'record' && hasNoSecrets) return;
	if (access.from === 'broughtPair') {
		// Before any success the pair that the record began with is the caller's own; that of others is not.
		const rivals = await chain.vault.read(() => rivalsOf(record.id));
		const isAlone = rivals.every(
			({ state, authorization }) => state !== 'waiting' || authorization === fingerprint,
		);
		if (isAlone) return;
	}
	throw chain.policy.errors.unproved(identityFacts(record.identity));
}
