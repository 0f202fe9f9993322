import type { SqlDatabase, WriteOptions } from './database/sqlDatabase';
import type { SqlTransaction } from './database/transaction';
import { recordLease } from './rows/leases';
import { readRecordAsItIs } from './rows/records';

/**
 * Runs a transaction that touches nothing but one record and what belongs to it, beside those of other
 * records. Where the record is gone or was merged it may touch another one, and runs alone.
 */
export async function writeAt<T>(
	database: SqlDatabase,
	recordId: string,
	transaction: () => SqlTransaction<T>,
	options: Pick<WriteOptions, 'urgent'> = {},
): Promise<T> {
	// What merges records runs alone, so the record stays what it is here for as long as this runs.
	const lock = recordLease(recordId);
	const beside = await database.write(
		function* (): SqlTransaction<{ result: T } | undefined> {
			const record = yield* readRecordAsItIs(recordId);
			if (record === undefined || record.state === 'merged') return undefined;
			return { result: yield* transaction() };
		},
		{ ...options, lock },
	);
	return beside === undefined ? await database.write(transaction, options) : beside.result;
}
