import type { SqlDatabase } from './database/sqlDatabase';
import type { SqlTransaction } from './database/transaction';
import { query, queryOne } from './database/transaction';
import type { Sealer } from './sealing';
import { keyMismatch } from './sealing';
import { vaultError } from './vaultErrors';

/** The schema this code writes. */
export const SCHEMA_VERSION = 1;

/**
 * The oldest code that may go on using a vault of this schema. Migrations only add, so that
 * processes of the version before work on while an update is being rolled out.
 */
export const OLDEST_READER = 1;

const KEY_CHECK_TEXT = 'n8n-nodes-exactonline-docuware key check';

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

/**
 * Brings a database to this code's schema, or checks that it may be used as it is.
 * @throws ConnectorError VAULT_SCHEMA_TOO_NEW, VAULT_KEY_MISMATCH
 */
export async function prepareSchema(database: SqlDatabase, sealer: Sealer): Promise<void> {
	await database.write(() => migrate(database.location, sealer));
}

function* migrate(location: string, sealer: Sealer): SqlTransaction<void> {
	yield* query(MIGRATIONS[0]?.[0] ?? '');
	const version = Number((yield* readMeta('schema_version')) ?? 0);
	const oldestReader = Number((yield* readMeta('oldest_reader')) ?? 0);
	if (oldestReader > SCHEMA_VERSION) {
		throw vaultError(
			'VAULT_SCHEMA_TOO_NEW',
			`The vault at ${location} was written by a newer version of this package (schema ${version}, readable from ${oldestReader}; this version knows ${SCHEMA_VERSION}).`,
			'Update n8n-nodes-exactonline-docuware on this n8n to the version the other one runs.',
		);
	}
	for (let next = version; next < SCHEMA_VERSION; next += 1) {
		for (const statement of MIGRATIONS[next] ?? []) yield* query(statement);
	}
	if (version < SCHEMA_VERSION) {
		yield* writeMeta('schema_version', String(SCHEMA_VERSION));
		yield* writeMeta('oldest_reader', String(OLDEST_READER));
	}
	yield* checkKey(location, sealer);
}

/** A digest under the key in use: tells at once, and for all records, whether the key is the right one. */
function* checkKey(location: string, sealer: Sealer): SqlTransaction<void> {
	const expected = sealer.fingerprint('key check', KEY_CHECK_TEXT);
	const present = yield* readMeta('key_check');
	if (present === undefined) {
		yield* writeMeta('key_check', expected);
	} else if (present !== expected) {
		throw keyMismatch(sealer.keySource, `the vault at ${location}`);
	}
}

/** One value of the vault's own notes (schema version, key check, where it was moved to). */
export function* readMeta(name: string): SqlTransaction<string | undefined> {
	const row = yield* queryOne(`SELECT value FROM ${TABLES.meta} WHERE name = $1`, [name]);
	return row === undefined ? undefined : String(row.value);
}

/** Sets one of the vault's own notes. */
export function* writeMeta(name: string, value: string): SqlTransaction<void> {
	yield* query(
		`INSERT INTO ${TABLES.meta} (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		[name, value],
	);
}
