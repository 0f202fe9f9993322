import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Holder } from '../../../../nodes/shared/process/holder';
import { thisHolder } from '../../../../nodes/shared/process/holder';
import type { SqliteDatabase } from '../../../../nodes/shared/vault/database/sqliteDatabase';
import { openSqliteDatabase } from '../../../../nodes/shared/vault/database/openSqliteDatabase';
import { readEncryptionKey } from '../../../../nodes/shared/vault/encryptionKey';
import { recordLease } from '../../../../nodes/shared/vault/rows/leases';
import { readRecord } from '../../../../nodes/shared/vault/rows/records';
import { insertRival, readRival } from '../../../../nodes/shared/vault/rows/rivals';
import { Sealer } from '../../../../nodes/shared/vault/sealing';
import type { SecretSave } from '../../../../nodes/shared/vault/spending/secretSave';
import { spillFrame, spillHeader } from '../../../../nodes/shared/vault/spending/spillFrame';
import { Vault } from '../../../../nodes/shared/vault/vault';
import { until } from '../../../support/until';
import { addRecord, beginSave, justNow, sampleRival } from './support/sampleRecord';
import type { TestStore } from './support/stores';
import { TestStores } from './support/stores';
import { VaultProcess } from './support/vaultProcesses';

/** Between two looks in the background, in milliseconds. */
const BACKGROUND_PAUSE_MS = 5_000;

const stores = new TestStores('sqlite');
let store: TestStore;
let database: SqliteDatabase;
let vault: Vault;
let save: SecretSave;

beforeEach(async () => {
	store = await stores.create();
	database = await openSqliteDatabase(join(store.folder, 'vault.sqlite'));
	const sealer = new Sealer(await readEncryptionKey(store.env));
	vault = await Vault.open(database, sealer, store.env, {
		spillFolders: [folder()],
		saveLimitMs: 0,
	});
	save = await beginSave(vault, await addRecord(vault));
});
afterEach(async () => {
	jest.useRealTimers();
	await vault.close();
});
afterAll(async () => await stores.stop());

const folder = () => join(store.folder, 'spill');

async function storedGeneration(): Promise<number | undefined> {
	return (await vault.read(() => readRecord(save.recordId)))?.generation;
}

/** A spill as a process has left it that stands between its write and its save. */
async function spillOf(holder: Holder, name = 'one'): Promise<string> {
	const file = join(folder(), `${name}.spill`);
	await mkdir(folder(), { mode: 0o700, recursive: true });
	const bytes = [spillHeader(holder), spillFrame({ vaultId: vault.vaultId, save })];
	await writeFile(file, Buffer.concat(bytes), { mode: 0o600 });
	return file;
}

async function age(file: string, seconds: number): Promise<void> {
	const at = new Date(Date.now() - seconds * 1_000);
	await utimes(file, at, at);
}

describe('a spill of a process that lives', () => {
	let writer: VaultProcess;

	beforeEach(async () => {
		writer = await VaultProcess.start(store.env);
	});
	afterEach(async () => await writer.close());

	const holderOf = async () => (await writer.call('holder')) as Holder;

	it('is left to it for 30 s', async () => {
		const file = await spillOf(await holderOf());
		await vault.replayUnsaved(save.recordId);
		await age(file, 25);
		await vault.replayUnsaved();
		expect(await storedGeneration()).toBe(1);
		expect(await readdir(folder())).toEqual(['one.spill']);
		await age(file, 31);
		await vault.replayUnsaved(save.recordId);
		expect(await storedGeneration()).toBe(2);
		expect(await readdir(folder())).toEqual([]);
	});

	it('is taken at once where that process has died', async () => {
		await spillOf(await holderOf());
		await writer.kill();
		await vault.replayUnsaved(save.recordId);
		expect(await storedGeneration()).toBe(2);
		expect(await readdir(folder())).toEqual([]);
	});

	it('is brought in by whoever holds the lease of its record by now, and its file is left to that process', async () => {
		const { recordId } = save;
		const file = await spillOf(await holderOf());
		const other = recordLease((await addRecord(vault)).id);
		await vault.withLease(other, { waitMs: 0 }, async (holding) => {
			await vault.replayUnsaved(undefined, holding);
		});
		expect(await storedGeneration()).toBe(1);
		await vault.withLease(recordLease(recordId), { waitMs: 0 }, async (holding) => {
			await vault.replayUnsaved(recordId, holding);
			expect(await storedGeneration()).toBe(2);
			await vault.replayUnsaved(recordId, holding);
		});
		expect(await storedGeneration()).toBe(2);
		expect(await readdir(folder())).toEqual(['one.spill']);
		// That process may be about to save it, and is told that it has.
		await expect(writer.call('save', save)).resolves.toBe('saved');
		await age(file, 31);
		await vault.replayUnsaved(recordId);
		expect(await storedGeneration()).toBe(2);
		expect(await readdir(folder())).toEqual([]);
	});

	// Red before: the file stayed until somebody used that record again.
	it('of which the secret was brought in goes by itself once it is old enough', async () => {
		const file = await spillOf(await holderOf());
		jest.useFakeTimers({ doNotFake: ['performance', 'Date', 'setImmediate', 'nextTick'] });
		await vault.withLease(recordLease(save.recordId), { waitMs: 0 }, async (holding) => {
			await vault.replayUnsaved(save.recordId, holding);
		});
		expect(await storedGeneration()).toBe(2);
		await age(file, 31);
		jest.advanceTimersByTime(31_000);
		await until(async () => (await readdir(folder())).length === 0);
		expect(await storedGeneration()).toBe(2);
	});

	// Red before: one that was brought in while another one was waited for stayed.
	it('goes by itself also where another one is to go before it', async () => {
		const holder = await holderOf();
		const files = [await spillOf(holder, 'first')];
		const first = save.recordId;
		save = await beginSave(vault, await addRecord(vault));
		files.push(await spillOf(holder, 'second'));
		jest.useFakeTimers({ doNotFake: ['performance', 'Date', 'setImmediate', 'nextTick'] });
		for (const recordId of [first, save.recordId]) {
			await vault.withLease(recordLease(recordId), { waitMs: 0 }, async (holding) => {
				await vault.replayUnsaved(recordId, holding);
			});
			jest.advanceTimersByTime(15_000);
		}
		await age(files[0]!, 31);
		jest.advanceTimersByTime(1_000);
		await until(async () => (await readdir(folder())).join() === 'second.spill');
		await age(files[1]!, 31);
		jest.advanceTimersByTime(31_000);
		await until(async () => (await readdir(folder())).length === 0);
	});

	it('is left alone by that process itself while its save is under way', async () => {
		await spillOf(thisHolder());
		await vault.replayUnsaved(save.recordId);
		expect(await storedGeneration()).toBe(1);
		expect(await readdir(folder())).toEqual(['one.spill']);
	});
});

it('a spill of a pair beside a record is brought in at the next use of that record', async () => {
	const { recordId } = save;
	await vault.write(() => insertRival(sampleRival(vault, 'pair', recordId)));
	save = {
		...save,
		recordId: 'pair',
		sealed: vault.sealSecret('pair', 2, { refreshToken: 'received for the pair' }),
	};
	const writer = await VaultProcess.start(store.env);
	await spillOf((await writer.call('holder')) as Holder);
	await writer.kill();
	await vault.replayUnsaved('another record');
	expect((await vault.read(() => readRival('pair')))?.generation).toBe(1);
	await vault.replayUnsaved(recordId);
	expect((await vault.read(() => readRival('pair')))?.generation).toBe(2);
	expect(await readdir(folder())).toEqual([]);
});

it('a save that failed is tried again in the background, without any use of its record', async () => {
	jest.useFakeTimers({ doNotFake: ['performance', 'Date', 'setImmediate', 'nextTick'] });
	database.connection.exec('PRAGMA query_only = ON');
	await expect(vault.saveSecret(save, justNow)).rejects.toMatchObject({
		code: 'VAULT_SAVE_FAILED',
	});
	expect(await readdir(folder())).toHaveLength(1);
	const tries = jest.spyOn(database, 'write');
	jest.advanceTimersByTime(BACKGROUND_PAUSE_MS);
	// The fault goes on: the next try is planned once this one has failed.
	expect(jest.getTimerCount()).toBe(0);
	await until(() => jest.getTimerCount() > 0);
	expect(tries).toHaveBeenCalled();
	expect(await storedGeneration()).toBe(1);

	database.connection.exec('PRAGMA query_only = OFF');
	jest.advanceTimersByTime(BACKGROUND_PAUSE_MS);
	await until(async () => (await readdir(folder())).length === 0);
	expect(await storedGeneration()).toBe(2);
});
