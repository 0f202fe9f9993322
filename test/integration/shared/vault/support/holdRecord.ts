import type { SqlDatabase } from '../../../../../nodes/shared/vault/database/sqlDatabase';
import { query } from '../../../../../nodes/shared/vault/database/transaction';
import { recordLease } from '../../../../../nodes/shared/vault/rows/leases';

/** Short, so that a server ends no transaction for being idle. */
const LOOK_S = 0.02;

/**
 * Does some work while a transaction that has named another record is open on PostgreSQL: what waits for
 * it waits for the whole vault.
 */
export async function besideAnotherRecord<T>(
	database: SqlDatabase,
	work: () => Promise<T>,
): Promise<T> {
	let isOver = false;
	let begun = () => {};
	const begins = new Promise<void>((resolve) => (begun = resolve));
	const holding = database.write(
		function* () {
			yield* query('SELECT 1');
			begun();
			while (!isOver) yield* query(`SELECT pg_sleep(${LOOK_S})`);
		},
		{ lock: recordLease('another one') },
	);
	await begins;
	try {
		return await work();
	} finally {
		isOver = true;
		await holding;
	}
}
