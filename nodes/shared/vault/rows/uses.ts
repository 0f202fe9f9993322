import type { SqlTransaction } from '../database/transaction';
import { query, STORE_NOW } from '../database/transaction';
import type { Holder } from '../../process/holder';
import { isProvenDead, parseHolder } from '../../process/holder';
import { TABLES } from './schema';

/** What stands in the column of a mark without a holder. */
export const NO_HOLDER = JSON.stringify(null);

/** That somebody uses a record's secret right now (docs/architecture.md, "Flows"). */
export interface RecordUse {
	/** Names the execution. */
	useId: string;
	holder: Holder | null;
	/** Store clock, milliseconds. */
	startedAt: number;
	/** The use counts until then, unless its process is known to be dead. */
	expiresAt: number;
}

/** Marks a use, or makes its mark last longer. One without a holder counts until it expires. */
export function* markUse(
	recordId: string,
	useId: string,
	holder: Holder | null,
	lifeMs: number,
): SqlTransaction<void> {
	yield* query(
		`INSERT INTO ${TABLES.use} (record_id, use_id, holder, started_at, expires_at)
		VALUES ($1, $2, $3, ${STORE_NOW}, ${STORE_NOW} + $4)
		ON CONFLICT (record_id, use_id) DO UPDATE SET holder = excluded.holder,
			expires_at = excluded.expires_at`,
		[recordId, useId, JSON.stringify(holder), lifeMs],
	);
}

/** Lets a use end after `remainingMs`; 0 ends it at once. */
export function* endUse(
	recordId: string,
	useId: string,
	remainingMs: number,
): SqlTransaction<void> {
	if (remainingMs <= 0) {
		yield* query(`DELETE FROM ${TABLES.use} WHERE record_id = $1 AND use_id = $2`, [
			recordId,
			useId,
		]);
		return;
	}
	yield* query(
		`UPDATE ${TABLES.use} SET expires_at = ${STORE_NOW} + $3 WHERE record_id = $1 AND use_id = $2`,
		[recordId, useId, remainingMs],
	);
}

/** The uses that count at present: not expired, and not of a process that is proven dead. */
export function* liveUses(recordId: string): SqlTransaction<RecordUse[]> {
	const rows = yield* query(
		`SELECT use_id, holder, started_at, expires_at FROM ${TABLES.use}
		WHERE record_id = $1 AND expires_at > ${STORE_NOW} ORDER BY started_at, use_id`,
		[recordId],
	);
	return rows
		.map((row) => ({
			useId: String(row.use_id),
			holder: parseHolder(String(row.holder)),
			startedAt: Number(row.started_at),
			expiresAt: Number(row.expires_at),
		}))
		.filter((use) => use.holder === null || !isProvenDead(use.holder));
}

/** Removes the marks of a record whose time is over. */
export function* deleteExpiredUses(recordId: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.use} WHERE record_id = $1 AND expires_at <= ${STORE_NOW}`, [
		recordId,
	]);
}
