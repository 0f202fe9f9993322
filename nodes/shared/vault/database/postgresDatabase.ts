import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { vaultError } from '../vaultErrors';
import { isConflict, isConnectionLoss, isPlainRefusal, isReadOnly } from './postgresErrors';
import { explainPostgresError } from './postgresExplanations';
import { postgresSql } from './postgresNames';
import type { PostgresAnswer, PostgresStatement } from './postgresBatch';
import type { TransactionMarks } from './postgresCommit';
import { MARKS_STATEMENT, marksIn, statusStatement } from './postgresCommit';
import type { PostgresConnection, PostgresPool } from './postgresPool';
import type { PostgresSettings } from './postgresSettings';
import { describeLocation } from './postgresSettings';
import type { SqlDatabase, WriteOptions } from './sqlDatabase';
import type { SqlStatement, SqlTransaction } from './transaction';
import {
	answerTo,
	RELATION_EXISTS_STATEMENT,
	statementsOf,
	STORE_CLOCK_STATEMENT,
	STORE_NOW,
	storedValue,
} from './transaction';

/** Times of a transaction, in milliseconds. */
export interface PostgresTiming {
	/** How long a write waits for the writes of others, for each of its locks. */
	lockLimitMs: number;
	statementLimitMs: number;
	/**
	 * A server that does not answer at all; longer than the limits that the server itself keeps for what goes
	 * out together: two locks and a statement.
	 */
	silenceLimitMs: number;
	/** After this long the server itself ends a transaction whose process has frozen. */
	idleLimitMs: number;
	/** How long broken connections and a server that restarts are met with another try. */
	retryLimitMs: number;
}

export const DEFAULT_POSTGRES_TIMING: PostgresTiming = {
	lockLimitMs: 10_000,
	statementLimitMs: 15_000,
	silenceLimitMs: 40_000,
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

const STORE_NOW_SQL = '(extract(epoch from clock_timestamp()) * 1000)::bigint';

/** A transaction that ran to its end; `inDoubt` where the answer to COMMIT was lost. */
interface Ran<T> {
	result: T;
	inDoubt?: { marks: TransactionMarks; failure: unknown };
}

/**
 * The vault's database on PostgreSQL. It keeps nothing in a session, so that it works behind a
 * pooler in transaction mode: settings are `SET LOCAL`, statements are unnamed, tables carry their
 * schema. Writes take an advisory lock of the transaction, so that those that touch the same run one
 * after another.
 */
export class PostgresDatabase implements SqlDatabase {
	readonly engine = 'postgres';

	readonly location: string;

	private readonly sqlTexts = new Map<string, string>();

	private closed = false;

	constructor(
		private readonly pool: PostgresPool,
		private readonly settings: PostgresSettings,
		private readonly timing: PostgresTiming = DEFAULT_POSTGRES_TIMING,
	) {
		this.location = describeLocation(settings);
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
				const { result } = await this.sweep(connection, transaction(), this.beginRead());
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

	/**
	 * READ COMMITTED and READ WRITE, whatever the default of database or connection: what is read after the
	 * lock is taken must be what the last writer left. "remote_apply" is stricter than "on" and stays.
	 */
	private beginWrite({ lock }: WriteOptions): PostgresStatement[] {
		return [
			{ sql: 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE' },
			this.limits(),
			{
				sql:
					"SELECT set_config('synchronous_commit', 'on', true) " +
					"WHERE current_setting('synchronous_commit') <> 'remote_apply'",
			},
			...lockStatements(this.settings, lock),
		];
	}

	private beginRead(): PostgresStatement[] {
		return [{ sql: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' }, this.limits()];
	}

	private limits(): PostgresStatement {
		const { lockLimitMs, statementLimitMs, idleLimitMs } = this.timing;
		return {
			sql:
				"SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true), " +
				"set_config('idle_in_transaction_session_timeout', $3, true)",
			params: [String(lockLimitMs), String(statementLimitMs), String(idleLimitMs)],
		};
	}

	private async runWrite<T>(
		transaction: () => SqlTransaction<T>,
		options: WriteOptions,
	): Promise<Ran<T>> {
		return await this.onConnection(async (connection) => {
			const { result, after } = await this.sweep(
				connection,
				transaction(),
				this.beginWrite(options),
				MARKS_STATEMENT,
			);
			const marks = marksIn(after);
			const failure = await commit(connection);
			// No marks: nothing had been written, so there was nothing to commit.
			if (failure === undefined || marks === undefined) return { result };
			return { result, inDoubt: { marks, failure } };
		}, options.urgent);
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
						...this.beginWrite(options),
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

	/**
	 * Runs a transaction up to its end, which is left to the caller: the statements that begin it go out
	 * with its first step, `last` with every step.
	 * @returns `after`: what `last` brought at the last step.
	 */
	private async sweep<T>(
		connection: PostgresConnection,
		running: SqlTransaction<T>,
		begin: readonly PostgresStatement[],
		last?: PostgresStatement,
	): Promise<{ result: T; after: PostgresAnswer | undefined }> {
		let before = begin;
		let after: PostgresAnswer | undefined;
		let step = running.next();
		if (step.done) await connection.runAll(begin);
		while (!step.done) {
			const statements = statementsOf(step.value).map((statement) => this.worded(statement));
			const end = last === undefined ? [] : [last];
			const answers = await connection.runAll([...before, ...statements, ...end]);
			const own = answers.slice(before.length, before.length + statements.length);
			after = answers.at(-1);
			before = [];
			step = running.next(
				answerTo(
					step.value,
					own.map(({ rows }) => rows),
				),
			);
		}
		return { result: step.value, after };
	}

	/** A statement of the vault in PostgreSQL's words. */
	private worded({ sql, params }: SqlStatement): PostgresStatement {
		if (sql === STORE_CLOCK_STATEMENT) return { sql: `SELECT ${STORE_NOW_SQL} AS now` };
		if (sql === RELATION_EXISTS_STATEMENT) {
			const { schema, tablePrefix } = this.settings;
			return { sql: RELATION_EXISTS_SQL, params: [schema, `${tablePrefix}${String(params[0])}`] };
		}
		return { sql: this.sqlText(sql), params: params.map(storedValue) };
	}

	private sqlText(sql: string): string {
		let text = this.sqlTexts.get(sql);
		if (text === undefined) {
			const { schema, tablePrefix } = this.settings;
			text = postgresSql(sql, schema, tablePrefix).replaceAll(STORE_NOW, STORE_NOW_SQL);
			this.sqlTexts.set(sql, text);
		}
		return text;
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

/**
 * The locks of a transaction that writes. One that names what it touches shares the lock of the whole
 * vault with others of its kind; one that does not has that for itself.
 */
function lockStatements(settings: PostgresSettings, lock: string | undefined): PostgresStatement[] {
	const whole = lockKey(settings);
	if (lock === undefined) return [{ sql: `SELECT pg_advisory_xact_lock(${whole})` }];
	return [
		{ sql: `SELECT pg_advisory_xact_lock_shared(${whole})` },
		{ sql: `SELECT pg_advisory_xact_lock(${lockKey(settings, lock)})` },
	];
}

/** A fixed number per vault, so that several vaults in one database do not wait for each other. */
function lockKey({ schema, tablePrefix }: PostgresSettings, lock?: string): string {
	const whole = `n8n-nodes-exactonline-docuware write ${schema} ${tablePrefix}`;
	return createHash('sha256')
		.update(lock === undefined ? whole : `${whole} ${lock}`)
		.digest()
		.readBigInt64BE(0)
		.toString();
}
