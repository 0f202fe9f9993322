import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { processState } from '../../../../nodes/shared/process/processState';
import { openSqliteDatabase } from '../../../../nodes/shared/vault/database/openSqliteDatabase';
import { openPostgresDatabase } from '../../../../nodes/shared/vault/database/openPostgresDatabase';
import type { SqlDatabase } from '../../../../nodes/shared/vault/database/sqlDatabase';
import type { SqliteDatabase } from '../../../../nodes/shared/vault/database/sqliteDatabase';
import { readEncryptionKey } from '../../../../nodes/shared/vault/encryptionKey';
import { putItem } from '../../../../nodes/shared/vault/rows/items';
import { readRecord } from '../../../../nodes/shared/vault/rows/records';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { Sealer } from '../../../../nodes/shared/vault/sealing';
import type { SecretSave } from '../../../../nodes/shared/vault/spending/secretSave';
import { Vault } from '../../../../nodes/shared/vault/vault';
import type { TestDatabase, TestPostgres } from '../../../support/postgres/testPostgres';
import { startTestPostgres } from '../../../support/postgres/testPostgres';
import { until } from '../../../support/until';
import { addRecord, beginSave, justNow } from './support/sampleRecord';
import type { TestStore } from './support/stores';
import { TestStores } from './support/stores';
import { VaultProcess } from './support/vaultProcesses';

const SECRET = { refreshToken: 'the received secret', padding: 'x'.repeat(100_000) };

async function openVault(
	store: TestStore,
	database: SqlDatabase,
	spillFolder = join(store.folder, 'spill'),
): Promise<Vault> {
	const sealer = new Sealer(await readEncryptionKey(store.env));
	return await Vault.open(database, sealer, store.env, {
		spillFolders: [spillFolder],
		saveLimitMs: 100,
	});
}

/** Whether a save has failed and is being tried again by this process. */
function isUnsaved({ recordId }: SecretSave): boolean {
	const unsaved = processState('unsavedSecrets1', () => new Set<{ save: SecretSave }>());
	return [...unsaved].some(({ save }) => save.recordId === recordId);
}

/** The secret must be in the spill, sealed and private, and nowhere in the clear. */
async function expectSealedSpill(store: TestStore): Promise<void> {
	const folder = join(store.folder, 'spill');
	const names = await readdir(folder);
	expect(names).toHaveLength(1);
	const file = join(folder, String(names[0]));
	expect((await stat(file)).mode & 0o777).toBe(0o600);
	expect(await readFile(file, 'utf8')).not.toContain('the received secret');
}

async function expectSecretIn(vault: Vault, recordId: string): Promise<void> {
	const record = await vault.read(() => readRecord(recordId));
	expect(record).toMatchObject({ generation: 2, state: 'active' });
	expect(record && vault.openSecret(record)).toEqual(SECRET);
}

describe('a save that SQLite does not take', () => {
	const stores = new TestStores('sqlite');
	let store: TestStore;
	let database: SqliteDatabase;
	let vault: Vault;
	let save: SecretSave;
	const processes: VaultProcess[] = [];
	const file = () => join(store.folder, 'vault.sqlite');

	beforeEach(async () => {
		store = await stores.create();
		database = await openSqliteDatabase(file(), { busyLimitMs: 50 });
		vault = await openVault(store, database);
		save = await beginSave(vault, await addRecord(vault), SECRET);
	});
	afterEach(async () => {
		await Promise.all(processes.splice(0).map(async (process) => await process.close()));
		await vault.close();
	});
	afterAll(async () => await stores.stop());

	/** As the vault under test, but it goes on trying. */
	const openPatient = async () => {
		const sealer = new Sealer(await readEncryptionKey(store.env));
		return await Vault.open(await openSqliteDatabase(file()), sealer, store.env, {
			spillFolders: [join(store.folder, 'spill')],
			saveLimitMs: 30_000,
		});
	};

	/** What stands in the spill files. */
	const spilled = async () => {
		const folder = join(store.folder, 'spill');
		const names = await readdir(folder).catch(() => []);
		const texts = names.map(
			async (name) => await readFile(join(folder, name), 'utf8').catch(() => ''),
		);
		return (await Promise.all(texts)).join('');
	};

	const provoke = () => vault.write(() => putItem('s', 'n', 'y'.repeat(100_000)));

	const faults = {
		'query_only (read-only database)': {
			code: 'VAULT_READ_ONLY',
			strike: () => database.connection.exec('PRAGMA query_only = ON'),
			end: () => database.connection.exec('PRAGMA query_only = OFF'),
		},
		'max_page_count (disk full)': {
			code: 'VAULT_FULL',
			strike: () => database.connection.exec('PRAGMA max_page_count = 1'),
			end: () => database.connection.exec('PRAGMA max_page_count = 1073741823'),
		},
	};

	it.each(Object.entries(faults))(
		'because of %s survives in a spill and is there at the next use in another process',
		async (_name, fault) => {
			fault.strike();
			await expect(provoke()).rejects.toMatchObject({ code: fault.code });
			await expect(vault.saveSecret(save, justNow)).rejects.toMatchObject({
				code: 'VAULT_SAVE_FAILED',
				retryable: true,
			});
			expect((await vault.read(() => readRecord(save.recordId)))?.generation).toBe(1);
			await expectSealedSpill(store);

			const other = await VaultProcess.start(store.env);
			processes.push(other);
			await other.call('replayUnsaved');
			await expectSecretIn(vault, save.recordId);
			expect(await readdir(join(store.folder, 'spill'))).toEqual([]);
			fault.end();
			await vault.replayUnsaved();
			await expectSecretIn(vault, save.recordId);
		},
	);

	it('because another process keeps the file locked is saved at the next use', async () => {
		const holder = spawn(process.execPath, [
			'--no-warnings',
			'-e',
			'const db = new (require("node:sqlite").DatabaseSync)(process.argv[1]); db.exec("BEGIN IMMEDIATE"); console.log("locked"); process.stdin.resume(); process.stdin.on("end", () => process.exit())',
			file(),
		]);
		await once(holder.stdout, 'data');
		let turns = 0;
		const ticking = setInterval(() => (turns += 1), 1);
		await expect(provoke()).rejects.toMatchObject({
			code: 'VAULT_LOCKED',
			message: expect.stringContaining(file()) as string,
		});
		clearInterval(ticking);
		// The foreign lock did not stop the event loop.
		expect(turns).toBeGreaterThan(1);
		await expect(vault.saveSecret(save, justNow)).rejects.toMatchObject({
			code: 'VAULT_SAVE_FAILED',
		});
		const exited = once(holder, 'exit');
		holder.stdin.end();
		await exited;
		await vault.replayUnsaved();
		await expectSecretIn(vault, save.recordId);
	});

	it('is kept in memory where no folder takes a spill', async () => {
		const noFolder = join(store.folder, 'a file');
		await writeFile(noFolder, '');
		const poor = await openVault(store, await openSqliteDatabase(file()), join(noFolder, 'spill'));
		const ownDatabase = await openSqliteDatabase(file());
		const blocked = await openVault(store, ownDatabase, join(noFolder, 'spill'));
		ownDatabase.connection.exec('PRAGMA query_only = ON');
		await expect(blocked.saveSecret(save, justNow)).rejects.toMatchObject({
			code: 'VAULT_SAVE_FAILED',
			repair: expect.stringContaining('in memory only') as string,
		});
		await poor.replayUnsaved();
		await expectSecretIn(vault, save.recordId);
		await Promise.all([poor.close(), blocked.close()]);
	});

	it('for one record holds up no other one', async () => {
		const other = await beginSave(vault, await addRecord(vault), SECRET);
		database.connection.exec('PRAGMA query_only = ON');
		for (const one of [save, other]) {
			await expect(vault.saveSecret(one, justNow)).rejects.toMatchObject({
				code: 'VAULT_SAVE_FAILED',
			});
		}
		database.connection.exec('PRAGMA query_only = OFF');
		database.connection.exec(`CREATE TRIGGER refuses BEFORE UPDATE ON ${TABLES.record}
			WHEN OLD.id = '${save.recordId}' BEGIN SELECT RAISE(ABORT, 'refused'); END`);
		await expect(vault.replayUnsaved(save.recordId)).rejects.toThrow();
		await vault.replayUnsaved();
		await expectSecretIn(vault, other.recordId);
		expect((await vault.read(() => readRecord(save.recordId)))?.generation).toBe(1);
		database.connection.exec('DROP TRIGGER refuses');
		await vault.replayUnsaved();
		await expectSecretIn(vault, save.recordId);
	});

	it('and that somebody else brings in meanwhile leaves the spill of the next secret alone', async () => {
		const other = await beginSave(vault, await addRecord(vault), SECRET);
		const patient = await openPatient();
		const refuse = (id: string) =>
			database.connection.exec(`CREATE TRIGGER refuses BEFORE UPDATE ON ${TABLES.record}
				WHEN OLD.id = '${id}' BEGIN SELECT RAISE(ABORT, 'refused'); END`);
		const allow = () => database.connection.exec('DROP TRIGGER refuses');
		refuse(save.recordId);
		await patient.expectSecret(async () => await Promise.resolve());
		const first = patient.saveSecret(save, justNow);
		await until(async () => (await spilled()).includes(save.recordId));
		await until(() => isUnsaved(save));
		allow();
		await patient.replayUnsaved(save.recordId);
		await expectSecretIn(vault, save.recordId);
		// The next secret comes while the first save has not yet looked again.
		refuse(other.recordId);
		const second = patient.saveSecret(other, justNow);
		await until(async () => (await spilled()).includes(other.recordId));
		await expect(first).resolves.toBe('saved');
		expect(await spilled()).toContain(other.recordId);
		allow();
		await expect(second).resolves.toBe('saved');
		await patient.close();
		expect(await spilled()).toBe('');
	});

	it('that waits in a file which the key does not open stops only its own record', async () => {
		database.connection.exec('PRAGMA query_only = ON');
		await expect(vault.saveSecret(save, justNow)).rejects.toMatchObject({
			code: 'VAULT_SAVE_FAILED',
		});
		const folder = join(store.folder, 'spill');
		const spill = join(folder, String((await readdir(folder))[0]));
		const damaged = (await readFile(spill, 'utf8')).replace(
			/"sealed":"v1\...../,
			'"sealed":"v1.AAAA',
		);
		const other = await VaultProcess.start(store.env);
		processes.push(other);
		await writeFile(spill, damaged);
		await other.call('replayUnsaved');
		await expect(other.call('replayUnsaved', save.recordId)).rejects.toMatchObject({
			code: 'VAULT_SPILL_UNREADABLE',
			message: expect.stringContaining(spill) as string,
		});
		await other.call('replayUnsaved', 'another record');
		// The process that received it still has it.
		database.connection.exec('PRAGMA query_only = OFF');
		await vault.replayUnsaved(save.recordId);
		await expectSecretIn(vault, save.recordId);
	});
});

describe('a save that PostgreSQL does not take', () => {
	/** Only for the folders; the databases come from the server of these tests. */
	const stores = new TestStores('sqlite');
	let postgres: TestPostgres;
	let store: TestStore;
	let vault: Vault;
	let save: SecretSave;

	beforeAll(async () => {
		postgres = await startTestPostgres();
	});
	afterAll(async () => {
		await stores.stop();
		await postgres.close();
	});

	const prepare = async (url: string) => {
		store = await stores.create();
		store.env.N8N_EXACTONLINE_DOCUWARE_VAULT = url;
		vault = await openVault(
			store,
			await openPostgresDatabase(url, store.env, { timing: { retryLimitMs: 100 } }),
		);
		save = await beginSave(vault, await addRecord(vault), SECRET);
	};
	const provoke = () => vault.write(() => putItem('s', 'n', 'value'));

	/** Every write is answered as a standby answers it, on whatever connection it comes. */
	const refuseWrites = async (database: TestDatabase) => {
		await database.sql(`CREATE FUNCTION refuse_write() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN RAISE 'cannot execute in a read-only transaction' USING ERRCODE = '25006'; END $$`);
		for (const table of Object.values(TABLES)) {
			await database.sql(`CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE ON ${table}
				FOR EACH STATEMENT EXECUTE FUNCTION refuse_write()`);
		}
	};

	it('because the server was stopped is spilled, and saved once it is back', async () => {
		const database = await postgres.createDatabase();
		await prepare(database.url);
		await postgres.takeAway();
		await expect(provoke()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE', retryable: true });
		await expect(vault.saveSecret(save, justNow)).rejects.toMatchObject({
			code: 'VAULT_SAVE_FAILED',
		});
		await expectSealedSpill(store);
		await postgres.bringBack();

		const other = await VaultProcess.start(store.env);
		await other.call('replayUnsaved');
		await other.end();
		await expectSecretIn(vault, save.recordId);
		await vault.close();
	});

	it('because the database became read-only is spilled, and saved later', async () => {
		const database = await postgres.createDatabase();
		const role = await database.createRole();
		await database.sql(`GRANT CREATE ON SCHEMA public TO "${role.name}"`);
		await prepare(role.url);
		await refuseWrites(database);
		await expect(provoke()).rejects.toMatchObject({ code: 'VAULT_READ_ONLY' });
		await expect(vault.saveSecret(save, justNow)).rejects.toMatchObject({
			code: 'VAULT_SAVE_FAILED',
		});
		await expectSealedSpill(store);
		// What is there can still be read.
		expect((await vault.read(() => readRecord(save.recordId)))?.generation).toBe(1);

		await database.sql('DROP FUNCTION refuse_write() CASCADE');
		await vault.replayUnsaved();
		await expectSecretIn(vault, save.recordId);
		await vault.close();
	});
});
