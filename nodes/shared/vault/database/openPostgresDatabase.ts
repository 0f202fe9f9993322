import type { Environment } from '../../process/environment';
import { VAULT_VARIABLE } from '../../process/environment';
import { PostgresDatabase } from './postgresDatabase';
import { openPostgresPool } from './postgresPool';
import { settingsFromUrl, settingsOfN8n } from './postgresSettings';
import type { PostgresTiming } from './postgresTiming';
import { DEFAULT_POSTGRES_TIMING } from './postgresTiming';

export interface OpenPostgresOptions {
	timing?: Partial<PostgresTiming>;
	/** The variable the URL came from, for messages. */
	variable?: string;
}

/**
 * Opens the vault's PostgreSQL database; connects at once, so that a wrong setting shows here.
 * @param url a `postgres://` URL, or null for the database that n8n itself uses.
 * @throws ConnectorError VAULT_SETTING_INVALID, VAULT_UNAVAILABLE, each naming host and database.
 */
export async function openPostgresDatabase(
	url: string | null,
	env: Environment,
	options: OpenPostgresOptions = {},
): Promise<PostgresDatabase> {
	const settings =
		url === null
			? await settingsOfN8n(env)
			: await settingsFromUrl(url, options.variable ?? VAULT_VARIABLE);
	const timing = { ...DEFAULT_POSTGRES_TIMING, ...options.timing };
	const pool = openPostgresPool(settings, timing.silenceLimitMs);
	const database = new PostgresDatabase(pool, settings, timing);
	let reached = false;
	try {
		await database.read(function* () {});
		reached = true;
		return database;
	} finally {
		if (!reached) await database.close();
	}
}
