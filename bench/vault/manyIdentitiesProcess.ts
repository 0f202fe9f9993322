/**
 * The process that is measured: one n8n with one vault and many connections, whose access tokens all
 * end at the same moment.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

// Loaded at the start, as in an n8n that has sent before.
import 'axios';

import { exactChainPolicy } from '../../nodes/ExactOnline/auth/chainPolicy';
import { isConnectorError } from '../../nodes/shared/errors';
import { TokenChain } from '../../nodes/shared/tokenChain/tokenChain';
import type { Authorization } from '../../nodes/shared/tokenChain/types';
import { loopShare } from '../../nodes/shared/vault/database/loopShare';
import { query } from '../../nodes/shared/vault/database/transaction';
import { DEFAULT_LEASE_TIMING } from '../../nodes/shared/vault/leaseHolding';
import { TABLES } from '../../nodes/shared/vault/rows/schema';
import { readSpills } from '../../nodes/shared/vault/spending/spill';
import type { Vault } from '../../nodes/shared/vault/vault';
import {
	forgetMemory,
	passTimeInMemory,
	passTimeInVault,
} from '../../test/support/chain/chainFixture';
import { openChainVault, openStoreDatabase, TELL_OWNER } from '../../test/support/chain/chainStore';
import type { StoreLocation } from '../../test/support/chain/workerMessages';
import { answerCalls } from '../../test/support/processes/answerCalls';
import type { LogIn } from './manyUsersProcess';

/** What came of all refreshes at once. */
export interface RefreshMeasure {
	wallMs: number;
	/** Processor time of the process, in milliseconds. */
	cpuMs: number;
	/** Calls that failed, by error code. */
	failures: Record<string, number>;
	/** One message per error code, for people. */
	messages: Record<string, string>;
	/** Files with unsaved secrets once all calls have ended. */
	spills: number;
	longestBlockMs: number;
	/** The longest time on a core between two turns of the event loop: the block without what others took. */
	longestOnCoreMs: number;
	/** The longest transaction of SQLite or write of a spill, which nothing of the process can interrupt. */
	longestPieceMs: number;
}

/** What it takes to get a token that is good, at the median. */
export interface TokenTimes {
	/** Of one that this process remembers, in microseconds. */
	memoryUs: number;
	/** Of one that is read from the vault, in milliseconds. */
	vaultMs: number;
}

/** What is left once the vault is closed, for which it waits until everything under way has ended. */
export interface EndMeasure {
	/** Records that hold their second pair. */
	saved: number;
	spills: number;
	/** Bytes of the vault's tables with their indexes, or of its file. */
	storeBytes: number;
	/** Rows of the log of attempts, and bytes that a further one takes with its indexes. */
	attempts: number;
	attemptBytes: number;
}

/** A store, and where the secrets go that it does not take. */
export interface Place {
	store: StoreLocation;
	spillFolder: string;
}

/** First tokens are fetched by this many at a time, so that no limit is met before the measurement. */
const CONNECTED_AT_ONCE = 8;
const SETTLE_MS = 50;
const PINGS = 30;
/** So many good tokens are asked for, from memory and from the vault. */
const MEMORY_TOKENS = 10_000;
const VAULT_TOKENS = 100;

let longestPieceMs = 0;
let vault: Vault;
let chain: TokenChain;
let place: Place;
let authorizations: Authorization[] = [];

answerCalls({
	async open(given: Place): Promise<void> {
		place = given;
		timePieces();
		const { spillFolder } = place;
		const database = await openStoreDatabase(place);
		vault = await openChainVault(database, { spillFolder, timing: DEFAULT_LEASE_TIMING });
		chain = new TokenChain(vault, exactChainPolicy, TELL_OWNER);
	},
	/** Takes the log-ins in: each becomes an identified record with its first token. */
	async connect(logIns: LogIn[]): Promise<void> {
		authorizations = logIns.map(authorizationOf);
		const left = authorizations.values();
		const connectNext = async (): Promise<void> => {
			for (const authorization of left) await chain.getToken(authorization, 'normal');
		};
		await Promise.all(Array.from({ length: CONNECTED_AT_ONCE }, connectNext));
	},
	passTime,
	/** Median time of a transaction that reads one row, while nothing else is going on, in milliseconds. */
	async readMs(): Promise<number> {
		const times: number[] = [];
		for (let ping = 0; ping < PINGS; ping += 1) {
			const begin = performance.now();
			await vault.read(function* () {
				yield* query(`SELECT 1 AS one FROM ${TABLES.record} LIMIT 1`);
			});
			times.push(performance.now() - begin);
		}
		return median(times);
	},
	refreshAll,
	tokenTimes,
	/** Closes the vault once everything under way has ended, and looks at what is left. */
	async close(): Promise<EndMeasure> {
		await vault.close();
		return { spills: await countSpills(), ...(await lookAtStore()) };
	},
});

async function refreshAll(): Promise<RefreshMeasure> {
	const loop = monitorEventLoopDelay({ resolution: 1 });
	loop.enable();
	const onCore = watchTimeOnCore();
	// The monitor compares its own turns: it needs one before and one after what it is to see.
	await delay(SETTLE_MS);
	longestPieceMs = 0;
	const cpu = process.cpuUsage();
	const begin = performance.now();
	const outcomes = await Promise.allSettled(
		authorizations.map(async (authorization) => await chain.getToken(authorization, 'normal')),
	);
	const wallMs = performance.now() - begin;
	const { user, system } = process.cpuUsage(cpu);
	await delay(SETTLE_MS);
	loop.disable();
	const longestOnCoreMs = onCore.end();
	const failures: Record<string, number> = {};
	const messages: Record<string, string> = {};
	for (const outcome of outcomes) {
		if (outcome.status === 'fulfilled') continue;
		const error: unknown = outcome.reason;
		const code = isConnectorError(error) ? error.code : 'other';
		failures[code] = (failures[code] ?? 0) + 1;
		messages[code] = error instanceof Error ? error.message : String(error);
	}
	const spills = await countSpills();
	const longestBlockMs = loop.max / 1e6;
	return {
		wallMs,
		cpuMs: (user + system) / 1000,
		failures,
		messages,
		spills,
		longestBlockMs,
		longestOnCoreMs,
		longestPieceMs,
	};
}

/** One caller after another, each with another identity. */
async function tokenTimes(): Promise<TokenTimes> {
	const timed = async (count: number, before: () => void): Promise<number> => {
		const times: number[] = [];
		for (let number = 0; number < count; number += 1) {
			before();
			const begin = performance.now();
			await chain.getToken(authorizations[number % authorizations.length]!, 'normal');
			times.push(performance.now() - begin);
		}
		return median(times);
	};
	const memoryUs = (await timed(MEMORY_TOKENS, () => undefined)) * 1000;
	return { memoryUs, vaultMs: await timed(VAULT_TOKENS, forgetMemory) };
}

function median(values: number[]): number {
	return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Asks once a millisecond how long this thread has been on a core since the last time. */
function watchTimeOnCore(): { end(): number } {
	let longestMs = 0;
	let last = threadMs();
	const look = () => {
		const now = threadMs();
		longestMs = Math.max(longestMs, now - last);
		last = now;
	};
	const timer = setInterval(look, 1);
	return {
		end() {
			clearInterval(timer);
			return longestMs;
		},
	};
}

function threadMs(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}

/** Times what takes its turn in the event loop. */
function timePieces(): void {
	const share = loopShare();
	const run = share.run.bind(share);
	share.run = async <T>(work: () => T, isUrgent?: boolean): Promise<T> =>
		await run(() => {
			const begin = performance.now();
			try {
				return work();
			} finally {
				longestPieceMs = Math.max(longestPieceMs, performance.now() - begin);
			}
		}, isUrgent);
}

/**
 * Lets time pass in this process and its vault; the service, which is another process, is told by
 * whoever calls this.
 */
async function passTime(ms: number): Promise<void> {
	await passTimeInVault(vault, ms / 1000);
	passTimeInMemory(ms / 1000);
}

function authorizationOf(logIn: LogIn, number: number): Authorization {
	const { host, clientId, clientSecret, accessToken, refreshToken, lifeMs } = logIn;
	return {
		host,
		clientId,
		clientSecret,
		pair: { accessToken, refreshToken, lifeMs },
		issuedAt: Date.now(),
		ignoreSslIssues: false,
		presenter: {
			credentialId: `credential-${number}`,
			credentialName: `Exact Online ${number}`,
			instanceId: 'instance-1',
			duplicatePolicy: 'refuse',
		},
	};
}

/** Opens the store anew: the vault's own connections are closed. */
async function lookAtStore(): Promise<Omit<EndMeasure, 'spills'>> {
	const database = await openStoreDatabase(place);
	const one = async (sql: string) => {
		const [row] = await database.read(() => query(sql));
		return Number(row?.value);
	};
	const bytes = async () =>
		await one(place.store.engine === 'sqlite' ? SQLITE_BYTES : POSTGRES_BYTES);
	try {
		const storeBytes = await bytes();
		const attempts = await one(`SELECT count(*) AS value FROM ${TABLES.attempt}`);
		const saved = await one(`SELECT count(*) AS value FROM ${TABLES.record} WHERE generation = 2`);
		await database.write(() => query(MORE_ATTEMPTS));
		const attemptBytes = ((await bytes()) - storeBytes) / COPIED_ATTEMPTS;
		return { saved, attempts, storeBytes, attemptBytes };
	} finally {
		await database.close();
	}
}

/** An attempt is copied so often, to see what one takes. */
const COPIED_ATTEMPTS = 20_000;

const MORE_ATTEMPTS = `WITH RECURSIVE copies(number) AS (
		SELECT 100001 UNION ALL SELECT number + 1 FROM copies WHERE number < ${100_000 + COPIED_ATTEMPTS}
	)
	INSERT INTO ${TABLES.attempt} (id, record_id, identity, generation, kind, spent_fingerprint, holder,
		started_at, finished_at, outcome, detail)
	SELECT substr(id, 1, 30) || number, record_id, identity, number, kind, spent_fingerprint, holder,
		started_at + number, finished_at + number, outcome, detail
	FROM copies, (SELECT * FROM ${TABLES.attempt} LIMIT 1) AS one`;

const SQLITE_BYTES =
	'SELECT page_count * page_size AS value FROM pragma_page_count(), pragma_page_size()';

const POSTGRES_BYTES = `SELECT sum(pg_total_relation_size(oid)) AS value FROM pg_class
	WHERE relkind = 'r' AND relname LIKE 'exactonline_docuware_%'`;

/** Files that hold a secret; those kept open for the next one are none. */
async function countSpills(): Promise<number> {
	return (await readSpills([place.spillFolder], vault.vaultId)).length;
}
