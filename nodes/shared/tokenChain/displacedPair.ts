import { randomUUID } from 'node:crypto';

import type { Proof } from '../vault/rows/proofs';
import type { VaultRecord } from '../vault/rows/records';
import type { NewRival } from '../vault/rows/rivals';
import type { Vault } from '../vault/vault';
import { isProved } from './access';
import { refreshTokenFingerprint } from './fingerprints';
import type { TokenPair } from './types';

/**
 * A record's own pair as a rival: where the service has not said yet what it is worth, as of the one with
 * which a record began, another pair that takes its place must not throw it away. Its authorization is then
 * served from it like any other that is not proved.
 */
export function displacedPair(
	vault: Vault,
	record: VaultRecord,
	proofs: readonly Proof[],
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
		triedAt: null,
		note: null,
	};
}
