import type { SqlRow, SqlTransaction } from '../database/transaction';
import { lastly, query, queryOne, STORE_NOW, storeNow, together } from '../database/transaction';
import { closeAttempt, RIVAL_ATTEMPT } from '../rows/attempts';
import type { PresentRecord } from '../writeAt';
import type { VaultRecord } from '../rows/records';
import { readRecordAsItIs } from '../rows/records';
import type { Acceptance } from './acceptance';
import { noteAccepted, provableAt, saveBeside, settleAcceptance } from './acceptance';
import { TABLES } from '../rows/schema';

/**
 * A new secret on its way into the vault, sealed already, so that it may stand in memory, in a
 * spill file or on a retry list.
 */
export interface SecretSave {
	recordId: string;
	/** The generation that was spent to get the new secret; the new one is this plus one. */
	spentGeneration: number;
	/** Sealed for `secretSubject(recordId, spentGeneration + 1)`. */
	sealed: string;
	/** Laid over the record's own facts. */
	meta: Record<string, unknown>;
	/** Wall clock of the process that asked, milliseconds; used when the save is replayed later. */
	requestedAt: number;
	receivedAt: number;
	attemptId: string;
	/** What the answer proves besides; see `settleAcceptance`. */
	accepted?: Acceptance;
	/** Keyed digest of the refresh token in it, where it has become that of a pair beside a record. */
	fingerprint?: string;
	/** Whether what an earlier attempt has brought goes on living beside this; see `lateSaveTarget`. */
	earlierLives?: boolean;
	/** The log-in that the record stood at when the secret was spent; unknown in earlier spills. */
	logIn?: LogIn;
}

/** What tells one log-in of a record from another one, and whose it was. */
export interface LogIn {
	/** Store clock, milliseconds; see the record. */
	originAt: number | null;
	/** Id of the n8n credential that the record was registered to. */
	ownerId: string | null;
}

/** How long ago the secret was asked for and arrived, measured where it arrived, in milliseconds. */
export interface SecretAge {
	requestedAgoMs: number;
	receivedAgoMs: number;
}

/** What became of a save. */
export type SaveResult = 'saved' | 'superseded';

/** What a sealed secret belongs to: part of the seal. */
export function secretSubject(recordId: string, generation: number): string {
	return `${recordId}:${generation}`;
}

/**
 * Saves a new secret and closes its attempt in one transaction. Fenced by generation, not by lease
 * (docs/architecture.md, rule 5): accepted as long as the record stands at the generation that was
 * spent, also when it has been marked broken meanwhile, because whoever holds the only live secret
 * must get it in; refused as `superseded` where a later generation or a reconnect stands.
 * Run a second time, because the answer to the first was lost, it says `saved` again.
 */
export function* saveSecret(save: SecretSave, age?: SecretAge): SqlTransaction<SaveResult> {
	const [record, now] = yield* together(readRecordAsItIs(save.recordId), storeNow());
	const askedAt = age === undefined ? Math.min(now, save.requestedAt) : now - age.requestedAgoMs;
	const saved =
		(yield* updateToNext(save, age, { record, now })).length > 0 ||
		(yield* isSavedAlready(save)) ||
		(record === undefined && (yield* saveBeside(save, askedAt)));
	if (save.accepted !== undefined) yield* settleAcceptance(save.recordId, save.accepted);
	const result: SaveResult = saved ? 'saved' : 'superseded';
	yield* closeAttempt(save.attemptId, result, null);
	return result;
}

/**
 * As `saveSecret`, as the end of a transaction that has read the record, under the lock of that record and
 * at the generation that was spent: what is read under the lock stays so, and the save takes effect.
 */
export function* saveLastly(
	save: SecretSave,
	age: SecretAge | undefined,
	seen: PresentRecord,
): SqlTransaction<void> {
	const { recordId } = save;
	const accepted = save.accepted && provableAt(seen.record, save.accepted);
	yield* lastly(
		updateToNext(save, age, seen),
		closeAttempt(save.attemptId, 'saved', null),
		...(accepted === undefined ? [] : [noteAccepted(recordId, recordId, accepted)]),
	);
}

/** Puts the new secret in the place of the one that was spent. @returns a row where that still stood. */
function updateToNext(
	save: SecretSave,
	age: SecretAge | undefined,
	{ record, now }: { record: VaultRecord | undefined; now: number },
): SqlTransaction<SqlRow[]> {
	// A replayed save tells its times by the clock of the process that asked, which may be ahead. Else the
	// store's clock is asked after the age was measured: too late a time is safe, too early a one is not.
	const from = age === undefined ? '' : `${STORE_NOW} - `;
	return query(
		`UPDATE ${TABLES.record} SET generation = $3, state = 'active', broken_code = NULL,
			sealed = $4, meta = $5, requested_at = ${from}$6, received_at = ${from}$7,
			updated_at = ${STORE_NOW}
		WHERE id = $1 AND generation = $2 AND state <> 'merged' RETURNING id`,
		[
			save.recordId,
			save.spentGeneration,
			save.spentGeneration + 1,
			save.sealed,
			JSON.stringify({ ...record?.meta, ...save.meta }),
			age?.requestedAgoMs ?? Math.min(now, save.requestedAt),
			age?.receivedAgoMs ?? Math.min(now, save.receivedAt),
		],
	);
}

/** Whether the record holds exactly what this save brought, or its attempt says so. */
function* isSavedAlready(save: SecretSave): SqlTransaction<boolean> {
	const record = yield* readRecordAsItIs(save.recordId);
	if (record?.generation !== save.spentGeneration + 1 || record.state === 'merged') return false;
	if (record.sealed === save.sealed) return true;
	const attempt = yield* queryOne(`SELECT outcome FROM ${TABLES.attempt} WHERE id = $1`, [
		save.attemptId,
	]);
	return attempt?.outcome === 'saved';
}

/** Where an answer belongs instead. */
export interface LateSaveTarget {
	recordId: string;
	spentGeneration: number;
	/** A pair beside a record: that its new tokens belong to the same user nobody has said. */
	provesNothing?: true;
}

/**
 * Where an answer belongs that its record has not taken. Its sealed text must be sealed anew for
 * that place, so this only tells the target.
 *
 * Where the record was merged into another one while the answer was out: onto the record that took
 * over, if that still holds the very secret that was spent. Where the record holds what an earlier
 * attempt to spend the same secret has brought (a holder that stood still has saved in between): on
 * top of that, because the later grant has made the earlier one old. Not so where both live, as sessions
 * do: the one that is saved stays, and whoever brought the later one gives it back.
 */
export function* lateSaveTarget(save: SecretSave): SqlTransaction<LateSaveTarget | undefined> {
	const record = yield* readRecordAsItIs(save.recordId);
	if (record?.state !== 'merged') {
		if (save.earlierLives === true) return undefined;
		return record?.generation === save.spentGeneration + 1 && (yield* isGrantedLater(save))
			? { recordId: save.recordId, spentGeneration: record.generation }
			: undefined;
	}
	if (record.generation !== save.spentGeneration) return undefined;
	const { mergedInto, mergedAsGeneration, mergedRival } = record.meta;
	// Its pair stands beside that of the record it was merged into.
	if (typeof mergedRival === 'string') {
		return { recordId: mergedRival, spentGeneration: 1, provesNothing: true };
	}
	if (typeof mergedInto !== 'string' || typeof mergedAsGeneration !== 'number') return undefined;
	return { recordId: mergedInto, spentGeneration: mergedAsGeneration };
}

/**
 * Whether this save's attempt was begun after one that has spent the same secret and was saved. What the secret of
 * a pair beside the record has brought is another log-in's: that goes on living.
 */
function* isGrantedLater(save: SecretSave): SqlTransaction<boolean> {
	const rows = yield* query(
		`SELECT later.id FROM ${TABLES.attempt} later
		JOIN ${TABLES.attempt} earlier ON earlier.record_id = later.record_id
			AND earlier.generation = later.generation AND earlier.outcome = 'saved'
		WHERE later.id = $1 AND earlier.id <> later.id AND earlier.started_at < later.started_at
			AND earlier.kind <> $2`,
		[save.attemptId, RIVAL_ATTEMPT],
	);
	return rows.length > 0;
}
