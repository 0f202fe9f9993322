import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SqliteDatabase } from '../../../../../nodes/shared/vault/database/sqliteDatabase';
import { readRecord } from '../../../../../nodes/shared/vault/rows/records';
import { Sealer } from '../../../../../nodes/shared/vault/sealing';
import type { SecretSave } from '../../../../../nodes/shared/vault/spending/secretSave';
import { readSpills } from '../../../../../nodes/shared/vault/spending/spill';
import { SpillWriter } from '../../../../../nodes/shared/vault/spending/spillWriter';
import { Vault } from '../../../../../nodes/shared/vault/vault';
import {
	addRecord,
	beginSave,
	justNow,
} from '../../../../integration/shared/vault/support/sampleRecord';

type Done = (error: Error | null) => void;

/** The disk under the spills: how its writes and flushes go, and the flushes that it has not ended. */
const mockDisk = {
	beforeWrite: () => {},
	flush: (done: Done) => done(null),
	flushes: 0,
};

jest.mock('node:fs', () => {
	const real = jest.requireActual<typeof import('node:fs')>('node:fs');
	const writeSync = (descriptor: number, bytes: Buffer, ...place: number[]) => {
		mockDisk.beforeWrite();
		return real.writeSync(descriptor, bytes, ...place);
	};
	const fdatasync = (_descriptor: number, done: Done) => {
		mockDisk.flushes += 1;
		mockDisk.flush(done);
	};
	return { ...real, writeSync, fdatasync };
});

let folder: string;
let first: string;
let second: string;
let vault: Vault;
let save: SecretSave;
let writer: SpillWriter;
/** Ends the flushes that hang. */
let hanging: Done[];

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'vault-slow-disk-'));
	first = join(folder, 'first');
	second = join(folder, 'second');
	hanging = [];
	const sealer = new Sealer({ secret: 'a key for tests', source: 'the test' });
	const database = new SqliteDatabase(new DatabaseSync(':memory:'), ':memory:');
	vault = await Vault.open(database, sealer, {}, { spillFolders: [first, second] });
	save = await beginSave(vault, await addRecord(vault));
	writer = new SpillWriter([first, second]);
	await writer.prepare(2);
	jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(async () => {
	for (const done of hanging) done(null);
	mockDisk.beforeWrite = () => {};
	mockDisk.flush = (done) => done(null);
	mockDisk.flushes = 0;
	jest.useRealTimers();
	await writer.close();
	await vault.close();
	await rm(folder, { recursive: true, force: true });
});

function hangAtFlush(): void {
	mockDisk.flush = (done) => hanging.push(done);
}

const spill = () => ({ vaultId: vault.vaultId, save });

/** The save of a secret for which a file was opened. */
async function saved(): Promise<string> {
	return await vault.expectSecret(async () => await vault.saveSecret(save, justNow));
}

async function storedGeneration(): Promise<number | undefined> {
	return (await vault.read(() => readRecord(save.recordId)))?.generation;
}

describe('a disk that fails', () => {
	it.each<[string, () => void]>([
		['at the write', () => (mockDisk.beforeWrite = failing)],
		['at the flush', () => (mockDisk.flush = (done) => done(new Error('EIO')))],
	])('%s holds no save up, and the next spill goes to the other folder', async (_at, strike) => {
		strike();
		expect(await saved()).toBe('saved');
		expect(await storedGeneration()).toBe(2);
		expect(await writer.write(spill(), true)).toBeUndefined();
		mockDisk.beforeWrite = () => {};
		mockDisk.flush = (done) => done(null);
		// It is left alone for a minute, unless the save has failed.
		expect(await writer.write(spill(), true)).toBeUndefined();
		expect(await writer.write(spill(), false)).toContain(first);
		await writer.prepare(1);
		expect(await writer.write(spill(), false)).toContain(second);
	});

	function failing(): void {
		throw new Error('EIO');
	}
});

describe('a disk that is slow', () => {
	it('to flush is waited for 250 ms, and the event loop goes on meanwhile', async () => {
		hangAtFlush();
		const saving = saved();
		while (mockDisk.flushes === 0) await turnOfTheLoop();
		expect(await storedGeneration()).toBe(1);
		jest.advanceTimersByTime(249);
		await turnOfTheLoop();
		expect(await storedGeneration()).toBe(1);
		jest.advanceTimersByTime(1);
		expect(await saving).toBe('saved');
		expect(await storedGeneration()).toBe(2);
	});

	it('to flush is not asked again for a minute, nor while it hangs; what is written outlives the process', async () => {
		hangAtFlush();
		const late = writer.write(spill(), true);
		jest.advanceTimersByTime(250);
		const file = String(await late);
		expect(await readSpills([first], vault.vaultId)).toMatchObject([{ file, spill: spill() }]);
		const unflushed = async () => {
			const next = String(await writer.write(spill(), true));
			expect(await readSpills([first], vault.vaultId)).toHaveLength(2);
			expect(mockDisk.flushes).toBe(1);
			await writer.clear(next);
			await writer.prepare(1);
		};
		await unflushed();
		jest.advanceTimersByTime(61_000);
		await unflushed();
		for (const done of hanging.splice(0)) done(null);
		await turnOfTheLoop();
		mockDisk.flush = (done) => done(null);
		await writer.clear(file);
		await writer.write(spill(), true);
		expect(mockDisk.flushes).toBe(2);
	});

	it('to flush is left alone for the minute, also where it has come to its end', async () => {
		hangAtFlush();
		const late = writer.write(spill(), true);
		jest.advanceTimersByTime(250);
		await late;
		for (const done of hanging.splice(0)) done(null);
		await turnOfTheLoop();
		expect(await writer.write(spill(), true)).toContain(first);
		expect(mockDisk.flushes).toBe(1);
	});

	it('only by the look of it, because this process was busy, is not taken for slow', async () => {
		hangAtFlush();
		const writing = writer.write(spill(), true);
		// Both are due in the same turn of the loop, the timer first.
		jest.advanceTimersByTime(250);
		hanging[0]!(null);
		const file = String(await writing);
		await writer.clear(file);
		mockDisk.flush = (done) => done(null);
		expect(await writer.write(spill(), true)).toBe(file);
		expect(mockDisk.flushes).toBe(2);
	});

	it('keeps two threads of the process busy at most, however many secrets come at once', async () => {
		hangAtFlush();
		await writer.prepare(10);
		const writing = Array.from({ length: 10 }, async () => await writer.write(spill(), true));
		await turnOfTheLoop();
		expect(mockDisk.flushes).toBe(2);
		jest.advanceTimersByTime(250);
		expect(await Promise.all(writing)).not.toContain(undefined);
		expect(mockDisk.flushes).toBe(2);
		for (const done of hanging.splice(0)) done(null);
	});

	it('is not taken for slow because many secrets come at once; none of them waits longer for it', async () => {
		hangAtFlush();
		await writer.prepare(10);
		const writing = Array.from({ length: 10 }, async () => await writer.write(spill(), true));
		for (let ended = 0; ended < 3; ended += 1) {
			while (hanging.length < 2) await turnOfTheLoop();
			jest.advanceTimersByTime(100);
			for (const done of hanging.splice(0)) done(null);
		}
		expect(await Promise.all(writing)).not.toContain(undefined);
		// Those whose turn has not come within 250 ms go on without, and the next one is flushed again.
		expect(mockDisk.flushes).toBe(6);
		const before = mockDisk.flushes;
		mockDisk.flush = (done) => done(null);
		await writer.prepare(1);
		await writer.write(spill(), true);
		expect(mockDisk.flushes).toBe(before + 1);
	});

	it('to write is left alone for a minute, unless the save has failed', async () => {
		mockDisk.beforeWrite = () => jest.advanceTimersByTime(300);
		expect(await writer.write(spill(), true)).toContain(first);
		mockDisk.beforeWrite = () => {};
		expect(await writer.write(spill(), true)).toBeUndefined();
		expect(await writer.write(spill(), false)).toContain(first);
		await writer.prepare(1);
		jest.advanceTimersByTime(60_000);
		expect(await writer.write(spill(), true)).toContain(first);
	});
});

it('a save whose disk is sound leaves no spill behind', async () => {
	expect(await saved()).toBe('saved');
	expect(mockDisk.flushes).toBe(1);
	expect(await readSpills([first, second], vault.vaultId)).toEqual([]);
	expect(await readdir(first)).not.toEqual([]);
});

async function turnOfTheLoop(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}
