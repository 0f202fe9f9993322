import type { AccessToken, Authorization } from '../../../../nodes/shared/tokenChain/types';
import { attemptsAt } from '../../../../nodes/shared/vault/rows/attempts';
import type { PostgresTiming } from '../../../../nodes/shared/vault/database/postgresTiming';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { listRecords } from '../../../../nodes/shared/vault/rows/records';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { readSpills } from '../../../../nodes/shared/vault/spending/spill';
import { connect, CREDENTIAL_B, failureOf, TEST_TIMING } from '../../../support/chain/chainFixture';
import type { ChainProcess } from '../../../support/chain/chainProcess';
import type { Engine, OpenedChain } from '../../../support/chain/chainStore';
import { printTable } from '../../../support/chain/printTable';
import { useChain, type ChainBench } from '../../../support/chain/useChain';
import type { WorkerOptions } from '../../../support/chain/workerMessages';
import type { TcpProxy } from '../../../support/postgres/tcpProxy';
import { startTcpProxy } from '../../../support/postgres/tcpProxy';
import { until } from '../../../support/until';

/** Limits that end within a test, in milliseconds. */
const SHORT_POSTGRES_TIMING: PostgresTiming = {
	lockLimitMs: 500,
	statementLimitMs: 1_000,
	idleLimitMs: 1_000,
	retryLimitMs: 200,
	silenceLimitMs: 2_000,
};
const SHORT_LIMITS = {
	saveLimitMs: 300,
	busyLimitMs: 200,
	postgresTiming: SHORT_POSTGRES_TIMING,
} satisfies Partial<WorkerOptions>;

let bench: ChainBench;
/** This test process's own look at the store. */
let onlooker: OpenedChain;
const table: Array<Record<string, unknown>> = [];

afterAll(() => {
	printTable('Saves of a new token pair that the store does not take', table);
});

/** The bench of a `describe`. */
function useBench(engine: Engine): void {
	const made = useChain(engine);
	beforeEach(async () => {
		bench = made;
		onlooker = await bench.open();
	});
}

async function start(options: Partial<WorkerOptions> = {}): Promise<ChainProcess> {
	return await bench.start({ ...SHORT_LIMITS, ...options });
}

async function storedGeneration(): Promise<{ generation: number; outcomes: string[] }> {
	return await onlooker.vault.read(function* () {
		const [record] = yield* listRecords('exactonline');
		const attempts = yield* attemptsAt(record!.id, 1);
		return {
			generation: record!.generation,
			outcomes: attempts.map((attempt) => attempt.outcome),
		};
	});
}

async function spills(): Promise<number> {
	// An empty file is kept open for the next secret.
	return (await readSpills([bench.store.spillFolder], onlooker.vault.vaultId)).length;
}

/** Runs a refresh in `worker` whose save meets the fault that `strike` sets. */
async function refreshUnderFault(
	worker: ChainProcess,
	authorization: Authorization,
	strike: () => Promise<void>,
): Promise<{ refreshed: Promise<AccessToken> }> {
	const hold = bench.simulator.hold('tokenProcessed');
	const refreshed = worker.getToken(authorization);
	// Looked at by the caller; a rejection before that is none of Node's business.
	refreshed.catch(() => undefined);
	const held = await hold.waiting();
	await strike();
	held.release();
	return { refreshed };
}

/** The received pair waits in a spill, the store still holds the old one. */
async function expectStruck(refreshed: Promise<AccessToken>, cause: RegExp): Promise<void> {
	const error = await failureOf(refreshed);
	expect(error).toMatchObject({ code: 'VAULT_SAVE_FAILED', retryable: true });
	expect(error.message).toMatch(cause);
	expect(bench.simulator.counters).toMatchObject({ tokenPosts: 1, refreshesGranted: 1 });
	expect(await spills()).toBe(1);
}

/** The next use has the received pair, without a further token request, and so has any other process. */
async function expectReceived(
	fault: string,
	next: ChainProcess,
	authorization: Authorization,
	who: string,
): Promise<void> {
	const token = await next.getToken(authorization);
	expect(token.generation).toBe(2);
	await expect(onlooker.chain.getToken(authorization, 'normal')).resolves.toMatchObject({
		accessToken: token.accessToken,
	});
	expect(await storedGeneration()).toEqual({ generation: 2, outcomes: ['saved'] });
	expect(await spills()).toBe(0);
	const { tokenPosts, refreshesGranted, oldTokenUses } = bench.simulator.counters;
	table.push({ fault, 'next use': who, tokenPosts, refreshesGranted, oldTokenUses });
	expect(bench.simulator.counters).toMatchObject({ tokenPosts: 1, oldTokenUses: 0 });
}

describe('SQLite', () => {
	useBench('sqlite');

	const NEXT = ['the same process', 'another process', 'another process after kill -9'] as const;

	async function nextUse(who: (typeof NEXT)[number], struck: ChainProcess): Promise<ChainProcess> {
		if (who === 'the same process') return struck;
		if (who === 'another process after kill -9') await struck.signal('SIGKILL');
		return await start();
	}

	it.each(NEXT)('query_only: the next use, in %s, has the received pair', async (who) => {
		const authorization = await bench.expiredConnection();
		const worker = await start();
		const { refreshed } = await refreshUnderFault(worker, authorization, async () => {
			await worker.sql('PRAGMA query_only = ON');
		});
		await expectStruck(refreshed, /cannot be written/);
		expect(await storedGeneration()).toEqual({ generation: 1, outcomes: ['open'] });
		const next = await nextUse(who, worker);
		// The lease could not be given back either; the other process has to see that for itself.
		if (next === worker) await worker.sql('PRAGMA query_only = OFF');
		await expectReceived('PRAGMA query_only', next, authorization, who);
	});

	it('query_only: a token for another connection, in another process, brings it in too', async () => {
		const authorization = await bench.expiredConnection();
		const worker = await start();
		const { refreshed } = await refreshUnderFault(worker, authorization, async () => {
			await worker.sql('PRAGMA query_only = ON');
		});
		await expectStruck(refreshed, /cannot be written/);
		const other = connect(bench.simulator, CREDENTIAL_B, { user: 1 });
		await onlooker.chain.getToken(other, 'normal');
		// In the background: the other connection does not wait for it.
		await until(async () => (await spills()) === 0);
		expect(await storedGeneration()).toEqual({ generation: 2, outcomes: ['saved'] });
		expect(bench.simulator.counters.tokenPosts).toBe(1);
	});

	it.each(NEXT)('max_page_count: the next use, in %s, has the received pair', async (who) => {
		const authorization = await bench.expiredConnection();
		// The pair itself finds room in pages that its predecessor leaves; this makes any save grow.
		await onlooker.vault.write(function* () {
			yield* query('CREATE TABLE ballast (weight BLOB)');
			yield* query(`CREATE TRIGGER grow AFTER UPDATE OF sealed ON ${TABLES.record}
				BEGIN INSERT INTO ballast VALUES (randomblob(100000)); END`);
		});
		const worker = await start();
		const { refreshed } = await refreshUnderFault(worker, authorization, async () => {
			await worker.sql('PRAGMA max_page_count = 1');
		});
		await expectStruck(refreshed, /could not grow/);
		expect(await storedGeneration()).toEqual({ generation: 1, outcomes: ['open'] });
		const next = await nextUse(who, worker);
		if (next === worker) await worker.sql('PRAGMA max_page_count = 1000000');
		await expectReceived('PRAGMA max_page_count', next, authorization, who);
	});

	it.each(NEXT)('a lock held by another process: the next use, in %s, has it', async (who) => {
		const authorization = await bench.expiredConnection();
		const worker = await start();
		const locker = await start();
		const { refreshed } = await refreshUnderFault(worker, authorization, async () => {
			await locker.sql('BEGIN IMMEDIATE');
		});
		await expectStruck(refreshed, /stayed locked/);
		expect(await storedGeneration()).toEqual({ generation: 1, outcomes: ['open'] });
		if (who === 'another process after kill -9') await worker.signal('SIGKILL');
		await locker.sql('ROLLBACK');
		const next = who === 'the same process' ? worker : await start();
		await expectReceived('lock held by another process', next, authorization, who);
	});
});

describe('PostgreSQL', () => {
	let proxy: TcpProxy;
	/** The store as reached through the proxy. */
	let throughProxy: Partial<WorkerOptions>;

	useBench('postgres');
	beforeEach(async () => {
		const { host, port } = bench.stores.postgres!;
		proxy = await startTcpProxy(host, port);
		if (bench.store.location.engine !== 'postgres') throw new Error('not on PostgreSQL');
		const url = new URL(bench.store.location.url);
		url.host = `127.0.0.1:${proxy.port}`;
		throughProxy = { store: { engine: 'postgres', url: url.href } };
	});
	afterEach(async () => await proxy.close());

	it.each(['the same process', 'another process', 'another process after kill -9'])(
		'stopped during the save: the next use, in %s, has the received pair',
		async (who) => {
			const authorization = await bench.expiredConnection();
			const worker = await start();
			const { refreshed } = await refreshUnderFault(worker, authorization, async () => {
				await bench.stores.postgres!.takeAway();
			});
			try {
				await expectStruck(refreshed, /./);
			} finally {
				if (who === 'another process after kill -9') await worker.signal('SIGKILL');
				await bench.stores.postgres!.bringBack();
			}
			const next = who === 'the same process' ? worker : await start();
			await expectReceived('server stopped during the save', next, authorization, who);
		},
	);

	it.each(['the same process', 'another process'])(
		'connection cut again and again: the next use, in %s, has the received pair',
		async (who) => {
			const authorization = await bench.expiredConnection();
			const worker = await start(throughProxy);
			let cuts = 0;
			let healed = false;
			const cutSaves = async () => {
				while (!healed) {
					await proxy.cutBefore('sealed = $4');
					cuts += 1;
				}
			};
			const { refreshed } = await refreshUnderFault(worker, authorization, async () => {
				void cutSaves();
			});
			await expectStruck(refreshed, /./);
			expect(cuts).toBeGreaterThan(1);
			expect(await storedGeneration()).toEqual({ generation: 1, outcomes: ['open'] });
			if (who === 'the same process') {
				healed = true;
				// The trap that is set still catches one; the retry after it gets through.
				await expectReceived('connection cut', worker, authorization, who);
			} else {
				await expectReceived('connection cut', await start(), authorization, who);
			}
		},
	);

	it('the answer to COMMIT cut off: the save is found to have been done', async () => {
		const authorization = await bench.expiredConnection();
		// Without heartbeats the save is the first transaction after the answer.
		const timing = { ...TEST_TIMING, leaseMs: 120_000, heartbeatMs: 60_000 };
		const worker = await start({ ...throughProxy, timing });
		let struck = false;
		const { refreshed } = await refreshUnderFault(worker, authorization, async () => {
			// A statement ends with a NUL on the wire, which tells it from "READ COMMITTED".
			void proxy.cutAnswerTo('COMMIT\0').then(() => {
				struck = true;
			});
		});
		await expect(refreshed).resolves.toMatchObject({ generation: 2 });
		expect(struck).toBe(true);
		await expectReceived('answer to COMMIT cut off', worker, authorization, 'the same process');
	});
});
