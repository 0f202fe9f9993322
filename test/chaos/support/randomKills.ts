import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { Authorization } from '../../../nodes/shared/tokenChain/types';
import { latestAttempts } from '../../../nodes/shared/vault/rows/attempts';
import { DEFAULT_LEASE_TIMING } from '../../../nodes/shared/vault/leaseHolding';
import { listRecords } from '../../../nodes/shared/vault/rows/records';
import { SeededRandom } from '../../simulators/shared/seededRandom';
import { connect } from '../../support/chain/chainFixture';
import type { ChainProcess } from '../../support/chain/chainProcess';
import type { Engine } from '../../support/chain/chainStore';
import { printTable } from '../../support/chain/printTable';
import { useChain } from '../../support/chain/useChain';
import { isUnexplained, type TokenPost } from './tokenPosts';

/**
 * The full size has access tokens of 10 s and takes six minutes per store; by default the tokens
 * are shorter, everything else is the same. CHAOS_SEED repeats a run's choices.
 */
const FULL = process.env.CHAOS_FULL === '1';
const LIFE_SECONDS = Number(process.env.CHAOS_LIFE ?? (FULL ? 10 : 2.5));
const GENERATIONS = Number(process.env.CHAOS_GENERATIONS ?? 30);
const PROCESSES = 4;
const CALLERS = 25;
const KILL_EVERY_MS = 2_000;
/** Pause of a caller between two API calls. */
const CALLER_PAUSE_MS = 500;
/** The token endpoint takes its time, so that kills hit requests that are under way. */
const TOKEN_DELAY_MS = 150;
const ATTEMPTS_LOOKED_AT = 10_000;

/** Several processes with many callers on one token chain, in a store of this engine, are killed at random. */
export function describeRandomKills(engine: Engine): void {
	describe(`random SIGKILLs of processes that share a token chain (${engine})`, () => {
		const bench = useChain(engine, {
			switches: {
				accessTokenLifeSeconds: LIFE_SECONDS,
				grace: 'untilNewIsUsed',
				tokenDelayMs: TOKEN_DELAY_MS,
			},
		});
		const running: ChainProcess[] = [];
		const everStarted: ChainProcess[] = [];

		async function start(authorization: Authorization): Promise<ChainProcess> {
			const worker = await bench.start({ timing: DEFAULT_LEASE_TIMING });
			everStarted.push(worker);
			await worker.serve(authorization, CALLERS, CALLER_PAUSE_MS);
			return worker;
		}

		/** Every second kill waits for a token request and hits the process that has sent it. */
		async function chooseVictim(random: SeededRandom): Promise<number> {
			if (random.next() < 0.5) {
				const giveUpAt = performance.now() + LIFE_SECONDS * 1000;
				while (performance.now() < giveUpAt) {
					const index = running.findIndex(({ posting }) => posting === 'refresh');
					if (index >= 0) {
						await delay(random.next() * (TOKEN_DELAY_MS + 20));
						return index;
					}
					await delay(2);
				}
			}
			return Math.floor(random.next() * running.length);
		}

		it('loses no chain, fails no surviving caller, and starts no API call with an expired token', async () => {
			const seed = Number(process.env.CHAOS_SEED ?? randomInt(2 ** 31));
			const random = new SeededRandom(String(seed));
			process.stdout.write(`\nchaos on ${engine}: CHAOS_SEED=${seed}\n`);
			const posts: TokenPost[] = [];
			bench.simulator.log.on('received', (entry) => {
				if (entry.path === '/api/oauth2/token') posts.push(entry);
			});
			/** By their names in the user agent, when the service ends the tokens that were used. */
			const ends = new Map<string, number>();
			bench.simulator.log.on('processed', ({ userAgent, tags }) => {
				if (tags.tokenEndsAt !== undefined) ends.set(userAgent, Number(tags.tokenEndsAt));
			});
			const opened = await bench.open();
			const authorization = connect(bench.simulator);
			await opened.chain.getToken(authorization, 'normal');
			const began = performance.now();
			for (let index = 0; index < PROCESSES; index += 1) running.push(await start(authorization));

			let kills = 0;
			let hits = 0;
			const generation = () =>
				Math.max(...everStarted.map(({ counts }) => counts?.highestGeneration ?? 0));
			const failed = () => everStarted.some(({ counts }) => Object.keys(counts?.failures ?? {})[0]);
			while (generation() <= GENERATIONS && !failed()) {
				await delay(KILL_EVERY_MS * (0.75 + random.next() / 2));
				const index = await chooseVictim(random);
				const victim = running[index]!;
				// Losing the answer to the probe as well costs a window, and the run its kills in it.
				if (victim.posting === 'probe') continue;
				if (victim.posting !== null) hits += 1;
				await victim.signal('SIGKILL');
				kills += 1;
				running[index] = await start(authorization);
			}
			for (const worker of running) await worker.stopServing();

			const { record, attempts } = await opened.vault.read(function* () {
				const [found] = yield* listRecords('exactonline');
				return {
					record: found!,
					attempts: yield* latestAttempts(found!.id, ATTEMPTS_LOOKED_AT),
				};
			});
			const { userId } = bench.simulator.world.users[0]!;
			const stored = opened.vault.openSecret(record) as { refreshToken: string };
			const lost =
				record.state !== 'active' ||
				stored.refreshToken !== bench.simulator.liveRefreshToken(authorization.clientId, userId);
			const sum = (of: (worker: ChainProcess) => number) =>
				everStarted.reduce((total, worker) => total + of(worker), 0);
			const failures = everStarted.flatMap(({ counts }) => Object.values(counts?.messages ?? {}));
			const { counters } = bench.simulator;
			const facts = {
				store: engine,
				seed,
				'token life (s)': LIFE_SECONDS,
				processes: PROCESSES,
				callers: PROCESSES * CALLERS,
				'duration (s)': Math.round((performance.now() - began) / 1000),
				generations: record.generation - 1,
				kills,
				'kills during a token request': hits,
				'API calls': counters.apiCalls,
				'token requests': counters.tokenPosts,
				granted: counters.refreshesGranted,
				'in-doubt probes': attempts.filter(({ kind }) => kind === 'probe').length,
				'answered "not expired"': counters.tooEarly,
				'old tokens accepted by grace': counters.graceUses,
				'chains lost': lost ? 1 : 0,
				'old-token uses outside in-doubt probes': posts.filter((post) =>
					isUnexplained(post, attempts),
				).length,
				'failed callers': sum(({ counts }) =>
					Object.values(counts?.failures ?? {}).reduce((total, count) => total + count, 0),
				),
				'API calls held back, their token had ended': sum(({ counts }) => counts?.heldBack ?? 0),
				// What had left in time may still reach a busy service too late.
				'API calls that arrived with an expired token': counters.apiCallsWithExpiredToken,
				'tokens that an API call started with when they had expired': everStarted
					.flatMap(({ counts }) => Object.entries(counts?.lastStarts ?? {}))
					.filter(([name, startedAt]) => startedAt >= (ends.get(name) ?? Infinity)).length,
				'API calls answered 401, also with the next token': sum(
					({ counts }) => counts?.unauthorized ?? 0,
				),
				'token requests at once, at most': counters.maxParallelTokenPosts,
			};
			printTable(
				`Chaos over real processes, ${engine}${FULL ? ', full size' : ''}`,
				Object.entries(facts).map(([what, value]) => ({ what, value })),
			);
			expect(failures).toEqual([]);
			expect(facts).toMatchObject({
				'chains lost': 0,
				'old-token uses outside in-doubt probes': 0,
				'failed callers': 0,
				'tokens that an API call started with when they had expired': 0,
			});
			// Nothing but a late arrival explains a 401.
			expect(facts['API calls answered 401, also with the next token']).toBeLessThanOrEqual(
				counters.apiCallsWithExpiredToken,
			);
			expect(ends.size).toBeGreaterThan(GENERATIONS / 2);
			expect(facts.generations).toBeGreaterThanOrEqual(GENERATIONS);
			expect(hits).toBeGreaterThan(0);
		});
	});
}
