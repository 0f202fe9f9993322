import type { SqlDatabase, WriteOptions } from './database/sqlDatabase';
import type { SqlTransaction } from './database/transaction';
import { storeNow, together } from './database/transaction';
import { recordLease } from './rows/leases';
import type { VaultRecord } from './rows/records';
import { readRecordAsItIs } from './rows/records';

/** A record as a transaction has read it, and the store's clock at that moment. */
export interface PresentRecord {
	record: VaultRecord;
	/** Milliseconds. */
	now: number;
}

/**
 * Runs a transaction that touches nothing but one record and what belongs to it, beside those of other
 * records. Where the record is gone or was merged it may touch another one, and runs alone.
 * @param transaction is given the record as it was just read, where it runs beside others.
 */
export async function writeAt<T>(
	database: SqlDatabase,
	recordId: string,
	transaction: (present?: PresentRecord) => SqlTransaction<T>,
	options: Pick<WriteOptions, 'urgent'> = {},
): Promise<T> {
	// What merges records runs alone, so the record stays what it is here for as long as this runs.
	const lock = recordLease(recordId);
	const beside = await database.write(
		function* (): SqlTransaction<{ result: T } | undefined> {
			const [record, now] = yield* together(readRecordAsItIs(recordId), storeNow());
			if (record === undefined || record.state === 'merged') return undefined;
			return { result: yield* transaction({ record, now }) };
		},
		{ ...options, lock },
	);
	return beside === undefined ? await database.write(() => transaction(), options) : beside.result;
}
