import type { SqlDatabase } from '../../../../../nodes/shared/vault/database/sqlDatabase';
import type {
	SqlRow,
	SqlStatement,
	SqlTransaction,
} from '../../../../../nodes/shared/vault/database/transaction';
import { vaultError } from '../../../../../nodes/shared/vault/vaultErrors';
import { watchedStatement } from '../../../../support/chain/watchedDatabase';
import type { SimulatedProcess } from './simulatedProcess';

/** Ways to break the chain on purpose, to see that the model notices. */
export type Mutation =
	'saveWithoutFencing' | 'refreshWithoutLease' | 'noAttemptRow' | 'failedSaveDropped';

/** The model's one store as one process reaches it: over waits in which the process can die. */
export class ModelDatabase implements SqlDatabase {
	readonly engine = 'sqlite';

	readonly location = 'the store of the model';

	constructor(
		private readonly store: SqlDatabase,
		private readonly process: SimulatedProcess,
		private readonly now: () => number,
		private readonly latency: () => number,
		private readonly written: () => Promise<void>,
		private readonly mutation: Mutation | undefined,
	) {}

	async write<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		await this.process.wait(this.latency());
		if (this.now() < this.process.storeFailsUntil) {
			throw vaultError('VAULT_FULL', 'The disk of the model is full.', 'Wait.', {
				retryable: true,
			});
		}
		const result = await this.store.write(() => this.mutate(transaction()));
		await this.written();
		await this.process.wait(this.latency());
		return result;
	}

	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		await this.process.wait(this.latency());
		const result = await this.store.read(transaction);
		await this.process.wait(this.latency());
		return result;
	}

	async close(): Promise<void> {}

	private *mutate<T>(running: SqlTransaction<T>): SqlTransaction<T> {
		let step = running.next();
		while (!step.done) {
			const statement = this.changed(step.value);
			const rows: SqlRow[] = statement === undefined ? [] : yield statement;
			step = running.next(rows);
		}
		return step.value;
	}

	private changed(statement: SqlStatement): SqlStatement | undefined {
		const watched = watchedStatement(statement);
		if (watched === 'attemptRow' && this.mutation === 'noAttemptRow') return undefined;
		if (watched === 'secretSave' && this.mutation === 'saveWithoutFencing') {
			return { ...statement, sql: statement.sql.replace('generation = $2', '$2 = $2') };
		}
		return statement;
	}
}
