import { randomUUID } from 'node:crypto';

import type { SqlTransaction } from '../vault/database/transaction';
import { attemptsAt, RIVAL_ATTEMPT } from '../vault/rows/attempts';
import type { Proof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import type { NewRival } from '../vault/rows/rivals';
import type { Vault } from '../vault/vault';
import { isProved } from './access';
import { isInDoubt } from './chainFacts';
import { refreshTokenFingerprint } from './fingerprints';
import type { TokenPair } from './types';

/**
 * When a record's own refresh token was last sent without anybody knowing what became of it; null: never. Store
 * clock, milliseconds.
 */
export function* doubtfulSince({
	id,
	generation,
}: Pick<VaultRecord, 'id' | 'generation'>): SqlTransaction<number | null> {
	const attempts = yield* attemptsAt(id, generation);
	const own = attempts.filter((one) => one.kind !== RIVAL_ATTEMPT && isInDoubt(one));
	return own.at(-1)?.startedAt ?? null;
}

/**
 * A record's own pair as a rival: where the service has not said yet what it is worth, as of the one with
 * which a record began, another pair that takes its place must not throw it away. Its authorization is then
 * served from it like any other that is not proved.
 * @param triedAt see `doubtfulSince`: what may have been accepted is not sent at once again in its new place.
 */
export function displacedPair(
	vault: Vault,
	record: VaultRecord,
	proofs: readonly Proof[],
	triedAt: number | null,
): NewRival | undefined {
	const { pairOf } = record.meta;
	if (record.state !== 'active' || typeof pairOf !== 'string') return undefined;
	if (isProved(proofs, pairOf)) return undefined;
	const id = randomUUID();
	const pair = vault.openSecret(record) as TokenPair;
	return {
		id,
		recordId: record.id,
		generation: 1,
		origin: 'claimed',
		state: 'waiting',
		reconnect: false,
		fingerprint: refreshTokenFingerprint(vault, pair.refreshToken),
		authorization: pairOf,
		secretFingerprint: null,
		sealed: vault.sealSecret(id, 1, pair),
		lifeMs: pair.lifeMs,
		// Its access token lives from the request on, however late the answer was read.
		at: record.requestedAt ?? record.receivedAt,
		triedAt,
		note: null,
	};
}
