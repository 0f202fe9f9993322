import type { SqlRow, SqlTransaction } from '../database/transaction';
import { numberOrNull, query, queryOne, STORE_NOW, textOrNull } from '../database/transaction';
import { TABLES } from './schema';

/** The n8n credential an identity is registered to. */
export interface RecordOwner {
	credentialId: string;
	credentialName: string | null;
	instanceId: string | null;
	/** Store clock, milliseconds. */
	since: number;
}

/**
 * `active`: the secret may be used. `broken`: the service said that the secret of this generation
 * is dead; nothing is sent until a new one is there. `merged`: only a signpost to the record that
 * took this one's place.
 */
export type RecordState = 'active' | 'broken' | 'merged';

/**
 * One identity: the thing that may have only one live secret
 * (docs/architecture.md, "The vault contract").
 */
export interface VaultRecord {
	id: string;
	service: string;
	/** For instance `exactonline|https://start.exactonline.nl|clientId#userId`. */
	identity: string;
	/** True while it is not yet known whose authorization this is. */
	provisional: boolean;
	/** Counts the secrets this identity has had; a save names the one it spent. */
	generation: number;
	state: RecordState;
	/** Error code that explains `broken`. */
	brokenCode: string | null;
	/** The sealed secret of this generation. */
	sealed: string;
	/** Facts that are no secret, as the service's part of the package defines them. */
	meta: Record<string, unknown>;
	/** When the secret was asked for, store clock in milliseconds; null where nobody knows. */
	requestedAt: number | null;
	/** When the secret arrived, store clock in milliseconds; null where nobody knows. */
	receivedAt: number | null;
	/** When the log-in that began this chain was answered; decides which of two log-ins is the newer. */
	originAt: number | null;
	owner: RecordOwner | null;
}

/** The code of a broken record whose log-in a person has ended for good (`rows/forgotten.ts`). */
export const FORGOTTEN = 'FORGOTTEN';

const DAY_MS = 86_400_000;

const COLUMNS = `id, service, identity, provisional, generation, state, broken_code, sealed, meta,
	requested_at, received_at, origin_at, owner_credential_id, owner_credential_name,
	owner_instance_id, owner_since`;

/** A record from its row. */
export function recordFromRow(row: SqlRow): VaultRecord {
	const ownerId = textOrNull(row.owner_credential_id);
	return {
		id: String(row.id),
		service: String(row.service),
		identity: String(row.identity),
		provisional: Number(row.provisional) === 1,
		generation: Number(row.generation),
		state: String(row.state) as RecordState,
		brokenCode: textOrNull(row.broken_code),
		sealed: String(row.sealed),
		meta: JSON.parse(String(row.meta)) as Record<string, unknown>,
		requestedAt: numberOrNull(row.requested_at),
		receivedAt: numberOrNull(row.received_at),
		originAt: numberOrNull(row.origin_at),
		owner:
			ownerId === null
				? null
				: {
						credentialId: ownerId,
						credentialName: textOrNull(row.owner_credential_name),
						instanceId: textOrNull(row.owner_instance_id),
						since: numberOrNull(row.owner_since) ?? 0,
					},
	};
}

/** The record with this id; follows the signposts of merged ones. */
export function* readRecord(id: string): SqlTransaction<VaultRecord | undefined> {
	const visited = new Set<string>();
	let next: unknown = id;
	while (typeof next === 'string' && !visited.has(next)) {
		visited.add(next);
		const record: VaultRecord | undefined = yield* readRecordAsItIs(next);
		if (record?.state !== 'merged') return record;
		next = record.meta.mergedInto;
	}
	return undefined;
}

/** The record with this id, also one that is only a signpost. */
export function* readRecordAsItIs(id: string): SqlTransaction<VaultRecord | undefined> {
	const row = yield* queryOne(`SELECT ${COLUMNS} FROM ${TABLES.record} WHERE id = $1`, [id]);
	return row === undefined ? undefined : recordFromRow(row);
}

/** The record that an authorization was seen at, also one that is only a signpost. */
export function* readRecordOfAuthorization(
	fingerprint: string,
): SqlTransaction<VaultRecord | undefined> {
	const row = yield* queryOne(
		`SELECT ${COLUMNS} FROM ${TABLES.record}
		WHERE id = (SELECT record_id FROM ${TABLES.authorization} WHERE fingerprint = $1)`,
		[fingerprint],
	);
	return row === undefined ? undefined : recordFromRow(row);
}

/** The record of an identity. */
export function* readRecordByIdentity(identity: string): SqlTransaction<VaultRecord | undefined> {
	const row = yield* queryOne(`SELECT ${COLUMNS} FROM ${TABLES.record} WHERE identity = $1`, [
		identity,
	]);
	return row === undefined ? undefined : recordFromRow(row);
}

/** All identities of a service in the order they were registered, without provisional and forgotten ones. */
export function* listRecords(service: string): SqlTransaction<VaultRecord[]> {
	const rows = yield* query(
		`SELECT ${COLUMNS} FROM ${TABLES.record}
		WHERE service = $1 AND state <> 'merged' AND provisional = 0 AND COALESCE(broken_code, '') <> $2
		ORDER BY created_at, id`,
		[service, FORGOTTEN],
	);
	return rows.map(recordFromRow);
}

/** All records, merged ones left out, whose identity begins with this text. */
export function* recordsBeginningWith(prefix: string): SqlTransaction<VaultRecord[]> {
	const pattern = `${prefix.replace(/[\\%_]/g, '\\$&')}%`;
	const rows = yield* query(
		`SELECT ${COLUMNS} FROM ${TABLES.record}
		WHERE identity LIKE $1 ESCAPE '\\' AND state <> 'merged' ORDER BY created_at, id`,
		[pattern],
	);
	return rows.map(recordFromRow);
}

/** Adds a record; an identity that is already there is left as it is. */
export function* insertRecord(record: VaultRecord): SqlTransaction<void> {
	yield* query(
		`INSERT INTO ${TABLES.record} (${COLUMNS}, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
			${STORE_NOW}, ${STORE_NOW})
		ON CONFLICT (identity) DO NOTHING`,
		recordValues(record),
	);
}

/** Writes every column of a record that exists. */
export function* updateRecord(record: VaultRecord): SqlTransaction<void> {
	yield* query(
		`UPDATE ${TABLES.record} SET service = $2, identity = $3, provisional = $4, generation = $5,
			state = $6, broken_code = $7, sealed = $8, meta = $9, requested_at = $10, received_at = $11,
			origin_at = $12, owner_credential_id = $13, owner_credential_name = $14,
			owner_instance_id = $15, owner_since = $16, updated_at = ${STORE_NOW}
		WHERE id = $1`,
		recordValues(record),
	);
}

function recordValues(record: VaultRecord) {
	return [
		record.id,
		record.service,
		record.identity,
		record.provisional ? 1 : 0,
		record.generation,
		record.state,
		record.brokenCode,
		record.sealed,
		JSON.stringify(record.meta),
		record.requestedAt,
		record.receivedAt,
		record.originAt,
		record.owner?.credentialId ?? null,
		record.owner?.credentialName ?? null,
		record.owner?.instanceId ?? null,
		record.owner?.since ?? null,
	];
}

/** Notes that a record is used, at most once a day: one that nobody uses for long is pruned. */
export function* noteUsed(id: string): SqlTransaction<void> {
	yield* query(
		`UPDATE ${TABLES.record} SET updated_at = ${STORE_NOW} WHERE id = $1 AND updated_at < ${STORE_NOW} - $2`,
		[id, DAY_MS],
	);
}

/**
 * Marks the secret of one generation as dead. Another generation is left alone: what the service
 * said holds for the secret that was spent.
 */
export function* markBroken(id: string, generation: number, code: string): SqlTransaction<void> {
	yield* query(
		`UPDATE ${TABLES.record} SET state = 'broken', broken_code = $3, updated_at = ${STORE_NOW}
		WHERE id = $1 AND generation = $2 AND state = 'active'`,
		[id, generation, code],
	);
}
