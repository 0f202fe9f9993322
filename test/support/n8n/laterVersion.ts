import { access, appendFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a later version adds: a column, and a schema number, readable from the present one on. */
const LATER_SCHEMA = `
exports.SCHEMA_VERSION = 3;
exports.MIGRATIONS.push(['ALTER TABLE exactonline_docuware_record ADD COLUMN added_later TEXT']);
`;

/**
 * Makes an unpacked tarball that of a later version, which brings the vault to a schema of its own.
 *
 * @param folder that of its `package.json`
 */
export async function makeLater(folder: string): Promise<void> {
	const schema = join(folder, 'dist', 'nodes', 'shared', 'vault', 'rows', 'schema.js');
	await access(schema);
	await appendFile(schema, LATER_SCHEMA);
}
