import type { SqlDatabase, WriteOptions } from '../../../nodes/shared/vault/database/sqlDatabase';
import type {
	SqlStatement,
	SqlTransaction,
} from '../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { asItIs, eachStatement } from './eachStatement';

/**
 * Statements of the token chain that tests look at: the attempt row, the save of a new secret, and
 * what became of an attempt.
 */
export type WatchedStatement = 'attemptRow' | 'secretSave' | 'attemptEnd';

/** Which of the watched statements this is, if any. */
export function watchedStatement({ sql }: SqlStatement): WatchedStatement | undefined {
	const text = sql.trimStart();
	if (text.startsWith(`INSERT INTO ${TABLES.attempt}`)) return 'attemptRow';
	if (text.startsWith(`UPDATE ${TABLES.attempt} SET outcome`)) return 'attemptEnd';
	return text.startsWith(`UPDATE ${TABLES.record} SET generation`) ? 'secretSave' : undefined;
}

/** What is told about transactions that hold a watched statement. */
export interface DatabaseWatcher {
	/** Inside the transaction, right before the statement runs. */
	before?(statement: WatchedStatement, params: SqlStatement['params']): void;
	/** Inside the transaction, after the statement and before its commit. */
	inside?(statement: WatchedStatement): void;
	/** After the commit. */
	committed?(statement: WatchedStatement): void;
}

/** A database that tells a watcher about the token chain's statements and changes nothing. */
export class WatchedDatabase implements SqlDatabase {
	constructor(
		private readonly database: SqlDatabase,
		private readonly watcher: DatabaseWatcher,
	) {}

	get engine(): SqlDatabase['engine'] {
		return this.database.engine;
	}

	get location(): string {
		return this.database.location;
	}

	async write<T>(transaction: () => SqlTransaction<T>, options?: WriteOptions): Promise<T> {
		const seen = new Set<WatchedStatement>();
		const result = await this.database.write(() => this.watch(transaction(), seen), options);
		for (const statement of seen) this.watcher.committed?.(statement);
		return result;
	}

	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.database.read(transaction);
	}

	async close(): Promise<void> {
		await this.database.close();
	}

	private *watch<T>(running: SqlTransaction<T>, seen: Set<WatchedStatement>): SqlTransaction<T> {
		const { watcher } = this;
		return yield* eachStatement(running, function* (asked) {
			const statement = watchedStatement(asked);
			if (statement !== undefined) watcher.before?.(statement, asked.params);
			const rows = yield* asItIs(asked);
			if (statement !== undefined) {
				seen.add(statement);
				watcher.inside?.(statement);
			}
			return rows;
		});
	}
}
