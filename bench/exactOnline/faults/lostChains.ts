import { openDatabase } from '../../../nodes/shared/vault/place/openDatabase';
import { vaultLocation } from '../../../nodes/shared/vault/place/location';
import { openVaultIn, sealerOf } from '../../../nodes/shared/vault/place/openVault';
import { passTimeInVault } from '../../../test/support/chain/chainFixture';
import type { Told } from './connection';
import type { Place } from './place';

/** Longer than an access token lives, in seconds. */
const LIFE_SECONDS = 601;

/**
 * Lets the life of all access tokens pass, and runs each connection once in new processes of n8n.
 * @returns which of them cannot go on without a log-in, in the order of `all`
 */
export async function lostChains(place: Place, all: readonly Told[]): Promise<boolean[]> {
	await place.stop();
	const { vaultEnvironment } = place;
	const database = await openDatabase(vaultLocation(vaultEnvironment), vaultEnvironment);
	const store = { database, sealer: await sealerOf(vaultEnvironment) };
	const vault = await openVaultIn(store, vaultEnvironment);
	await passTimeInVault(vault, LIFE_SECONDS);
	await vault.close();
	for (const { connection } of all) connection.age();
	await place.startAgain();
	const lost: boolean[] = [];
	for (const { connection } of all) lost.push(!(await connection.succeeds()));
	return lost;
}
