import { randomUUID } from 'node:crypto';

import type { SqlTransaction } from '../database/transaction';
import { queryOne, storeNow } from '../database/transaction';
import { wasForgotten } from '../rows/forgotten';
import type { VaultRecord } from '../rows/records';
import { readRecord, updateRecord } from '../rows/records';
import { insertRival } from '../rows/rivals';
import { TABLES } from '../rows/schema';
import type { Sealer } from '../sealing';
import { claimsIn } from './claims';
import type { LogIn, SecretSave } from './secretSave';
import { secretSubject } from './secretSave';

/**
 * What became of a secret that its record has not taken. `healed`: it is the record's now, the pair that
 * stood there stands beside it. `beside`: it stands beside the record's. `older`: the record's secret was
 * provably asked for after this one had arrived, or is this one. `foreign`: another log-in stands there,
 * the record is gone, or it is no pair of tokens. `forgotten`: a person has ended that log-in for good.
 */
export type Kept = 'healed' | 'beside' | 'older' | 'foreign' | 'forgotten';

/** A pair of tokens, as far as it has to be known here. */
export interface Pair {
	refreshToken: string;
	lifeMs?: number;
}

/** What tells that a record still stands at the log-in that a secret belongs to. */
export function logInOf({ originAt, owner }: Pick<VaultRecord, 'originAt' | 'owner'>): LogIn {
	return { originAt, ownerId: owner?.credentialId ?? null };
}

/** Whether a record stands at this log-in, registered to the same credential. */
export function isAtLogIn(record: VaultRecord, logIn: LogIn | undefined): boolean {
	const { originAt, ownerId } = logInOf(record);
	return logIn !== undefined && logIn.originAt === originAt && logIn.ownerId === ownerId;
}

/**
 * Keeps a received pair although its record stands elsewhere, because the store fell back to an earlier
 * state, or a standby took over (docs/architecture.md, rule 6). Generations of two histories cannot be
 * compared: both pairs are kept, the one that arrived later as the record's own, under a generation above
 * both. Only secret and times change; a reconnect, Release or Take Over is never undone.
 */
export function* keepBeside(save: SecretSave, sealer: Sealer): SqlTransaction<Kept> {
	const record = yield* readRecord(save.recordId);
	if (yield* wasForgotten(save, record)) return 'forgotten';
	if (record === undefined) return 'foreign';
	const order = yield* orderInOneHistory(save, record);
	if (order === 'older') return 'older';
	if (!isAtLogIn(record, save.logIn)) return 'foreign';
	const own = pairIn(sealer, save.sealed, secretSubject(save.recordId, save.spentGeneration + 1));
	const stored = pairIn(sealer, record.sealed, secretSubject(record.id, record.generation));
	if (own === undefined || stored === undefined) return 'foreign';
	if (own.refreshToken === stored.refreshToken) return 'older';
	const now = yield* storeNow();
	const receivedAt = Math.min(now, save.receivedAt);
	const storedGoesFirst = record.receivedAt !== null && record.receivedAt > receivedAt;
	if (order === undefined ? storedGoesFirst : order === 'before') {
		yield* standBeside(record.id, own, receivedAt, sealer);
		return 'beside';
	}
	yield* standBeside(record.id, stored, record.receivedAt, sealer);
	const generation = Math.max(record.generation, save.spentGeneration + 1) + 1;
	yield* updateRecord({
		...record,
		generation,
		state: 'active',
		brokenCode: null,
		sealed: sealer.seal(JSON.stringify(own), secretSubject(record.id, generation)),
		meta: { ...record.meta, ...save.meta },
		requestedAt: Math.min(now, save.requestedAt),
		receivedAt,
	});
	return 'healed';
}

/**
 * Where the store knows both attempts, that of this secret and that of the record's, its clock has timed
 * both. `older`: the record's was begun after this answer had arrived. `before`: it was begun after this
 * one, which then goes under it (docs/architecture.md, rule 5). Undefined: it does not know both.
 */
export function* orderInOneHistory(
	save: SecretSave,
	record: VaultRecord,
): SqlTransaction<'older' | 'before' | 'after' | undefined> {
	const row = yield* queryOne(
		`SELECT theirs.started_at - own.started_at AS gap FROM ${TABLES.attempt} own
		JOIN ${TABLES.attempt} theirs ON theirs.record_id = $2 AND theirs.generation = $3
			AND theirs.outcome = 'saved'
		WHERE own.id = $1 AND theirs.id <> own.id ORDER BY theirs.started_at DESC LIMIT 1`,
		[save.attemptId, record.id, record.generation - 1],
	);
	if (row === undefined) return undefined;
	const gap = Number(row.gap);
	if (gap > save.receivedAt - save.requestedAt) return 'older';
	return gap > 0 ? 'before' : 'after';
}

/** Keeps a pair that this package has received itself beside a record's own. */
export function* standBeside(
	recordId: string,
	pair: Pair,
	at: number | null,
	sealer: Sealer,
): SqlTransaction<void> {
	const id = randomUUID();
	yield* insertRival(
		{
			id,
			recordId,
			generation: 1,
			origin: 'healed',
			state: 'waiting',
			reconnect: false,
			fingerprint: sealer.fingerprint('refresh token', pair.refreshToken),
			authorization: null,
			secretFingerprint: null,
			sealed: sealer.seal(JSON.stringify(pair), secretSubject(id, 1)),
			lifeMs: pair.lifeMs ?? null,
			at,
			triedAt: null,
			note: null,
		},
		claimsIn(sealer),
	);
}

/** The pair in a sealed text; undefined where it is none, or the present key does not open it. */
export function pairIn(sealer: Sealer, sealed: string, subject: string): Pair | undefined {
	try {
		const value: unknown = JSON.parse(sealer.open(sealed, subject));
		return isPair(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function isPair(value: unknown): value is Pair {
	return (
		typeof value === 'object' &&
		value !== null &&
		typeof (value as Partial<Pair>).refreshToken === 'string'
	);
}
