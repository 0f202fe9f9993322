import { setTimeout as delay } from 'node:timers/promises';

import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { attemptsAt } from '../../../../nodes/shared/vault/rows/attempts';
import { listRecords } from '../../../../nodes/shared/vault/rows/records';
import { connect, failureOf } from '../../../support/chain/chainFixture';
import type { ChainProcess } from '../../../support/chain/chainProcess';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { ENGINES } from '../../../support/chain/chainStore';
import { printTable } from '../../../support/chain/printTable';
import { useChain } from '../../../support/chain/useChain';

/** A lease that runs out soon, so that a frozen holder is overtaken within a test. */
const SHORT_LEASE = { leaseMs: 600, heartbeatMs: 100, pollMs: 25 };

/** Life of an access token where the in-doubt probe has to wait for a whole window, in seconds. */
const SHORT_LIFE = 5;

describe.each(ENGINES)('a holder that is frozen with its answer unsaved (%s)', (engine) => {
	const bench = useChain(engine);
	let onlooker: OpenedChain;
	let frozen: ChainProcess;
	let other: ChainProcess;
	let third: ChainProcess;
	const table: Array<Record<string, unknown>> = [];

	afterAll(() => {
		printTable(`A frozen holder comes back, ${engine}`, table);
	});

	beforeEach(async () => {
		onlooker = await bench.open(SHORT_LEASE);
		[frozen, other, third] = await Promise.all([start(), start(), start()]);
	});

	async function start(): Promise<ChainProcess> {
		return await bench.start({ timing: SHORT_LEASE });
	}

	/** A refresh in `frozen` that Exact has granted, and whose answer waits in the frozen process. */
	async function freezeAfterAnswer(authorization: Authorization) {
		const hold = bench.simulator.hold('tokenProcessed');
		const refreshed = frozen.getToken(authorization);
		refreshed.catch(() => undefined);
		const held = await hold.waiting();
		await frozen.freeze(bench.store);
		const answered = bench.simulator.log.next('answered', { path: '/api/oauth2/token' });
		held.release();
		await answered;
		return { refreshed };
	}

	async function stored() {
		return await onlooker.vault.read(function* () {
			const [record] = yield* listRecords('exactonline');
			const attempts = yield* attemptsAt(record!.id, 1);
			return {
				state: record!.state,
				generation: record!.generation,
				attempts: attempts.map(({ kind, outcome }) => `${kind} ${outcome}`),
			};
		});
	}

	function note(reading: string, lateSave: string): void {
		const { tokenPosts, refreshesGranted, oldTokenUses, tooEarly } = bench.simulator.counters;
		table.push({ reading, lateSave, tokenPosts, refreshesGranted, oldTokenUses, tooEarly });
	}

	it('no grace: the probe of the next holder meets "old"; the late save heals the record', async () => {
		// Where "too early" is checked first the same answer comes a window later (`auth/readings`).
		bench.simulator.configure({ tooEarlyCheckedFirst: false });
		const authorization = await bench.expiredConnection();
		const { refreshed } = await freezeAfterAnswer(authorization);
		expect(await failureOf(other.getToken(authorization))).toMatchObject({
			code: 'EXACT_OLD_REFRESH_TOKEN',
		});
		expect(await stored()).toEqual({
			state: 'broken',
			generation: 1,
			attempts: ['refresh open', 'probe lost'],
		});
		await frozen.signal('SIGCONT');
		const token = await refreshed;
		expect(token.generation).toBe(2);
		expect(await stored()).toEqual({
			state: 'active',
			generation: 2,
			attempts: ['refresh saved', 'probe lost'],
		});
		for (const worker of [other, third]) {
			await expect(worker.getToken(authorization)).resolves.toMatchObject({
				accessToken: token.accessToken,
			});
		}
		note('none', 'healed the record');
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 2, oldTokenUses: 1 });
	});

	it('grace: the next holder receives a newer pair; the late save is refused', async () => {
		bench.simulator.configure({ grace: 'untilNewIsUsed', accessTokenLifeSeconds: SHORT_LIFE });
		const authorization = await bench.expiredConnection();
		const { refreshed } = await freezeAfterAnswer(authorization);
		// Told "not expired" first, it waits for the window and asks once more.
		const token = await other.getToken(authorization);
		expect(token.generation).toBe(2);
		await frozen.signal('SIGCONT');
		await expect(refreshed).resolves.toMatchObject({ accessToken: token.accessToken });
		expect(await stored()).toMatchObject({
			state: 'active',
			generation: 2,
			attempts: ['refresh superseded', 'probe tooEarly', 'probe saved'],
		});
		await expect(third.getToken(authorization)).resolves.toMatchObject({
			accessToken: token.accessToken,
		});
		note('untilNewIsUsed', 'refused, newer pair kept');
		expect(bench.simulator.counters).toMatchObject({
			tokenPosts: 3,
			refreshesGranted: 2,
			tooEarly: 1,
		});
	});

	it('grace: a holder that comes back while the next one waits for the window saves its pair', async () => {
		bench.simulator.configure({ grace: 'untilNewIsUsed', accessTokenLifeSeconds: SHORT_LIFE });
		const authorization = await bench.expiredConnection();
		const { refreshed } = await freezeAfterAnswer(authorization);
		const probed = bench.simulator.log.next('answered', { path: '/api/oauth2/token' });
		const waiting = other.getToken(authorization);
		await probed;
		// The answer to the probe is on its way; let it be recorded before the other one wakes.
		while ((await stored()).attempts[1] !== 'probe tooEarly') await delay(5);
		await frozen.signal('SIGCONT');
		await expect(refreshed).resolves.toMatchObject({ generation: expect.any(Number) });
		await expect(waiting).resolves.toMatchObject({ generation: expect.any(Number) });
		expect((await stored()).attempts).toEqual(['refresh saved', 'probe tooEarly']);
		note('untilNewIsUsed', 'accepted while the other waits');
		expect(bench.simulator.counters.oldTokenUses).toBe(1);
	});

	it('grace: a holder that saves while the next one receives a newer pair: the newer pair stays', async () => {
		bench.simulator.configure({ grace: 'untilNewIsUsed', accessTokenLifeSeconds: SHORT_LIFE });
		const authorization = await bench.expiredConnection();
		const { refreshed } = await freezeAfterAnswer(authorization);
		const probed = bench.simulator.log.next('answered', { path: '/api/oauth2/token' });
		const newer = other.getToken(authorization);
		await probed;
		// The second probe is granted; its answer is held back while the frozen holder saves.
		const hold = bench.simulator.hold('tokenProcessed');
		const held = await hold.waiting();
		await frozen.signal('SIGCONT');
		while ((await stored()).generation < 2) await delay(5);
		held.release();
		await Promise.allSettled([newer, refreshed]);
		const live = bench.simulator.liveRefreshToken(
			authorization.clientId,
			bench.simulator.world.users[0]!.userId,
		);
		const secret = await onlooker.vault.read(function* () {
			const [record] = yield* listRecords('exactonline');
			return onlooker.vault.openSecret(record!) as { refreshToken: string };
		});
		note('untilNewIsUsed', 'accepted, then a newer pair');
		expect(secret.refreshToken).toBe(live);
	});

	it('a holder that comes back after its new token has ended fetches another one for its caller', async () => {
		bench.simulator.configure({ accessTokenLifeSeconds: SHORT_LIFE });
		const authorization = await bench.expiredConnection();
		const { refreshed } = await freezeAfterAnswer(authorization);
		// The token that waits in the frozen process ends.
		await delay(SHORT_LIFE * 1_000);
		await frozen.signal('SIGCONT');
		await expect(refreshed).resolves.toMatchObject({ generation: 3 });
		note('none', 'accepted, token had ended');
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 2, oldTokenUses: 0, tooEarly: 0 });
	});

	it('a reconnect while it is frozen: the late save is taken, and the log-in stands beside it', async () => {
		const authorization = await bench.expiredConnection();
		const { refreshed } = await freezeAfterAnswer(authorization);
		const reconnected = connect(bench.simulator);
		await expect(other.getToken(reconnected)).resolves.toMatchObject({
			accessToken: reconnected.pair.accessToken,
		});
		await frozen.signal('SIGCONT');
		const { accessToken } = await refreshed;
		expect(accessToken).not.toBe(reconnected.pair.accessToken);
		await expect(third.getToken(authorization)).resolves.toMatchObject({ accessToken });
		await expect(third.getToken(reconnected)).resolves.toMatchObject({
			accessToken: reconnected.pair.accessToken,
		});
		note('none', 'accepted beside a reconnect');
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 1, oldTokenUses: 0 });
	});
});
