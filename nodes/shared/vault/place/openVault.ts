import { openDatabase } from './openDatabase';
import { rememberLocation } from './rememberedLocation';
import { bringEarlierVault } from './earlierVault';
import type { Environment } from '../../process/environment';
import { readEncryptionKey } from '../encryptionKey';
import type { VaultLocation } from './location';
import { vaultLocation } from './location';
import { Sealer } from '../sealing';
import { Vault } from '../vault';

const opened = new Map<string, Promise<Vault>>();

/**
 * The vault of this n8n, opened once per process and location. A failed opening is not kept, so
 * that a repaired disk or database is found at the next use.
 * @throws ConnectorError with a VAULT_* code.
 */
export async function openVault(env: Environment = process.env): Promise<Vault> {
	const location = vaultLocation(env);
	const key = JSON.stringify(location);
	let vault = opened.get(key);
	if (vault === undefined) {
		vault = openAt(location, env);
		opened.set(key, vault);
		vault.catch(() => opened.delete(key));
	}
	return await vault;
}

/** Closes every vault this module opened; for tests and for a process that ends. */
export async function closeVaults(): Promise<void> {
	const all = [...opened.values()];
	opened.clear();
	for (const vault of all) {
		await vault.then(async (open) => await open.close()).catch(() => undefined);
	}
}

async function openAt(location: VaultLocation, env: Environment): Promise<Vault> {
	const sealer = new Sealer(await readEncryptionKey(env));
	const database = await openDatabase(location, env);
	let usable = false;
	try {
		await bringEarlierVault({ database, sealer }, env);
		const vault = await Vault.open(database, sealer, env);
		await rememberLocation(env, database);
		usable = true;
		return vault;
	} finally {
		if (!usable) await database.close();
	}
}
