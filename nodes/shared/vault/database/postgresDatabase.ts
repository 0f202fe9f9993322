import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { vaultError } from '../vaultErrors';
import { isConflict, isConnectionLoss, isPlainRefusal, isReadOnly } from './postgresErrors';
import { explainPostgresError } from './postgresExplanations';
import { postgresSql } from './postgresNames';
import type { PostgresConnection, PostgresPool } from './postgresPool';
import type { PostgresSettings } from './postgresSettings';
import { describeLocation } from './postgresSettings';
import type { SqlDatabase } from './sqlDatabase';
import type { SqlRow, SqlStatement, SqlTransaction } from './transaction';
import { STORE_CLOCK_STATEMENT, storedValue, RELATION_EXISTS_STATEMENT } from './transaction';

/** Times of a transaction, in milliseconds. */
export interface PostgresTiming {
	/** How long a write waits for the writes of others. */
	lockLimitMs: number;
	statementLimitMs: number;
	/** A server that does not answer at all; longer than the limits that the server itself keeps. */
	silenceLimitMs: number;
	/** After this long the server itself ends a transaction whose process has frozen. */
	idleLimitMs: number;
	/** How long broken connections and a server that restarts are met with another try. */
	retryLimitMs: number;
}

export const DEFAULT_POSTGRES_TIMING: PostgresTiming = {
	lockLimitMs: 10_000,
	statementLimitMs: 15_000,
	silenceLimitMs: 20_000,
	idleLimitMs: 5_000,
	retryLimitMs: 5_000,
};

/** Both pooled connections may be stale, and a conflict may follow. */
const FREE_RETRIES = 3;
const RETRY_PAUSE_MS = 200;

/**
 * Reads the catalogue itself: `to_regclass` may answer from a cache that is as old as the beginning
 * of the transaction, from before the write lock was waited for.
 */
const RELATION_EXISTS_SQL = `SELECT 1 AS present FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname = $1 AND c.relname = $2`;

/** A transaction that ran to its end; `inDoubt` where the answer to COMMIT was lost. */
interface Ran<T> {
	result: T;
	inDoubt?: { transactionId: string; failure: unknown };
}

/**
 * The vault's database on PostgreSQL. It keeps nothing in a session, so that it works behind a
 * pooler in transaction mode: settings are `SET LOCAL`, statements are unnamed, tables carry their
 * schema. Writes take one advisory lock of the transaction, so that they run one after another.
 */
export class PostgresDatabase implements SqlDatabase {
	readonly engine = 'postgres';

	readonly location: string;

	private readonly sqlTexts = new Map<string, string>();

	private readonly beginWrite: string;

	private readonly beginRead: string;

	private closed = false;

	constructor(
		private readonly pool: PostgresPool,
		private readonly settings: PostgresSettings,
		private readonly timing: PostgresTiming = DEFAULT_POSTGRES_TIMING,
	) {
		this.location = describeLocation(settings);
		const limits =
			`SET LOCAL lock_timeout = ${timing.lockLimitMs};` +
			`SET LOCAL statement_timeout = ${timing.statementLimitMs};` +
			`SET LOCAL idle_in_transaction_session_timeout = ${timing.idleLimitMs};`;
		// READ COMMITTED and READ WRITE, whatever the default of database or connection: what is read after
		// the lock is taken must be what the last writer left. "remote_apply" is stricter than "on" and stays.
		this.beginWrite =
			`BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;${limits}` +
			"SELECT set_config('synchronous_commit', 'on', true) " +
			"WHERE current_setting('synchronous_commit') <> 'remote_apply';" +
			`SELECT pg_advisory_xact_lock(${writeLockKey(settings)})`;
		this.beginRead = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;${limits}`;
	}

	async write<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.withRetries(async () => {
			const ran = await this.runWrite(transaction);
			return ran.inDoubt === undefined ? ran.result : await this.settle(ran, transaction);
		});
	}

	async read<T>(transaction: () => SqlTransaction<T>): Promise<T> {
		return await this.withRetries(
			async () =>
				await this.onConnection(async (connection) => {
					await connection.run(this.beginRead);
					const result = await this.sweep(connection, transaction());
					await connection.run('COMMIT');
					return result;
				}),
		);
	}

	async close(): Promise<void> {
		this.closed = true;
		await this.pool.close();
	}

	private async runWrite<T>(transaction: () => SqlTransaction<T>): Promise<Ran<T>> {
		return await this.onConnection(async (connection) => {
			await connection.run(this.beginWrite);
			const result = await this.sweep(connection, transaction());
			// With the transaction's id a commit whose answer is lost can be looked up.
			const { rows } = await connection.run('SELECT txid_current_if_assigned()::text AS id');
			const id = rows[0]?.id;
			const failure = await commit(connection);
			// No id: nothing had been written, so there was nothing to commit.
			if (failure === undefined || typeof id !== 'string') return { result };
			return { result, inDoubt: { transactionId: id, failure } };
		});
	}

	/**
	 * Finds out what became of a COMMIT without an answer. The write lock is waited for first: once
	 * it is ours the earlier transaction has ended, one way or the other.
	 * @throws ConnectorError where the server does not come back in time; then the caller must expect
	 * both outcomes.
	 */
	private async settle<T>(ran: Ran<T>, transaction: () => SqlTransaction<T>): Promise<T> {
		const giveUpAt = performance.now() + this.timing.retryLimitMs;
		let current = ran;
		while (current.inDoubt !== undefined) {
			const { transactionId, failure } = current.inDoubt;
			try {
				const { rows } = await this.onConnection(async (connection) => {
					await connection.run(this.beginWrite);
					const answer = await connection.run('SELECT txid_status($1::bigint) AS status', [
						transactionId,
					]);
					await connection.run('ROLLBACK');
					return answer;
				});
				if (rows[0]?.status === 'committed') return current.result;
				// Rolled back, or unknown to the server that has taken over.
				current = await this.runWrite(transaction);
			} catch (error) {
				if (performance.now() >= giveUpAt) {
					throw explainPostgresError(failure ?? error, this.settings);
				}
				await delay(RETRY_PAUSE_MS);
			}
		}
		return current.result;
	}

	private async sweep<T>(connection: PostgresConnection, running: SqlTransaction<T>): Promise<T> {
		let step = running.next();
		while (!step.done) {
			step = running.next(await this.run(connection, step.value));
		}
		return step.value;
	}

	private async run(connection: PostgresConnection, statement: SqlStatement): Promise<SqlRow[]> {
		if (statement.sql === STORE_CLOCK_STATEMENT) {
			return (
				await connection.run('SELECT (extract(epoch from clock_timestamp()) * 1000)::bigint AS now')
			).rows;
		}
		if (statement.sql === RELATION_EXISTS_STATEMENT) {
			const { schema, tablePrefix } = this.settings;
			const name = `${tablePrefix}${String(statement.params[0])}`;
			return (await connection.run(RELATION_EXISTS_SQL, [schema, name])).rows;
		}
		const params = statement.params.map(storedValue);
		return (await connection.run(this.sqlText(statement.sql), params)).rows;
	}

	private sqlText(sql: string): string {
		let text = this.sqlTexts.get(sql);
		if (text === undefined) {
			text = postgresSql(sql, this.settings.schema, this.settings.tablePrefix);
			this.sqlTexts.set(sql, text);
		}
		return text;
	}

	/** Runs `work` on a connection; where it fails its transaction is rolled back. */
	private async onConnection<T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
		const connection = await this.pool.connect();
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
					(tries <= FREE_RETRIES && (passes || isReadOnly(error))) ||
					(passes && performance.now() < giveUpAt);
				if (!worthwhile) throw explainPostgresError(error, this.settings);
			}
			if (tries > FREE_RETRIES) await delay(RETRY_PAUSE_MS);
		}
	}

	private closedError(): Error {
		return vaultError(
			'VAULT_UNAVAILABLE',
			`The vault in ${this.location} has been closed.`,
			'Run again; it is opened anew at the next use.',
			{ retryable: true },
		);
	}
}

/**
 * Sends COMMIT.
 * @returns the failure where nobody knows what became of it.
 * @throws where the server said that it has not committed.
 */
async function commit(connection: PostgresConnection): Promise<unknown> {
	const answer = await connection.run('COMMIT').then(
		({ command }) => ({ command }),
		(failure: unknown) => ({ failure }),
	);
	if ('failure' in answer) {
		if (isPlainRefusal(answer.failure)) throw answer.failure;
		return answer.failure ?? new Error('COMMIT failed');
	}
	if (answer.command !== 'COMMIT')
		throw new Error(`PostgreSQL answered ${answer.command} to COMMIT`);
	return undefined;
}

/** One fixed number per vault, so that several vaults in one database do not wait for each other. */
function writeLockKey(settings: PostgresSettings): string {
	return createHash('sha256')
		.update(`n8n-nodes-exactonline-docuware write ${settings.schema} ${settings.tablePrefix}`)
		.digest()
		.readBigInt64BE(0)
		.toString();
}
