import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import type { Environment } from '../../process/environment';
import { n8nUserFolder } from '../../process/environment';
import type { Holder } from '../../process/holder';
import { isProvenDead } from '../../process/holder';
import type { Spill } from './spillFrame';
import { isSpill, parseSpillFile } from './spillFrame';

const FOLDER = 'exactonline-docuware-spill';

/** Ends the name of a file that a process keeps open for its spills. */
export const SPILL_SUFFIX = '.spill';

/** Ends the name of a spill as earlier versions wrote it: one per file, JSON alone. */
const EARLIER_SUFFIX = '.spill.json';

/** Ends the name of a spill that was not saved and is not provably old. */
const KEPT_SUFFIX = '.kept';

/** How long those are kept, and files that nobody can judge, in milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** A spill with its file. */
export interface FoundSpill {
	file: string;
	spill: Spill;
	/** Who wrote it; null where an earlier version did. */
	holder: Holder | null;
	/** Its writer goes on without it: whoever comes first may bring it in. */
	givenUp: boolean;
	/** How long ago it was written, in milliseconds. */
	ageMs: number;
}

/** Where spills may stand: n8n's user folder first, the system's temporary folder where that is full. */
export function spillFolders(env: Environment): string[] {
	const user = process.getuid?.() ?? userInfo().username;
	return [join(n8nUserFolder(env), FOLDER), join(tmpdir(), `${FOLDER}-${user}`)];
}

/**
 * All spills of one vault on this host. On the way files without a whole spill are removed whose
 * process is dead, and those kept for more than 30 days.
 */
export async function readSpills(folders: string[], vaultId: string): Promise<FoundSpill[]> {
	const found: FoundSpill[] = [];
	for (const folder of folders) {
		for (const name of await namesIn(folder)) {
			const one = await readSpill(join(folder, name));
			if (one?.spill.vaultId === vaultId) found.push(one);
		}
	}
	return found;
}

/** Removes a spill that has been brought in. */
export async function removeSpill(file: string): Promise<void> {
	await unlink(file).catch(() => undefined);
}

/** Keeps a spill for 30 days under a name that nobody brings in. @returns the new name */
export async function setSpillAside(file: string): Promise<string> {
	const kept = `${file}${KEPT_SUFFIX}`;
	await rename(file, kept).catch(() => undefined);
	return kept;
}

/** Removes the kept spills of these records or pairs: a person has ended the log-in for good. */
export async function removeKeptSpills(
	folders: string[],
	vaultId: string,
	ids: ReadonlySet<string>,
): Promise<void> {
	for (const folder of folders) {
		const names = (await entriesOf(folder)).map(({ name }) => name);
		for (const name of names.filter((one) => one.endsWith(KEPT_SUFFIX))) {
			const file = join(folder, name);
			const spill = await keptSpill(file).catch(() => undefined);
			if (spill?.vaultId === vaultId && ids.has(spill.save.recordId)) await removeSpill(file);
		}
	}
}

async function keptSpill(file: string): Promise<Spill | undefined> {
	const text = await readFile(file, 'utf8');
	if (!file.endsWith(`${EARLIER_SUFFIX}${KEPT_SUFFIX}`)) return parseSpillFile(text).spill;
	const spill: unknown = JSON.parse(text);
	return isSpill(spill) ? spill : undefined;
}

/** The temporary folder is open to all: whatever another user put there in our place is not ours. */
export async function isOwnFolder(folder: string): Promise<boolean> {
	const found = await lstat(folder);
	return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
}

async function namesIn(folder: string): Promise<string[]> {
	const entries = await entriesOf(folder);
	const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
	for (const name of names) {
		if (name.endsWith(KEPT_SUFFIX)) await removeIfOutdated(join(folder, name));
	}
	return names.filter((name) => name.endsWith(SPILL_SUFFIX) || name.endsWith(EARLIER_SUFFIX));
}

async function entriesOf(folder: string): Promise<Dirent[]> {
	try {
		return (await isOwnFolder(folder)) ? await readdir(folder, { withFileTypes: true }) : [];
	} catch {
		return [];
	}
}

async function readSpill(file: string): Promise<FoundSpill | undefined> {
	try {
		const ageMs = Math.max(0, Date.now() - (await lstat(file)).mtimeMs);
		const text = await readFile(file, 'utf8');
		if (file.endsWith(EARLIER_SUFFIX)) return earlierSpill(file, text, ageMs);
		const { holder, spill, givenUp } = parseSpillFile(text);
		if (spill !== undefined) return { file, spill, holder, givenUp, ageMs };
		await removeIfAbandoned(file, holder, ageMs);
	} catch {
		// Another process has brought it in and removed it, or it is not ours.
	}
	return undefined;
}

function earlierSpill(file: string, text: string, ageMs: number): FoundSpill | undefined {
	const spill: unknown = JSON.parse(text);
	return isSpill(spill) ? { file, spill, holder: null, givenUp: true, ageMs } : undefined;
}

/** Torn or empty: of no use to anybody once its process is dead. */
async function removeIfAbandoned(
	file: string,
	holder: Holder | null,
	ageMs: number,
): Promise<void> {
	const isDead = holder !== null && isProvenDead(holder);
	if (isDead || ageMs > KEPT_MS) await removeSpill(file);
}

async function removeIfOutdated(file: string): Promise<void> {
	const found = await lstat(file).catch(() => undefined);
	if (found !== undefined && Date.now() - found.mtimeMs > KEPT_MS) await removeSpill(file);
}
