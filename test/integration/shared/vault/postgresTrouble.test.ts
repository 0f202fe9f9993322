import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import dns from 'node:dns';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect, createServer } from 'node:net';

import { Client } from 'pg';

import { putItem, readItem } from '../../../../nodes/shared/vault/rows/items';
import { prepareSchema, TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { startTcpProxy } from '../../../support/postgres/tcpProxy';
import { addOne, counter, TEST_SEALER, usePostgres } from './support/postgresBench';

/** What every error must do: name the place, and keep user and password to itself. */
async function expectError(
	failing: Promise<unknown>,
	code: string,
	url: string,
	words: string,
): Promise<void> {
	const error = (await failing.then(
		() => {
			throw new Error('nothing failed');
		},
		(reason: unknown) => reason,
	)) as Error & { code: string; repair: string; cause?: Error };
	expect(error).toMatchObject({ code });
	const { hostname, pathname, username, password } = new URL(url);
	expect(error.message).toContain(hostname);
	expect(error.message).toContain(pathname.slice(1));
	expect(`${error.message} ${error.repair}`).toContain(words);
	const everything = `${error.message} ${error.repair} ${String(error.cause)}`;
	expect(everything).not.toContain(decodeURIComponent(password));
	expect(everything).not.toContain(`${username}@`);
	expect(everything).not.toContain(`"${username}"`);
}

/** The first error of a connection that this process opens from now on. */
async function firstError(): Promise<Error> {
	return await new Promise((resolve) => {
		const look = (message: unknown) => {
			const { socket } = message as { socket: Socket };
			socket.once('error', (error) => {
				unsubscribe('net.client.socket', look);
				resolve(error);
			});
		};
		subscribe('net.client.socket', look);
	});
}

/** The number of a lock that no vault takes. */
const GATE = 4711;

describe('where the PostgreSQL database cannot do its work, it', () => {
	const bench = usePostgres();
	const { open, prepared, throughProxy } = bench;

	it('waits for the writes of others, and says so when they take too long', async () => {
		const database = await prepared(bench.server.url, { timing: { lockLimitMs: 200 } });
		const other = await open(bench.server.url, {
			timing: { idleLimitMs: 60_000, lockLimitMs: 60_000 },
		});
		const gate = new Client({ connectionString: bench.server.url });
		await gate.connect();
		await gate.query(`SELECT pg_advisory_lock(${GATE})`);
		let started = () => {};
		const blocking = new Promise<void>((resolve) => {
			started = resolve;
		});
		const holding = other.write(function* () {
			yield* putItem('s', 'n', 'value');
			started();
			yield { sql: `SELECT pg_advisory_xact_lock(${GATE})`, params: [] };
		});
		try {
			await blocking;
			await expectError(addOne(database), 'VAULT_LOCKED', bench.server.url, 'pg_stat_activity');
			// Reading goes on meanwhile, on the state before.
			expect(await database.read(() => readItem('s', 'n'))).toBeUndefined();
		} finally {
			await gate.end();
		}
		await holding;
		expect(await addOne(database)).toBe('added');
	});

	it('gives up on a server that says nothing at all', async () => {
		const timing = { silenceLimitMs: 300, retryLimitMs: 100 };
		const database = await prepared(throughProxy('?connect_timeout=1'), { timing });
		bench.proxy.silence(true);
		await expectError(addOne(database), 'VAULT_UNAVAILABLE', throughProxy(), 'in time');
		await expectError(
			open(throughProxy('?connect_timeout=1&schema=other'), { timing }),
			'VAULT_UNAVAILABLE',
			throughProxy(),
			'in time',
		);
		bench.proxy.silence(false);
		expect(await addOne(database)).toBe('added');
	});

	it('works again after a restart of the server', async () => {
		const database = await prepared(bench.server.url, { timing: { retryLimitMs: 100 } });
		await addOne(database);
		await bench.postgres.takeAway();
		await expectError(addOne(database), 'VAULT_UNAVAILABLE', bench.server.url, 'running');
		await bench.postgres.bringBack();
		expect(await addOne(database)).toBe('added');
		expect(await counter(database)).toBe('2');
	});

	it('waits for a server that restarts, and so refuses connections for a moment', async () => {
		const closed = await startTcpProxy(bench.postgres.host, bench.postgres.port);
		const url = new URL(bench.server.url);
		url.host = `127.0.0.1:${closed.port}`;
		const database = await prepared(url.href);
		await addOne(database);
		await closed.close();
		const refusal = firstError();
		const adding = addOne(database);
		await expect(refusal).resolves.toMatchObject({ code: 'ECONNREFUSED' });
		const { host, port } = bench.postgres;
		const back = createServer((client) => void client.pipe(connect(port, host)).pipe(client));
		await once(back.listen(closed.port, '127.0.0.1'), 'listening');
		try {
			await expect(adding).resolves.toBe('added');
			expect(await counter(database)).toBe('2');
			await database.close();
		} finally {
			back.close();
		}
	});

	// Red before: only a server that refuses connections was waited for.
	it('waits for one whose name is known again in a moment, as in a network of containers', async () => {
		const proxy = await startTcpProxy(bench.postgres.host, bench.postgres.port);
		const url = new URL(bench.server.url);
		url.host = `localhost:${proxy.port}`;
		const database = await prepared(url.href);
		await addOne(database);
		const { lookup } = dns;
		const unknown = jest.spyOn(dns, 'lookup').mockImplementation(((...asked: unknown[]) => {
			const isOver = unknown.mock.calls.length > 6;
			const code = unknown.mock.calls.length % 2 === 0 ? 'ENOTFOUND' : 'EAI_AGAIN';
			if (isOver) (lookup as (...all: unknown[]) => void)(...asked);
			else (asked.at(-1) as (error: Error) => void)(Object.assign(new Error(code), { code }));
		}) as never);
		try {
			proxy.cut();
			await expect(addOne(database)).resolves.toBe('added');
			expect(unknown.mock.calls.length).toBeGreaterThan(6);
			expect(await counter(database)).toBe('2');
		} finally {
			unknown.mockRestore();
			await database.close();
			await proxy.close();
		}
	});

	it('tells what is wrong with the settings', async () => {
		const wrongPassword = new URL(bench.server.url);
		wrongPassword.password = 'wrong-password';
		await expectError(
			open(wrongPassword.href),
			'VAULT_UNAVAILABLE',
			wrongPassword.href,
			'refused the log-in',
		);
		const noDatabase = new URL(bench.server.url);
		noDatabase.pathname = '/there_is_none';
		await expectError(
			open(noDatabase.href),
			'VAULT_UNAVAILABLE',
			noDatabase.href,
			'does not exist',
		);
		const tls = `${bench.server.url}?sslmode=require`;
		await expectError(open(tls), 'VAULT_UNAVAILABLE', tls, 'encrypted connection');
		const hasty = { timing: { retryLimitMs: 100 } };
		const gone = await startTcpProxy(bench.postgres.host, bench.postgres.port);
		const closedPort = new URL(throughProxy());
		closedPort.port = String(gone.port);
		await gone.close();
		await expectError(
			open(closedPort.href, hasty),
			'VAULT_UNAVAILABLE',
			closedPort.href,
			'running',
		);
		const noHost = new URL(bench.server.url);
		noHost.hostname = 'host.invalid';
		await expectError(open(noHost.href, hasty), 'VAULT_UNAVAILABLE', noHost.href, 'not known');
	});

	it('tells when the role has no connection left', async () => {
		const role = await bench.server.createRole('CONNECTION LIMIT 0');
		await expectError(open(role.url), 'VAULT_UNAVAILABLE', role.url, 'connection');
	});

	it('prints the SQL where the right to create tables is missing; that SQL is enough', async () => {
		const role = await bench.server.createRole();
		const database = await open(role.url);
		const failure = await prepareSchema(database, TEST_SEALER).catch((error: unknown) => error);
		const { code, repair } = failure as { code: string; repair: string };
		expect(code).toBe('VAULT_SCHEMA_RIGHTS');
		const sql = repair
			.slice(repair.indexOf('CREATE SCHEMA'))
			.replaceAll('n8n_user', `"${role.name}"`);
		await bench.server.sql(sql);
		await prepareSchema(database, TEST_SEALER);
		expect(await addOne(database)).toBe('added');
		const tables = await bench.server.sql(
			"SELECT count(*)::int AS tables FROM pg_tables WHERE tablename LIKE 'exactonline_docuware_%' AND tableowner = current_user",
		);
		expect(tables[0]?.tables).toBe(Object.keys(TABLES).length);
	});

	it('says which schema is missing', async () => {
		const url = `${bench.server.url}?schema=nowhere`;
		const database = await open(url);
		await expectError(
			prepareSchema(database, TEST_SEALER),
			'VAULT_SCHEMA_RIGHTS',
			bench.server.url,
			'nowhere',
		);
	});
});
