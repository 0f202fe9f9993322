import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSqliteDatabase } from '../../../../nodes/shared/vault/database/openSqliteDatabase';
import type { WriteOptions } from '../../../../nodes/shared/vault/database/sqlDatabase';
import type { SqliteDatabase } from '../../../../nodes/shared/vault/database/sqliteDatabase';
import { query, storeNow } from '../../../../nodes/shared/vault/database/transaction';
import { putItem, readItem } from '../../../../nodes/shared/vault/rows/items';
import { prepareSchema } from '../../../../nodes/shared/vault/rows/schema';
import { Sealer } from '../../../../nodes/shared/vault/sealing';

const sealer = new Sealer({ secret: 'key', source: 'test' });

describe('the SQLite database of the vault', () => {
	let folder: string;
	let file: string;
	const opened: SqliteDatabase[] = [];

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'vault-sqlite-'));
		file = join(folder, 'deep', 'vault.sqlite');
	});
	afterEach(async () => {
		await Promise.all(opened.splice(0).map(async (database) => await database.close()));
		await rm(folder, { recursive: true, force: true });
	});

	const open = async (options: Parameters<typeof openSqliteDatabase>[1] = {}, path = file) => {
		const database = await openSqliteDatabase(path, options);
		opened.push(database);
		return database;
	};

	it('makes file, WAL and shared memory readable by the owner alone', async () => {
		const database = await open();
		await prepareSchema(database, sealer);
		for (const suffix of ['', '-wal', '-shm']) {
			expect((await stat(`${file}${suffix}`)).mode & 0o777).toBe(0o600);
		}
		expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700);
	});

	it('takes the rights of others away from a file that is there', async () => {
		await mkdir(join(folder, 'deep'));
		await writeFile(file, '', { mode: 0o644 });
		await open();
		expect((await stat(file)).mode & 0o777).toBe(0o600);
	});

	it('flushes every commit to the disk, and never sleeps for a lock', async () => {
		const database = await open();
		const pragma = (name: string) =>
			Object.values(database.connection.prepare(`PRAGMA ${name}`).get() ?? {})[0];
		expect(pragma('journal_mode')).toBe('wal');
		expect(pragma('synchronous')).toBe(2);
		expect(pragma('busy_timeout')).toBe(0);
	});

	it('waits for the disk with every commit but those that may be lost', async () => {
		const database = await open();
		const flushing = async (options: WriteOptions) => {
			const [row] = await database.write(() => query('PRAGMA synchronous'), options);
			return row?.synchronous;
		};
		expect(await flushing({ mayBeLost: true })).toBe(1);
		expect(await flushing({})).toBe(2);
		expect(await flushing({ mayBeLost: true })).toBe(1);
		await expect(
			database.write(() => query('SELECT nothing'), { mayBeLost: true }),
		).rejects.toThrow('could not be opened or used');
		expect(await flushing({ urgent: true })).toBe(2);
	});

	it('waits for the disk with every commit where the file has no log', async () => {
		const database = await open({ hasLog: false });
		const [row] = await database.write(() => query('PRAGMA synchronous'), { mayBeLost: true });
		expect(row?.synchronous).toBe(2);
	});

	it('waits for the write lock of another connection without blocking the event loop', async () => {
		const database = await open();
		await prepareSchema(database, sealer);
		const other = await open();
		other.connection.exec('BEGIN IMMEDIATE');
		let tries = 0;
		const writing = database.write(function* () {
			tries += 1;
			yield* putItem('s', 'n', 'value');
		});
		await new Promise((resolve) => setImmediate(resolve));
		// The event loop runs on; another connection can read meanwhile.
		expect(await database.read(() => readItem('s', 'n'))).toBeUndefined();
		expect(tries).toBe(0);
		other.connection.exec('COMMIT');
		await writing;
		expect(tries).toBe(1);
	});

	it('tells a file that is no database', async () => {
		await mkdir(join(folder, 'deep'));
		await writeFile(file, 'this is not a database, but long enough to be looked at. '.repeat(40));
		await expect(open()).rejects.toMatchObject({
			code: 'VAULT_DAMAGED',
			message: expect.stringContaining(file) as string,
			repair: expect.stringContaining('-wal and -shm') as string,
		});
	});

	it('tells a folder that cannot be made', async () => {
		await writeFile(join(folder, 'deep'), 'a file, not a folder');
		await expect(open()).rejects.toMatchObject({
			code: 'VAULT_UNAVAILABLE',
			message: expect.stringContaining(file) as string,
		});
	});

	it('tells a read-only database, and can still be read', async () => {
		const database = await open();
		await prepareSchema(database, sealer);
		database.connection.exec('PRAGMA query_only = ON');
		await expect(database.write(() => putItem('s', 'n', 'v'))).rejects.toMatchObject({
			code: 'VAULT_READ_ONLY',
			message: expect.stringContaining(file) as string,
		});
		// Opening a vault that needs no change writes nothing.
		await prepareSchema(database, sealer);
		expect(await database.read(storeNow)).toBeGreaterThan(0);
	});

	it('takes nothing of a transaction that met a full disk, and works again afterwards', async () => {
		const database = await open();
		await prepareSchema(database, sealer);
		database.connection.exec('PRAGMA max_page_count = 1');
		await expect(
			database.write(function* () {
				yield* putItem('s', 'small', 'v');
				yield* putItem('s', 'large', 'x'.repeat(1_000_000));
			}),
		).rejects.toMatchObject({ code: 'VAULT_FULL', retryable: true });
		database.connection.exec('PRAGMA max_page_count = 1073741823');
		expect(await database.read(() => readItem('s', 'small'))).toBeUndefined();
		await database.write(() => putItem('s', 'small', 'v'));
		expect((await database.read(() => readItem('s', 'small')))?.value).toBe('v');
	});

	it('notices that its file was removed or replaced', async () => {
		const database = await open();
		await prepareSchema(database, sealer);
		const replaced = {
			code: 'VAULT_UNAVAILABLE',
			message: expect.stringContaining('removed or replaced') as string,
		};
		await rename(file, `${file}.old`);
		await expect(database.read(storeNow)).rejects.toMatchObject(replaced);
		await writeFile(file, '');
		await expect(database.write(storeNow)).rejects.toMatchObject(replaced);
	});

	it('accepts locks that reach another process, and refuses those that do not', async () => {
		const database = await open({ alwaysProbeLocks: true });
		await prepareSchema(database, sealer);
		// SQLite's own "unix-none" takes no locks at all, as some network file systems do not.
		await expect(
			open({ alwaysProbeLocks: true }, `file:${join(folder, 'other.sqlite')}?vfs=unix-none`),
		).rejects.toMatchObject({
			code: 'VAULT_NO_FILE_LOCKS',
			message: expect.stringContaining(join(folder, 'other.sqlite')) as string,
			repair: expect.stringContaining('N8N_EXACTONLINE_DOCUWARE_VAULT') as string,
		});
	});

	it('says that it was closed', async () => {
		const database = await open();
		await database.close();
		await expect(database.read(() => query('SELECT 1'))).rejects.toMatchObject({
			code: 'VAULT_UNAVAILABLE',
			message: expect.stringContaining('closed') as string,
		});
	});
});
