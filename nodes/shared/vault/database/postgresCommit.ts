import type { PostgresAnswer, PostgresStatement } from './postgresBatch';

/**
 * What a transaction that writes is known by, once the answer to its COMMIT is lost. A number alone does
 * not do: a standby that took over without having got the transaction gives the number to another one.
 */
export interface TransactionMarks {
	id: string;
	/** Where the server's log stood, which the transaction's own COMMIT comes after; null: not told. */
	written: string | null;
	/** Where the log ended from which the server last recovered; null: it has not. */
	recovered: string | null;
}

/** Amazon Aurora, whose standbys share the log's store, refuses to tell where it stands. */
const LOG_IS_TOLD = "to_regproc('aurora_version') IS NULL";

/** Asks for the marks; without an id the transaction has written nothing. */
export const MARKS_STATEMENT: PostgresStatement = {
	sql:
		'SELECT txid_current_if_assigned()::text AS id, ' +
		`CASE WHEN ${LOG_IS_TOLD} THEN pg_current_wal_insert_lsn()::text END AS written, ` +
		`CASE WHEN ${LOG_IS_TOLD} THEN pg_last_wal_replay_lsn()::text END AS recovered`,
};

/** Reads the answer to `MARKS_STATEMENT`. */
export function marksIn(answer: PostgresAnswer | undefined): TransactionMarks | undefined {
	const { id, written, recovered } = answer?.rows[0] ?? {};
	if (typeof id !== 'string') return undefined;
	const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);
	return { id, written: textOrNull(written), recovered: textOrNull(recovered) };
}

/**
 * Asks what became of a transaction: `committed`, or anything else where it has not taken effect. Where the
 * server has recovered since then (a standby that took over, a crash), it has got the transaction only if the
 * log from which it recovered goes on after the transaction's marks.
 */
export function statusStatement({ id, written, recovered }: TransactionMarks): PostgresStatement {
	return {
		sql: `SELECT CASE WHEN $2::pg_lsn IS NULL THEN txid_status($1::bigint)
			WHEN pg_last_wal_replay_lsn() IS NULL OR pg_last_wal_replay_lsn() > $2::pg_lsn
				OR pg_last_wal_replay_lsn() IS NOT DISTINCT FROM $3::pg_lsn
			THEN txid_status($1::bigint) END AS status`,
		params: [id, written, recovered],
	};
}
