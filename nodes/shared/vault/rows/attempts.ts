import type { SqlRow, SqlTransaction } from '../database/transaction';
import { numberOrNull, query, STORE_NOW, textOrNull } from '../database/transaction';
import type { Holder } from '../../process/holder';
import { parseHolder } from '../../process/holder';
import { TABLES } from './schema';

/**
 * What became of an attempt to spend a secret.
 * `open`: written before the request, no answer recorded. `saved`: a new secret came and is stored.
 * `superseded`: a new secret came, but a newer one stood already. `tooEarly`, `refused`, `notSent`:
 * proof that the old secret was not spent. `lost`: the service called the secret old.
 * `configuration`: client id, client secret or region were refused. `unknown`: the fate is not
 * known (time-out, reset, empty or damaged answer, 5xx). `doubtful`: it is not known either, but an
 * answer came that the service may count as an error of the app. `noted`: no attempt but an event
 * (`rows/events.ts`).
 */
export type AttemptOutcome =
	| 'open'
	| 'saved'
	| 'superseded'
	| 'tooEarly'
	| 'refused'
	| 'notSent'
	| 'lost'
	| 'configuration'
	| 'unknown'
	| 'doubtful'
	| 'noted';

/** The outcomes that tell nothing about the secret, as SQL. */
const UNKNOWN_FATE = "('open', 'unknown', 'doubtful')";

/** One attempt, as the log keeps it for 30 days; it holds no secret. */
export interface Attempt {
	id: string;
	recordId: string;
	identity: string;
	generation: number;
	/** What was asked for, for instance `refresh` or `logon`. */
	kind: string;
	/** Keyed digest of the secret that was spent. */
	spentFingerprint: string;
	holder: Holder | null;
	/** Store clock, milliseconds. */
	startedAt: number;
	finishedAt: number | null;
	outcome: AttemptOutcome;
	/** One short sentence without secrets. */
	detail: string | null;
}

/** Kind of a request that spent the secret of a pair beside a record (`rows/rivals.ts`). */
export const RIVAL_ATTEMPT = 'rival';

/** How long the log is kept, in milliseconds. */
export const ATTEMPT_LOG_MS = 30 * 24 * 60 * 60 * 1000;

/** What is written down of an attempt at its beginning. */
export type NewAttempt = Omit<Attempt, 'startedAt' | 'finishedAt' | 'outcome' | 'detail'>;

/**
 * As `insertAttempt`, but only where the record stands at the attempt's generation and this holding of
 * the lease stands.
 * @returns whether it was written; false also where it had been before.
 */
export function* insertAttemptWhere(
	attempt: NewAttempt,
	lease: { name: string; token: string },
): SqlTransaction<boolean> {
	const rows = yield* query(
		`INSERT INTO ${TABLES.attempt}
			(id, record_id, identity, generation, kind, spent_fingerprint, holder, started_at, outcome)
		SELECT $1, id, $3, generation, $5, $6, $7, ${STORE_NOW}, 'open'
		FROM ${TABLES.record} WHERE id = $2 AND generation = $4 AND state <> 'merged'
			AND EXISTS (SELECT 1 FROM ${TABLES.lease} WHERE name = $8 AND token = $9)
		ON CONFLICT (id) DO NOTHING RETURNING id`,
		[...newRow(attempt), lease.name, lease.token],
	);
	return rows.length > 0;
}

function newRow(attempt: NewAttempt) {
	return [
		attempt.id,
		attempt.recordId,
		attempt.identity,
		attempt.generation,
		attempt.kind,
		attempt.spentFingerprint,
		JSON.stringify(attempt.holder),
	];
}

/**
 * Writes an attempt down before its request goes out. Run a second time with the same id it changes
 * nothing.
 */
export function* insertAttempt(attempt: NewAttempt): SqlTransaction<void> {
	yield* query(
		`INSERT INTO ${TABLES.attempt}
			(id, record_id, identity, generation, kind, spent_fingerprint, holder, started_at, outcome)
		VALUES ($1, $2, $3, $4, $5, $6, $7, ${STORE_NOW}, 'open')
		ON CONFLICT (id) DO NOTHING`,
		newRow(attempt),
	);
}

/**
 * Removes what is older than the log keeps. Attempts without a known fate stay for as long as their record
 * stands at their generation: they tell that its secret is in doubt.
 */
export function* pruneAttempts(): SqlTransaction<void> {
	// The clock stands in a query of its own, as PostgreSQL uses no index for what may change by the row.
	yield* query(
		`DELETE FROM ${TABLES.attempt} WHERE id IN (
			SELECT old.id FROM ${TABLES.attempt} old
			LEFT JOIN ${TABLES.record} r ON r.id = old.record_id AND r.generation = old.generation
			WHERE old.started_at < (SELECT ${STORE_NOW}) - $1 AND (old.outcome NOT IN ${UNKNOWN_FATE} OR r.id IS NULL)
		)`,
		[ATTEMPT_LOG_MS],
	);
}

/**
 * Records what became of an attempt; the first word on it stands.
 * @returns whether this was the first word.
 */
export function* closeAttempt(
	id: string,
	outcome: AttemptOutcome,
	detail: string | null,
): SqlTransaction<boolean> {
	const rows = yield* query(
		`UPDATE ${TABLES.attempt} SET outcome = $2, detail = $3, finished_at = ${STORE_NOW}
		WHERE id = $1 AND outcome IN ${UNKNOWN_FATE} RETURNING id`,
		[id, outcome, detail],
	);
	return rows.length > 0;
}

/** The attempts at one generation, oldest first. */
export function* attemptsAt(recordId: string, generation: number): SqlTransaction<Attempt[]> {
	const rows = yield* query(
		`SELECT * FROM ${TABLES.attempt} WHERE record_id = $1 AND generation = $2
		ORDER BY started_at, id`,
		[recordId, generation],
	);
	return rows.map(attemptFromRow);
}

/** The attempts at the generation where the record stands, oldest first. */
export function* presentAttempts(recordId: string): SqlTransaction<Attempt[]> {
	const rows = yield* query(
		`SELECT * FROM ${TABLES.attempt} WHERE record_id = $1
			AND generation = (SELECT generation FROM ${TABLES.record} WHERE id = $1)
		ORDER BY started_at, id`,
		[recordId],
	);
	return rows.map(attemptFromRow);
}

/** The attempts of a record in the last time (milliseconds), of all generations, oldest first. */
export function* attemptsWithin(recordId: string, spanMs: number): SqlTransaction<Attempt[]> {
	const rows = yield* query(
		`SELECT * FROM ${TABLES.attempt} WHERE record_id = $1 AND started_at > ${STORE_NOW} - $2
		ORDER BY started_at, id`,
		[recordId, spanMs],
	);
	return rows.map(attemptFromRow);
}

/**
 * Carries the attempts at one generation over to the record that takes its secret over: what is in
 * doubt about a secret stays so wherever the secret is kept.
 * @param kind how the log names them from then on; as before where it is left out.
 */
export function* moveAttempts(
	from: { recordId: string; generation: number },
	to: { recordId: string; generation: number; identity: string },
	kind?: string,
): SqlTransaction<void> {
	yield* query(
		`UPDATE ${TABLES.attempt} SET record_id = $3, generation = $4, identity = $5,
			kind = COALESCE($6, kind)
		WHERE record_id = $1 AND generation = $2`,
		[from.recordId, from.generation, to.recordId, to.generation, to.identity, kind ?? null],
	);
}

/** The newest attempts of an identity, newest first. */
export function* latestAttempts(recordId: string, limit: number): SqlTransaction<Attempt[]> {
	const rows = yield* query(
		`SELECT * FROM ${TABLES.attempt} WHERE record_id = $1
		ORDER BY started_at DESC, id DESC LIMIT $2`,
		[recordId, limit],
	);
	return rows.map(attemptFromRow);
}

function attemptFromRow(row: SqlRow): Attempt {
	return {
		id: String(row.id),
		recordId: String(row.record_id),
		identity: String(row.identity),
		generation: Number(row.generation),
		kind: String(row.kind),
		spentFingerprint: String(row.spent_fingerprint),
		holder: parseHolder(String(row.holder)),
		startedAt: Number(row.started_at),
		finishedAt: numberOrNull(row.finished_at),
		outcome: String(row.outcome) as AttemptOutcome,
		detail: textOrNull(row.detail),
	};
}
