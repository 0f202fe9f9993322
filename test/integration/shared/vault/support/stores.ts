import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SqlDatabase } from '../../../../../nodes/shared/vault/database/sqlDatabase';
import type { Environment } from '../../../../../nodes/shared/process/environment';
import { readEncryptionKey } from '../../../../../nodes/shared/vault/encryptionKey';
import { vaultLocation } from '../../../../../nodes/shared/vault/place/location';
import { openDatabase } from '../../../../../nodes/shared/vault/place/openDatabase';
import { Sealer } from '../../../../../nodes/shared/vault/sealing';
import type { VaultOptions } from '../../../../../nodes/shared/vault/vault';
import { Vault } from '../../../../../nodes/shared/vault/vault';
import type { TestDatabase, TestPostgres } from '../../../../support/postgres/testPostgres';
import { startTestPostgres } from '../../../../support/postgres/testPostgres';

export type Engine = 'sqlite' | 'postgres';

export const ENGINES: Engine[] = ['sqlite', 'postgres'];

/** One empty vault of its own, with a user folder of its own. */
export interface TestStore {
	/** What a process needs to open this vault. */
	env: Environment;
	folder: string;
	/** The database behind it, where the engine is PostgreSQL. */
	server?: TestDatabase;
	/** The file of the database, where the engine is SQLite. */
	file?: string;
	openDatabase(): Promise<SqlDatabase>;
	open(options?: VaultOptions): Promise<Vault>;
}

/** Makes stores of one engine for one test file, and clears them away. */
export class TestStores {
	private postgres?: TestPostgres;

	private readonly folders: string[] = [];

	private readonly vaults: Vault[] = [];

	constructor(private readonly engine: Engine) {}

	async start(): Promise<void> {
		if (this.engine === 'postgres') this.postgres = await startTestPostgres();
	}

	async create(): Promise<TestStore> {
		const folder = await mkdtemp(join(tmpdir(), 'vault-test-'));
		this.folders.push(folder);
		const server = await this.postgres?.createDatabase();
		const file = join(folder, 'vault.sqlite');
		const env: Environment = {
			N8N_USER_FOLDER: folder,
			N8N_ENCRYPTION_KEY: 'key of the test instance',
			N8N_EXACTONLINE_DOCUWARE_VAULT: server?.url ?? `sqlite:${file}`,
		};
		const openStore = async () => await openDatabase(vaultLocation(env), env);
		return {
			env,
			folder,
			...(server ? { server } : { file }),
			openDatabase: openStore,
			open: async (options = {}) => {
				const sealer = new Sealer(await readEncryptionKey(env));
				const vault = await Vault.open(await openStore(), sealer, env, {
					spillFolders: [join(folder, 'spill')],
					...options,
				});
				this.vaults.push(vault);
				return vault;
			},
		};
	}

	/** Closes every vault opened by the test that has just ended. */
	async closeVaults(): Promise<void> {
		await Promise.all(this.vaults.splice(0).map(async (vault) => await vault.close()));
	}

	async stop(): Promise<void> {
		await this.closeVaults();
		await this.postgres?.close();
		await Promise.all(
			this.folders.map(async (folder) => await rm(folder, { recursive: true, force: true })),
		);
	}
}
