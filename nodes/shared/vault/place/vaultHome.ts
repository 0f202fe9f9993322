import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

import type { Environment } from '../../process/environment';
import { withoutQuotes } from '../../process/environment';
import type { SqlDatabase } from '../database/sqlDatabase';
import type { SqlTransaction } from '../database/transaction';
import { queryOne } from '../database/transaction';
import { readMeta, writeMeta } from '../rows/meta';
import { vaultError } from '../vaultErrors';

/** Turns the check on (`check`), or confirms a home by the value that the error names. */
const HOME_VARIABLE = 'N8N_EXACTONLINE_DOCUWARE_VAULT_HOME';

const HOME_NOTE = 'home';

const CHECK = 'check';
const HOME_VALUE = /^home-[0-9a-f]{16}$/;

/** Where systems keep the number of the machine; the first that can be read counts. */
const MACHINE_ID_FILES: readonly string[] = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/**
 * Where the variable is set, compares where the store is with where it was when it was noted: what is
 * a copy on another server or machine would spend the tokens of the original. A store without a note
 * is noted; so is one whose home the variable confirms.
 *
 * Nothing is noticed that copies the server or the machine as a whole.
 *
 * @param machineIdFiles for tests
 * @throws ConnectorError VAULT_HOME_CHANGED, VAULT_SETTING_INVALID and those of the database
 */
export async function checkHome(
	database: SqlDatabase,
	env: Environment,
	machineIdFiles: readonly string[] = MACHINE_ID_FILES,
): Promise<void> {
	const setting = withoutQuotes(env[HOME_VARIABLE] ?? '');
	if (setting === '') return;
	if (setting !== CHECK && !HOME_VALUE.test(setting)) throw settingInvalid();
	const present = await homeOf(database, machineIdFiles);
	const noted = await database.read(() => readMeta(HOME_NOTE));
	if (noted === present) return;
	if (noted !== undefined && setting !== present) throw homeChanged(database.location, present);
	await database.write(() => noteHome(noted, present));
}

/** Where a store is, as a short text that tells no more than whether it is the same place. */
async function homeOf(database: SqlDatabase, machineIdFiles: readonly string[]): Promise<string> {
	const facts =
		database.engine === 'sqlite'
			? [String((await stat(database.location, { bigint: true })).ino), await idOf(machineIdFiles)]
			: await database.read(postgresFacts);
	const digest = createHash('sha256').update(JSON.stringify([database.engine, ...facts]));
	return `home-${digest.digest('hex').slice(0, 16)}`;
}

function* postgresFacts(): SqlTransaction<string[]> {
	const row = yield* queryOne(
		'SELECT system_identifier AS id, current_database() AS name FROM pg_control_system()',
	);
	return [String(row?.id), String(row?.name)];
}

/** Empty where the system has none, as in many containers; the file alone then tells. */
async function idOf(files: readonly string[]): Promise<string> {
	for (const file of files) {
		const id = await readFile(file, 'utf8').catch(() => '');
		if (id.trim() !== '') return id.trim();
	}
	return '';
}

/** Somebody else may have noted another home meanwhile, which is then found at the next use. */
function* noteHome(noted: string | undefined, present: string): SqlTransaction<void> {
	if ((yield* readMeta(HOME_NOTE)) === noted) yield* writeMeta(HOME_NOTE, present);
}

function homeChanged(location: string, present: string): Error {
	return vaultError(
		'VAULT_HOME_CHANGED',
		`The vault was last used on another server or machine: ${location}. If this is a copy, ` +
			'the first refresh here would end the connections of the original, so nothing is sent.',
		'If the original is no longer used, start n8n once with ' +
			`${HOME_VARIABLE}=${present}, then with ${CHECK} again. Else give this n8n an empty vault ` +
			'and credentials of its own.',
	);
}

function settingInvalid(): Error {
	return vaultError(
		'VAULT_SETTING_INVALID',
		`A setting of the vault could not be read: ${HOME_VARIABLE} is neither "${CHECK}" nor a value that VAULT_HOME_CHANGED has named.`,
		`Set it to ${CHECK}, or remove it.`,
	);
}
