import { isPlainRefusal } from './postgresErrors';
import type { PostgresAnswer, PostgresStatement } from './postgresBatch';
import type { TransactionMarks } from './postgresCommit';
import { MARKS_STATEMENT, marksIn } from './postgresCommit';
import type { PostgresConnection } from './postgresPool';
import type { SqlStatement, SqlTransaction } from './transaction';
import { answerTo, isLast, statementsOf } from './transaction';

const COMMIT: PostgresStatement = { sql: 'COMMIT' };

/** How a transaction is run. */
export interface Sweep {
	/** Goes out with the first step. */
	begin: readonly PostgresStatement[];
	worded: (statement: SqlStatement) => PostgresStatement;
}

/** A transaction that ran to its end; `inDoubt` where the answer to COMMIT was lost. */
export interface Ran<T> {
	result: T;
	inDoubt?: { marks: TransactionMarks; failure: unknown };
}

/** Runs a transaction that reads, and leaves its end to the caller. */
export async function sweepRead<T>(
	connection: PostgresConnection,
	running: SqlTransaction<T>,
	{ begin, worded }: Sweep,
): Promise<T> {
	let before = begin;
	let step = running.next();
	if (step.done) await connection.runAll(begin);
	while (!step.done) {
		const statements = statementsOf(step.value).map(worded);
		const answers = await connection.runAll([...before, ...statements]);
		const rows = answers.slice(before.length).map((answer) => answer.rows);
		before = [];
		step = running.next(answerTo(step.value, rows));
	}
	return step.value;
}

/**
 * Runs a transaction that writes, and commits: with its last statements where it names them, in one round
 * trip. Not so with the first ones, whose rows may forbid the rest, nor where nothing was written before:
 * only from then on the transaction has marks by which a lost COMMIT is looked up.
 * @throws where the server said that it has not committed.
 */
export async function sweepWrite<T>(
	connection: PostgresConnection,
	running: SqlTransaction<T>,
	{ begin, worded }: Sweep,
): Promise<Ran<T>> {
	let before = begin;
	let marks: TransactionMarks | undefined;
	let step = running.next();
	if (step.done) await connection.runAll(begin);
	while (!step.done) {
		const statements = statementsOf(step.value).map(worded);
		if (marks !== undefined && isLast(step.value)) {
			const failure = await commit(connection, statements);
			// Nobody looks at the rows of the last statements.
			return ended(afterLast(running.next(statements.map(() => []))), marks, failure);
		}
		const answers = await connection.runAll([...before, ...statements, MARKS_STATEMENT]);
		marks = marksIn(answers.at(-1));
		const rows = answers.slice(before.length, -1).map((answer) => answer.rows);
		before = [];
		step = running.next(answerTo(step.value, rows));
	}
	return ended(step.value, marks, await commit(connection, []));
}

function afterLast<T>(step: IteratorResult<unknown, T>): T {
	if (step.done !== true) {
		throw new Error('A transaction has asked for more after its last statements');
	}
	return step.value;
}

/** Without marks nothing had been written, so there was nothing to commit. */
function ended<T>(result: T, marks: TransactionMarks | undefined, failure: unknown): Ran<T> {
	if (failure === undefined || marks === undefined) return { result };
	return { result, inDoubt: { marks, failure } };
}

/**
 * Sends COMMIT, after these statements.
 * @returns the failure where nobody knows what became of it.
 * @throws where the server said that it has not committed.
 */
async function commit(
	connection: PostgresConnection,
	statements: readonly PostgresStatement[],
): Promise<unknown> {
	const sent = await connection.runAll([...statements, COMMIT]).then(
		(answers) => ({ answer: answers.at(-1) }),
		(failure: unknown) => ({ failure }),
	);
	if ('failure' in sent) {
		if (isPlainRefusal(sent.failure)) throw sent.failure;
		return sent.failure ?? new Error('COMMIT failed');
	}
	throwIfNotCommitted(sent.answer);
	return undefined;
}

function throwIfNotCommitted(answer: PostgresAnswer | undefined): void {
	const said = answer?.command ?? 'nothing';
	if (said !== 'COMMIT') throw new Error(`PostgreSQL answered ${said} to COMMIT`);
}
