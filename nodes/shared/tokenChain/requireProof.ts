import { proofsOf } from '../vault/rows/proofs';
import { provedSecrets } from './access';
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
	const { access, record } = presentation;
	if (access.from === 'nothing' || access.from === 'refusedSecret') {
		throw refusedAccess(chain, presentation);
	}
	const proofs = await chain.vault.read(() => proofsOf(record.id));
	// Before any success the pair that the record began with is the caller's own.
	const isOwn = record.provisional || provedSecrets(proofs).length === 0;
	if (access.from === 'record' && (access.proved || isOwn)) return;
	throw chain.policy.errors.unproved(identityFacts(record.identity));
}
