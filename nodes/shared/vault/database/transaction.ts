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
export type SqlTransaction<T> = Generator<SqlStep, T, SqlAnswer>;

/**
 * One statement, answered with its rows; or several of which none needs the rows of another, answered
 * with the rows of each. Those go to a server together, in one round trip.
 */
export type SqlStep = SqlStatement | readonly SqlStatement[] | LastStatements;

/** The end of a transaction: nothing is asked after these, and nobody looks at their rows. */
export interface LastStatements {
	readonly last: readonly SqlStatement[];
}

export type SqlAnswer = SqlRow[] | SqlRow[][];

/** The statements of a step, in their order. */
export function statementsOf(step: SqlStep): readonly SqlStatement[] {
	if (isLast(step)) return step.last;
	return isSeveral(step) ? step : [step];
}

/** Whether the transaction ends with this step, so that a server may be told to commit with it. */
export function isLast(step: SqlStep): step is LastStatements {
	return 'last' in step;
}

/** What a transaction is answered to a step, from the rows of each of its statements. */
export function answerTo(step: SqlStep, rows: SqlRow[][]): SqlAnswer {
	return isSeveral(step) || isLast(step) ? rows : (rows[0] ?? []);
}

function isSeveral(step: SqlStep): step is readonly SqlStatement[] {
	return Array.isArray(step);
}

/** Recognized by the drivers, which answer with the store's clock instead of running it. */
export const STORE_CLOCK_STATEMENT = 'store clock';

/**
 * The store's clock inside a statement, in milliseconds since the epoch; each driver puts its own word
 * for it there.
 */
export const STORE_NOW = 'store_now_ms()';

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
	return (yield { sql, params }) as SqlRow[];
}

/** What each of several transactions brings. */
type Results<Parts extends readonly SqlTransaction<unknown>[]> = {
	[Index in keyof Parts]: Parts[Index] extends SqlTransaction<infer Result> ? Result : never;
};

/**
 * Runs several parts of one transaction side by side, as far as none needs the rows of another: their
 * first statements go out together, then their second ones, and so on, in the order of the parts.
 */
export function* together<Parts extends readonly SqlTransaction<unknown>[]>(
	...parts: Parts
): SqlTransaction<Results<Parts>> {
	let steps = parts.map((part) => part.next());
	for (;;) {
		const open = steps.flatMap((step) => (step.done ? [] : [step.value]));
		if (open.length === 0) return steps.map(({ value }) => value) as Results<Parts>;
		const [only] = open;
		const ends = open.length === 1 && only !== undefined && isLast(only);
		const rows = (yield ends ? only : open.flatMap(statementsOf)) as SqlRow[][];
		let at = 0;
		steps = steps.map((step, index) => {
			if (step.done) return step;
			const own = rows.slice(at, (at += statementsOf(step.value).length));
			return parts[index]!.next(answerTo(step.value, own));
		});
	}
}

/**
 * Ends a transaction with these parts, of one step each: on a server they go out together with the COMMIT.
 * Whoever uses it may neither ask for anything more nor throw, since that would be after the commit, and
 * must know beforehand that the statements take effect.
 */
export function* lastly(...parts: readonly SqlTransaction<unknown>[]): SqlTransaction<void> {
	const steps = parts.map((part) => part.next());
	const last = steps.flatMap((step) => (step.done ? [] : statementsOf(step.value)));
	if (last.length === 0) return;
	yield { last };
	for (const [index, step] of steps.entries()) {
		if (step.done) continue;
		const nothing = answerTo(
			step.value,
			statementsOf(step.value).map(() => []),
		);
		if (!parts[index]!.next(nothing).done) throw new Error('A last part asks for more');
	}
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
