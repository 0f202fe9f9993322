import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { connect, failureOf } from '../../../support/chain/chainFixture';
import type { ChainProcess } from '../../../support/chain/chainProcess';
import { ENGINES } from '../../../support/chain/chainStore';
import { printTable } from '../../../support/chain/printTable';
import { useChain } from '../../../support/chain/useChain';

describe.each(ENGINES)('a process killed with SIGKILL during a token request (%s)', (engine) => {
	const bench = useChain(engine);
	const table: Array<Record<string, unknown>> = [];

	afterAll(() => {
		printTable(`Kills at named points, ${engine}, no grace at Exact`, table);
	});

	async function dies(worker: ChainProcess, authorization: Authorization): Promise<void> {
		await expect(worker.getToken(authorization)).rejects.toThrow('The worker ended (SIGKILL)');
	}

	// Where "too early" is checked first the same answers come a window later (`auth/readings`).
	beforeEach(() => bench.simulator.configure({ tooEarlyCheckedFirst: false }));

	function chainIsAlive(authorization: Authorization): boolean {
		const { userId } = bench.simulator.world.users[0]!;
		return bench.simulator.chains()[`${authorization.clientId}#${userId}`]?.alive === true;
	}

	function note(point: string, outcome: string): void {
		const { tokenPosts, refreshesGranted, oldTokenUses } = bench.simulator.counters;
		table.push({ point, outcome, tokenPosts, refreshesGranted, oldTokenUses });
	}

	/** The next use succeeds, in two processes, with this many token requests in all. */
	async function expectAlive(authorization: Authorization, posts: number, point: string) {
		const next = await bench.start();
		await expect(next.getToken(authorization)).resolves.toMatchObject({ generation: 2 });
		const another = await bench.start();
		await expect(another.getToken(authorization)).resolves.toMatchObject({ generation: 2 });
		note(point, 'lives');
		expect(bench.simulator.counters).toMatchObject({
			tokenPosts: posts,
			refreshesGranted: 1,
			oldTokenUses: 0,
		});
		expect(chainIsAlive(authorization)).toBe(true);
	}

	/** One probe, one clear error, nothing more is sent; a reconnect heals. */
	async function expectOneProbeAndRepair(authorization: Authorization, point: string) {
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 1, refreshesGranted: 1 });
		const next = await bench.start();
		const another = await bench.start();
		expect(await failureOf(next.getToken(authorization))).toMatchObject({
			code: 'EXACT_OLD_REFRESH_TOKEN',
			message: expect.stringContaining(authorization.clientId),
			repair: expect.stringContaining('press Connect'),
			retryable: false,
		});
		for (const worker of [next, another, next]) {
			await failureOf(worker.getToken(authorization));
		}
		expect(bench.simulator.counters).toMatchObject({
			tokenPosts: 2,
			refreshesGranted: 1,
			oldTokenUses: 1,
		});
		const reconnected = connect(bench.simulator);
		await expect(another.getToken(reconnected)).resolves.toMatchObject({
			accessToken: reconnected.pair.accessToken,
		});
		await expect(next.getToken(authorization)).resolves.toMatchObject({
			accessToken: reconnected.pair.accessToken,
		});
		note(point, 'one probe, error, reconnect heals');
		expect(bench.simulator.counters.tokenPosts).toBe(2);
	}

	it('before the attempt row: nothing was sent, the chain lives', async () => {
		const authorization = await bench.expiredConnection();
		await dies(await bench.start({ killAt: 'beforeAttemptRow' }), authorization);
		expect(bench.simulator.counters.tokenPosts).toBe(0);
		await expectAlive(authorization, 1, 'before the attempt row');
	});

	it('after the attempt row: nothing was sent, the chain lives', async () => {
		const authorization = await bench.expiredConnection();
		await dies(await bench.start({ killAt: 'afterAttemptRow' }), authorization);
		expect(bench.simulator.counters.tokenPosts).toBe(0);
		await expectAlive(authorization, 1, 'after the attempt row');
	});

	it('request sent, connection gone before Exact works on it: the probe is granted', async () => {
		const authorization = await bench.expiredConnection();
		const worker = await bench.start();
		const hold = bench.simulator.hold('tokenReceived');
		const dying = dies(worker, authorization);
		const held = await hold.waiting();
		await worker.signal('SIGKILL');
		await dying;
		held.drop();
		await expectAlive(authorization, 2, 'request sent, not processed');
	});

	it.each(['tokenReceived', 'tokenProcessed'] as const)(
		'request sent and processed (killed at %s): one probe, one clear error',
		async (point) => {
			const authorization = await bench.expiredConnection();
			const worker = await bench.start();
			const hold = bench.simulator.hold(point);
			const dying = dies(worker, authorization);
			const held = await hold.waiting();
			await worker.signal('SIGKILL');
			await dying;
			const processed = bench.simulator.log.next('processed');
			held.release();
			if (point === 'tokenReceived') await processed;
			await expectOneProbeAndRepair(authorization, `request sent (${point}), processed`);
		},
	);

	it('answer read, not saved: one probe, one clear error', async () => {
		const authorization = await bench.expiredConnection();
		await dies(await bench.start({ killAt: 'answerRead' }), authorization);
		await expectOneProbeAndRepair(authorization, 'answer read, not saved');
	});

	it.each([
		// The sealed spill was on the disk before the save began.
		['saving', 'answer read, save not committed'],
		['saved', 'saved'],
		['notReturned', 'saved, not yet returned'],
	] as const)('%s: the chain lives', async (killAt, point) => {
		const authorization = await bench.expiredConnection();
		await dies(await bench.start({ killAt }), authorization);
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 1, refreshesGranted: 1 });
		await expectAlive(authorization, 1, point);
	});
});
