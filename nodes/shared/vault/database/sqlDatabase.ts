import type { SqlTransaction } from './transaction';

/**
 * The one thing a storage engine must offer the vault. Both engines give the same promise:
 * a write transaction runs alone (no other write of any process is interleaved), is durable on
 * disk when the promise resolves, and has no effect at all when it rejects.
 */
export interface SqlDatabase {
	readonly engine: 'sqlite' | 'postgres';

	/** Where the data is, fit for messages and status: a path or a URL without user and password. */
	readonly location: string;

	/**
	 * Runs a transaction that writes.
	 * @throws ConnectorError VAULT_LOCKED, VAULT_READ_ONLY, VAULT_FULL, VAULT_UNAVAILABLE, VAULT_DAMAGED.
	 */
	write<T>(transaction: () => SqlTransaction<T>): Promise<T>;

	/** Runs a transaction that only reads, on one consistent state. Same errors as `write`. */
	read<T>(transaction: () => SqlTransaction<T>): Promise<T>;

	close(): Promise<void>;
}
