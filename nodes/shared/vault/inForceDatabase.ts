import type { SqlDatabase } from './database/sqlDatabase';
import type { SqlTransaction } from './database/transaction';
import { movedError, readMovedTo } from './rows/movedTo';

/**
 * A database that is used only while its vault is in force: each transaction first looks whether
 * the vault was moved to another store meanwhile, so that never two stores are in use.
 */
export class InForceDatabase implements SqlDatabase {
	constructor(private readonly database: SqlDatabase) {}

	get engine(): SqlDatabase['engine'] {
		return this.database.engine;
	}

	get location(): string {
		return this.database.location;
	}

	/** As the database underneath. @throws ConnectorError VAULT_MOVED besides its errors. */
	async write<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.database.write(() => this.ifInForce(transaction));
	}

	/** As the database underneath. @throws ConnectorError VAULT_MOVED besides its errors. */
	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.database.read(() => this.ifInForce(transaction));
	}

	async close(): Promise<void> {
		await this.database.close();
	}

	private *ifInForce<T>(transaction: () => SqlTransaction<T>): SqlTransaction<T> {
		const movedTo = yield* readMovedTo();
		if (movedTo !== undefined) throw movedError(this.location, movedTo);
		return yield* transaction();
	}
}
