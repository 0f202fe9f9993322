import { preAuthenticateOAuth2 } from '../../../nodes/DocuWare/auth/preAuthenticationHook';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import type { DocuWareSimulator } from '../../simulators/DocuWare';
import { connect, oauth2Run } from './support/connect';
import type { FakeRun } from './support/fakeNode';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

/**
 * With licences enough, also where bearer tokens book them: a forgotten token never gives its back. Organizations
 * are refused to a dead token; where everybody gets them, see `sessionProof.test.ts`.
 */
const CONNECTABLE = {
	version: '7.12',
	autoConsent: 'api',
	concurrentLicences: 9,
	organizationsInPublic: false,
} as const;

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
		yield* query(
			`UPDATE ${TABLES.rival} SET claimed_at = claimed_at - $1, added_at = added_at - $1`,
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

	// Red before: the token of the other process was taken for the one new session that a request may cost.
	it('is replaced where the one that another process has fetched meanwhile is dead as well', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await usedRun(simulator);
		simulator.state.accessTokens.clear();
		const worker = await bench.worker();
		expect(await worker.call({ run, requests: 1, parallel: 1 })).toEqual({ done: 1, failures: [] });
		expect(simulator.counters.refreshTokens.rotated).toBe(1);
		await passMinutes(6);
		simulator.state.accessTokens.clear();
		expect(await statusOf(run)).toBe(200);
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 2, replayed: 0 });
	});

	// Red before: its generation was compared with that of the record, and it was used to its claimed end.
	it.each([0, 1])(
		'is replaced where it came of a later log-in that stands beside (after %d refreshes of the first)',
		async (refreshes) => {
			const simulator = await bench.simulator(CONNECTABLE);
			const first = await connect(simulator);
			const told = first.credential.oauthTokenData as Record<string, string>;
			// Two log-ins of one moment would have no age that anybody knows.
			told.n8n_expires_at = String(Number(told.n8n_expires_at) - 10_000);
			expect(await statusOf(first)).toBe(200);
			for (let one = 0; one < refreshes; one += 1) {
				await (await sessionFor(first)).logOn({ force: true });
			}
			const later = await connect(simulator);
			expect(await statusOf(later)).toBe(200);
			const vault = await openVault();
			expect(await vault.read(() => query(`SELECT id FROM ${TABLES.rival}`))).toHaveLength(1);
			await passMinutes(3);
			simulator.state.accessTokens.clear();
			const all = await Promise.all(Array.from({ length: 4 }, async () => await statusOf(later)));
			expect(all).toEqual(Array(4).fill(200));
			expect(simulator.counters.refreshTokens).toMatchObject({
				rotated: refreshes + 1,
				replayed: 0,
			});
		},
	);

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

// Red before: n8n tells the hook of no 401, and the dead token was handed out until its hour was over.
describe('a token of the HTTP Request node that DocuWare refuses before its end', () => {
	const ORGANIZATIONS = 'GET Organizations';

	async function hookToken(run: FakeRun): Promise<string> {
		const { oauthTokenData } = await preAuthenticateOAuth2({ ...run.credential } as never);
		return oauthTokenData.access_token;
	}

	async function isTaken(simulator: DocuWareSimulator, token: string): Promise<boolean> {
		const url = `${simulator.url}/DocuWare/Platform/Organizations`;
		const headers = { Authorization: `Bearer ${token}`, Accept: 'application/json' };
		return (await fetch(url, { headers })).status === 200;
	}

	it('is replaced, by one refresh for parallel requests', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await usedRun(simulator);
		simulator.state.accessTokens.clear();
		const tokens = await Promise.all(Array.from({ length: 5 }, async () => await hookToken(run)));
		expect(new Set(tokens).size).toBe(1);
		expect(await isTaken(simulator, tokens[0] ?? '')).toBe(true);
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 1, replayed: 0 });
	});

	it('is asked about once in five minutes', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await usedRun(simulator);
		const before = simulator.counters.requests[ORGANIZATIONS] ?? 0;
		const first = await hookToken(run);
		for (let times = 0; times < 3; times += 1) expect(await hookToken(run)).toBe(first);
		expect(simulator.counters.requests[ORGANIZATIONS]).toBe(before + 1);
		simulator.state.accessTokens.clear();
		expect(await hookToken(run)).toBe(first);
		const { now } = performance;
		jest.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 5 * 60_000);
		expect(await isTaken(simulator, await hookToken(run))).toBe(true);
		jest.restoreAllMocks();
	});

	it('does not hold a request up where the server is silent', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const run = await usedRun(simulator);
		const where = { tags: { route: 'Organizations' } };
		const hold = simulator.holds.hold('platform.received', { where });
		const token = await hookToken(run);
		await hold.waiting();
		hold.release();
		expect(await isTaken(simulator, token)).toBe(true);
	});

	it('of client credentials is replaced as well', async () => {
		const simulator = await bench.simulator(CONNECTABLE);
		const app = simulator.world.apps[2]!;
		const run = oauth2Run(simulator, {
			grantType: 'clientCredentials',
			clientId: app.clientId,
			clientSecret: app.clientSecrets[0],
		});
		expect(await statusOf(run)).toBe(200);
		simulator.state.accessTokens.clear();
		expect(await isTaken(simulator, await hookToken(run))).toBe(true);
		expect(simulator.counters.grants.client_credentials).toBe(2);
	});
});
