import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { StoreLocation } from '../../test/support/chain/workerMessages';
import { startTestPostgres } from '../../test/support/postgres/testPostgres';
import { TestProcess } from '../../test/support/processes/testProcess';
import type { EndMeasure, RefreshMeasure, TokenTimes } from './manyIdentitiesProcess';
import type { LogIn, ServiceCounts } from './manyUsersProcess';

/** What one row of the table measures. */
export interface Setup {
	identities: number;
	/** Round trip to PostgreSQL that is added to the real one, in milliseconds; undefined: SQLite. */
	roundTripMs?: number;
}

/** Past the end of Exact's access tokens (600 s): whoever asks has to wait for a new one. */
const UNTIL_ENDED_MS = 601_000;

/** How long a row waits for what goes on after its calls have ended, in milliseconds. */
const END_LIMIT_MS = 120_000;

/** What the columns say. */
export const LEGEND = `
  read ms: one transaction that reads a row on the idle vault, which is several round trips
  granted/posts: token requests at the service when the last call has ended, and when the vault is closed
  spills: files with unsaved secrets at these two moments
  longest block ms: of the event loop, with garbage collection and with what other processes took of its core
  on a core ms: the longest time that the thread itself was busy between two turns of the event loop
  longest piece ms: the longest transaction of SQLite or write of a spill
  round trips per refresh: of all connections until the last call has ended, per refresh granted by then
  cpu ms per refresh: of this process, the client of the service included
  connections: to PostgreSQL, most at one time
  good token: what getToken takes at the median where the token is good, from memory and from the vault
  kB per identity: of the vault with its indexes, with the attempts of its two generations; PostgreSQL before any vacuum
  bytes per attempt: of 20,000 further rows of the log, with its indexes
`;

/** Processes that all rows share. */
interface Surroundings {
	service: TestProcess;
	proxy: TestProcess;
	/** Makes an empty store of the setup's engine; PostgreSQL is reached through the proxy. */
	newStore(setup: Setup, folder: string): Promise<StoreLocation>;
}

/** One row of the table, with a name for each column. */
export type CostRow = Record<string, string | number>;

/**
 * Many identities of one n8n whose access tokens have all ended, asked for at once in one process:
 * how long it takes until all have a new one, and what it costs. Per row a new process and an empty
 * vault, on SQLite and on PostgreSQL behind a proxy that adds a round trip.
 *
 * Service, proxy and PostgreSQL are processes of their own on the same machine, so that times contain
 * their share of its cores. Nothing fails, whatever the times are.
 */
export async function vaultCosts(setups: readonly Setup[]): Promise<CostRow[]> {
	const postgres = await startTestPostgres();
	const service = new TestProcess(join(__dirname, 'manyUsersProcess.ts'));
	const proxy = new TestProcess(join(__dirname, 'delayProxyProcess.ts'));
	try {
		await service.call('open', Math.max(...setups.map((setup) => setup.identities)));
		const port = await proxy.call('open', { host: postgres.host, port: postgres.port });
		const newStore = async ({ roundTripMs }: Setup, folder: string): Promise<StoreLocation> => {
			if (roundTripMs === undefined)
				return { engine: 'sqlite', file: join(folder, 'vault.sqlite') };
			const url = new URL((await postgres.createDatabase()).url);
			url.hostname = '127.0.0.1';
			url.port = String(port);
			return { engine: 'postgres', url: url.href };
		};
		const rows: CostRow[] = [];
		for (const setup of setups) {
			const row = await measure(setup, { service, proxy, newStore });
			rows.push(row);
			process.stderr.write(`${rows.length} of ${setups.length} rows: ${JSON.stringify(row)}\n`);
		}
		return rows;
	} finally {
		await Promise.all([service.end(), proxy.end(), postgres.close()]);
	}
}

async function measure(setup: Setup, around: Surroundings): Promise<CostRow> {
	const { identities, roundTripMs } = setup;
	const { service, proxy, newStore } = around;
	const isPostgres = roundTripMs !== undefined;
	const folder = await mkdtemp(join(tmpdir(), 'many-identities-'));
	const n8n = new TestProcess(join(__dirname, 'manyIdentitiesProcess.ts'));
	try {
		const load = loadavg()[0] ?? NaN;
		await proxy.call('setRoundTrip', 0);
		const store = await newStore(setup, folder);
		await n8n.call('open', { store, spillFolder: join(folder, 'spill') });
		const logIns = (await service.call('logIn', identities)) as LogIn[];
		await n8n.call('connect', logIns);
		await service.call('passTime', UNTIL_ENDED_MS);
		await n8n.call('passTime', UNTIL_ENDED_MS);
		await proxy.call('setRoundTrip', roundTripMs ?? 0);
		await proxy.call('takeTurns');
		const readMs = (await n8n.call('readMs')) as number;
		await proxy.call('takeTurns');
		await proxy.call('takeMostConnections');
		const measured = (await n8n.call('refreshAll')) as RefreshMeasure;
		const turns = (await proxy.call('takeTurns')) as number;
		const connections = (await proxy.call('takeMostConnections')) as number;
		const counts = (await service.call('counts')) as ServiceCounts;
		const times = (await n8n.call('tokenTimes')) as TokenTimes;
		// Only what is left counts from now on, not how long it takes.
		await proxy.call('setRoundTrip', 0);
		const end = await endOf(n8n);
		const endCounts = (await service.call('counts')) as ServiceCounts;
		for (const [code, message] of Object.entries(measured.messages)) {
			process.stderr.write(`${code}: ${message}\n`);
		}
		const perRefresh = isPostgres && counts.granted > 0 ? (turns / counts.granted).toFixed(1) : '';
		return {
			store: isPostgres ? `PostgreSQL +${roundTripMs} ms` : 'SQLite',
			identities,
			'machine load': load.toFixed(1),
			'read ms': readMs.toFixed(2),
			'all done s': (measured.wallMs / 1000).toFixed(2),
			failed: describeFailures(measured.failures),
			'granted/posts, at the end': `${granted(counts)}, ${granted(endCounts)}`,
			'saved at the end': end?.saved ?? 'unknown',
			'most posts at once': endCounts.mostAtOnce,
			'spills, at the end': `${measured.spills}, ${end?.spills ?? 'unknown'}`,
			'longest block ms': measured.longestBlockMs.toFixed(0),
			'on a core ms': measured.longestOnCoreMs.toFixed(0),
			'longest piece ms': measured.longestPieceMs.toFixed(0),
			'round trips per refresh': perRefresh,
			'cpu ms per refresh': counts.granted > 0 ? (measured.cpuMs / counts.granted).toFixed(1) : '',
			connections: isPostgres ? connections : '',
			'kB per identity': end ? (end.storeBytes / 1000 / identities).toFixed(1) : 'unknown',
			attempts: end?.attempts ?? 'unknown',
			'bytes per attempt': end?.attemptBytes.toFixed(0) ?? 'unknown',
			'good token µs, from the vault ms': `${times.memoryUs.toFixed(0)}, ${times.vaultMs.toFixed(1)}`,
		};
	} finally {
		await n8n.end();
		await rm(folder, { recursive: true, force: true });
	}
}

/** What is left when everything has ended; undefined where that takes too long. */
async function endOf(n8n: TestProcess): Promise<EndMeasure | undefined> {
	const closed = n8n.call('close').catch((error: unknown) => {
		process.stderr.write(`The vault was not closed: ${String(error)}\n`);
		return undefined;
	});
	const limit = delay(END_LIMIT_MS, undefined, { ref: false });
	return (await Promise.race([closed, limit])) as EndMeasure | undefined;
}

function granted(counts: ServiceCounts): string {
	return `${counts.granted}/${counts.posts}`;
}

function describeFailures(failures: Record<string, number>): string {
	const parts = Object.entries(failures).map(([code, count]) => `${count} ${code}`);
	return parts.length === 0 ? '0' : parts.join(', ');
}
