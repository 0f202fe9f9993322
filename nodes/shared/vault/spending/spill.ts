import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import type { Environment } from '../../process/environment';
import { n8nUserFolder } from '../../process/environment';
import type { SecretSave } from './secretSave';

const FOLDER = 'exactonline-docuware-spill';
const SUFFIX = '.spill.json';

/** A save that could not reach the store and waits in a file; its secret is sealed. */
export interface Spill {
	/** Which vault it belongs to: the note `vault_id` of that vault. */
	vaultId: string;
	save: SecretSave;
}

/** Where spills may stand: n8n's user folder first, the system's temporary folder where that is full. */
export function spillFolders(env: Environment): string[] {
	const user = process.getuid?.() ?? userInfo().username;
	return [join(n8nUserFolder(env), FOLDER), join(tmpdir(), `${FOLDER}-${user}`)];
}

/**
 * Writes a spill durably (data and folder flushed to the disk) into the first folder that takes it.
 * @returns the file, or undefined where no folder took it.
 */
export async function writeSpill(folders: string[], spill: Spill): Promise<string | undefined> {
	for (const folder of folders) {
		try {
			return await writeDurably(folder, JSON.stringify(spill));
		} catch {
			// The next folder may be on another disk.
		}
	}
	return undefined;
}

async function writeDurably(folder: string, text: string): Promise<string> {
	await mkdir(folder, { recursive: true, mode: 0o700 });
	if (!(await isOwnFolder(folder))) throw new Error('not a folder of this user');
	const file = join(folder, `${randomUUID()}${SUFFIX}`);
	const unfinished = `${file}.part`;
	const handle = await open(unfinished, 'wx', 0o600);
	try {
		await handle.writeFile(text);
		await handle.sync();
	} finally {
		await handle.close();
	}
	await rename(unfinished, file);
	const folderHandle = await open(folder, 'r');
	try {
		await folderHandle.sync();
	} finally {
		await folderHandle.close();
	}
	return file;
}

/** All spills of one vault on this host, with their files. */
export async function readSpills(
	folders: string[],
	vaultId: string,
): Promise<Array<{ file: string; spill: Spill }>> {
	const found: Array<{ file: string; spill: Spill }> = [];
	for (const folder of folders) {
		for (const name of await namesIn(folder)) {
			const file = join(folder, name);
			const spill = await readSpill(file);
			if (spill?.vaultId === vaultId) found.push({ file, spill });
		}
	}
	return found;
}

/** The temporary folder is open to all: whatever another user put there in our place is not ours. */
async function isOwnFolder(folder: string): Promise<boolean> {
	const found = await lstat(folder);
	return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}

async function namesIn(folder: string): Promise<string[]> {
	try {
		if (!(await isOwnFolder(folder))) return [];
		return (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
	} catch {
		return [];
	}
}

async function readSpill(file: string): Promise<Spill | undefined> {
	try {
		const value: unknown = JSON.parse(await readFile(file, 'utf8'));
		return isSpill(value) ? value : undefined;
	} catch {
		// Another process has replayed and removed it, or it is not ours.
		return undefined;
	}
}

function isSpill(value: unknown): value is Spill {
	if (typeof value !== 'object' || value === null) return false;
	const { vaultId, save } = value as Partial<Spill>;
	return (
		typeof vaultId === 'string' &&
		typeof save === 'object' &&
		save !== null &&
		typeof save.recordId === 'string' &&
		typeof save.spentGeneration === 'number' &&
		typeof save.sealed === 'string'
	);
}

/** Removes a spill that has been replayed. */
export async function removeSpill(file: string): Promise<void> {
	await unlink(file).catch(() => undefined);
}
