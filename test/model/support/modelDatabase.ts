import type { SqlDatabase, WriteOptions } from '../../../nodes/shared/vault/database/sqlDatabase';
import type {
	SqlRow,
	SqlStatement,
	SqlTransaction,
} from '../../../nodes/shared/vault/database/transaction';
import { vaultError } from '../../../nodes/shared/vault/vaultErrors';
import type { SimulatedProcess } from './simulatedProcess';
import { asItIs, eachStatement } from '../../support/chain/eachStatement';

/** How one process of a model reaches the store. */
export interface StoreReach {
	store: SqlDatabase;
	process: SimulatedProcess;
	/** The model's monotonic clock, milliseconds. */
	now: () => number;
	/** How long the way to the store takes, in milliseconds. */
	latency: () => number;
	/** Told after each commit which statements were run, before anybody else can write. */
	written: (statements: readonly SqlStatement[]) => Promise<void>;
	/** For the mutations: what is run instead of a statement; undefined leaves it out. */
	changed?: (statement: SqlStatement) => SqlStatement | undefined;
	/** For the mutations: what the package is shown instead of the rows of a statement. */
	shown?: (statement: SqlStatement, rows: SqlRow[]) => SqlRow[];
}

/** The model's one store as one process reaches it: over waits in which the process can die. */
export class ModelDatabase implements SqlDatabase {
	readonly engine = 'sqlite';

	readonly location = 'the store of the model';

	constructor(private readonly reach: StoreReach) {}

	async write<T>(transaction: () => SqlTransaction<T>, options?: WriteOptions): Promise<T> {
		const { store, process, now, latency, written } = this.reach;
		await process.wait(latency());
		if (now() < process.storeFailsUntil) {
			throw vaultError('VAULT_FULL', 'The disk of the model is full.', 'Wait.', {
				retryable: true,
			});
		}
		const statements: SqlStatement[] = [];
		const result = await store.write(() => this.mutate(transaction(), statements), options);
		const isAnswerLost = process.takeLostCommit(statements);
		await written(statements);
		await process.wait(latency());
		if (isAnswerLost) {
			throw vaultError('VAULT_UNAVAILABLE', 'The answer to COMMIT was lost.', 'Wait.', {
				retryable: true,
			});
		}
		return result;
	}

	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		const { store, process, latency } = this.reach;
		await process.wait(latency());
		const result = await store.read(() => this.mutate(transaction()));
		await process.wait(latency());
		return result;
	}

	async close(): Promise<void> {}

	private *mutate<T>(
		running: SqlTransaction<T>,
		statements: SqlStatement[] = [],
	): SqlTransaction<T> {
		const { changed = (statement) => statement, shown = (_statement, rows) => rows } = this.reach;
		return yield* eachStatement(running, function* (asked) {
			const statement = changed(asked);
			if (statement !== undefined) statements.push(statement);
			return shown(asked, statement === undefined ? [] : yield* asItIs(statement));
		});
	}
}
