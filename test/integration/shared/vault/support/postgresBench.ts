import { openPostgresDatabase } from '../../../../../nodes/shared/vault/database/openPostgresDatabase';
import type { PostgresDatabase } from '../../../../../nodes/shared/vault/database/postgresDatabase';
import { putItem, readItem } from '../../../../../nodes/shared/vault/rows/items';
import { prepareSchema } from '../../../../../nodes/shared/vault/rows/schema';
import { Sealer } from '../../../../../nodes/shared/vault/sealing';
import type { TcpProxy } from '../../../../support/postgres/tcpProxy';
import { startTcpProxy } from '../../../../support/postgres/tcpProxy';
import type { TestDatabase, TestPostgres } from '../../../../support/postgres/testPostgres';
import { startTestPostgres } from '../../../../support/postgres/testPostgres';

type OpenOptions = Parameters<typeof openPostgresDatabase>[2];

/** What a test of the vault's PostgreSQL database gets. */
export interface PostgresBench {
	readonly postgres: TestPostgres;
	/** A new database for each test. */
	readonly server: TestDatabase;
	/** In front of the server. */
	readonly proxy: TcpProxy;
	/** Opens the vault's database; it is closed after the test. */
	open(url: string, options?: OpenOptions): Promise<PostgresDatabase>;
	/** The same, with its tables. */
	prepared(url: string, options?: OpenOptions): Promise<PostgresDatabase>;
	/** The URL of the new database by way of the proxy. */
	throughProxy(parameters?: string): string;
}

/** The key of these vaults. */
export const TEST_SEALER = new Sealer({ secret: 'key', source: 'test' });

/** Starts a server for a `describe`, with a database and a proxy for each test. */
export function usePostgres(): PostgresBench {
	let postgres: TestPostgres;
	let server: TestDatabase;
	let proxy: TcpProxy;
	const opened: PostgresDatabase[] = [];
	beforeAll(async () => {
		postgres = await startTestPostgres();
	});
	beforeEach(async () => {
		server = await postgres.createDatabase();
		proxy = await startTcpProxy(postgres.host, postgres.port);
	});
	afterEach(async () => {
		await Promise.all(opened.splice(0).map(async (database) => await database.close()));
		await proxy.close();
	});
	afterAll(async () => await postgres.close());
	const open = async (url: string, options: OpenOptions = {}) => {
		const database = await openPostgresDatabase(url, {}, options);
		opened.push(database);
		return database;
	};
	return {
		get postgres() {
			return postgres;
		},
		get server() {
			return server;
		},
		get proxy() {
			return proxy;
		},
		open,
		async prepared(url, options) {
			const database = await open(url, options);
			await prepareSchema(database, TEST_SEALER);
			return database;
		},
		throughProxy(parameters = '') {
			const url = new URL(`${server.url}${parameters}`);
			url.hostname = '127.0.0.1';
			url.port = String(proxy.port);
			return url.href;
		},
	};
}

/** Counts up in one transaction. */
export async function addOne(database: PostgresDatabase): Promise<string> {
	return await database.write(function* () {
		const item = yield* readItem('s', 'counter');
		yield* putItem('s', 'counter', String(Number(item?.value ?? '0') + 1));
		return 'added';
	});
}

/** What `addOne` has counted. */
export async function counter(database: PostgresDatabase): Promise<string | undefined> {
	return (await database.read(() => readItem('s', 'counter')))?.value;
}
