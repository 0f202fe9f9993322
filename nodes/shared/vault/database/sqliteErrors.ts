import type { ConnectorError } from '../../errors';
import { vaultError } from '../vaultErrors';

const PRIMARY_CODE_MASK = 0xff;

/** SQLite's primary result codes that the vault tells apart (sqlite.org/rescode.html). */
const SQLITE = {
	BUSY: 5,
	LOCKED: 6,
	READONLY: 8,
	IOERR: 10,
	CORRUPT: 11,
	FULL: 13,
	CANTOPEN: 14,
	PROTOCOL: 15,
	NOTADB: 26,
} as const;

/** Extended codes of SQLITE_IOERR that mean "the file system refused a lock". */
const LOCK_IO_ERRORS = new Set([2058, 2314, 3594, 3850]);

/** The result code of an error thrown by node:sqlite, or undefined for any other value. */
export function sqliteCode(error: unknown): number | undefined {
	if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
	return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** Whether the statement failed only because another connection holds a lock. */
export function isBusy(error: unknown): boolean {
	const code = sqliteCode(error);
	if (code === undefined) return false;
	const primary = code & PRIMARY_CODE_MASK;
	return primary === SQLITE.BUSY || primary === SQLITE.LOCKED;
}

/** Turns an error of node:sqlite into the vault's words; any other error is returned as it is. */
export function explainSqliteError(error: unknown, file: string): unknown {
	const code = sqliteCode(error);
	if (code === undefined) return error;
	return explainCode(code, file, error);
}

function explainCode(code: number, file: string, cause: unknown): ConnectorError {
	const primary = code & PRIMARY_CODE_MASK;
	if (primary === SQLITE.PROTOCOL || LOCK_IO_ERRORS.has(code)) return noFileLocks(file, cause);
	switch (primary) {
		case SQLITE.BUSY:
		case SQLITE.LOCKED:
			return vaultError(
				'VAULT_LOCKED',
				`The vault file stayed locked by another process: ${file}.`,
				'Find the program that keeps the file open for writing (a backup or a database browser, for ' +
					'instance) and close it, then run again.',
				{ retryable: true, cause },
			);
		case SQLITE.READONLY:
			return vaultError(
				'VAULT_READ_ONLY',
				`The vault file cannot be written: ${file}.`,
				'Give the user that runs n8n the right to write the file and its folder, and mount the volume read-write.',
				{ retryable: true, cause },
			);
		case SQLITE.FULL:
			return vaultError(
				'VAULT_FULL',
				`The vault file could not grow, since the disk or its quota is full: ${file}.`,
				'Free disk space on that volume, then run again.',
				{ retryable: true, cause },
			);
		case SQLITE.CORRUPT:
		case SQLITE.NOTADB:
			return vaultError(
				'VAULT_DAMAGED',
				`The vault file is damaged or is not a vault: ${file}.`,
				'Stop n8n and move the file away, with those beside it that end in -wal and -shm. Put a backup in its place, ' +
					'or without one press Connect again in each credential.',
				{ cause },
			);
		default:
			return notUsable(code, file, cause);
	}
}

function notUsable(code: number, file: string, cause: unknown): ConnectorError {
	return vaultError(
		'VAULT_UNAVAILABLE',
		`The vault file could not be opened or used: ${file} (SQLite result ${code}).`,
		'Check that the folder exists, that the user that runs n8n may read and write it, and that the disk works.',
		{ retryable: true, cause },
	);
}

/** The error for a file system on which two processes can hold one lock. */
export function noFileLocks(file: string, cause?: unknown): ConnectorError {
	return vaultError(
		'VAULT_NO_FILE_LOCKS',
		`The disk of the vault has no working file locks, so two processes could end a connection together: ${file}.`,
		'Put the vault on a local disk with ' +
			'N8N_EXACTONLINE_DOCUWARE_VAULT=sqlite:/path/on/a/local/disk/vault.sqlite, or use PostgreSQL.',
		{ cause },
	);
}
