import type { SqlTransaction } from './database/transaction';
import { numberOrNull, query, queryOne, storeNow, together } from './database/transaction';
import { pruneAttempts } from './rows/attempts';
import { deleteItem, putItem, readItem } from './rows/items';
import { itemScope, pruneItems } from './rows/itemScopes';
import { recordLease } from './rows/leases';
import { recordLifeOf } from './rows/recordLives';
import type { VaultRecord } from './rows/records';
import { readRecordAsItIs, updateRecord } from './rows/records';
import type { Rival } from './rows/rivals';
import { rivalsOf } from './rows/rivals';
import { TABLES } from './rows/schema';
import { liveUses } from './rows/uses';

const DAY_MS = 86_400_000;

/** After this long without use the secrets of a record go, once all of them have ended. */
const UNUSED_MS = 90 * DAY_MS;

/** Secrets of which nobody knows how long they live are kept this long; and so is a tombstone. */
const LONG_MS = 400 * DAY_MS;

/** A record is marked in one look and pruned in a later one, at least this long after. */
const SECOND_LOOK_MS = DAY_MS;

/** Marks of records that were found unused, by the record's id. */
const MARKS = itemScope('unusedRecords1', 30 * DAY_MS);

/** A store clock that is further off than this makes nothing old, in milliseconds. */
const CLOCK_DOUBT_MS = DAY_MS;

/** The vault, as far as pruning needs it. */
interface PrunedVault {
	read<T>(transaction: () => SqlTransaction<T>): Promise<T>;
	write<T>(transaction: () => SqlTransaction<T>): Promise<T>;
	writeAt<T>(recordId: string, transaction: () => SqlTransaction<T>): Promise<T>;
	openSecret(record: Pick<VaultRecord, 'id' | 'generation' | 'sealed'>): unknown;
}

/** What a look at a record has found. Times are the store's, in milliseconds. */
interface Found {
	record: VaultRecord;
	rivals: readonly Rival[];
	/** When it or a pair beside it was last changed or used; noted at most once a day. */
	lastUse: number;
	inUse: boolean;
	now: number;
}

/**
 * Removes old attempts, items whose time is over, and what nobody has used for 90 days, once every token in
 * it has ended. Of a record a tombstone stays for 400 days: whose it is, its owner, the fingerprints of its
 * log-ins, and its last outcome. Signposts to merged records go whole.
 * @throws ConnectorError of the database
 */
export async function prune(vault: PrunedVault): Promise<void> {
	const now = await vault.read(storeNow);
	if (Math.abs(now - Date.now()) > CLOCK_DOUBT_MS) return;
	await vault.write(function* (): SqlTransaction<void> {
		yield* together(pruneAttempts(), pruneItems());
	});
	const ids = await vault.read(unusedRecords);
	for (const id of ids) {
		// One that does not open, or that is being changed just now, must not keep the others.
		await vault.writeAt(id, () => lookAt(vault, id)).catch(() => undefined);
	}
}

function* unusedRecords(): SqlTransaction<string[]> {
	const now = yield* storeNow();
	const rows = yield* query(
		`SELECT id FROM ${TABLES.record} WHERE updated_at < $1
			AND (sealed <> '' OR state = 'merged' OR updated_at < $2) ORDER BY updated_at, id`,
		[now - UNUSED_MS, now - LONG_MS],
	);
	return rows.map(({ id }) => String(id));
}

function* lookAt(vault: PrunedVault, id: string): SqlTransaction<void> {
	const found = yield* find(id);
	if (found === undefined) return;
	const fate = fateOf(vault, found);
	if (fate === 'stays') return;
	const mark = yield* readItem(MARKS, id);
	// A mark from before the last use says nothing any more.
	if (mark === undefined || mark.updatedAt <= found.lastUse) {
		yield* putItem(MARKS, id, fate);
		return;
	}
	if (found.now - mark.updatedAt < SECOND_LOOK_MS) return;
	if (fate === 'goes') yield* remove(found.record);
	else yield* empty(vault, found);
	yield* deleteItem(MARKS, id);
}

function* find(id: string): SqlTransaction<Found | undefined> {
	const [record, times, rivals, uses, now] = yield* together(
		readRecordAsItIs(id),
		queryOne(
			`SELECT updated_at, (SELECT MAX(started_at) FROM ${TABLES.attempt} WHERE record_id = $1) AS tried_at
			FROM ${TABLES.record} WHERE id = $1`,
			[id],
		),
		rivalsOf(id),
		liveUses(id),
		storeNow(),
	);
	if (record === undefined || times === undefined) return undefined;
	const beside = rivals.flatMap(({ at, addedAt, triedAt }) => [at ?? 0, addedAt, triedAt ?? 0]);
	const lastUse = Math.max(
		Number(times.updated_at),
		numberOrNull(times.tried_at) ?? 0,
		record.receivedAt ?? 0,
		...beside,
	);
	return { record, rivals, lastUse, inUse: uses.length > 0, now };
}

/** `emptied`: its secrets go. `goes`: nothing of it stays. */
function fateOf(vault: PrunedVault, found: Found): 'stays' | 'emptied' | 'goes' {
	const { record, rivals, lastUse, inUse, now } = found;
	if (inUse || now - lastUse < UNUSED_MS) return 'stays';
	if (record.state === 'merged') return 'goes';
	if (record.sealed === '') return now - lastUse < LONG_MS ? 'stays' : 'goes';
	const life = recordLifeOf(record.service);
	if (life === undefined) return 'stays';
	const goodUntil = life.goodUntil(record, rivals, vault.openSecret(record)) ?? lastUse + LONG_MS;
	return now < goodUntil ? 'stays' : 'emptied';
}

function* empty(vault: PrunedVault, { record }: Found): SqlTransaction<void> {
	const emptied = recordLifeOf(record.service)?.emptied(record, vault.openSecret(record));
	yield* updateRecord({ ...record, ...emptied, sealed: '' });
	for (const table of [TABLES.rival, TABLES.attempt, TABLES.use]) {
		yield* query(`DELETE FROM ${table} WHERE record_id = $1`, [record.id]);
	}
}

function* remove({ id, state, meta }: VaultRecord): SqlTransaction<void> {
	const { record, rival, attempt, use, proof, refusal, authorization, lease } = TABLES;
	// A log-in that a signpost was made for belongs to the record that it points to.
	if (state === 'merged' && typeof meta.mergedInto === 'string') {
		const values = [id, meta.mergedInto];
		yield* query(`UPDATE ${authorization} SET record_id = $2 WHERE record_id = $1`, values);
	}
	for (const table of [rival, attempt, use, proof, refusal, authorization]) {
		yield* query(`DELETE FROM ${table} WHERE record_id = $1`, [id]);
	}
	yield* query(`DELETE FROM ${lease} WHERE name = $1 AND expires_at < $2`, [
		recordLease(id),
		yield* storeNow(),
	]);
	yield* query(`DELETE FROM ${record} WHERE id = $1`, [id]);
}
