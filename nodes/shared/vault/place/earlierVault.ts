import { existsSync } from 'node:fs';

import { openPostgresDatabase } from '../database/openPostgresDatabase';
import { openSqliteDatabase } from '../database/openSqliteDatabase';
import { describeLocation, settingsOfN8n } from '../database/postgresSettings';
import type { SqlDatabase } from '../database/sqlDatabase';
import type { Environment } from '../../process/environment';
import { readEncryptionKey, withoutSharedKey } from '../encryptionKey';
import { defaultVaultFile, fromSetting, MOVE_FROM_VARIABLE } from './location';
import { movedError } from '../rows/movedTo';
import type { SealedStore } from './moveVault';
import { moveVault, stateOf, takeBack } from './moveVault';
import { openDatabase } from './openDatabase';
import { readRememberedLocation } from './rememberedLocation';
import { readNotes } from '../rows/schema';
import { keyMismatch, Sealer } from '../sealing';
import { vaultError } from '../vaultErrors';
import { checkHome } from './vaultHome';

/**
 * Where the chosen store holds no vault, brings in the one this n8n had elsewhere
 * (docs/architecture.md, "Stores"): the place named by `N8N_EXACTONLINE_DOCUWARE_VAULT_MOVE_FROM`,
 * else the place last used, else the SQLite file in n8n's user folder.
 * @throws ConnectorError VAULT_MOVED, VAULT_MOVE_SOURCE_NEEDED, VAULT_LEASE_TIMEOUT,
 * VAULT_KEY_MISMATCH, VAULT_HOME_CHANGED and those of the databases.
 */
export async function bringEarlierVault(chosen: SealedStore, env: Environment): Promise<void> {
	const state = await stateOf(chosen.database);
	if (state.kind === 'inForce') return;
	const named = env[MOVE_FROM_VARIABLE];
	if (named === 'none' || (state.kind === 'moved' && !named)) return;
	if (named) {
		const location = fromSetting(named, MOVE_FROM_VARIABLE);
		await bringFrom(await openDatabase(location, env, MOVE_FROM_VARIABLE), chosen, env, true);
		return;
	}
	for (const open of [openRemembered, openDefaultFile]) {
		const earlier = await open(chosen.database, env);
		if (earlier !== undefined && (await bringFrom(earlier, chosen, env, false))) return;
	}
}

/** @returns whether the chosen store has a vault now. */
async function bringFrom(
	database: SqlDatabase,
	chosen: SealedStore,
	env: Environment,
	named: boolean,
): Promise<boolean> {
	try {
		if (isSamePlace(database, chosen.database)) return false;
		const state = await stateOf(database);
		const chosenState = await stateOf(chosen.database);
		if (state.kind === 'moved' && state.to.location !== chosen.database.location) {
			if (named) throw movedError(database.location, state.to);
			return false;
		}
		if (state.kind === 'empty') {
			if (chosenState.kind !== 'moved') return false;
			if (chosenState.to.location !== database.location) return false;
			await takeBack(chosen.database, { database, sealer: chosen.sealer });
			return true;
		}
		await checkHome(database, env);
		const sealer = await sealerOf(database, env, chosen.sealer);
		return await moveVault({ database, sealer }, chosen);
	} finally {
		await database.close();
	}
}

async function openRemembered(
	chosen: SqlDatabase,
	env: Environment,
): Promise<SqlDatabase | undefined> {
	const remembered = await readRememberedLocation(env);
	if (remembered === undefined || isSamePlace(remembered, chosen)) return undefined;
	if (remembered.engine === 'sqlite') return await openExistingFile(remembered.location);
	const ofN8n = env.DB_TYPE === 'postgresdb' ? await settingsOfN8n(env) : undefined;
	if (ofN8n !== undefined && describeLocation(ofN8n) === remembered.location) {
		return await openPostgresDatabase(null, env);
	}
	throw vaultError(
		'VAULT_MOVE_SOURCE_NEEDED',
		'The vault is to be at another place, and the password of the earlier one is not known: last it was at ' +
			`${remembered.location}, and the one now chosen at ${chosen.location} is empty.`,
		`To move the vault, set ${MOVE_FROM_VARIABLE} to the earlier postgres:// URL with user and ` +
			'password. To begin with an empty vault (each credential must then be connected anew), set it ' +
			'to none.',
	);
}

async function openDefaultFile(
	_chosen: SqlDatabase,
	env: Environment,
): Promise<SqlDatabase | undefined> {
	return await openExistingFile(defaultVaultFile(env));
}

async function openExistingFile(file: string): Promise<SqlDatabase | undefined> {
	return existsSync(file) ? await openSqliteDatabase(file) : undefined;
}

/**
 * The sealer of an earlier vault: the present key, the one that it replaces, or n8n's own where a key
 * of the vault is new.
 */
async function sealerOf(
	database: SqlDatabase,
	env: Environment,
	{ earlier }: Sealer,
): Promise<Sealer> {
	const { keyCheck } = await database.read(readNotes);
	const present = new Sealer(await readEncryptionKey(env));
	if (keyCheck === undefined || present.keyCheck() === keyCheck) return present;
	if (earlier?.keyCheck() === keyCheck) return earlier;
	const own = new Sealer(await readEncryptionKey(withoutSharedKey(env)));
	if (own.keyCheck() === keyCheck) return own;
	throw keyMismatch(present.keySource, `the earlier vault at ${database.location}`);
}

function isSamePlace(
	one: { engine: string; location: string },
	other: { engine: string; location: string },
): boolean {
	return one.engine === other.engine && one.location === other.location;
}
