import type { Pool, PoolClient } from 'pg';

import { passOn } from '../../errors';
import { processState } from '../../process/processState';
import { isPlainRefusal, isReadOnly } from './postgresErrors';
import type { PostgresSettings } from './postgresSettings';
import { settingsDigest } from './postgresSettings';
import type { PostgresAnswer, PostgresStatement } from './postgresBatch';
import { PostgresBatch } from './postgresBatch';
import type { Turn } from './turns';
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
	/**
	 * Gives the connection back after a transaction that only read and is still open. Nobody waits for its
	 * end: where another transaction of this process is next, it is ended together with the begin of that.
	 */
	releaseRead(): void;
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
/** So long a connection goes from hand to hand before its pool looks at it again. */
const HANDED_LIMIT_MS = 10_000;
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
	const turns = turnsOf(digest, Math.max(silenceLimitMs, settings.connectTimeoutMs));
	let open = true;
	return {
		async connect(urgent = false) {
			const turn = await turns.take(urgent);
			const { handed } = turn;
			try {
				if (handed?.pool === shared.pool) return connectionOf(handed, turn, true);
				// Of a pool that was closed meanwhile.
				if (handed !== undefined) giveBack(handed, true);
				return connectionOf(takenOut(await shared.pool.connect(), shared.pool), turn, false);
			} catch (error) {
				turn.end(false);
				passOn(error);
			}
		},
		async close() {
			if (!open) return;
			open = false;
			shared.users -= 1;
			if (shared.users > 0) return;
			pools.delete(digest);
			// All its connections have come back then, so that nobody has a turn any more.
			await shared.pool.end();
			if (!pools.has(digest)) allTurns().delete(digest);
		},
	};
}

/** pg loads with the first pool: a process whose vault is an SQLite file does without. */
function createPool(settings: PostgresSettings, silenceLimitMs: number): Pool {
	const { Pool: PoolOfPg, types } = require('pg') as typeof import('pg');
	/**
	 * Counters and times are whole numbers far below 2^53, so `bigint` columns come as numbers. For copies of
	 * the package that were loaded earlier and share this pool; `PostgresBatch` reads rows by itself.
	 */
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

function allTurns(): Map<string, Turns<TakenOut>> {
	return processState('pgTurns1', () => new Map<string, Turns<TakenOut>>());
}

/** Apart from the pool, which copies of the package that were loaded earlier share without turns. */
function turnsOf(digest: string, silenceMs: number): Turns<TakenOut> {
	const all = allTurns();
	const turns = all.get(digest) ?? new Turns<TakenOut>(CONNECTIONS_PER_PROCESS, silenceMs);
	all.set(digest, turns);
	return turns;
}

/** A client out of its pool, for one transaction or several in a row. */
interface TakenOut {
	client: PoolClient;
	pool: Pool;
	/** While it is out nobody else listens; the statement in flight rejects with the same error. */
	listener: () => void;
	/** Monotonic clock, milliseconds. */
	since: number;
}

function takenOut(client: PoolClient, pool: Pool): TakenOut {
	const listener = () => undefined;
	client.on('error', listener);
	return { client, pool, listener, since: performance.now() };
}

/** @param closes the connection is not used again. */
function giveBack({ client, listener }: TakenOut, closes: boolean): void {
	client.off('error', listener);
	client.release(closes);
}

/** Whether the next transaction of this process may go on with it: the pool wants it for nobody else. */
function mayBeHandedOver({ pool, since }: TakenOut): boolean {
	return !pool.ending && pool.waitingCount === 0 && performance.now() - since < HANDED_LIMIT_MS;
}

/** @param earlierIsOpen a transaction that only read is to be ended first. */
function connectionOf(
	taken: TakenOut,
	turn: Turn<TakenOut>,
	earlierIsOpen: boolean,
): PostgresConnection {
	const { client } = taken;
	let broken = false;
	let answered = false;
	const runAll = async (statements: readonly PostgresStatement[]) => {
		const before = earlierIsOpen ? [{ sql: 'COMMIT' }] : [];
		try {
			const answers = await new Promise<PostgresAnswer[]>((resolve, reject) => {
				client.query(
					new PostgresBatch([...before, ...statements], (error, got) =>
						got === undefined ? reject(asError(error)) : resolve(got),
					),
				);
			});
			answered = true;
			earlierIsOpen = false;
			return answers.slice(before.length);
		} catch (error) {
			answered ||= isPlainRefusal(error);
			// A connection from a time without writes is not used again.
			broken ||= !isPlainRefusal(error) || isReadOnly(error);
			passOn(error);
		}
	};
	const release = async (unfinished: boolean) => {
		if ((unfinished || earlierIsOpen) && !broken) {
			await client.query('ROLLBACK').catch(() => {
				broken = true;
			});
		}
		giveBack(taken, broken);
		turn.end(answered);
	};
	return {
		runAll,
		async run(sql, params = []) {
			const [answer] = await runAll([{ sql, params }]);
			return answer!;
		},
		release,
		releaseRead() {
			if (!broken && mayBeHandedOver(taken) && turn.handOver(taken)) return;
			const ended = runAll([{ sql: 'COMMIT' }]).then(
				() => true,
				() => false,
			);
			void ended.then(async (isEnded) => await release(!isEnded));
		},
	};
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error('The statement failed');
}
