import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exactChainPolicy } from '../../../nodes/ExactOnline/auth/chainPolicy';
import { TokenChain } from '../../../nodes/shared/tokenChain/tokenChain';
import { openPostgresDatabase } from '../../../nodes/shared/vault/database/openPostgresDatabase';
import { openSqliteDatabase } from '../../../nodes/shared/vault/database/openSqliteDatabase';
import type { SqlDatabase } from '../../../nodes/shared/vault/database/sqlDatabase';
import type { LeaseTiming } from '../../../nodes/shared/vault/leaseHolding';
import { Sealer } from '../../../nodes/shared/vault/sealing';
import { Vault } from '../../../nodes/shared/vault/vault';
import type { TestPostgres } from '../postgres/testPostgres';
import { startTestPostgres } from '../postgres/testPostgres';
import { TEST_KEY, TEST_TIMING } from './chainFixture';
import type { StoreLocation, WorkerOptions } from './workerMessages';

/** A store for tests that use several processes: its place, and a folder for spills. */
export interface ChainStore {
	readonly location: StoreLocation;
	readonly spillFolder: string;
	close(): Promise<void>;
}

/** The vault of this test process on that store. */
export interface OpenedChain {
	vault: Vault;
	chain: TokenChain;
	close(): Promise<void>;
}

/** Makes stores of one engine; PostgreSQL is started once for all of them. */
export interface ChainStores {
	/** The server, where there is one. */
	readonly postgres: TestPostgres | undefined;
	create(): Promise<ChainStore>;
	close(): Promise<void>;
}

/** The owner of an identity may be named. */
export const TELL_OWNER = { ownerAlways: false, ownerFromHook: false } as const;

/** Both engines, for `describe.each`. */
export const ENGINES = ['sqlite', 'postgres'] as const;

export type Engine = (typeof ENGINES)[number];

/** Starts what stores of this engine need. */
export async function startChainStores(engine: Engine): Promise<ChainStores> {
	const postgres = engine === 'postgres' ? await startTestPostgres() : undefined;
	return {
		postgres,
		async create() {
			const folder = await mkdtemp(join(tmpdir(), 'chain-store-'));
			const location: StoreLocation =
				postgres === undefined
					? { engine: 'sqlite', file: join(folder, 'vault.sqlite') }
					: { engine: 'postgres', url: (await postgres.createDatabase()).url };
			return {
				location,
				spillFolder: join(folder, 'spill'),
				close: async () => await rm(folder, { recursive: true, force: true }),
			};
		},
		close: async () => await postgres?.close(),
	};
}

/** Opens the database at a location with the limits that a worker was given. */
export async function openStoreDatabase(
	options: Pick<WorkerOptions, 'store' | 'busyLimitMs' | 'postgresTiming'>,
): Promise<SqlDatabase> {
	const { store, busyLimitMs, postgresTiming } = options;
	return store.engine === 'sqlite'
		? await openSqliteDatabase(store.file, busyLimitMs === undefined ? {} : { busyLimitMs })
		: await openPostgresDatabase(
				store.url,
				{},
				postgresTiming === undefined ? {} : { timing: postgresTiming },
			);
}

/** Opens a vault with the tests' key on a database. */
export async function openChainVault(
	database: SqlDatabase,
	options: { spillFolder: string; timing: LeaseTiming; saveLimitMs?: number; key?: string },
): Promise<Vault> {
	const sealer = new Sealer({ secret: options.key ?? TEST_KEY, source: 'the test' });
	return await Vault.open(
		database,
		sealer,
		{},
		{
			timing: options.timing,
			spillFolders: [options.spillFolder],
			...(options.saveLimitMs === undefined ? {} : { saveLimitMs: options.saveLimitMs }),
		},
	);
}

/** Opens the vault of a store in this process. */
export async function openChain(
	store: ChainStore,
	timing: LeaseTiming = TEST_TIMING,
): Promise<OpenedChain> {
	const database = await openStoreDatabase({ store: store.location });
	const vault = await openChainVault(database, { spillFolder: store.spillFolder, timing });
	return {
		vault,
		chain: new TokenChain(vault, exactChainPolicy, TELL_OWNER),
		close: async () => await vault.close(),
	};
}
