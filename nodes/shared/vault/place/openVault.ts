import { openDatabase } from './openDatabase';
import { rememberLocation } from './rememberedLocation';
import { bringEarlierVault } from './earlierVault';
import type { Environment } from '../../process/environment';
import { readEncryptionKey, readPreviousKey } from '../encryptionKey';
import type { VaultLocation } from './location';
import { vaultLocation } from './location';
import { Sealer } from '../sealing';
import type { SealedStore } from './moveVault';
import { rotateKey } from './rotateKey';
import { Vault } from '../vault';
import { checkHome } from './vaultHome';

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
	const sealer = await sealerOf(env);
	return await openVaultIn({ database: await openDatabase(location, env), sealer }, env);
}

/**
 * The vault in a store that is open, which is closed where that fails.
 * @throws ConnectorError with a VAULT_* code.
 */
export async function openVaultIn(store: SealedStore, env: Environment): Promise<Vault> {
	const { database, sealer } = store;
	let usable = false;
	try {
		await bringEarlierVault(store, env);
		await rotateKey(store);
		const vault = await Vault.open(database, sealer, env);
		await checkHome(database, env);
		// What waits in files under the earlier key is sealed anew now; what fails is tried at each use.
		if (sealer.earlier !== undefined) await vault.replayUnsaved().catch(() => undefined);
		await rememberLocation(env, database);
		usable = true;
		return vault;
	} finally {
		if (!usable) await database.close();
	}
}

/** The sealer of the present key, with the one that it replaces. @throws ConnectorError VAULT_KEY_MISSING */
export async function sealerOf(env: Environment): Promise<Sealer> {
	const previous = await readPreviousKey(env);
	const earlier = previous && new Sealer(previous);
	return new Sealer(await readEncryptionKey(env), earlier);
}
