import type { SqlTransaction } from './transaction';

/** How a transaction that writes stands among the others. */
export interface WriteOptions {
	/**
	 * Names what alone it reads and changes (a record with everything about it, or an item; or several): it
	 * runs beside those of other names. None at all: it changes rows by compare-and-set, in one statement.
	 * Left out it runs alone, beside nothing else that writes.
	 */
	lock?: string | readonly string[];
	/** It goes before others of this process that wait for a connection. */
	urgent?: boolean;
	/**
	 * What it writes may be lost with the machine or the database server, though not with a process, and never in part:
	 * the store need not wait for the disk. For counts that are of no use a minute later, never for a secret.
	 */
	mayBeLost?: boolean;
}

/**
 * The one thing a storage engine must offer the vault. Both engines give the same promise:
 * a write transaction runs alone (no other write of any process is interleaved, but for those that have
 * said that they touch something else), is durable on disk when the promise resolves, unless it may be lost, and has
 * no effect at all when it rejects.
 */
export interface SqlDatabase {
	readonly engine: 'sqlite' | 'postgres';

	/** Where the data is, fit for messages and status: a path or a URL without user and password. */
	readonly location: string;

	/**
	 * Runs a transaction that writes.
	 * @throws ConnectorError VAULT_LOCKED, VAULT_READ_ONLY, VAULT_FULL, VAULT_UNAVAILABLE, VAULT_DAMAGED.
	 */
	write<T>(transaction: () => SqlTransaction<T>, options?: WriteOptions): Promise<T>;

	/** Runs a transaction that only reads, on one consistent state. Same errors as `write`. */
	read<T>(transaction: () => SqlTransaction<T>): Promise<T>;

	/** Whether transactions of this process queue for their turn while the store answers others of it. */
	readonly isWorkingOff?: boolean;

	/**
	 * Has the store's own files forget what was overwritten before, as far as they can at this moment; left
	 * out where that is the database server's affair. Never throws.
	 */
	scrub?(): Promise<void>;

	close(): Promise<void>;
}
