import { openPostgresDatabase } from '../database/openPostgresDatabase';
import { openSqliteDatabase } from '../database/openSqliteDatabase';
import type { SqlDatabase } from '../database/sqlDatabase';
import type { Environment } from '../../process/environment';
import { VAULT_VARIABLE } from '../../process/environment';
import type { VaultLocation } from './location';

/**
 * Opens the store at a location.
 * @param variable where the location came from, for messages.
 * @throws ConnectorError with a VAULT_* code.
 */
export async function openDatabase(
	location: VaultLocation,
	env: Environment,
	variable: string = VAULT_VARIABLE,
): Promise<SqlDatabase> {
	return location.engine === 'sqlite'
		? await openSqliteDatabase(location.file)
		: await openPostgresDatabase(location.url, env, { variable });
}
