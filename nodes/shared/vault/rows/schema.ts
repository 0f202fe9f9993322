import { randomUUID } from 'node:crypto';

import type { SqlDatabase } from '../database/sqlDatabase';
import type { SqlTransaction } from '../database/transaction';
import { MIGRATIONS, TABLES } from '../database/tables';
import { query, relationExists } from '../database/transaction';
import type { Sealer } from '../sealing';
import { keyMismatch } from '../sealing';
import { vaultError } from '../vaultErrors';
import { writeMeta } from './meta';

export { MIGRATIONS, TABLES };

/** The schema this code writes. */
export const SCHEMA_VERSION = 2;

/**
 * The oldest code that may go on using a vault of this schema. Schema 1 knows no rivals and no proofs:
 * its code would let a newcomer in without any, so it stops with a clear code instead.
 */
export const OLDEST_READER = 2;

/** The notes that decide whether a vault may be used. */
export interface VaultNotes {
	/** 0 where there is no vault yet. */
	version: number;
	oldestReader: number;
	keyCheck: string | undefined;
	vaultId: string | undefined;
	/** Sealed; present where the vault was begun under another encryption key. */
	fingerprintKey: string | undefined;
}

/**
 * Brings a database to this code's schema, or checks that it may be used as it is. A vault that
 * needs no change is only read: tables that an administrator made need no right to create any.
 * @throws ConnectorError VAULT_SCHEMA_TOO_NEW, VAULT_KEY_MISMATCH
 */
export async function prepareSchema(
	database: SqlDatabase,
	sealer: Sealer,
): Promise<VaultNotes & { vaultId: string }> {
	const found = await database.read(readNotes);
	check(found, database.location, sealer);
	if (isComplete(found)) return found;
	const drawnId = randomUUID();
	return await database.write(function* (): SqlTransaction<VaultNotes & { vaultId: string }> {
		const present = yield* readNotes();
		check(present, database.location, sealer);
		return isComplete(present) ? present : yield* migrate(present, sealer, drawnId);
	});
}

function isComplete(notes: VaultNotes): notes is VaultNotes & { vaultId: string } {
	return (
		notes.version >= SCHEMA_VERSION && notes.keyCheck !== undefined && notes.vaultId !== undefined
	);
}

function check(notes: VaultNotes, location: string, sealer: Sealer): void {
	throwIfTooNew(notes, location);
	// Tells at once, and for all records, whether the key is the right one.
	if (notes.keyCheck !== undefined && notes.keyCheck !== sealer.keyCheck()) {
		throw keyMismatch(sealer.keySource, `the vault at ${location}`);
	}
}

/** @throws ConnectorError VAULT_SCHEMA_TOO_NEW where this code is older than the oldest reader. */
export function throwIfTooNew(
	{ version, oldestReader }: Pick<VaultNotes, 'version' | 'oldestReader'>,
	location: string,
): void {
	if (oldestReader <= SCHEMA_VERSION) return;
	throw vaultError(
		'VAULT_SCHEMA_TOO_NEW',
		`The vault was written by a newer version of this package: ${location} has schema ` +
			`${version}, readable from ${oldestReader}; this version knows ${SCHEMA_VERSION}.`,
		'Update n8n-nodes-exactonline-docuware on this n8n to the version the other one runs.',
	);
}

/** Reads the notes of a database, of one without a vault too. */
export function* readNotes(): SqlTransaction<VaultNotes> {
	const present = yield* relationExists(TABLES.meta);
	const rows = present ? yield* query(`SELECT name, value FROM ${TABLES.meta}`) : [];
	const notes = new Map(rows.map((row) => [String(row.name), String(row.value)]));
	return {
		version: Number(notes.get('schema_version') ?? 0),
		oldestReader: Number(notes.get('oldest_reader') ?? 0),
		keyCheck: notes.get('key_check'),
		vaultId: notes.get('vault_id'),
		fingerprintKey: notes.get('fingerprint_key'),
	};
}

const CREATED_NAME = /^CREATE (?:TABLE|INDEX) IF NOT EXISTS (\w+)/;

function* migrate(
	present: VaultNotes,
	sealer: Sealer,
	drawnId: string,
): SqlTransaction<VaultNotes & { vaultId: string }> {
	for (let next = present.version; next < SCHEMA_VERSION; next += 1) {
		for (const statement of MIGRATIONS[next] ?? []) {
			const created = CREATED_NAME.exec(statement)?.[1];
			// "IF NOT EXISTS" asks for the right to create even where there is nothing to create.
			if (created !== undefined && (yield* relationExists(created))) continue;
			yield* query(statement);
		}
	}
	const notes = {
		version: Math.max(present.version, SCHEMA_VERSION),
		oldestReader: Math.max(present.oldestReader, OLDEST_READER),
		keyCheck: sealer.keyCheck(),
		vaultId: present.vaultId ?? drawnId,
		fingerprintKey: present.fingerprintKey,
	};
	yield* writeMeta('schema_version', String(notes.version));
	yield* writeMeta('oldest_reader', String(notes.oldestReader));
	yield* writeMeta('key_check', notes.keyCheck);
	yield* writeMeta('vault_id', notes.vaultId);
	return notes;
}
