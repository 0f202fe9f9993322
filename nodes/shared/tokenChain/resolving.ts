import { loopShare } from '../vault/database/loopShare';
import { forgottenAt } from '../vault/rows/forgotten';
import { knownRecord, rememberVerdict } from './authorizationMemory';
import type { OwnerSecrecy } from './duplicateGuard';
import { tellableOwner } from './duplicateGuard';
import { authorizationFingerprint, presentationKey } from './fingerprints';
import { identify } from './identification';
import { identityFacts } from './identityKey';
import { noteLaterLogIn } from './laterLogIns';
import type { Presentation } from './presentation';
import { present, questionOf } from './presentation';
import type { Authorization, ChainContext } from './types';

/** A service's token chains, and to whom an owner's name must not be told. */
export interface GuardedChains extends ChainContext {
	readonly hide: OwnerSecrecy;
}

/**
 * The record that an authorization belongs to, identified and judged by the guard.
 * @throws ConnectorError of the policy's errors or of the vault.
 */
export async function resolve(
	chains: GuardedChains,
	authorization: Authorization,
): Promise<Presentation> {
	const { vault, policy } = chains;
	// Hundreds that ask at once begin one by one, each in a turn of the event loop of its own.
	await loopShare().run(() => undefined);
	const fingerprint = authorizationFingerprint(vault, authorization);
	vault.replaySoon();
	const presentation = await presentIdentified(chains, authorization, fingerprint);
	const presented = presentationKey(vault, authorization);
	rememberVerdict(vault, presented, presentation);
	if (!policy.sideBySide) noteLaterLogIn(vault, presented, presentation);
	return welcomed(chains, presentation, authorization);
}

/**
 * The presentation, where the guard welcomes it.
 * @throws the policy's `duplicate` where it does not
 */
export function welcomed(
	{ policy: { errors, idleMs }, hide }: GuardedChains,
	presentation: Presentation,
	{ presenter }: Authorization,
): Presentation {
	const { record, verdict, rival } = presentation;
	if (verdict.welcome) return presentation;
	const owner = tellableOwner(verdict.owner, presenter, hide);
	const isKept = rival?.state === 'waiting';
	const keptUntil = isKept ? (rival.at ?? rival.addedAt) + idleMs : null;
	throw errors.duplicate(identityFacts(record.identity), owner, keptUntil);
}

/**
 * The guard's word; where nobody knows yet whose authorization it is, that is found out first.
 * @throws the policy's `forgotten` where a person has ended it
 */
export async function presentIdentified(
	chain: ChainContext,
	authorization: Authorization,
	fingerprint: string,
): Promise<Presentation> {
	const presented = presentationKey(chain.vault, authorization);
	const known = await present(chain, {
		...questionOf(chain, authorization, fingerprint),
		probably: knownRecord(chain.vault, presented),
	});
	if (known === undefined || known.record.provisional) {
		return await identify(chain, authorization, fingerprint);
	}
	const { record } = known;
	const endedAt = forgottenAt(record);
	if (endedAt === undefined) return known;
	throw chain.policy.errors.forgotten(identityFacts(record.identity), endedAt);
}
