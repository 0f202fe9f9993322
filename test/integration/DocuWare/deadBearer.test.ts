import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import type { DocuWareSimulator } from '../../simulators/DocuWare';
import { connect } from './support/connect';
import type { FakeRun } from './support/fakeNode';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

/** With licences enough, also where bearer tokens book them: a forgotten token never gives its back. */
const CONNECTABLE = { version: '7.12', autoConsent: 'api', concurrentLicences: 9 } as const;

const bench = useDocuWare();

/** Makes every pair older in the vault; none of them has ended by that. */
async function passMinutes(minutes: number): Promise<void> {
	const vault = await openVault();
	await vault.write(function* () {
		const ms = minutes * 60_000;
		yield* query(
			`UPDATE ${TABLES.record} SET requested_at = requested_at - $1, received_at = received_at - $1`,
			[ms],
		);
		yield* query(`UPDATE ${TABLES.item} SET updated_at = updated_at - $1`, [ms]);
	});
}

async function statusOf(run: FakeRun): Promise<number> {
	return (await (await sessionFor(run)).request(GET)).status;
}

/** A connection that was used and is some minutes old. */
async function usedRun(simulator: DocuWareSimulator): Promise<FakeRun> {
	const run = await connect(simulator);
	expect(await statusOf(run)).toBe(200);
	await passMinutes(3);
	return run;
}

// Red before: a token that died early was reported as refused until its hour was over.
describe('a token that DocuWare refuses before its end', () => {
	it('is replaced by one refresh for all who need it, and the request is sent again', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await usedRun(simulator);
		simulator.state.accessTokens.clear();
		const all = await Promise.all(Array.from({ length: 8 }, async () => await statusOf(run)));
		expect(all).toEqual(Array(8).fill(200));
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 1, replayed: 0 });
	});

	it('is replaced once for several processes', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await usedRun(simulator);
		simulator.state.accessTokens.clear();
		const workers = await Promise.all([bench.worker(), bench.worker()]);
		const results = await Promise.all(
			workers.map(async (worker) => await worker.call({ run, requests: 4, parallel: 4 })),
		);
		expect(results.flatMap(({ failures }) => failures)).toEqual([]);
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 1, replayed: 0 });
	});

	it('stays where the refusal is about the request: the probe says that it lives', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await usedRun(simulator);
		simulator.faults.push({ kind: 'status', status: 401 });
		expect(await statusOf(run)).toBe(401);
		expect(simulator.counters.refreshTokens.rotated).toBe(0);
		expect(await statusOf(run)).toBe(200);
	});

	it('stays where its pair has come within a minute', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await connect(simulator);
		expect(await statusOf(run)).toBe(200);
		simulator.state.accessTokens.clear();
		expect(await statusOf(run)).toBe(401);
		expect(simulator.counters.refreshTokens.rotated).toBe(0);
	});

	it('is replaced at most once in five minutes, unless a person forces it', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await usedRun(simulator);
		simulator.state.accessTokens.clear();
		expect(await statusOf(run)).toBe(200);
		await passMinutes(3);
		simulator.state.accessTokens.clear();
		expect(await statusOf(run)).toBe(401);
		expect(simulator.counters.refreshTokens.rotated).toBe(1);

		await (await sessionFor(run)).logOn({ force: true });
		expect(simulator.counters.refreshTokens.rotated).toBe(2);
		expect(await statusOf(run)).toBe(200);

		await passMinutes(3);
		simulator.state.accessTokens.clear();
		expect(await statusOf(run)).toBe(200);
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 3, replayed: 0 });
	});
});
