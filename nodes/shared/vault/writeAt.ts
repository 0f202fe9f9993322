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

/** How a transaction of one record is run. */
export interface WriteAtOptions<Looked = unknown> extends Pick<WriteOptions, 'urgent'> {
	withLook?: () => SqlTransaction<Looked>;
}

/**
 * Runs a transaction that touches nothing but one record and what belongs to it, beside those of other
 * records. Where the record is gone or was merged it may touch another one, and runs alone.
 * @param transaction is given the record as it was just read, where it runs beside others, and what
 * `withLook` has brought.
 * @param options.withLook goes out together with the look at the record; in one step, and harmless where it
 * is run more than once.
 */
export async function writeAt<T, Looked = unknown>(
	database: SqlDatabase,
	recordId: string,
	transaction: (present?: PresentRecord, looked?: Looked) => SqlTransaction<T>,
	options: WriteAtOptions<Looked> = {},
): Promise<T> {
	const { urgent, withLook } = options;
	// What merges records has the locks of both, so the record stays what it is here while this runs.
	const lock = recordLease(recordId);
	const beside = await database.write(
		function* (): SqlTransaction<{ result: T } | undefined> {
			const look = [readRecordAsItIs(recordId), storeNow()] as const;
			const [record, now, looked] = yield* together(
				...look,
				...(withLook === undefined ? [] : [withLook()]),
			);
			if (record === undefined || record.state === 'merged') return undefined;
			return { result: yield* transaction({ record, now }, looked) };
		},
		{ urgent, lock },
	);
	return beside === undefined
		? await database.write(() => transaction(), { urgent })
		: beside.result;
}
