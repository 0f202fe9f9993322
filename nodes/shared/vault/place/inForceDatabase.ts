import type { SqlDatabase } from '../database/sqlDatabase';
import type { SqlTransaction } from '../database/transaction';
import { query } from '../database/transaction';
import { TABLES } from '../rows/schema';
import { vaultError } from '../vaultErrors';

/** The note of a vault whose content was moved to another store. */
export interface MovedTo {
	/** Where it is now, without user and password. */
	location: string;
	/** Names this one move in both stores. */
	moveId: string;
}

/** Name of that note. */
export const MOVED_TO_NOTE = 'moved_to';

/** Where the vault in this store was moved to; undefined where it is in force. */
export function* readMovedTo(): SqlTransaction<MovedTo | undefined> {
	const rows = yield* query(`SELECT value FROM ${TABLES.meta} WHERE name = $1`, [MOVED_TO_NOTE]);
	const value = rows[0]?.value;
	return value === undefined ? undefined : (JSON.parse(String(value)) as MovedTo);
}

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

/** The error for whoever still uses the store that a vault was moved from. */
export function movedError(location: string, movedTo: MovedTo): Error {
	return vaultError(
		'VAULT_MOVED',
		`The vault at ${location} was moved to ${movedTo.location} and is no longer in force.`,
		'Give this n8n process the same settings as the one that moved it (DB_TYPE, DB_POSTGRESDB_* or N8N_EXACTONLINE_DOCUWARE_VAULT) and restart it. To move the vault back, name the present place in N8N_EXACTONLINE_DOCUWARE_VAULT_MOVE_FROM for one start.',
	);
}
