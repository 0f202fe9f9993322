/** What may stand in a column: both engines give and take these without loss. */
export type SqlValue = string | number | null;

export type SqlRow = Record<string, SqlValue>;

/** One statement with `$1 …` parameters, the notation that SQLite and PostgreSQL share. */
export interface SqlStatement {
	sql: string;
	params: SqlValue[];
}

/**
 * A transaction written once for both engines: it yields statements and is given their rows.
 * SQLite runs it in one synchronous sweep (nothing may be awaited while its write lock is held,
 * or a foreign lock would stop n8n's event loop), PostgreSQL with awaits in between.
 * A transaction may be run again from the start when the engine asks for a retry, so it must have
 * no effect but its statements.
 */
export type SqlTransaction<T> = Generator<SqlStatement, T, SqlRow[]>;

/** Recognized by the drivers, which answer with the store's clock instead of running it. */
export const STORE_CLOCK_STATEMENT = 'store clock';

/** Recognized by the drivers, which answer with a row if the table or index named by `$1` exists. */
export const RELATION_EXISTS_STATEMENT = 'relation exists';

/**
 * A value as both engines store it without loss: numbers are whole (every number column is one),
 * and a text holds no NUL character, which PostgreSQL refuses.
 */
export function storedValue(value: SqlValue): SqlValue {
	if (typeof value === 'number') {
		if (!Number.isFinite(value)) throw new RangeError('Only finite numbers can be stored');
		return Math.round(value);
	}
	return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value;
}

/** Runs one statement inside a transaction and gives its rows (for a write: those of RETURNING). */
export function* query(sql: string, params: SqlValue[] = []): SqlTransaction<SqlRow[]> {
	return yield { sql, params };
}

/** The first row of a statement, or undefined. */
export function* queryOne(
	sql: string,
	params: SqlValue[] = [],
): SqlTransaction<SqlRow | undefined> {
	const rows = yield* query(sql, params);
	return rows[0];
}

/** The store's clock in milliseconds since the epoch: leases and deadlines are judged by it. */
export function* storeNow(): SqlTransaction<number> {
	const row = yield* queryOne(STORE_CLOCK_STATEMENT);
	return Number(row?.now);
}

/** Whether a table or index (by its fixed name) exists; needs no right to create one. */
export function* relationExists(name: string): SqlTransaction<boolean> {
	return (yield* queryOne(RELATION_EXISTS_STATEMENT, [name])) !== undefined;
}

/** Whether all of these tables exist. */
export function* relationsExist(names: readonly string[]): SqlTransaction<boolean> {
	for (const name of names) if (!(yield* relationExists(name))) return false;
	return true;
}

/** A text column that may be null. */
export function textOrNull(value: SqlValue | undefined): string | null {
	return value === null || value === undefined ? null : String(value);
}

/** A number column that may be null. */
export function numberOrNull(value: SqlValue | undefined): number | null {
	return value === null || value === undefined ? null : Number(value);
}
