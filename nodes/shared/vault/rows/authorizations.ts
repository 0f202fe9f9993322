import type { SqlRow, SqlTransaction } from '../database/transaction';
import { numberOrNull, query, queryOne, storeNow, textOrNull } from '../database/transaction';
import { TABLES } from './schema';

/** What a credential says about a second registration of its identity. */
export type DuplicatePolicy = 'refuse' | 'share' | 'takeOver';

/**
 * An authorization that a record was seeded from: the outcome of one press on Connect, recognized
 * again by its fingerprint. All authorizations of a record are its lineage.
 */
export interface SeenAuthorization {
	/** Keyed digest of host, client id and the refresh token that Connect brought. */
	fingerprint: string;
	recordId: string;
	/** Store clock, milliseconds. */
	firstSeenAt: number;
	/** When the service issued it, as far as the credential tells. */
	issuedAt: number | null;
	/** The credential that presented it; null as long as only the hook has seen it. */
	credentialId: string | null;
	credentialName: string | null;
	instanceId: string | null;
	policy: DuplicatePolicy;
	/** When the guard refused it, store clock; null where it is welcome. */
	refusedAt: number | null;
}

/** Names an authorization that no record is known for yet; see `WriteOptions`. */
export function authorizationLock(fingerprint: string): string {
	return `authorization:${fingerprint}`;
}

/** The authorization with this fingerprint. */
export function* readAuthorization(
	fingerprint: string,
): SqlTransaction<SeenAuthorization | undefined> {
	const row = yield* queryOne(`SELECT * FROM ${TABLES.authorization} WHERE fingerprint = $1`, [
		fingerprint,
	]);
	return row === undefined ? undefined : fromRow(row);
}

/** The lineage of a record, oldest first. */
export function* authorizationsOf(recordId: string): SqlTransaction<SeenAuthorization[]> {
	const rows = yield* query(
		`SELECT * FROM ${TABLES.authorization} WHERE record_id = $1 ORDER BY first_seen_at, fingerprint`,
		[recordId],
	);
	return rows.map(fromRow);
}

/** Adds an authorization or replaces what is known of it. */
export function* saveAuthorization(authorization: SeenAuthorization): SqlTransaction<void> {
	yield* query(
		`INSERT INTO ${TABLES.authorization} (fingerprint, record_id, first_seen_at, issued_at,
			credential_id, credential_name, instance_id, policy, refused_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (fingerprint) DO UPDATE SET record_id = excluded.record_id,
			credential_id = excluded.credential_id, credential_name = excluded.credential_name,
			instance_id = excluded.instance_id, policy = excluded.policy,
			refused_at = excluded.refused_at`,
		[
			authorization.fingerprint,
			authorization.recordId,
			authorization.firstSeenAt,
			authorization.issuedAt,
			authorization.credentialId,
			authorization.credentialName,
			authorization.instanceId,
			authorization.policy,
			authorization.refusedAt,
		],
	);
}

/** Marks a client secret or password as refused for one record, so that it is not sent again. */
export function* saveRefusal(
	recordId: string,
	secretFingerprint: string,
	code: string,
	detail: string | null,
): SqlTransaction<void> {
	const now = yield* storeNow();
	yield* query(
		`INSERT INTO ${TABLES.refusal} (record_id, secret_fingerprint, code, detail, refused_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (record_id, secret_fingerprint) DO UPDATE SET code = excluded.code,
			detail = excluded.detail, refused_at = excluded.refused_at`,
		[recordId, secretFingerprint, code, detail, now],
	);
}

/** What a service said when it refused a client secret or a password. */
export interface SecretRefusal {
	code: string;
	detail: string | null;
}

/** What was refused about this client secret or password; undefined where nothing was. */
export function* readRefusal(
	recordId: string,
	secretFingerprint: string,
): SqlTransaction<SecretRefusal | undefined> {
	const row = yield* queryOne(
		`SELECT code, detail FROM ${TABLES.refusal} WHERE record_id = $1 AND secret_fingerprint = $2`,
		[recordId, secretFingerprint],
	);
	return row === undefined ? undefined : { code: String(row.code), detail: textOrNull(row.detail) };
}

/** What was refused of the client secrets or passwords of a record, by the digest of each. */
export function* refusalsOf(recordId: string): SqlTransaction<Map<string, SecretRefusal>> {
	const rows = yield* query(
		`SELECT secret_fingerprint, code, detail FROM ${TABLES.refusal} WHERE record_id = $1`,
		[recordId],
	);
	return new Map(
		rows.map((row) => [
			String(row.secret_fingerprint),
			{ code: String(row.code), detail: textOrNull(row.detail) },
		]),
	);
}

/** Forgets the refusal of one secret: the service has taken it after all. */
export function* clearRefusal(recordId: string, secretFingerprint: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.refusal} WHERE record_id = $1 AND secret_fingerprint = $2`, [
		recordId,
		secretFingerprint,
	]);
}

/** Forgets what was refused: a person has connected anew or asked for another try. */
export function* clearRefusals(recordId: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.refusal} WHERE record_id = $1`, [recordId]);
}

function fromRow(row: SqlRow): SeenAuthorization {
	return {
		fingerprint: String(row.fingerprint),
		recordId: String(row.record_id),
		firstSeenAt: Number(row.first_seen_at),
		issuedAt: numberOrNull(row.issued_at),
		credentialId: textOrNull(row.credential_id),
		credentialName: textOrNull(row.credential_name),
		instanceId: textOrNull(row.instance_id),
		policy: String(row.policy) as DuplicatePolicy,
		refusedAt: numberOrNull(row.refused_at),
	};
}
