import { randomUUID } from 'node:crypto';

import type { SqlDatabase } from '../database/sqlDatabase';
import type { SqlTransaction } from '../database/transaction';
import { query, queryOne, relationExists } from '../database/transaction';
import type { Sealer } from '../sealing';
import { keyMismatch } from '../sealing';
import { vaultError } from '../vaultErrors';

/** The schema this code writes. */
export const SCHEMA_VERSION = 1;

/**
 * The oldest code that may go on using a vault of this schema. Migrations only add, so that
 * processes of the version before work on while an update is being rolled out.
 */
export const OLDEST_READER = 1;

/** Table names; PostgreSQL puts n8n's own prefix before them. */
export const TABLES = {
	meta: 'exactonline_docuware_meta',
	record: 'exactonline_docuware_record',
	authorization: 'exactonline_docuware_authorization',
	attempt: 'exactonline_docuware_attempt',
	lease: 'exactonline_docuware_lease',
	refusal: 'exactonline_docuware_refusal',
	use: 'exactonline_docuware_use',
	item: 'exactonline_docuware_item',
} as const;

/** The statements of each migration, in order; plain DDL that both engines understand. */
export const MIGRATIONS: readonly string[][] = [
	[
		`CREATE TABLE IF NOT EXISTS ${TABLES.meta} (
			name TEXT PRIMARY KEY,
			value TEXT NOT NULL
		)`,
		`CREATE TABLE IF NOT EXISTS ${TABLES.record} (
			id TEXT PRIMARY KEY,
			service TEXT NOT NULL,
			identity TEXT NOT NULL UNIQUE,
			provisional INTEGER NOT NULL,
			generation BIGINT NOT NULL,
			state TEXT NOT NULL,
			broken_code TEXT,
			sealed TEXT NOT NULL,
			meta TEXT NOT NULL,
			requested_at BIGINT,
			received_at BIGINT,
			origin_at BIGINT,
			owner_credential_id TEXT,
			owner_credential_name TEXT,
			owner_instance_id TEXT,
			owner_since BIGINT,
			created_at BIGINT NOT NULL,
			updated_at BIGINT NOT NULL
		)`,
		`CREATE TABLE IF NOT EXISTS ${TABLES.authorization} (
			fingerprint TEXT PRIMARY KEY,
			record_id TEXT NOT NULL,
			first_seen_at BIGINT NOT NULL,
			issued_at BIGINT,
			credential_id TEXT,
			credential_name TEXT,
			instance_id TEXT,
			policy TEXT NOT NULL,
			refused_at BIGINT
		)`,
		`CREATE INDEX IF NOT EXISTS ${TABLES.authorization}_record ON ${TABLES.authorization} (record_id)`,
		`CREATE TABLE IF NOT EXISTS ${TABLES.attempt} (
			id TEXT PRIMARY KEY,
			record_id TEXT NOT NULL,
			identity TEXT NOT NULL,
			generation BIGINT NOT NULL,
			kind TEXT NOT NULL,
			spent_fingerprint TEXT NOT NULL,
			holder TEXT NOT NULL,
			started_at BIGINT NOT NULL,
			finished_at BIGINT,
			outcome TEXT NOT NULL,
			detail TEXT
		)`,
		`CREATE INDEX IF NOT EXISTS ${TABLES.attempt}_record ON ${TABLES.attempt} (record_id, generation)`,
		`CREATE INDEX IF NOT EXISTS ${TABLES.attempt}_started ON ${TABLES.attempt} (started_at)`,
		`CREATE TABLE IF NOT EXISTS ${TABLES.lease} (
			name TEXT PRIMARY KEY,
			token TEXT NOT NULL,
			holder TEXT NOT NULL,
			acquired_at BIGINT NOT NULL,
			expires_at BIGINT NOT NULL,
			renewals BIGINT NOT NULL
		)`,
		`CREATE TABLE IF NOT EXISTS ${TABLES.refusal} (
			record_id TEXT NOT NULL,
			secret_fingerprint TEXT NOT NULL,
			code TEXT NOT NULL,
			detail TEXT,
			refused_at BIGINT NOT NULL,
			PRIMARY KEY (record_id, secret_fingerprint)
		)`,
		`CREATE TABLE IF NOT EXISTS ${TABLES.use} (
			record_id TEXT NOT NULL,
			use_id TEXT NOT NULL,
			holder TEXT NOT NULL,
			started_at BIGINT NOT NULL,
			expires_at BIGINT NOT NULL,
			PRIMARY KEY (record_id, use_id)
		)`,
		`CREATE TABLE IF NOT EXISTS ${TABLES.item} (
			scope TEXT NOT NULL,
			name TEXT NOT NULL,
			value TEXT NOT NULL,
			version BIGINT NOT NULL,
			updated_at BIGINT NOT NULL,
			PRIMARY KEY (scope, name)
		)`,
	],
];

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
	if (notes.oldestReader > SCHEMA_VERSION) {
		throw vaultError(
			'VAULT_SCHEMA_TOO_NEW',
			`The vault at ${location} was written by a newer version of this package (schema ${notes.version}, readable from ${notes.oldestReader}; this version knows ${SCHEMA_VERSION}).`,
			'Update n8n-nodes-exactonline-docuware on this n8n to the version the other one runs.',
		);
	}
	// Tells at once, and for all records, whether the key is the right one.
	if (notes.keyCheck !== undefined && notes.keyCheck !== sealer.keyCheck()) {
		throw keyMismatch(sealer.keySource, `the vault at ${location}`);
	}
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

/** One value of the vault's own notes (schema version, key check, where it was moved to). */
export function* readMeta(name: string): SqlTransaction<string | undefined> {
	const row = yield* queryOne(`SELECT value FROM ${TABLES.meta} WHERE name = $1`, [name]);
	return row === undefined ? undefined : String(row.value);
}

/** Removes one of the vault's own notes. */
export function* deleteMeta(name: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.meta} WHERE name = $1`, [name]);
}

/** Whether all of these tables exist. */
export function* relationsExist(names: readonly string[]): SqlTransaction<boolean> {
	for (const name of names) if (!(yield* relationExists(name))) return false;
	return true;
}

/** Sets one of the vault's own notes. */
export function* writeMeta(name: string, value: string): SqlTransaction<void> {
	yield* query(
		`INSERT INTO ${TABLES.meta} (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		[name, value],
	);
}
