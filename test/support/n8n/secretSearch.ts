import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A place where a secret stands in the clear. */
export interface SecretFinding {
	secret: string;
	/** File, and in a database table and column. */
	place: string;
}

/**
 * Looks for secrets in everything that n8n has written: every table of every SQLite file, and the bytes
 * of every other file (logs, binary data, settings) below a folder.
 *
 * A database is read by SQL, because a long value is spread over pages and its bytes need not stand
 * together in the file; the write-ahead log counts, as it does for every reader.
 *
 * @param folder n8n's user folder
 * @param secrets texts that must not appear, also not base64 or URL encoded
 * @param skip folder names to leave out; by default installed packages
 */
export async function findSecrets(
	folder: string,
	secrets: string[],
	skip: string[] = ['node_modules'],
): Promise<SecretFinding[]> {
	const findings: SecretFinding[] = [];
	for (const file of await filesBelow(folder, skip)) {
		const place = relative(folder, file);
		if (/\.(sqlite|db)$/.test(file)) {
			findings.push(...searchDatabase(file, place, secrets));
		} else if (!/-(wal|shm|journal)$/.test(file)) {
			findings.push(...findSecretsIn((await readFile(file)).toString('latin1'), secrets, place));
		}
	}
	return findings;
}

/** Looks for secrets in one text, such as everything that n8n printed. */
export function findSecretsIn(text: string, secrets: string[], place: string): SecretFinding[] {
	return secrets
		.filter((secret) => spellingsOf(secret).some((spelling) => text.includes(spelling)))
		.map((secret) => ({ secret, place }));
}

/** The secret as it is, URL encoded, and base64 encoded from each of the three byte positions. */
function spellingsOf(secret: string): string[] {
	const shifted = [0, 1, 2].map((shift) => {
		const padded = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]);
		// The first and last characters depend on what stands around the secret.
		return padded
			.toString('base64')
			.replace(/=+$/, '')
			.slice(shift === 0 ? 0 : shift + 1, -2);
	});
	return [...new Set([secret, encodeURIComponent(secret), ...shifted])];
}

function searchDatabase(file: string, place: string, secrets: string[]): SecretFinding[] {
	const database = new DatabaseSync(file, { readOnly: true });
	try {
		const tables = database
			.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
			.all()
			.map(({ name }) => String(name));
		return tables.flatMap((table) => searchTable(database, table, place, secrets));
	} finally {
		database.close();
	}
}

function searchTable(
	database: DatabaseSync,
	table: string,
	place: string,
	secrets: string[],
): SecretFinding[] {
	const findings: SecretFinding[] = [];
	for (const row of database.prepare(`SELECT * FROM "${table}"`).iterate()) {
		for (const [column, value] of Object.entries(row)) {
			const text =
				typeof value === 'string'
					? value
					: value instanceof Uint8Array
						? Buffer.from(value).toString('latin1')
						: '';
			if (text === '') continue;
			findings.push(...findSecretsIn(text, secrets, `${place}: ${table}.${column}`));
		}
	}
	return findings;
}

async function filesBelow(folder: string, skip: string[]): Promise<string[]> {
	const entries = await readdir(folder, { withFileTypes: true });
	const found = entries
		.filter((entry) => !skip.includes(entry.name))
		.map(async (entry) => {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) return await filesBelow(path, skip);
			return entry.isFile() ? [path] : [];
		});
	return (await Promise.all(found)).flat();
}
