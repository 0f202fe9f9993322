import { setTimeout as delay } from 'node:timers/promises';

import type { SqlDatabase } from '../database/sqlDatabase';
import type { SqlTransaction } from '../database/transaction';
import { isAnyLeaseInUse } from '../rows/leases';
import { writeMeta } from '../rows/meta';
import { prepareSchema, readNotes } from '../rows/schema';
import type { Sealer } from '../sealing';
import { vaultError } from '../vaultErrors';
import type { SealedStore } from './moveVault';
import { sealStoredAnew } from './vaultContent';

/** Longer than the longest token request (120 s), whose end a rotation waits for. */
const DEFAULT_WAIT_MS = 150_000;
const POLL_MS = 100;

/** How a rotation goes on. */
export interface RotationOptions {
	/** How long to wait for token requests under way, in milliseconds. */
	waitMs?: number;
}

/**
 * Seals a vault anew that was sealed with the earlier key of this sealer
 * (`N8N_EXACTONLINE_DOCUWARE_VAULT_KEY_PREVIOUS`): everything in one transaction, in a moment without
 * a lease in use, so that a process that is killed leaves the vault under the one key or the other.
 * A vault under the present key stays as it is. What waits in spill files is sealed anew as it is
 * brought in (`vault/spending/pendingSaves.ts`).
 *
 * From then on processes with the earlier key are refused by each transaction (VAULT_KEY_ROTATED).
 *
 * @returns whether the vault was sealed anew
 * @throws ConnectorError VAULT_LEASE_TIMEOUT (nothing has changed), VAULT_KEY_MISMATCH,
 * VAULT_SCHEMA_TOO_NEW and those of the database
 */
export async function rotateKey(
	{ database, sealer }: SealedStore,
	{ waitMs = DEFAULT_WAIT_MS }: RotationOptions = {},
): Promise<boolean> {
	const { earlier } = sealer;
	if (earlier === undefined) return false;
	const { keyCheck } = await database.read(readNotes);
	if (keyCheck !== earlier.keyCheck() || keyCheck === sealer.keyCheck()) return false;
	const { fingerprintKey } = await prepareSchema(database, earlier);
	if (fingerprintKey !== undefined) earlier.adoptFingerprintKey(fingerprintKey);
	const giveUpAt = performance.now() + waitMs;
	for (;;) {
		const outcome = await database.write(() => rotateRows(earlier, sealer));
		if (outcome !== 'inUse') return outcome === 'rotated';
		if (performance.now() >= giveUpAt) throw stillInUse(database, waitMs);
		await delay(POLL_MS);
	}
}

function* rotateRows(
	from: Sealer,
	to: Sealer,
): SqlTransaction<'rotated' | 'rotatedByOther' | 'inUse'> {
	const { keyCheck } = yield* readNotes();
	if (keyCheck !== from.keyCheck()) return 'rotatedByOther';
	if (yield* isAnyLeaseInUse([])) return 'inUse';
	yield* sealStoredAnew(from, to);
	// Fingerprints stay what they are: nobody knows any more what they were made of.
	yield* writeMeta('fingerprint_key', to.sealFingerprintKey(from));
	yield* writeMeta('key_check', to.keyCheck());
	return 'rotated';
}

function stillInUse({ location }: SqlDatabase, waitMs: number): Error {
	return vaultError(
		'VAULT_LEASE_TIMEOUT',
		'The vault could not be sealed anew with the present key, since another process ' +
			`kept using it for ${Math.round(waitMs / 1000)} s: ${location}.`,
		'Stop every n8n process that still runs with the earlier key, then run again.',
		{ retryable: true },
	);
}
