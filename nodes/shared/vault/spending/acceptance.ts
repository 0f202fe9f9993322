import type { SqlTransaction } from '../database/transaction';
import { query, together } from '../database/transaction';
import type { Proved } from '../rows/proofs';
import { noteProved } from '../rows/proofs';
import { readRecord } from '../rows/records';
import { readRival, takeRival } from '../rows/rivals';
import { TABLES } from '../rows/schema';

/** What a new secret proves besides (docs/architecture.md, rule 10); no part of it is a secret. */
export interface Acceptance extends Proved {
	/** The rival whose place the new secret has taken; only in spills of earlier builds. */
	rivalId?: string;
	/** Keyed digest of the new secret, by which a pair that stays beside is named. */
	fingerprint?: string;
}

/** A new secret on its way, as far as a pair beside a record needs it. */
interface BesideSave {
	recordId: string;
	spentGeneration: number;
	sealed: string;
	meta: Record<string, unknown>;
	attemptId: string;
	accepted?: Acceptance;
	fingerprint?: string;
}

/**
 * Saves the new secret of a pair that stands beside a record's own, fenced by its generation like that
 * of a record. It has been accepted, so it may be tried again, and this package received it itself.
 */
export function* saveBeside(save: BesideSave, requestedAt: number): SqlTransaction<boolean> {
	const { recordId: id, spentGeneration, sealed, meta, attemptId, accepted } = save;
	const present = yield* readRival(id);
	if (present === undefined) return false;
	// What has followed a signpost is sealed anew each time it comes: its name tells.
	const fingerprint = save.fingerprint ?? accepted?.fingerprint ?? attemptId;
	const isThere = present.sealed === sealed || present.fingerprint === fingerprint;
	if (present.generation === spentGeneration + 1 && isThere) return true;
	const rows = yield* query(
		`UPDATE ${TABLES.rival} SET generation = $3, sealed = $4, fingerprint = $5, life_ms = $6,
			claimed_at = $7, origin = 'healed', state = 'waiting', tried_at = NULL, set_aside_at = NULL,
			note = NULL
		WHERE id = $1 AND generation = $2 RETURNING id`,
		[
			id,
			spentGeneration,
			spentGeneration + 1,
			sealed,
			fingerprint,
			typeof meta.lifeMs === 'number' ? meta.lifeMs : present.lifeMs,
			requestedAt,
		],
	);
	return rows.length > 0;
}

/**
 * Notes what was proved, at the record that stands for it now, and takes an accepted rival out. Whose
 * pair it is, is asked after the save: where the user stands already, the authorization waits for that.
 */
export function* settleAcceptance(savedAt: string, accepted: Acceptance): SqlTransaction<void> {
	const [beside, record] = yield* together(readRival(savedAt), readRecord(savedAt));
	const recordId = beside?.recordId ?? record?.id;
	if (recordId === undefined) return;
	yield* noteAccepted(recordId, savedAt, provableAt(record, accepted));
}

/** What an answer proves where it is saved: where the user stands already, he is asked for first. */
export function provableAt(
	record: { provisional: boolean } | undefined,
	accepted: Acceptance,
): Acceptance {
	return record?.provisional === true ? accepted : { ...accepted, authorizations: [] };
}

/** As `settleAcceptance`, in one step, where it is known which record stands for it. */
export function* noteAccepted(
	recordId: string,
	savedAt: string,
	accepted: Acceptance,
): SqlTransaction<void> {
	const { rivalId } = accepted;
	yield* together(
		noteProved(recordId, accepted),
		...(rivalId !== undefined && rivalId !== savedAt ? [takeRival(rivalId)] : []),
	);
}
