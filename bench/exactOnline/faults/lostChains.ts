import { dirname } from 'node:path';
import { openDatabase } from '../../../nodes/shared/vault/place/openDatabase';
import { vaultLocation } from '../../../nodes/shared/vault/place/location';
import { openVaultIn, sealerOf } from '../../../nodes/shared/vault/place/openVault';
import type { ExactHost } from '../../../test/e2e/support/exactHost';
import { passTimeInVault } from '../../../test/support/chain/chainFixture';
import type { Told } from './connection';

/** Longer than an access token lives, in seconds. */
const LIFE_SECONDS = 601;

/**
 * Lets the life of all access tokens pass, and runs each connection once in a new process of n8n.
 * @returns which of them cannot go on without a log-in, in the order of `all`
 */
export async function lostChains(exact: ExactHost, all: readonly Told[]): Promise<boolean[]> {
	await exact.host.stop();
	const environment = { N8N_USER_FOLDER: dirname(dirname(exact.vaultFile)) };
	const database = await openDatabase(vaultLocation(environment), environment);
	const store = { database, sealer: await sealerOf(environment) };
	const vault = await openVaultIn(store, environment);
	await passTimeInVault(vault, LIFE_SECONDS);
	await vault.close();
	for (const { connection } of all) connection.age();
	await exact.host.startAgain();
	const lost: boolean[] = [];
	for (const { connection } of all) lost.push(!(await connection.succeeds()));
	return lost;
}
