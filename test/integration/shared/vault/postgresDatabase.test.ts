import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { setImmediate as loopTurn } from 'node:timers/promises';

import type { Pool } from 'pg';

import type { PostgresDatabase } from '../../../../nodes/shared/vault/database/postgresDatabase';
import { DEFAULT_POSTGRES_TIMING } from '../../../../nodes/shared/vault/database/postgresTiming';
import type { SqlTransaction } from '../../../../nodes/shared/vault/database/transaction';
import {
	lastly,
	query,
	statementsOf,
	storeNow,
	together,
} from '../../../../nodes/shared/vault/database/transaction';
import { processState } from '../../../../nodes/shared/process/processState';
import { pruneAttempts } from '../../../../nodes/shared/vault/rows/attempts';
import { putItem, readItem } from '../../../../nodes/shared/vault/rows/items';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { addOne, counter, usePostgres } from './support/postgresBench';

/** What the pool of `pg` keeps to itself. */
interface PoolInside {
	_clients: EventEmitter[];
}

describe('the PostgreSQL database of the vault', () => {
	const bench = usePostgres();
	const { open, prepared, throughProxy } = bench;

	it('runs a transaction once although the answer to its COMMIT was lost', async () => {
		const database = await prepared(throughProxy());
		await addOne(database);
		const lost = bench.proxy.cutAnswerTo('\0COMMIT\0');
		const writing = addOne(database);
		await lost;
		expect(await writing).toBe('added');
		expect(await counter(database)).toBe('2');
	});

	it('runs a transaction once although the connection broke before its COMMIT arrived', async () => {
		const database = await prepared(throughProxy());
		const lost = bench.proxy.cutBefore('\0COMMIT\0');
		const writing = addOne(database);
		await lost;
		expect(await writing).toBe('added');
		expect(await counter(database)).toBe('1');
	});

	/** As `addOne`; the COMMIT goes out with the last statement. */
	const addOneAtLast = (database: PostgresDatabase) =>
		database.write(function* () {
			const [item] = yield* together(readItem('s', 'counter'), putItem('s', 'before', 'x'));
			yield* lastly(putItem('s', 'counter', String(Number(item?.value ?? '0') + 1)));
			return 'added';
		});

	it.each(['cutAnswerTo', 'cutBefore'] as const)(
		'runs a transaction once that commits with its last statement, where the connection breaks (%s)',
		async (cut) => {
			const database = await prepared(throughProxy());
			await addOneAtLast(database);
			const lost = bench.proxy[cut]('\0COMMIT\0');
			const writing = addOneAtLast(database);
			await lost;
			expect(await writing).toBe('added');
			expect(await counter(database)).toBe('2');
		},
	);

	it('runs a transaction again that has met another one in an index', async () => {
		const database = await prepared(bench.server.url);
		const first = (lock: string) =>
			database.write(
				function* () {
					const found = yield* readItem('s', 'one');
					if (found !== undefined) return 'found';
					// Both have looked before either writes.
					yield* query('SELECT pg_sleep(0.3)');
					yield* query(
						`INSERT INTO ${TABLES.item} (scope, name, value, version, updated_at)
						VALUES ('s', 'one', 'x', 1, 0)`,
					);
					return 'written';
				},
				{ lock },
			);
		expect((await Promise.all([first('a'), first('b')])).sort()).toEqual(['found', 'written']);
	});

	it('waits for a transaction with which it shares one of its names, whatever the order', async () => {
		const database = await prepared(bench.server.url);
		const add = (...lock: string[]) =>
			database.write(
				function* () {
					const item = yield* readItem('s', 'counter');
					yield* query('SELECT pg_sleep(0.1)');
					yield* putItem('s', 'counter', String(Number(item?.value ?? '0') + 1));
				},
				{ lock },
			);
		await Promise.all([add('a', 'b'), add('b', 'a'), add('b'), add('b', 'c')]);
		expect(await counter(database)).toBe('4');
	});

	it('takes nothing of a transaction whose last statement fails', async () => {
		const database = await prepared(bench.server.url);
		const failing = database.write(function* () {
			yield* putItem('s', 'counter', '1');
			yield* lastly(query('SELECT 1 / 0'), putItem('s', 'counter', '2'));
		});
		await expect(failing).rejects.toThrow();
		expect(await counter(database)).toBeUndefined();
		expect(await addOneAtLast(database)).toBe('added');
	});

	it('starts again on a new connection where the idle ones have broken', async () => {
		const database = await prepared(throughProxy());
		await Promise.all([database.read(storeNow), database.read(storeNow)]);
		const before = bench.proxy.accepted;
		await bench.server.cutConnections();
		expect(await addOne(database)).toBe('added');
		expect(bench.proxy.accepted).toBeGreaterThan(before);
		bench.proxy.cut();
		expect(await counter(database)).toBe('1');
	});

	it('writes with connections that were opened while the database was read-only by default', async () => {
		const database = await prepared(bench.server.url);
		const name = new URL(bench.server.url).pathname.slice(1);
		await bench.server.sql(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
		await bench.server.cutConnections();
		await Promise.all([database.read(storeNow), database.read(storeNow)]);
		await bench.server.sql(
			`BEGIN READ WRITE; ALTER DATABASE "${name}" SET default_transaction_read_only = off; COMMIT`,
		);
		expect(await addOne(database)).toBe('added');
	});

	it('writes where transactions of the database are read-only by default', async () => {
		const database = await prepared(throughProxy(), { timing: { retryLimitMs: 0 } });
		await bench.server.sql(
			`ALTER DATABASE "${bench.server.name}" SET default_transaction_read_only = on`,
		);
		await bench.server.cutConnections();
		await Promise.all([database.read(storeNow), database.read(storeNow)]);
		const before = bench.proxy.accepted;
		expect(await addOne(database)).toBe('added');
		expect(bench.proxy.accepted).toBe(before);
	});

	it.each([
		['may only read', '25006'],
		['is in recovery', '0A000'],
	])(
		'does not use a connection again that says it %s, and writes with a new one',
		async (_what, code) => {
			const database = await prepared(throughProxy(), { timing: { retryLimitMs: 0 } });
			// As a standby that was promoted after these connections were opened.
			await bench.server
				.sql(`CREATE FUNCTION write_refused() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
			IF (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())
				< (SELECT promoted FROM promotion) THEN
				RAISE 'refused as a standby does' USING ERRCODE = '${code}';
			END IF;
			RETURN 1;
		END $$`);
			await bench.server.sql('CREATE TABLE promotion (promoted timestamptz)');
			await Promise.all([database.read(storeNow), database.read(storeNow)]);
			await bench.server.sql('INSERT INTO promotion SELECT clock_timestamp()');
			const before = bench.proxy.accepted;
			const answered = await database.write(function* () {
				return yield* query('SELECT public.write_refused() AS answered');
			});
			expect(answered).toEqual([{ answered: 1 }]);
			expect(bench.proxy.accepted).toBeGreaterThan(before);
		},
	);

	it.each(['25006', '0A000'])(
		'says that the database takes no writes where no connection may write (%s)',
		async (code) => {
			const database = await prepared(bench.server.url, { timing: { retryLimitMs: 0 } });
			const refused = database.write(function* () {
				yield* query(`DO $$ BEGIN RAISE 'no' USING ERRCODE = '${code}'; END $$`);
			});
			await expect(refused).rejects.toMatchObject({ code: 'VAULT_READ_ONLY' });
		},
	);

	it('keeps to two connections, shared by all who open the same database', async () => {
		const databases = [
			await prepared(throughProxy()),
			await open(throughProxy()),
			await open(throughProxy()),
		];
		await Promise.all(
			Array.from({ length: 30 }, async (_each, index) => {
				const database = databases[index % 3];
				if (database) await addOne(database);
			}),
		);
		const [first, second, third] = databases as [
			PostgresDatabase,
			PostgresDatabase,
			PostgresDatabase,
		];
		expect(await counter(first)).toBe('30');
		expect(bench.proxy.accepted).toBeLessThanOrEqual(2);
		await second.close();
		await third.close();
		expect(await counter(first)).toBe('30');
	});

	it('goes on from one reading transaction to the next, and leaves its connections as they were', async () => {
		const database = await prepared(throughProxy());
		const read = async () => await database.read(() => query('SELECT 1 AS one'));
		await Promise.all(Array.from({ length: 40 }, read));
		await Promise.all([addOne(database), read(), read(), read()]);
		await addOne(database);
		const pools = processState('pgPool1', () => new Map<string, { pool: Pool }>());
		const inUse = () => [...pools.values()].some(({ pool }) => pool.idleCount < pool.totalCount);
		while (inUse()) await loopTurn();
		const clients = [...pools.values()].map(({ pool }) => pool as unknown as PoolInside);
		const listeners = clients.flatMap(({ _clients }) =>
			_clients.map((client) => client.listenerCount('error')),
		);
		expect(listeners.length).toBeGreaterThan(0);
		expect(new Set(listeners)).toEqual(new Set([1]));
		expect(await counter(database)).toBe('2');
		expect(bench.proxy.accepted).toBeLessThanOrEqual(2);
	});

	it('prunes the log of attempts by way of its index', async () => {
		const database = await prepared(bench.server.url);
		const first = pruneAttempts().next();
		const [statement] = first.done === true ? [] : statementsOf(first.value);
		const plan = await database.write(function* () {
			yield* query('SET LOCAL enable_seqscan = off');
			return yield* query(`EXPLAIN ${statement?.sql}`, [...(statement?.params ?? [])]);
		});
		const text = plan.map((row) => String(row['QUERY PLAN'])).join('\n');
		expect(text).toMatch(/attempt_started/);
	});

	it('is silent only after longer than the server itself may take for one batch', () => {
		const { silenceLimitMs, lockLimitMs, statementLimitMs } = DEFAULT_POSTGRES_TIMING;
		expect(silenceLimitMs).toBeGreaterThan(3 * lockLimitMs + statementLimitMs);
	});

	it('leaves nothing in the session, as a pooler in transaction mode needs it', async () => {
		const url = throughProxy();
		const database = await prepared(url);
		await addOne(database);
		const states = await bench.server.sql(
			"SELECT query, state FROM pg_stat_activity WHERE application_name = 'n8n-nodes-exactonline-docuware' AND datname = current_database()",
		);
		expect(states.length).toBeGreaterThan(0);
		for (const { state } of states) expect(state).toBe('idle');
		const left = await bench.server.sql(
			"SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
		);
		expect(left[0]?.locks).toBe(0);
	});

	describe('two transactions at a time', () => {
		/** Waits inside a transaction until this is so, and says whether it came to be. */
		function* untilThere(sql: string): SqlTransaction<boolean> {
			for (let looks = 0; looks < 100; looks += 1) {
				if ((yield* query(sql)).length > 0) return true;
				yield* query('SELECT pg_sleep(0.02)');
			}
			return false;
		}
		const written = `SELECT 1 AS there FROM ${TABLES.item} WHERE name = 'other'`;
		const waits = "SELECT 1 AS there FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

		it.each([
			['run beside each other where they touch different things', 'a', 'b', true],
			['run one after the other where they touch the same', 'a', 'a', false],
			['run one after the other where the first may touch everything', undefined, 'a', false],
			['run one after the other where the second may touch everything', 'a', undefined, false],
		])('%s', async (_what, first, second, beside) => {
			const seen: boolean[] = [];
			const database = await prepared(bench.server.url);
			let other: Promise<void> | undefined;
			await database.write(
				function* () {
					yield* storeNow();
					other ??= database.write(() => putItem('s', 'other', 'x'), { lock: second });
					seen.push(yield* untilThere(beside ? written : waits));
					seen.push((yield* query(written)).length > 0);
				},
				{ lock: first },
			);
			await other;
			expect(seen).toEqual([true, beside]);
			expect(await database.read(() => query(written))).toHaveLength(1);
		});
	});

	it('does nothing outside a transaction that could not be begun', async () => {
		const database = await prepared(bench.server.url);
		await expect(
			database.write(function* () {
				yield [
					{ sql: 'SELECT 1 / (SELECT 0)', params: [] },
					{ sql: `INSERT INTO ${TABLES.meta} (name, value) VALUES ('stray', 'x')`, params: [] },
				];
			}),
		).rejects.toThrow();
		const stray = `SELECT name FROM ${TABLES.meta} WHERE name = 'stray'`;
		expect(await database.read(() => query(stray))).toEqual([]);
	});

	it('keeps to its schema and prefix, next to another vault in the same database', async () => {
		await bench.server.sql('CREATE SCHEMA "Own schema"');
		const plain = await prepared(bench.server.url);
		const url = new URL(bench.server.url);
		url.searchParams.set('schema', 'Own schema');
		url.searchParams.set('prefix', 'pre"fix_');
		const own = await prepared(url.href);
		await addOne(own);
		await addOne(own);
		await addOne(plain);
		expect(await counter(own)).toBe('2');
		expect(await counter(plain)).toBe('1');
		const tables = await bench.server.sql(
			`SELECT tablename FROM pg_tables WHERE schemaname = 'Own schema' ORDER BY tablename`,
		);
		expect(tables).toHaveLength(Object.keys(TABLES).length);
		for (const { tablename } of tables) expect(tablename).toMatch(/^pre"fix_exactonline_docuware_/);
	});

	it('is durable although the database was set to lazy commits', async () => {
		await bench.server.sql(`ALTER DATABASE "${bench.server.name}" SET synchronous_commit = off`);
		const database = await prepared(bench.server.url);
		const [row] = await database.write(() =>
			query("SELECT current_setting('synchronous_commit') AS value"),
		);
		expect(row?.value).toBe('on');
	});

	it('does not wait for the disk with what may be lost', async () => {
		const database = await prepared(bench.server.url);
		const setting = () => query("SELECT current_setting('synchronous_commit') AS value");
		const [lost] = await database.write(setting, { mayBeLost: true });
		expect(lost?.value).toBe('off');
		const [kept] = await database.write(setting);
		expect(kept?.value).toBe('on');
	});

	it('refuses numbers that are none, and keeps a text with NUL readable', async () => {
		const database = await prepared(bench.server.url);
		const name = randomUUID();
		await database.write(() => putItem('s', name, 'a\u0000b'));
		expect((await database.read(() => readItem('s', name)))?.value).toBe('a\ufffdb');
		await expect(
			database.write(function* () {
				yield { sql: 'SELECT $1::bigint', params: [Number.NaN] };
			}),
		).rejects.toThrow('finite');
	});
});
