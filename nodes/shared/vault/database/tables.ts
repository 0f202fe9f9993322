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
	rival: 'exactonline_docuware_rival',
	proof: 'exactonline_docuware_proof',
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
	[
		`CREATE TABLE IF NOT EXISTS ${TABLES.rival} (
			id TEXT PRIMARY KEY,
			record_id TEXT NOT NULL,
			generation BIGINT NOT NULL,
			origin TEXT NOT NULL,
			state TEXT NOT NULL,
			reconnect INTEGER NOT NULL,
			fingerprint TEXT NOT NULL,
			authorization_fingerprint TEXT,
			secret_fingerprint TEXT,
			sealed TEXT NOT NULL,
			life_ms BIGINT,
			claimed_at BIGINT,
			added_at BIGINT NOT NULL,
			tried_at BIGINT,
			set_aside_at BIGINT,
			note TEXT,
			UNIQUE (record_id, fingerprint)
		)`,
		`CREATE TABLE IF NOT EXISTS ${TABLES.proof} (
			record_id TEXT NOT NULL,
			kind TEXT NOT NULL,
			subject TEXT NOT NULL,
			detail TEXT,
			noted_at BIGINT NOT NULL,
			PRIMARY KEY (record_id, kind, subject)
		)`,
		// What joined by the rules before is not asked for its proof again.
		`INSERT INTO ${TABLES.proof} (record_id, kind, subject, detail, noted_at)
			SELECT a.record_id, 'authorization', a.fingerprint, 'schema 1', a.first_seen_at
			FROM ${TABLES.authorization} a JOIN ${TABLES.record} r ON r.id = a.record_id
			WHERE r.provisional = 0 AND a.refused_at IS NULL
			ON CONFLICT (record_id, kind, subject) DO NOTHING`,
	],
];
