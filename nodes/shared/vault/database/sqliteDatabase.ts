import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { vaultError } from '../vaultErrors';
import type { SqlDatabase, WriteOptions } from './sqlDatabase';
import { loopShare } from './loopShare';
import { explainSqliteError, isBusy } from './sqliteErrors';
import type { SqlRow, SqlStatement, SqlTransaction } from './transaction';
import {
	answerTo,
	RELATION_EXISTS_STATEMENT,
	statementsOf,
	STORE_CLOCK_STATEMENT,
	STORE_NOW,
	storedValue,
} from './transaction';

/** How long a statement waits for a foreign lock before it gives up, in milliseconds. */
const DEFAULT_BUSY_LIMIT_MS = 10_000;

const LONGEST_BUSY_PAUSE_MS = 50;

const RELATION_EXISTS_SQL = 'SELECT 1 AS present FROM sqlite_master WHERE name = $1';

/** SQLite's words: `FULL` waits for the disk at each commit, `NORMAL` with a write-ahead log does not. */
type Flushing = 'FULL' | 'NORMAL';

export interface SqliteDatabaseOptions {
	/** How long to retry while another process holds the lock, in milliseconds. */
	busyLimitMs?: number;
	/** The store's clock, milliseconds since the epoch. */
	now?: () => number;
	/** Inode of the file that was opened; watched, because SQLite goes on writing a deleted file. */
	inode?: bigint;
	/** The file has a write-ahead log, with which a commit that is not flushed never damages the file. */
	hasLog?: boolean;
}

/**
 * The vault's database on SQLite. `node:sqlite` is synchronous and would sleep inside a busy
 * time-out, stopping the whole event loop (docs/facts/n8n.md, "node:sqlite": 1461 ms measured), so
 * the time-out is 0 and waiting happens here, asynchronously, between attempts.
 */
export class SqliteDatabase implements SqlDatabase {
	readonly engine = 'sqlite';

	private readonly statements = new Map<string, StatementSync>();

	private readonly busyLimitMs: number;

	private readonly now: () => number;

	private readonly inode: bigint | undefined;

	private readonly hasLog: boolean;

	/** As `openSqliteDatabase` left the connection. */
	private flushing: Flushing = 'FULL';

	/** @param connection open, with its pragmas set; `openSqliteDatabase` makes it. */
	constructor(
		readonly connection: DatabaseSync,
		readonly location: string,
		options: SqliteDatabaseOptions = {},
	) {
		this.busyLimitMs = options.busyLimitMs ?? DEFAULT_BUSY_LIMIT_MS;
		this.now = options.now ?? Date.now;
		this.inode = options.inode;
		this.hasLog = options.hasLog ?? false;
	}

	async write<T>(transaction: () => SqlTransaction<T>, options: WriteOptions = {}): Promise<T> {
		const flushing = options.mayBeLost === true && this.hasLog ? 'NORMAL' : 'FULL';
		const attempt = () => {
			this.flush(flushing);
			return this.runBetween('BEGIN IMMEDIATE', transaction);
		};
		return await this.whenNotBusy(attempt, options.urgent);
	}

	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.whenNotBusy(() => this.runBetween('BEGIN', transaction));
	}

	async scrub(): Promise<void> {
		try {
			// The log still holds the pages of before; readers of it may keep it for now.
			await this.whenNotBusy(() => this.connection.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
		} catch {
			// The next writes overwrite it.
		}
	}

	async close(): Promise<void> {
		this.statements.clear();
		if (this.connection.isOpen) this.connection.close();
	}

	/** Whether the next commits wait for the disk; said outside of any transaction, where alone it takes effect. */
	private flush(flushing: Flushing): void {
		if (flushing === this.flushing || !this.connection.isOpen) return;
		this.connection.exec(`PRAGMA synchronous = ${flushing}`);
		this.flushing = flushing;
	}

	private runBetween<T>(begin: string, transaction: () => SqlTransaction<T>): T {
		this.throwIfGone();
		this.connection.exec(begin);
		let committed = false;
		try {
			const result = this.sweep(transaction());
			this.connection.exec('COMMIT');
			committed = true;
			return result;
		} finally {
			if (!committed) this.rollBack();
		}
	}

	private rollBack(): void {
		try {
			// SQLite itself rolls back after some failures (a full disk, for instance).
			if (this.connection.isTransaction) this.connection.exec('ROLLBACK');
		} catch {
			// The error that led here tells more.
		}
	}

	private throwIfGone(): void {
		if (!this.connection.isOpen) {
			throw vaultError(
				'VAULT_UNAVAILABLE',
				`The vault file has been closed: ${this.location}.`,
				'Run again; it is opened anew at the next use.',
				{ retryable: true },
			);
		}
		if (this.inode !== undefined && inodeOf(this.location) !== this.inode) {
			throw vaultError(
				'VAULT_UNAVAILABLE',
				`The vault file was removed or replaced while n8n was using it: ${this.location}.`,
				'Restart n8n. To restore a vault from a backup, stop n8n first and remove the files beside it that end in -wal ' +
					'and -shm.',
			);
		}
	}

	private sweep<T>(running: SqlTransaction<T>): T {
		let step = running.next();
		while (!step.done) {
			const rows = statementsOf(step.value).map((statement) => this.run(statement));
			step = running.next(answerTo(step.value, rows));
		}
		return step.value;
	}

	private run(statement: SqlStatement): SqlRow[] {
		if (statement.sql === STORE_CLOCK_STATEMENT) return [{ now: this.now() }];
		if (statement.sql === RELATION_EXISTS_STATEMENT) {
			return this.run({ sql: RELATION_EXISTS_SQL, params: statement.params });
		}
		let prepared = this.statements.get(statement.sql);
		if (prepared === undefined) {
			prepared = this.connection.prepare(statement.sql.replaceAll(STORE_NOW, '$store_now'));
			this.statements.set(statement.sql, prepared);
		}
		const named: SqlRow = statement.sql.includes(STORE_NOW) ? { $store_now: this.now() } : {};
		statement.params.forEach((value, index) => {
			named[`$${index + 1}`] = storedValue(value);
		});
		return prepared.all(named) as SqlRow[];
	}

	private async whenNotBusy<T>(attempt: () => T, urgent = false): Promise<T> {
		let giveUpAt: number | undefined;
		for (;;) {
			try {
				return await loopShare().run(attempt, urgent);
			} catch (error) {
				// To wait for the own turn is not to wait for another process.
				giveUpAt ??= performance.now() + this.busyLimitMs;
				if (!isBusy(error) || performance.now() >= giveUpAt) {
					throw explainSqliteError(error, this.location);
				}
			}
			await delay(1 + Math.random() * LONGEST_BUSY_PAUSE_MS);
		}
	}
}

/** The inode of a file, or undefined where there is none. */
export function inodeOf(file: string): bigint | undefined {
	return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}
