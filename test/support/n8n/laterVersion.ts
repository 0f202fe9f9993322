import { access, appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a later version says of itself, also to the services in the user agent of each request. */
export const LATER_VERSION = '999.0.0';

/** What it adds: a column, and a schema number, readable from the present one on. */
const LATER_SCHEMA = `
exports.SCHEMA_VERSION = 3;
exports.MIGRATIONS.push(['ALTER TABLE exactonline_docuware_record ADD COLUMN added_later TEXT']);
`;

/**
 * Makes an unpacked tarball that of a later version, which has another number and brings the vault to a schema of its
 * own.
 *
 * @param folder that of its `package.json`
 */
export async function makeLater(folder: string): Promise<void> {
	const schema = join(folder, 'dist', 'nodes', 'shared', 'vault', 'rows', 'schema.js');
	await access(schema);
	await appendFile(schema, LATER_SCHEMA);
	const manifest = join(folder, 'package.json');
	const present = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>;
	await writeFile(manifest, JSON.stringify({ ...present, version: LATER_VERSION }));
}
