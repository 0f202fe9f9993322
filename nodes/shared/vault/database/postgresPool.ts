import type { Pool, PoolClient } from 'pg';

import { passOn } from '../../errors';
import { processState } from '../../process/processState';
import { isPlainRefusal, isReadOnly } from './postgresErrors';
import type { PostgresSettings } from './postgresSettings';
import { settingsDigest } from './postgresSettings';
import type { PostgresAnswer, PostgresStatement } from './postgresBatch';
import { PostgresBatch } from './postgresBatch';
import { Turns } from './turns';
import type { SqlValue } from './transaction';

/** One connection, in use by one transaction. */
export interface PostgresConnection {
	/** Runs one statement. */
	run(sql: string, params?: SqlValue[]): Promise<PostgresAnswer>;
	/** Runs several in one round trip; after the first that fails none of them is run. */
	runAll(statements: readonly PostgresStatement[]): Promise<PostgresAnswer[]>;
	/**
	 * Gives the connection back; one on which anything went wrong but a refused statement is closed.
	 * @param unfinished a transaction may be open, and is rolled back first.
	 */
	release(unfinished: boolean): Promise<void>;
}

/** At most two connections per process to one database. */
export interface PostgresPool {
	/**
	 * A connection, once it is the caller's turn. To wait for the others of this process is no fault of the
	 * database, as long as it answers these.
	 * @param urgent goes before those that are not.
	 */
	connect(urgent?: boolean): Promise<PostgresConnection>;
	/** Closes the connections once the last user of the pool has closed it. */
	close(): Promise<void>;
}

const CONNECTIONS_PER_PROCESS = 2;
const IDLE_LIMIT_MS = 30_000;
const LIFETIME_LIMIT_S = 3_600;
const KEEP_ALIVE_DELAY_MS = 10_000;
const BIGINT_OID = 20;

interface SharedPool {
	pool: Pool;
	users: number;
}

/**
 * The pool for these settings, shared by everything in this process that uses the same ones, also
 * by another copy of this package.
 * @param silenceLimitMs after this long without any answer a statement fails, in milliseconds.
 */
export function openPostgresPool(settings: PostgresSettings, silenceLimitMs: number): PostgresPool {
	const pools = processState('pgPool1', () => new Map<string, SharedPool>());
	const digest = `${settingsDigest(settings)} ${silenceLimitMs}`;
	const shared = pools.get(digest) ?? { pool: createPool(settings, silenceLimitMs), users: 0 };
	pools.set(digest, shared);
	shared.users += 1;
	const turns = turnsOf(digest, settings.connectTimeoutMs);
	let open = true;
	return {
		async connect(urgent = false) {
			const end = await turns.take(urgent);
			try {
				return connectionOf(await shared.pool.connect(), end);
			} catch (error) {
				end(false);
				passOn(error);
			}
		},
		async close() {
			if (!open) return;
			open = false;
			shared.users -= 1;
			if (shared.users > 0) return;
			pools.delete(digest);
			await shared.pool.end();
		},
	};
}

/** pg loads with the first pool: a process whose vault is an SQLite file does without. */
function createPool(settings: PostgresSettings, silenceLimitMs: number): Pool {
	const { Pool: PoolOfPg, types } = require('pg') as typeof import('pg');
	/** Counters and times are whole numbers far below 2^53, so `bigint` columns come as numbers. */
	const typeParser = (oid: number, format?: string): ((value: string) => unknown) => {
		if (oid === BIGINT_OID) return Number;
		return format === 'binary'
			? types.getTypeParser(oid, 'binary')
			: types.getTypeParser(oid, 'text');
	};
	const pool = new PoolOfPg({
		host: settings.host,
		port: settings.port,
		database: settings.database,
		user: settings.user,
		password: settings.password,
		ssl: settings.tls === false ? false : { ...settings.tls },
		// The only start-up parameter: poolers refuse the ones that set session state.
		application_name: 'n8n-nodes-exactonline-docuware',
		max: CONNECTIONS_PER_PROCESS,
		connectionTimeoutMillis: settings.connectTimeoutMs,
		query_timeout: silenceLimitMs,
		idleTimeoutMillis: IDLE_LIMIT_MS,
		maxLifetimeSeconds: LIFETIME_LIMIT_S,
		allowExitOnIdle: true,
		keepAlive: true,
		keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
		types: { getTypeParser: typeParser },
	});
	// A connection that breaks while idle leaves the pool; without a listener it would end n8n.
	pool.on('error', () => undefined);
	return pool;
}

/** Apart from the pool, which copies of the package that were loaded earlier share without turns. */
function turnsOf(digest: string, silenceMs: number): Turns {
	const all = processState('pgTurns1', () => new Map<string, Turns>());
	const turns = all.get(digest) ?? new Turns(CONNECTIONS_PER_PROCESS, silenceMs);
	all.set(digest, turns);
	return turns;
}

/** @param end told when the connection is given back, and whether the database has answered. */
function connectionOf(client: PoolClient, end: (answered: boolean) => void): PostgresConnection {
	// While checked out nobody else listens; the statement in flight rejects with the same error.
	const ignore = () => undefined;
	client.on('error', ignore);
	let broken = false;
	let answered = false;
	const runAll = async (statements: readonly PostgresStatement[]) => {
		try {
			const answers = await new Promise<PostgresAnswer[]>((resolve, reject) => {
				client.query(
					new PostgresBatch(statements, (error, got) =>
						got === undefined ? reject(asError(error)) : resolve(got),
					),
				);
			});
			answered = true;
			return answers;
		} catch (error) {
			answered ||= isPlainRefusal(error);
			// A connection from a time without writes is not used again.
			broken ||= !isPlainRefusal(error) || isReadOnly(error);
			passOn(error);
		}
	};
	return {
		runAll,
		async run(sql, params = []) {
			const [answer] = await runAll([{ sql, params }]);
			return answer!;
		},
		async release(unfinished) {
			if (unfinished && !broken) {
				await client.query('ROLLBACK').catch(() => {
					broken = true;
				});
			}
			client.off('error', ignore);
			client.release(broken);
			end(answered);
		},
	};
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error('The statement failed');
}
