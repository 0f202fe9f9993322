import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { SqlDatabase } from '../database/sqlDatabase';
import type { Environment } from '../../process/environment';
import { n8nUserFolder } from '../../process/environment';

/** File name of the note in n8n's user folder. */
const FILE = 'exactonline-docuware-vault.json';

/** Where this n8n had its vault when it last opened one; without user and password. */
export interface RememberedLocation {
	engine: SqlDatabase['engine'];
	location: string;
}

/** The place last used, or undefined where no note can be read. */
export async function readRememberedLocation(
	env: Environment,
): Promise<RememberedLocation | undefined> {
	try {
		const value: unknown = JSON.parse(await readFile(join(n8nUserFolder(env), FILE), 'utf8'));
		if (typeof value !== 'object' || value === null) return undefined;
		const { engine, location } = value as Partial<RememberedLocation>;
		const known = engine === 'sqlite' || engine === 'postgres';
		return known && typeof location === 'string' ? { engine, location } : undefined;
	} catch {
		return undefined;
	}
}

/** Notes the place in use. A folder that cannot be written costs only the note. */
export async function rememberLocation(
	env: Environment,
	{ engine, location }: RememberedLocation,
): Promise<void> {
	const present = await readRememberedLocation(env);
	if (present?.engine === engine && present.location === location) return;
	const file = join(n8nUserFolder(env), FILE);
	const unfinished = `${file}.${randomUUID()}.part`;
	try {
		await mkdir(dirname(file), { recursive: true, mode: 0o700 });
		await writeFile(unfinished, `${JSON.stringify({ engine, location })}\n`, { mode: 0o600 });
		await rename(unfinished, file);
	} catch {
		await unlink(unfinished).catch(() => undefined);
	}
}
