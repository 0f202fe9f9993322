import { setTimeout as delay } from 'node:timers/promises';

import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { connect, failureOf, forgetMemory } from '../../../support/chain/chainFixture';
import { ChainProcess } from '../../../support/chain/chainProcess';
import type { ChainStore } from '../../../support/chain/chainStore';
import { ENGINES, openChain } from '../../../support/chain/chainStore';
import { printTable } from '../../../support/chain/printTable';
import { useChain } from '../../../support/chain/useChain';

/** How often a process is killed right after its answer has left the server. */
const RACES = Number(process.env.KILL_RACES ?? 5);

describe.each(ENGINES)('a process killed with SIGKILL during a token request (%s)', (engine) => {
	const bench = useChain(engine);
	const table: Array<Record<string, unknown>> = [];

	afterAll(() => {
		printTable(`Kills at named points, ${engine}, no grace at Exact`, table);
	});

	async function dies(worker: ChainProcess, authorization: Authorization): Promise<void> {
		await expect(worker.getToken(authorization)).rejects.toThrow('The worker ended (SIGKILL)');
	}

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

	it.each([
		['answerRead', 'answer read, not saved'],
		['saving', 'answer read, save not committed'],
	] as const)('%s: one probe, one clear error', async (killAt, point) => {
		const authorization = await bench.expiredConnection();
		await dies(await bench.start({ killAt }), authorization);
		await expectOneProbeAndRepair(authorization, point);
	});

	it.each([
		['saved', 'saved'],
		['notReturned', 'saved, not yet returned'],
	] as const)('%s: the chain lives', async (killAt, point) => {
		const authorization = await bench.expiredConnection();
		await dies(await bench.start({ killAt }), authorization);
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 1, refreshesGranted: 1 });
		await expectAlive(authorization, 1, point);
	});

	it('killed 0 to 5 ms after the answer left: the share of survivors is printed', async () => {
		const shares: Array<Record<string, unknown>> = [];
		for (const wait of [0, 1, 2, 3, 5]) {
			let survivors = 0;
			for (let race = 0; race < RACES; race += 1) {
				bench.simulator.reset({ chains: true });
				const raceStore = await bench.stores.create();
				try {
					if (await survives(raceStore, wait)) survivors += 1;
				} finally {
					await raceStore.close();
				}
			}
			shares.push({ 'killed after (ms)': wait, kills: RACES, survivors });
		}
		printTable(`Kills right after the answer left the server, ${engine}`, shares);
		expect(shares).toHaveLength(5);
	});

	/** Kills one process `wait` ms after its answer left, and looks what the next one finds. */
	async function survives(raceStore: ChainStore, wait: number): Promise<boolean> {
		const authorization = {
			...connect(bench.simulator),
			issuedAt: Date.now() - 700_000,
		};
		bench.simulator.ageChain(authorization.clientId, bench.simulator.world.users[0]!.userId, 700);
		const victim = await ChainProcess.start(raceStore);
		const answered = bench.simulator.log.next('answered', { path: '/api/oauth2/token' });
		const dying = victim.getToken(authorization).catch(() => undefined);
		await answered;
		if (wait > 0) await delay(wait);
		await victim.signal('SIGKILL');
		await dying;
		const opened = await openChain(raceStore);
		try {
			return await opened.chain.getToken(authorization, 'normal').then(
				() => true,
				() => false,
			);
		} finally {
			await opened.close();
			forgetMemory();
		}
	}
});
