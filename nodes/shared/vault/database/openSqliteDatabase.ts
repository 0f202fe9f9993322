import { closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs';
import { access, chmod, mkdir, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import type { ConnectorError } from '../../errors';
import { errorCode } from '../../process/errorCode';
import { vaultError } from '../vaultErrors';
import type { SqliteDatabaseOptions } from './sqliteDatabase';
import { inodeOf, SqliteDatabase } from './sqliteDatabase';
import { explainSqliteError, isBusy, noFileLocks } from './sqliteErrors';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const OPEN_LIMIT_MS = 10_000;
const OPEN_PAUSE_MS = 25;

/**
 * Magic numbers of statfs(2) for file systems that live on one machine and lock correctly; any
 * other one is tried out.
 */
const LOCAL_FILE_SYSTEMS = new Set([
	0xef53, // ext2, ext3, ext4
	0x58465342, // xfs
	0x9123683e, // btrfs
	0x01021994, // tmpfs
	0x794c7630, // overlayfs
	0x2fc12fc1, // zfs
	0xf2f52010, // f2fs
	0x1a, // apfs (macOS)
	0x17, // hfs (macOS)
]);

export interface OpenSqliteOptions extends SqliteDatabaseOptions {
	/** Tries the locks out whatever the file system says. */
	alwaysProbeLocks?: boolean;
}

/**
 * Opens (and makes, mode 0600) the vault's SQLite file: WAL, `synchronous=FULL`, so that a
 * committed row survives a power cut, unless its transaction said that it may be lost.
 * @throws ConnectorError VAULT_UNAVAILABLE, VAULT_READ_ONLY, VAULT_LOCKED, VAULT_DAMAGED,
 * VAULT_NO_FILE_LOCKS, each naming the file.
 */
export async function openSqliteDatabase(
	file: string,
	options: OpenSqliteOptions = {},
): Promise<SqliteDatabase> {
	const { DatabaseSync } = loadSqlite();
	const path = pathOf(file);
	await makePrivateFile(path);
	const local = await isLocalFileSystem(path);
	const connection = await retryWhileBusy(path, () => {
		const made = new DatabaseSync(file, { timeout: 0 });
		let usable = false;
		try {
			// WAL needs memory that all processes share, which a network file system does not give.
			made.exec(`PRAGMA journal_mode = ${local ? 'WAL' : 'DELETE'}`);
			made.exec('PRAGMA synchronous = FULL');
			// What is overwritten or deleted is not left in the file.
			made.exec('PRAGMA secure_delete = ON');
			// On macOS a plain fsync leaves the data in the cache of the disk; elsewhere no difference.
			made.exec('PRAGMA fullfsync = ON');
			usable = true;
			return made;
		} finally {
			if (!usable) made.close();
		}
	});
	const inode = local && process.platform !== 'win32' ? inodeOf(path) : undefined;
	const database = new SqliteDatabase(connection, path, { inode, hasLog: local, ...options });
	let trusted = false;
	try {
		if (options.alwaysProbeLocks === true || !local) await probeLocks(connection, path);
		trusted = true;
		return database;
	} finally {
		if (!trusted) await database.close();
	}
}

/** A file given as `file:` URL carries SQLite's own parameters; its path is what people see. */
function pathOf(file: string): string {
	return file.startsWith('file:') ? new URL(file).pathname : file;
}

/** Loaded at first use: a process whose vault is in PostgreSQL needs no SQLite. */
function loadSqlite(): typeof import('node:sqlite') {
	const sqlite = process.getBuiltinModule('node:sqlite') as
		typeof import('node:sqlite') | undefined;
	if (sqlite !== undefined) return sqlite;
	throw vaultError(
		'VAULT_UNAVAILABLE',
		`This Node.js lacks the database that the vault needs: ${process.versions.node} has no built-in SQLite.`,
		'Run n8n with Node.js 22.16 or newer, or let the vault use PostgreSQL ' +
			'(N8N_EXACTONLINE_DOCUWARE_VAULT=postgres://…).',
	);
}

/**
 * Makes the file where there is none. One that is there is not opened: closing any handle of a file
 * drops all POSIX locks of this process on it, those of SQLite connections that are in use too.
 */
async function makePrivateFile(path: string): Promise<void> {
	try {
		await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
		// In one go, so that no connection of this process opens the file in between.
		if (!existsSync(path)) closeSync(openSync(path, 'wx', FILE_MODE));
	} catch (cause) {
		if (errorCode(cause) !== 'EEXIST') throw cannotWrite(path, cause);
	}
	try {
		await access(path, constants.R_OK | constants.W_OK);
		const { mode } = await stat(path);
		// Only its owner may change the mode of a file; the vault's secrets are sealed in any case.
		if ((mode & 0o077) !== 0) await chmod(path, FILE_MODE).catch(() => undefined);
	} catch (cause) {
		throw cannotWrite(path, cause);
	}
}

function cannotWrite(path: string, cause: unknown): ConnectorError {
	const reason = errorCode(cause) ?? 'unknown';
	return vaultError(
		['EROFS', 'EACCES', 'EPERM'].includes(reason) ? 'VAULT_READ_ONLY' : 'VAULT_UNAVAILABLE',
		`The vault file could not be created or opened for writing: ${path} (${reason}).`,
		'Give the user that runs n8n the right to write that folder, or name another place with ' +
			'N8N_EXACTONLINE_DOCUWARE_VAULT=sqlite:/path/to/vault.sqlite.',
		{ cause },
	);
}

async function retryWhileBusy<T>(file: string, attempt: () => T): Promise<T> {
	const giveUpAt = performance.now() + OPEN_LIMIT_MS;
	for (;;) {
		try {
			return attempt();
		} catch (error) {
			if (!isBusy(error) || performance.now() >= giveUpAt) throw explainSqliteError(error, file);
		}
		await delay(OPEN_PAUSE_MS);
	}
}

async function isLocalFileSystem(path: string): Promise<boolean> {
	if (process.platform === 'win32') return true;
	const { type } = await statfs(path);
	return LOCAL_FILE_SYSTEMS.has(type >>> 0);
}

/**
 * Takes the write lock and asks the system whether it has booked one for this process: a file
 * system that grants a lock without keeping it would let two processes have it.
 */
async function probeLocks(connection: DatabaseSync, path: string): Promise<void> {
	await retryWhileBusy(path, () => {
		const before = bookedLocks();
		connection.exec('BEGIN IMMEDIATE');
		const during = bookedLocks();
		connection.exec('ROLLBACK');
		if (before !== undefined && during !== undefined && during <= before) throw noFileLocks(path);
	});
}

/** How many file locks this process holds; undefined where the system (not Linux) does not tell. */
function bookedLocks(): number | undefined {
	try {
		const lines = readFileSync('/proc/locks', 'utf8').split('\n');
		// "1: POSIX  ADVISORY  WRITE 4711 08:01:123456 0 EOF"
		return lines.filter((line) => line.split(/\s+/)[4] === String(process.pid)).length;
	} catch {
		return undefined;
	}
}
