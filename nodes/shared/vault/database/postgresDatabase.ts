import { setTimeout as delay } from 'node:timers/promises';

import { vaultError } from '../vaultErrors';
import { PostgresBegin } from './postgresBegin';
import { statusStatement } from './postgresCommit';
import { isConflict, isConnectionLoss, isIndexConflict, isReadOnly } from './postgresErrors';
import { explainPostgresError } from './postgresExplanations';
import type { PostgresConnection, PostgresPool } from './postgresPool';
import type { PostgresSettings } from './postgresSettings';
import { describeLocation } from './postgresSettings';
import type { Ran } from './postgresSweep';
import { sweepRead, sweepWrite } from './postgresSweep';
import type { PostgresTiming } from './postgresTiming';
import { DEFAULT_POSTGRES_TIMING } from './postgresTiming';
import { postgresWording } from './postgresWording';
import type { SqlDatabase, WriteOptions } from './sqlDatabase';
import type { SqlTransaction } from './transaction';

/** Both pooled connections may be stale, and a conflict may follow. */
const FREE_RETRIES = 3;
const RETRY_PAUSE_MS = 200;

/**
 * The vault's database on PostgreSQL. It keeps nothing in a session, so that it works behind a
 * pooler in transaction mode: settings are `SET LOCAL`, statements are unnamed, tables carry their
 * schema. Writes take an advisory lock of the transaction, so that those that touch the same run one
 * after another.
 */
export class PostgresDatabase implements SqlDatabase {
	readonly engine = 'postgres';

	readonly location: string;

	private readonly begin: PostgresBegin;

	private readonly worded: ReturnType<typeof postgresWording>;

	private closed = false;

	constructor(
		private readonly pool: PostgresPool,
		private readonly settings: PostgresSettings,
		private readonly timing: PostgresTiming = DEFAULT_POSTGRES_TIMING,
	) {
		this.location = describeLocation(settings);
		this.begin = new PostgresBegin(settings, timing);
		this.worded = postgresWording(settings);
	}

	async write<T>(transaction: () => SqlTransaction<T>, options: WriteOptions = {}): Promise<T> {
		return await this.withRetries(async () => {
			const ran = await this.runWrite(transaction, options);
			return ran.inDoubt === undefined ? ran.result : await this.settle(ran, transaction, options);
		});
	}

	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.withRetries(async () => {
			const connection = await this.pool.connect();
			let unfinished = true;
			try {
				const begin = this.begin.read();
				const result = await sweepRead(connection, transaction(), { begin, worded: this.worded });
				unfinished = false;
				return result;
			} finally {
				if (unfinished) await connection.release(true);
				else connection.releaseRead();
			}
		});
	}

	async close(): Promise<void> {
		this.closed = true;
		await this.pool.close();
	}

	private async runWrite<T>(
		transaction: () => SqlTransaction<T>,
		options: WriteOptions,
	): Promise<Ran<T>> {
		const sweep = { begin: this.begin.write(options), worded: this.worded };
		return await this.onConnection(
			async (connection) => await sweepWrite(connection, transaction(), sweep),
			options.urgent,
		);
	}

	/**
	 * Finds out what became of a COMMIT without an answer. The same lock is waited for first: once it is
	 * ours the earlier transaction has ended, one way or the other.
	 * @throws ConnectorError where the server does not come back in time; then the caller must expect
	 * both outcomes.
	 */
	private async settle<T>(
		ran: Ran<T>,
		transaction: () => SqlTransaction<T>,
		options: WriteOptions,
	): Promise<T> {
		const giveUpAt = performance.now() + this.timing.retryLimitMs;
		let current = ran;
		while (current.inDoubt !== undefined) {
			const { marks, failure } = current.inDoubt;
			try {
				const status = await this.onConnection(async (connection) => {
					const answers = await connection.runAll([
						...this.begin.write(options),
						statusStatement(marks),
						{ sql: 'ROLLBACK' },
					]);
					return answers.at(-2)?.rows[0]?.status;
				}, options.urgent);
				if (status === 'committed') return current.result;
				// Rolled back, or the server that has taken over has not got it.
				current = await this.runWrite(transaction, options);
			} catch (error) {
				if (performance.now() >= giveUpAt) {
					throw explainPostgresError(failure ?? error, this.settings);
				}
				await delay(RETRY_PAUSE_MS);
			}
		}
		return current.result;
	}

	/** Runs `work` on a connection; where it fails its transaction is rolled back. */
	private async onConnection<T>(
		work: (connection: PostgresConnection) => Promise<T>,
		urgent = false,
	): Promise<T> {
		const connection = await this.pool.connect(urgent);
		let finished = false;
		try {
			const result = await work(connection);
			finished = true;
			return result;
		} finally {
			await connection.release(!finished);
		}
	}

	/** Another try where nothing of the transaction has taken effect and another try can help. */
	private async withRetries<T>(attempt: () => Promise<T>): Promise<T> {
		const giveUpAt = performance.now() + this.timing.retryLimitMs;
		for (let tries = 1; ; tries += 1) {
			if (this.closed) throw this.closedError();
			try {
				return await attempt();
			} catch (error) {
				const passes = isConnectionLoss(error) || isConflict(error);
				const worthwhile =
					(tries <= FREE_RETRIES && (passes || isReadOnly(error) || isIndexConflict(error))) ||
					(passes && performance.now() < giveUpAt);
				if (!worthwhile) throw explainPostgresError(error, this.settings);
			}
			if (tries > FREE_RETRIES) await delay(RETRY_PAUSE_MS);
		}
	}

	private closedError(): Error {
		return vaultError(
			'VAULT_UNAVAILABLE',
			`The vault has been closed: ${this.location}.`,
			'Run again; it is opened anew at the next use.',
			{ retryable: true },
		);
	}
}
