import type { SqlTransaction } from '../database/transaction';
import { queryOne, storeNow } from '../database/transaction';
import { wasForgotten } from '../rows/forgotten';
import type { VaultRecord } from '../rows/records';
import { FORGOTTEN, readRecord } from '../rows/records';
import type { Rival } from '../rows/rivals';
import { readRival, rivalsOf } from '../rows/rivals';
import { TABLES } from '../rows/schema';
import type { Sealer } from '../sealing';
import type { Kept, Pair } from './healing';
import { isAtLogIn, orderInOneHistory, pairIn, standBeside } from './healing';
import type { SecretSave } from './secretSave';
import { secretSubject } from './secretSave';

/**
 * Keeps a pair that was received for one beside a record, although that stands at a later generation, or
 * is gone because it became the record's own or made room: beside the same record, unless what stands there
 * was provably asked for after this one had arrived (docs/architecture.md, rule 6).
 * @returns undefined where the save is for a record's own pair.
 */
export function* keepLateRival(
	save: SecretSave,
	sealer: Sealer,
): SqlTransaction<Exclude<Kept, 'healed'> | undefined> {
	const rival = yield* readRival(save.recordId);
	const recordId = rival?.recordId ?? (yield* recordOfRivalSave(save));
	if (recordId === undefined) return undefined;
	if (rival?.note === FORGOTTEN || (yield* wasForgotten(save, undefined))) return 'forgotten';
	const record = yield* readRecord(recordId);
	if (record === undefined || !isAtLogIn(record, save.logIn)) return 'foreign';
	const own = pairIn(sealer, save.sealed, secretSubject(save.recordId, save.spentGeneration + 1));
	if (own === undefined) return 'foreign';
	if (yield* isOlder(save, own, { record, rival }, sealer)) return 'older';
	const receivedAt = Math.min(yield* storeNow(), save.receivedAt);
	yield* standBeside(record.id, own, receivedAt, sealer);
	return 'beside';
}

/** The record that the attempt behind a save was about, where that is not what the save is for. */
function* recordOfRivalSave(save: SecretSave): SqlTransaction<string | undefined> {
	if ((yield* readRecord(save.recordId)) !== undefined) return undefined;
	const row = yield* queryOne(`SELECT record_id FROM ${TABLES.attempt} WHERE id = $1`, [
		save.attemptId,
	]);
	return row === undefined ? undefined : String(row.record_id);
}

function* isOlder(
	save: SecretSave,
	own: Pair,
	{ record, rival }: { record: VaultRecord; rival: Rival | undefined },
	sealer: Sealer,
): SqlTransaction<boolean> {
	const fingerprint = sealer.fingerprint('refresh token', own.refreshToken);
	const beside = yield* rivalsOf(record.id);
	if (beside.some((one) => one.fingerprint === fingerprint)) return true;
	const stored = pairIn(sealer, record.sealed, secretSubject(record.id, record.generation));
	if (stored?.refreshToken === own.refreshToken) return true;
	if (rival === undefined) return (yield* orderInOneHistory(save, record)) === 'older';
	const attempt = yield* queryOne(`SELECT started_at FROM ${TABLES.attempt} WHERE id = $1`, [
		save.attemptId,
	]);
	if (attempt === undefined || rival.origin !== 'healed' || rival.at === null) return false;
	return rival.at > Number(attempt.started_at) + save.receivedAt - save.requestedAt;
}
