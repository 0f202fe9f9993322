import { join } from 'node:path';

import type { Environment } from './encryptionKey';
import { n8nUserFolder } from './encryptionKey';
import { vaultError } from './vaultErrors';

/** Names another place for the vault: `sqlite:/path/to/file` or `postgres://user:password@host/database`. */
export const VAULT_VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_VAULT';

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
	if (setting) return fromSetting(setting);
	const databaseType = env.DB_TYPE ?? 'sqlite';
	if (databaseType === 'postgresdb') return { engine: 'postgres', url: null };
	if (databaseType === 'sqlite') {
		return { engine: 'sqlite', file: join(n8nUserFolder(env), DEFAULT_FILE) };
	}
	throw vaultError(
		'VAULT_SETTING_INVALID',
		`The vault cannot follow n8n's database: DB_TYPE is "${databaseType}", and only sqlite and postgresdb are known.`,
		`Set ${VAULT_VARIABLE} to sqlite:/path/to/file or to a postgres:// URL.`,
	);
}

function fromSetting(setting: string): VaultLocation {
	if (/^postgres(ql)?:\/\//i.test(setting)) return { engine: 'postgres', url: setting };
	const match = /^sqlite:(?:\/\/)?(.+)$/i.exec(setting);
	if (match?.[1]) return { engine: 'sqlite', file: match[1] };
	throw vaultError(
		'VAULT_SETTING_INVALID',
		`${VAULT_VARIABLE} is neither an sqlite: nor a postgres:// URL.`,
		`Set it to sqlite:/path/to/file or postgres://user:password@host:5432/database, or remove it.`,
	);
}
