import type { SqlRow, SqlTransaction } from '../database/transaction';
import { numberOrNull, query, queryOne, storeNow, textOrNull } from '../database/transaction';
import { TABLES } from './schema';

/**
 * `waiting`: may be tried. `setAside`: the service has said no to it, or another pair took its place;
 * it is kept, but never sent again.
 */
export type RivalState = 'waiting' | 'setAside';

/**
 * A pair of tokens that stands beside the record's own one (docs/architecture.md, rule 10). Which of
 * them is alive only the service can tell, so all are kept.
 */
export interface Rival {
	id: string;
	recordId: string;
	/** Counts the secrets that this pair has had, from 1. */
	generation: number;
	/** `healed`: this package received the pair itself. `claimed`: a credential brought it. */
	origin: 'healed' | 'claimed';
	state: RivalState;
	/** Brought by the owner's own credential, seen by node code: it goes before the record's pair. */
	reconnect: boolean;
	/** Keyed digest of its refresh token, as the log of attempts names it. */
	fingerprint: string;
	/** Fingerprint of the authorization that brought it; null where none did. */
	authorization: string | null;
	/** Keyed digest of the client secret that came with it; null where nobody knows. */
	secretFingerprint: string | null;
	/** The pair, sealed for `secretSubject(id, generation)`. */
	sealed: string;
	/** Life of its access token in milliseconds; null where nobody knows. */
	lifeMs: number | null;
	/** When its log-in is claimed to have been, or when it was received: store clock, milliseconds. */
	at: number | null;
	addedAt: number;
	/** When its refresh token was last sent, store clock. */
	triedAt: number | null;
	setAsideAt: number | null;
	/** Error code of the answer that set it aside. */
	note: string | null;
}

/** A pair as it comes. */
export type NewRival = Omit<Rival, 'addedAt' | 'setAsideAt'>;

/** How long a pair is kept that was set aside or that nobody has used, in milliseconds. */
export const RIVAL_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** How many pairs beside its own a record keeps. */
export const RIVALS_KEPT = 20;

/** How many of the waiting ones are looked at; the others move up as these are tried. */
export const RIVALS_LIVE = 3;

/** The pairs beside a record's own, in the order they came. */
export function* rivalsOf(recordId: string): SqlTransaction<Rival[]> {
	const rows = yield* query(
		`SELECT * FROM ${TABLES.rival} WHERE record_id = $1 ORDER BY added_at, id`,
		[recordId],
	);
	return rows.map(fromRow);
}

/** The pair with this id. */
export function* readRival(id: string): SqlTransaction<Rival | undefined> {
	const row = yield* queryOne(`SELECT * FROM ${TABLES.rival} WHERE id = $1`, [id]);
	return row === undefined ? undefined : fromRow(row);
}

/** The pair that an authorization brought to a record. */
export function* rivalOfAuthorization(
	recordId: string,
	authorization: string,
): SqlTransaction<Rival | undefined> {
	const row = yield* queryOne(
		`SELECT * FROM ${TABLES.rival} WHERE record_id = $1 AND authorization_fingerprint = $2
		ORDER BY added_at, id LIMIT 1`,
		[recordId, authorization],
	);
	return row === undefined ? undefined : fromRow(row);
}

/**
 * Keeps a pair beside a record's own, and prunes what the record keeps too long or too many of. A pair
 * that the record keeps already, by its refresh token, is left as it is.
 * @param claimOf see `surplusRivals`
 */
export function* insertRival(rival: NewRival, claimOf: ClaimOf = idOf): SqlTransaction<void> {
	const now = yield* storeNow();
	yield* query(
		`INSERT INTO ${TABLES.rival} (id, record_id, generation, origin, state, reconnect, fingerprint,
			authorization_fingerprint, secret_fingerprint, sealed, life_ms, claimed_at, added_at, tried_at,
			set_aside_at, note)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (record_id, fingerprint) DO NOTHING`,
		[
			rival.id,
			rival.recordId,
			rival.generation,
			rival.origin,
			rival.state,
			rival.reconnect ? 1 : 0,
			rival.fingerprint,
			rival.authorization,
			rival.secretFingerprint,
			rival.sealed,
			rival.lifeMs,
			rival.at,
			now,
			rival.triedAt,
			rival.state === 'setAside' ? now : null,
			rival.note,
		],
	);
	yield* pruneRivals(rival.recordId, now, claimOf);
}

/** Notes that a pair was brought by the owner's own credential. */
export function* markReconnect(id: string): SqlTransaction<void> {
	yield* query(`UPDATE ${TABLES.rival} SET reconnect = 1 WHERE id = $1`, [id]);
}

/** Takes that back for all pairs of a record: its registration is another one's, or nobody's. */
export function* clearReconnects(recordId: string): SqlTransaction<void> {
	yield* query(`UPDATE ${TABLES.rival} SET reconnect = 0 WHERE record_id = $1`, [recordId]);
}

/** Notes that the refresh token of a pair is about to be sent. */
export function* markTried(id: string): SqlTransaction<void> {
	const now = yield* storeNow();
	yield* query(`UPDATE ${TABLES.rival} SET tried_at = $2 WHERE id = $1`, [id, now]);
}

/** Takes `markTried` back: the request never left. */
export function* unmarkTried(id: string, triedAt: number | null): SqlTransaction<void> {
	yield* query(`UPDATE ${TABLES.rival} SET tried_at = $2 WHERE id = $1`, [id, triedAt]);
}

/** Keeps a pair, but never sends it again; the first reason stands. */
export function* setRivalAside(id: string, note: string): SqlTransaction<void> {
	const now = yield* storeNow();
	yield* query(
		`UPDATE ${TABLES.rival} SET state = 'setAside', set_aside_at = $2, note = $3
		WHERE id = $1 AND state = 'waiting'`,
		[id, now, note],
	);
}

/** Takes a pair out that the service has accepted: the pair that came for it is the record's own now. */
export function* takeRival(id: string): SqlTransaction<void> {
	yield* query(`DELETE FROM ${TABLES.rival} WHERE id = $1`, [id]);
}

/** Set aside or untouched for long: gone; and what is too many. */
function* pruneRivals(recordId: string, now: number, claimOf: ClaimOf): SqlTransaction<void> {
	yield* query(
		`DELETE FROM ${TABLES.rival} WHERE record_id = $1
			AND COALESCE(set_aside_at, tried_at, added_at) < $2 AND added_at < $2
			AND (set_aside_at IS NOT NULL OR origin <> 'healed' OR COALESCE(claimed_at, added_at) < $2)`,
		[recordId, now - RIVAL_KEPT_MS],
	);
	for (const id of surplusRivals(yield* rivalsOf(recordId), claimOf)) yield* takeRival(id);
}

/** What a pair claims to be, by the one part of it that cannot be invented: its access token. */
export type ClaimOf = (pair: Pick<Rival, 'id' | 'generation' | 'sealed'>) => string;

const idOf: ClaimOf = ({ id }) => id;

/**
 * Which of a record's pairs have to go where it keeps too many. Whoever has one leaked access token can show
 * it with any number of invented refresh tokens, so the pairs of one claim make room for each other first,
 * those between its first and its last one; then those set aside; and of claims with one pair each the
 * oldest. What this package received itself and a reconnect go last.
 * @param rivals in the order they came
 */
export function surplusRivals(rivals: readonly Rival[], claimOf: ClaimOf): string[] {
	const surplus: string[] = [];
	let kept = [...rivals];
	const claims = new Map(
		kept.length > RIVALS_KEPT ? kept.map((one) => [one.id, claimOf(one)]) : [],
	);
	while (kept.length > RIVALS_KEPT) {
		const { id } = leastMissed(kept, claims);
		surplus.push(id);
		kept = kept.filter((one) => one.id !== id);
	}
	return surplus;
}

function leastMissed(kept: readonly Rival[], claims: ReadonlyMap<string, string>): Rival {
	const untried = kept.filter(
		({ state, origin, reconnect }) => state === 'waiting' && origin === 'claimed' && !reconnect,
	);
	const groups = new Map<string | undefined, Rival[]>();
	for (const one of untried) {
		const claim = claims.get(one.id);
		groups.set(claim, [...(groups.get(claim) ?? []), one]);
	}
	const [largest = []] = [...groups.values()].sort((a, b) => b.length - a.length);
	if (largest.length > 2) return largest[Math.floor(largest.length / 2)]!;
	const setAside = kept.find(({ state }) => state === 'setAside');
	if (setAside !== undefined) return setAside;
	return (largest.length === 2 ? largest[1] : largest[0]) ?? kept[0]!;
}

function fromRow(row: SqlRow): Rival {
	return {
		id: String(row.id),
		recordId: String(row.record_id),
		generation: Number(row.generation),
		origin: String(row.origin) as Rival['origin'],
		state: String(row.state) as RivalState,
		reconnect: Number(row.reconnect) === 1,
		fingerprint: String(row.fingerprint),
		authorization: textOrNull(row.authorization_fingerprint),
		secretFingerprint: textOrNull(row.secret_fingerprint),
		sealed: String(row.sealed),
		lifeMs: numberOrNull(row.life_ms),
		at: numberOrNull(row.claimed_at),
		addedAt: Number(row.added_at),
		triedAt: numberOrNull(row.tried_at),
		setAsideAt: numberOrNull(row.set_aside_at),
		note: textOrNull(row.note),
	};
}
