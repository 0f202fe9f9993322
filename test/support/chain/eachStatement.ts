import type {
	SqlRow,
	SqlStatement,
	SqlTransaction,
} from '../../../nodes/shared/vault/database/transaction';
import { answerTo, statementsOf } from '../../../nodes/shared/vault/database/transaction';

/** Runs a transaction statement by statement, each by way of `run`. */
export function* eachStatement<T>(
	running: SqlTransaction<T>,
	run: (statement: SqlStatement) => SqlTransaction<SqlRow[]>,
): SqlTransaction<T> {
	let step = running.next();
	while (!step.done) {
		const rows: SqlRow[][] = [];
		for (const statement of statementsOf(step.value)) rows.push(yield* run(statement));
		step = running.next(answerTo(step.value, rows));
	}
	return step.value;
}

/** Runs one statement as it is. */
export function* asItIs(statement: SqlStatement): SqlTransaction<SqlRow[]> {
	return (yield statement) as SqlRow[];
}
