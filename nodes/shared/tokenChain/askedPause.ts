import type { SqlTransaction } from '../vault/database/transaction';
import { storeNow, together } from '../vault/database/transaction';
import type { VaultRecord } from '../vault/rows/records';
import { readRecord, updateRecord } from '../vault/rows/records';

/** A service that asks for a longer pause is asked again after this one, in milliseconds. */
const LONGEST_MS = 3_600_000;

/**
 * Notes on a record how long the service has asked to wait (429 with `Retry-After`), for all its pairs and in every
 * process. Under the record's lock, together with the end of the attempt.
 */
export function* noteAskedPause(
	recordId: string,
	retryAfterMs: number | undefined,
): SqlTransaction<void> {
	if (retryAfterMs === undefined) return;
	const [record, now] = yield* together(readRecord(recordId), storeNow());
	if (record === undefined) return;
	const askedPauseUntil = Math.round(now + Math.min(retryAfterMs, LONGEST_MS));
	yield* updateRecord({ ...record, meta: { ...record.meta, askedPauseUntil } });
}

/** Until when the service has asked to wait, store clock in milliseconds; null where it is not waited for. */
export function askedPauseUntil({ meta }: Pick<VaultRecord, 'meta'>, now: number): number | null {
	const { askedPauseUntil: until } = meta;
	if (typeof until !== 'number' || until <= now) return null;
	// One that lies further ahead was noted by a clock that was set right since.
	return until > now + LONGEST_MS ? null : until;
}
