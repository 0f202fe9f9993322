import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

import { openVaultIn, sealerOf } from '../../../../nodes/shared/vault/place/openVault';
import { openDatabase } from '../../../../nodes/shared/vault/place/openDatabase';
import { vaultLocation } from '../../../../nodes/shared/vault/place/location';
import { latestAttempts, type Attempt } from '../../../../nodes/shared/vault/rows/attempts';
import { listRecords, type VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import { readSpills, spillFolders } from '../../../../nodes/shared/vault/spending/spill';
import type { Vault } from '../../../../nodes/shared/vault/vault';
import { SESSION_SERVICE } from '../../../../nodes/DocuWare/auth/account/sessionAccount';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { passwordRun } from '../../../integration/DocuWare/support/credentials';
import { DocuWareSimulator } from '../../../simulators/DocuWare';
import { chainKey, ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import { SeededRandom } from '../../../simulators/shared/seededRandom';
import { connect, CREDENTIAL_B } from '../../../support/chain/chainFixture';
import type { ChainStore, ChainStores, Engine } from '../../../support/chain/chainStore';
import { startChainStores } from '../../../support/chain/chainStore';
import { isUnexplained, type TokenPost } from '../tokenPosts';
import { SoakFleet } from './soakFleet';
import type { SoakFacts } from './soakVerdict';
import { Troubles } from './troubles';

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

const ATTEMPTS_LOOKED_AT = 1_000_000;

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
	const docuWare = await DocuWareSimulator.start();
	const posts: TokenPost[] = [];
	exact.log.on('received', (entry) => {
		if (entry.path === '/api/oauth2/token') posts.push(entry);
	});
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
	const lifeMs = lifeSeconds * 1000;
	const troubles = new Troubles({ exact, docuWare, fleet, takeStoreAway, lifeMs }, random);
	try {
		await fleet.start(processes);
		await troubles.go(performance.now() + durationMs);
		troubles.end();
		// Every answer that was lost is asked for once more, and has come.
		await delay(2 * lifeMs);
		await fleet.stop();
		const seen = await lookAtVault(environment, exact, authorizations);
		return factsOf({ exact, docuWare, fleet, troubles, posts, ...seen });
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

/** Kinds of attempts that open a session, and outcomes that say that nobody knows. */
const LOG_ONS = new Set(['logon', 'tokenLogOn']);
const NO_OUTCOME = new Set(['open', 'unknown', 'doubtful']);

/** A chain of Exact Online as the vault has it in the end. */
interface SeenChain {
	/** `clientId#userId` */
	identifier: string;
	/** Newest first. */
	attempts: Attempt[];
	/** Its refresh token is not the one that the service takes. */
	lost: boolean;
}

interface Seen {
	chains: SeenChain[];
	/** Log-ons without an outcome. */
	lostLogOns: number;
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
		const found = await vault.read(function* () {
			const all: Array<{ record: VaultRecord; attempts: Attempt[] }> = [];
			for (const service of ['exactonline', SESSION_SERVICE]) {
				for (const record of yield* listRecords(service)) {
					all.push({ record, attempts: yield* latestAttempts(record.id, ATTEMPTS_LOOKED_AT) });
				}
			}
			return all;
		});
		const chains = authorizations.map(({ clientId }, user): SeenChain => {
			const { userId } = exact.world.users[user]!;
			const identifier = chainKey(clientId, userId);
			const own = found.find(({ record }) => record.identity.endsWith(identifier));
			const lost =
				own?.record.state !== 'active' ||
				refreshTokenIn(vault, own.record) !== exact.liveRefreshToken(clientId, userId);
			return { identifier, lost, attempts: own?.attempts ?? [] };
		});
		const lostLogOns = found
			.filter(({ record }) => record.service === SESSION_SERVICE)
			.flatMap(({ attempts }) => attempts)
			.filter(({ kind, outcome }) => LOG_ONS.has(kind) && NO_OUTCOME.has(outcome)).length;
		return {
			chains,
			lostLogOns,
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
		posts: readonly TokenPost[];
	},
): SoakFacts {
	const { exact, docuWare, fleet, troubles, posts, chains, spills, lostLogOns } = seen;
	const attemptsOf = ({ tags }: TokenPost) =>
		chains.find(({ identifier }) => identifier === chainKey(tags.clientId ?? '', tags.userId ?? ''))
			?.attempts ?? [];
	const { counters } = exact;
	const { logOns, licences, requests } = docuWare.counters;
	const { ended, begun, abandoned } = fleet;
	const { storeAway, docuWareFaults, exitCodes, reasonsToLogOn, struck } = troubles;
	return {
		executions: { begun, abandoned, ended },
		...{ storeAway, docuWareFaults, exitCodes, struck, spills },
		exact: {
			calls: counters.apiCalls,
			tokenPosts: counters.tokenPosts,
			granted: counters.refreshesGranted,
			oldTokenUses: counters.oldTokenUses,
			unexplainedOldTokenUses: posts.filter((post) => isUnexplained(post, attemptsOf(post))).length,
			tooEarly: counters.tooEarly,
			unexplainedTooEarly: chains
				.flatMap(({ attempts }) => attempts)
				.filter(({ kind, outcome }) => kind !== 'probe' && outcome === 'tooEarly').length,
			mostAtOnce: Math.max(0, ...Object.values(counters.maxParallelTokenPostsByChain)),
			callsWithExpiredToken: counters.apiCallsWithExpiredToken,
			unauthorized: counters.unauthorized,
			chains: chains.length,
			chainsLost: chains.filter(({ lost }) => lost).length,
		},
		docuWare: {
			requests: Object.values(requests).reduce((sum, count) => sum + count, 0),
			logOnsByPassword: logOns.password,
			logOnsByToken: logOns.token,
			reasonsToLogOn,
			lostLogOns,
			licencesAtMost: licences.maxInUse,
			licencesRefused: licences.refused,
		},
	};
}
