import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import { openVaultIn, sealerOf } from '../../../../nodes/shared/vault/place/openVault';
import { openDatabase } from '../../../../nodes/shared/vault/place/openDatabase';
import { vaultLocation } from '../../../../nodes/shared/vault/place/location';
import { listRecords, type VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import { readSpills, spillFolders } from '../../../../nodes/shared/vault/spending/spill';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { marginFor } from '../../../../nodes/shared/tokenChain/plan';
import { passwordRun } from '../../../integration/DocuWare/support/credentials';
import { DocuWareSimulator } from '../../../simulators/DocuWare';
import { chainKey, ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import { SeededRandom } from '../../../simulators/shared/seededRandom';
import { connect, CREDENTIAL_B } from '../../../support/chain/chainFixture';
import type { ChainStore, ChainStores, Engine } from '../../../support/chain/chainStore';
import { startChainStores } from '../../../support/chain/chainStore';
import { SoakFleet } from './soakFleet';
import type { SoakFacts } from './soakVerdict';
import { Troubles } from './troubles';
import { SoakWitness } from './witness';

/** How a soak is run. */
export interface SoakOptions {
	engine: Engine;
	seed: number;
	/** How long troubles strike, in milliseconds. */
	durationMs: number;
	processes: number;
	/** Executions at a time of each process. */
	lanes: number;
	/** Life of an access token of Exact Online, in seconds; 600 in reality. */
	lifeSeconds: number;
}

/** Pause of a lane between two executions, in milliseconds. */
const PAUSE_MS = 250;

/** The token endpoint takes its time, so that kills hit requests that are under way; in milliseconds. */
const TOKEN_DELAY_MS = 120;

/** More than there can be sessions at once, so that whoever finds none free has too many of its own. */
const LICENCES = 10;

/**
 * Runs both services over several processes, troubles them as the seed says, lets everything come to its end, and
 * says what was seen. Exact Online has two connections; a spent refresh token answers until the new one is used, since
 * without that grace a lost answer ends a chain rightly. DocuWare has one user and one session that is kept.
 */
export async function runSoak(options: SoakOptions): Promise<SoakFacts> {
	const { engine, seed, durationMs, processes, lanes, lifeSeconds } = options;
	const stores = await startChainStores(engine);
	const store = await stores.create();
	const exact = await ExactOnlineSimulator.start({
		switches: {
			...{ accessTokenLifeSeconds: lifeSeconds, grace: 'untilNewIsUsed' },
			...{ tokenDelayMs: TOKEN_DELAY_MS, minutelyLimit: 1_000_000, dailyLimit: 1_000_000_000 },
		},
	});
	const docuWare = await DocuWareSimulator.start({ switches: { concurrentLicences: LICENCES } });
	const lifeMs = lifeSeconds * 1000;
	const witness = new SoakWitness(exact, docuWare, marginFor('normal', lifeMs));
	const random = new SeededRandom(String(seed));
	const authorizations = [connect(exact), connect(exact, CREDENTIAL_B, { user: 1 })];
	const environment = environmentOf(store);
	const connections = authorizations.map((authorization, user) => ({
		authorization,
		division: exact.world.users[user]!.divisions[0]!,
	}));
	const order = { connections, runs: [passwordRun(docuWare)] };
	const fleet = new SoakFleet({ ...order, lanes, pauseMs: PAUSE_MS }, environment, random);
	const takeStoreAway = async (ms: number) => await withoutStore(stores, store, ms);
	const troubles = new Troubles({ exact, docuWare, fleet, takeStoreAway, lifeMs }, random);
	try {
		await fleet.start(processes);
		await troubles.go(performance.now() + durationMs);
		troubles.end();
		// Every answer that was lost is asked for once more, and has come.
		await delay(2 * lifeMs);
		await fleet.stop();
		const seen = await lookAtVault(environment, exact, authorizations);
		return factsOf({ exact, docuWare, fleet, troubles, witness, ...seen });
	} finally {
		await fleet.end();
		await exact.close();
		await docuWare.close();
		await store.close();
		await stores.close();
	}
}

function environmentOf({ location, spillFolder }: ChainStore): Record<string, string> {
	return {
		N8N_USER_FOLDER: dirname(spillFolder),
		N8N_ENCRYPTION_KEY: 'an encryption key for tests',
		N8N_EXACTONLINE_DOCUWARE_VAULT:
			location.engine === 'sqlite' ? `sqlite:${location.file}` : location.url,
		N8N_EXACTONLINE_DOCUWARE_START_TOKEN: '',
	};
}

/** PostgreSQL is stopped and started again; the file of SQLite is held by another program. */
async function withoutStore({ postgres }: ChainStores, { location }: ChainStore, ms: number) {
	if (location.engine === 'postgres') {
		await postgres?.takeAway();
		await delay(ms);
		await postgres?.bringBack();
		return;
	}
	const other = new DatabaseSync(location.file, { timeout: 5_000 });
	other.exec('BEGIN IMMEDIATE');
	await delay(ms);
	other.close();
}

/** What is left in vault and files. */
interface Seen {
	chains: number;
	/** Those whose refresh token is not the one that the service takes. */
	chainsLost: number;
	spills: number;
}

/** What is left in the vault and in the files beside it. */
async function lookAtVault(
	environment: Record<string, string>,
	exact: ExactOnlineSimulator,
	authorizations: readonly Authorization[],
): Promise<Seen> {
	const database = await openDatabase(vaultLocation(environment), environment);
	const vault = await openVaultIn({ database, sealer: await sealerOf(environment) }, environment);
	try {
		const records = await vault.read(() => listRecords('exactonline'));
		const lost = authorizations.filter(({ clientId }, user) => {
			const { userId } = exact.world.users[user]!;
			const own = records.find(({ identity }) => identity.endsWith(chainKey(clientId, userId)));
			return (
				own?.state !== 'active' ||
				refreshTokenIn(vault, own) !== exact.liveRefreshToken(clientId, userId)
			);
		});
		return {
			chains: authorizations.length,
			chainsLost: lost.length,
			spills: (await readSpills(spillFolders(environment), vault.vaultId)).length,
		};
	} finally {
		await vault.close();
	}
}

function refreshTokenIn(vault: Vault, record: VaultRecord): string {
	return (vault.openSecret(record) as { refreshToken: string }).refreshToken;
}

function factsOf(
	seen: Seen & {
		exact: ExactOnlineSimulator;
		docuWare: DocuWareSimulator;
		fleet: SoakFleet;
		troubles: Troubles;
		witness: SoakWitness;
	},
): SoakFacts {
	const { exact, docuWare, fleet, troubles, witness, spills, chains, chainsLost } = seen;
	const { counters } = exact;
	const { logOns, licences, requests } = docuWare.counters;
	const { ended, begun, abandoned, kills, freezes } = fleet;
	const { storeAway, docuWareFaults, exitCodes, struck } = troubles;
	const { posts, lateCalls, sessions } = witness;
	return {
		executions: { begun, abandoned, ended },
		strikes: { kills, freezes, storeAway },
		...{ docuWareFaults, exitCodes, struck, spills },
		exact: {
			...{ calls: counters.apiCalls, granted: counters.refreshesGranted, posts, lateCalls },
			callsWithExpiredToken: counters.apiCallsWithExpiredToken,
			unauthorized: counters.unauthorized,
			...{ chains, chainsLost },
		},
		docuWare: {
			requests: Object.values(requests).reduce((sum, count) => sum + count, 0),
			logOnsByPassword: logOns.password,
			logOnsByToken: logOns.token,
			sessions,
			licencesAtMost: licences.maxInUse,
			licencesRefused: licences.refused,
		},
	};
}
