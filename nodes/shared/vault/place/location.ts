import { join, resolve } from 'node:path';

import type { Environment } from '../../process/environment';
import { n8nUserFolder, VAULT_VARIABLE } from '../../process/environment';
import { vaultError } from '../vaultErrors';

/**
 * Names the place a vault is to be moved from, in the same notation, where that cannot be found
 * without help (another PostgreSQL URL, whose password is not kept); `none` forbids any move.
 */
export const MOVE_FROM_VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_VAULT_MOVE_FROM';

/** File name of the vault in n8n's user folder. */
const DEFAULT_FILE = 'exactonline-docuware-vault.sqlite';

/** Which store the vault uses. */
export type VaultLocation =
	{ engine: 'sqlite'; file: string } | { engine: 'postgres'; url: string | null };

/**
 * Follows n8n's own database, so that there is nothing to set up: SQLite keeps a file of its own in
 * n8n's user folder, PostgreSQL keeps tables of its own in n8n's database (`url` null: n8n's own
 * DB_POSTGRESDB_* variables). `N8N_EXACTONLINE_DOCUWARE_VAULT` goes before both.
 * @throws ConnectorError VAULT_SETTING_INVALID
 */
export function vaultLocation(env: Environment): VaultLocation {
	const setting = env[VAULT_VARIABLE];
	if (setting) return fromSetting(setting, VAULT_VARIABLE);
	const databaseType = env.DB_TYPE ?? 'sqlite';
	if (databaseType === 'postgresdb') return { engine: 'postgres', url: null };
	if (databaseType === 'sqlite') {
		return { engine: 'sqlite', file: defaultVaultFile(env) };
	}
	throw vaultError(
		'VAULT_SETTING_INVALID',
		`The vault cannot follow n8n's database: DB_TYPE is "${databaseType}", and only sqlite and postgresdb are known.`,
		`Set ${VAULT_VARIABLE} to sqlite:/path/to/file or to a postgres:// URL.`,
	);
}

/** The SQLite file that is used unless something else is set. */
export function defaultVaultFile(env: Environment): string {
	return join(n8nUserFolder(env), DEFAULT_FILE);
}

/**
 * Reads an `sqlite:` or `postgres://` URL.
 * @throws ConnectorError VAULT_SETTING_INVALID, naming the variable only: the URL holds a password.
 */
export function fromSetting(setting: string, variable: string): VaultLocation {
	if (/^postgres(ql)?:\/\//i.test(setting)) return { engine: 'postgres', url: setting };
	const match = /^sqlite:(?:\/\/)?(.+)$/i.exec(setting);
	if (match?.[1]) return { engine: 'sqlite', file: resolve(match[1]) };
	throw vaultError(
		'VAULT_SETTING_INVALID',
		`A setting of the vault could not be read: ${variable} is neither an sqlite: nor a postgres:// URL.`,
		`Set it to sqlite:/path/to/file or postgres://user:password@host:5432/database, or remove it.`,
	);
}
