import type { SqlTransaction } from '../database/transaction';
import { query, queryOne, storeNow } from '../database/transaction';
import { TABLES } from '../database/tables';
import type { VaultRecord } from './records';
import { FORGOTTEN, updateRecord } from './records';
import type { Rival } from './rivals';
import { readRival } from './rivals';

/** Begins the identity of a record that was forgotten; its id and its identity of before follow. */
const PREFIX = /^forgotten\|[^|]*\|/;

/** Under this identity a forgotten record makes room for a new log-in of the same user. */
export function forgottenIdentity({ id, identity }: Pick<VaultRecord, 'id' | 'identity'>): string {
	return `forgotten|${id}|${identity}`;
}

/** An identity as it was before its record was forgotten. */
export function formerIdentity(identity: string): string {
	return identity.replace(PREFIX, '');
}

/** When a person has ended this record's log-in for good (store clock, ms); undefined: nobody has. */
export function forgottenAt({
	brokenCode,
	meta,
}: Pick<VaultRecord, 'brokenCode' | 'meta'>): number | undefined {
	return brokenCode === FORGOTTEN && typeof meta.forgottenAt === 'number'
		? meta.forgottenAt
		: undefined;
}

/**
 * Ends what a record holds for good: its sealed text and the pairs beside it are overwritten, and its
 * generation moves on, so that no late save finds the one it spent.
 * @param record as it was read in this transaction, under the lock of that record.
 * @param next what else changes of it.
 * @returns the moment, store clock in milliseconds.
 */
export function* forgetRecord(
	record: VaultRecord,
	next: Partial<VaultRecord>,
): SqlTransaction<number> {
	const now = yield* storeNow();
	const generation = record.generation + 1;
	yield* updateRecord({
		...record,
		...next,
		generation,
		sealed: '',
		requestedAt: null,
		receivedAt: null,
		// No secret of before belongs to this log-in.
		originAt: now,
		owner: null,
		meta: { ...(next.meta ?? record.meta), forgottenAt: now, forgottenBelow: generation },
	});
	yield* query(`UPDATE ${TABLES.rival} SET sealed = '' WHERE record_id = $1`, [record.id]);
	yield* query(`DELETE FROM ${TABLES.rival} WHERE record_id = $1`, [record.id]);
	return now;
}

/**
 * Ends a pair that stands beside a record's own for good; its authorization is known as forgotten.
 * @returns the moment, store clock in milliseconds.
 */
export function* forgetRival({ id }: Pick<Rival, 'id'>): SqlTransaction<number> {
	const now = yield* storeNow();
	yield* query(
		`UPDATE ${TABLES.rival} SET sealed = '', generation = generation + 1, state = 'setAside',
			set_aside_at = $2, note = $3 WHERE id = $1`,
		[id, now, FORGOTTEN],
	);
	return now;
}

/**
 * These records and pairs, and those that have led to them: records that were merged into one of them, and
 * the pairs that these became. What was received for them belongs to the same log-ins.
 */
export function* withSignposts(ids: ReadonlySet<string>): SqlTransaction<Set<string>> {
	const rows = yield* query(`SELECT id, meta FROM ${TABLES.record} WHERE state = 'merged'`);
	const signposts = rows.map(({ id, meta }) => {
		const { mergedInto, mergedRival } = JSON.parse(String(meta)) as VaultRecord['meta'];
		const places = [mergedInto, mergedRival].filter((place) => typeof place === 'string');
		const pairs = typeof mergedRival === 'string' ? [mergedRival] : [];
		return { names: [String(id), ...pairs], places };
	});
	const found = new Set(ids);
	for (let before = -1; found.size > before;) {
		before = found.size;
		for (const { names, places } of signposts) {
			if (places.some((place) => found.has(place))) names.forEach((name) => found.add(name));
		}
	}
	return found;
}

/** Whether a secret on its way belongs to a log-in that was forgotten; it is worth nothing then. */
export function* wasForgotten(
	save: { recordId: string; spentGeneration: number; attemptId: string },
	record: VaultRecord | undefined,
): SqlTransaction<boolean> {
	if (record !== undefined) {
		const isSame = record.id === save.recordId;
		return (
			forgottenAt(record) !== undefined ||
			(isSame && wasForgottenSince(record.meta, save.spentGeneration))
		);
	}
	const beside = yield* readRival(save.recordId);
	if (beside !== undefined) return beside.note === FORGOTTEN;
	// The pair beside a record is gone with it: whose it was, the attempt tells.
	const row = yield* queryOne(
		`SELECT a.generation, r.meta FROM ${TABLES.attempt} a
		JOIN ${TABLES.record} r ON r.id = a.record_id WHERE a.id = $1`,
		[save.attemptId],
	);
	if (row === undefined) return false;
	return wasForgottenSince(
		JSON.parse(String(row.meta)) as VaultRecord['meta'],
		Number(row.generation),
	);
}

/** Whether a record with these facts was forgotten after it had stood at this generation. */
export function wasForgottenSince(
	{ forgottenBelow }: VaultRecord['meta'],
	generation: number,
): boolean {
	return typeof forgottenBelow === 'number' && generation < forgottenBelow;
}
