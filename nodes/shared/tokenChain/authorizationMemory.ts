import type { RequestLength } from '../http';
import { processState } from '../process/processState';
import { rememberLatest } from '../process/rememberLatest';
import type { VaultRecord } from '../vault/rows/records';
import type { Vault } from '../vault/vault';
import { isFromRecord } from './access';
import type { TimedToken } from './memory';
import {
	chainMemory,
	forgetToken,
	freshToken,
	memoryKey,
	MOST_REMEMBERED,
	rememberedToken,
	usableToken,
} from './memory';
import type { Presentation } from './presentation';
import type { ChainContext } from './types';

/** How long the guard's word holds before the hot path asks it again, in milliseconds. */
const GUARD_CHECK_MS = 30_000;

/** How long the guard is not asked again after the store did not answer, in milliseconds. */
const STORE_AWAY_PAUSE_MS = 5_000;

/** The record, or the pair beside it, that an authorization was served from last. */
export function knownRecord(vault: Vault, presented: string): string | undefined {
	return chainMemory().authorizations.get(memoryKey(vault, presented))?.recordId;
}

/**
 * A remembered token for an authorization on which the guard's word still holds: a fresh one; or, `anyway`,
 * one that has life enough left, also where the check of the guard's word or a refresh is due.
 * @param presented the `presentationKey`.
 */
export function knownToken(
	chain: ChainContext,
	presented: string,
	length: RequestLength,
	anyway?: 'checkIsDue',
): TimedToken | undefined {
	const key = memoryKey(chain.vault, presented);
	const known = chainMemory().authorizations.get(key);
	const holds = known !== undefined && performance.now() <= known.checkUntil;
	if (known === undefined || (!holds && anyway === undefined)) return undefined;
	const read = anyway === undefined ? freshToken : usableToken;
	const token = read(chain, known.recordId, length);
	const only = broughtPairs().get(key);
	return only === undefined || token?.generation === only ? token : undefined;
}

/** Remembers that an authorization may have this generation of the record's pair, and no other. */
export function rememberBrought(
	vault: Vault,
	presented: string,
	{ generation }: { generation: number },
): void {
	rememberLatest(broughtPairs(), memoryKey(vault, presented), generation, BROUGHT_KEPT);
}

/** Of how many authorizations it is remembered that only the pair they brought is theirs. */
const BROUGHT_KEPT = MOST_REMEMBERED;

/** By the key of an authorization that is not proved, the generation of the pair that it brought. */
function broughtPairs(): Map<string, number> {
	return processState('broughtPairs1', () => new Map<string, number>());
}

/** Remembers the guard's word, and drops what it or a newer generation in the store has made old. */
export function rememberVerdict(
	vault: Vault,
	presented: string,
	{ record, verdict, access }: Presentation,
): void {
	const { authorizations } = chainMemory();
	const key = memoryKey(vault, presented);
	rememberLatest(identities(), key, record.identity, MOST_REMEMBERED);
	if (verdict.changed) forgetAuthorizationsOf(record.id);
	const from = access.from === 'rival' ? access.rivalId : record.id;
	const isServed = isFromRecord(access) || access.from === 'rival';
	if (access.from === 'broughtPair') rememberBrought(vault, presented, record);
	else broughtPairs().delete(key);
	if (!verdict.welcome || !isServed) {
		authorizations.delete(key);
		return;
	}
	forgetOlderToken(vault, record);
	const holdsMs = Math.min(GUARD_CHECK_MS, verdict.recheckInMs ?? GUARD_CHECK_MS);
	const known = { recordId: from, checkUntil: performance.now() + holdsMs };
	rememberLatest(authorizations, key, known, MOST_REMEMBERED);
}

/** By the key of an authorization, the identity that it was found to be of. */
function identities(): Map<string, string> {
	return processState('identities1', () => new Map<string, string>());
}

/** The identity that an authorization was found to be of; undefined where nobody has looked yet. */
export function knownIdentity(vault: Vault, presented: string): string | undefined {
	return identities().get(memoryKey(vault, presented));
}

/** While the store is away not every call waits for it. */
export function postponeCheck(vault: Vault, fingerprint: string): void {
	const known = chainMemory().authorizations.get(memoryKey(vault, fingerprint));
	if (known) known.checkUntil = performance.now() + STORE_AWAY_PAUSE_MS;
}

/** A person has changed registrations: everybody in this process has to ask the guard again. */
export function forgetAuthorizations(): void {
	chainMemory().authorizations.clear();
}

/** The guard has changed its word on a record: everybody in this process has to ask it again. */
function forgetAuthorizationsOf(recordId: string): void {
	const { authorizations } = chainMemory();
	for (const [key, known] of authorizations) {
		if (known.recordId === recordId) authorizations.delete(key);
	}
}

/** Another process may have saved a newer pair, after a reconnect for instance. */
function forgetOlderToken(vault: Vault, record: VaultRecord): void {
	const known = rememberedToken(vault, record.id);
	if (known === undefined) return;
	if (known.generation < record.generation || record.state === 'broken') {
		forgetToken(vault, record.id);
	}
}
