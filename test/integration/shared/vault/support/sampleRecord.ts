import { randomUUID } from 'node:crypto';

import { insertAttempt } from '../../../../../nodes/shared/vault/rows/attempts';
import { thisHolder } from '../../../../../nodes/shared/process/holder';
import type { VaultRecord } from '../../../../../nodes/shared/vault/rows/records';
import { insertRecord } from '../../../../../nodes/shared/vault/rows/records';
import type { NewRival } from '../../../../../nodes/shared/vault/rows/rivals';
import type { SecretSave } from '../../../../../nodes/shared/vault/spending/secretSave';
import type { Vault } from '../../../../../nodes/shared/vault/vault';

/** A record of generation 1 as an authorization leaves it. */
export function sampleRecord(
	vault: Pick<Vault, 'sealSecret'>,
	changes: Partial<VaultRecord> = {},
): VaultRecord {
	const id = changes.id ?? randomUUID();
	const generation = changes.generation ?? 1;
	return {
		id,
		service: 'exactonline',
		identity: `exactonline|https://start.exactonline.nl|client#${id}`,
		provisional: false,
		generation,
		state: 'active',
		brokenCode: null,
		sealed: vault.sealSecret(id, generation, { refreshToken: `secret-${generation}` }),
		meta: { lifeMs: 600_000 },
		requestedAt: 1_000,
		receivedAt: 2_000,
		originAt: 1_000,
		owner: null,
		...changes,
	};
}

/** A pair beside a record as a credential brings it. */
export function sampleRival(
	vault: Pick<Vault, 'sealSecret'>,
	id: string,
	recordId: string,
): NewRival {
	return {
		id,
		recordId,
		generation: 1,
		origin: 'claimed',
		state: 'waiting',
		reconnect: false,
		fingerprint: `pair of ${id}`,
		authorization: `authorization of ${id}`,
		secretFingerprint: null,
		sealed: vault.sealSecret(id, 1, { refreshToken: `brought by ${id}` }),
		lifeMs: 600_000,
		at: null,
		triedAt: null,
		note: null,
	};
}

/** Puts such a record into the vault. */
export async function addRecord(
	vault: Vault,
	changes: Partial<VaultRecord> = {},
): Promise<VaultRecord> {
	const record = sampleRecord(vault, changes);
	await vault.write(() => insertRecord(record));
	return record;
}

/** The save of a new secret for a record, with its attempt written ahead. */
export async function beginSave(
	vault: Vault,
	record: Pick<VaultRecord, 'id' | 'identity' | 'generation' | 'meta'>,
	secret: unknown = { refreshToken: `secret-${record.generation + 1}` },
): Promise<SecretSave> {
	const attemptId = randomUUID();
	await vault.write(() =>
		insertAttempt({
			id: attemptId,
			recordId: record.id,
			identity: record.identity,
			generation: record.generation,
			kind: 'refresh',
			spentFingerprint: vault.sealer.fingerprint('refresh token', 'spent'),
			holder: thisHolder(),
		}),
	);
	return {
		recordId: record.id,
		spentGeneration: record.generation,
		sealed: vault.sealSecret(record.id, record.generation + 1, secret),
		meta: record.meta,
		requestedAt: Date.now(),
		receivedAt: Date.now(),
		attemptId,
	};
}

/** The age of a secret that has just come. */
export const justNow = () => ({ requestedAgoMs: 0, receivedAgoMs: 0 });
