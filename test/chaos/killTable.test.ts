import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Authorization, TokenPair } from '../../nodes/shared/tokenChain/types';
import { DEFAULT_LEASE_TIMING } from '../../nodes/shared/vault/leaseHolding';
import { listRecords } from '../../nodes/shared/vault/rows/records';
import { FIRST_DIVISION } from '../simulators/ExactOnline/world/people';
import type { HeldRequest } from '../simulators/shared/holdPoints';
import { connect, CREDENTIAL_A, forgetMemory, passTime } from '../support/chain/chainFixture';
import type { ChainProcess } from '../support/chain/chainProcess';
import type { OpenedChain } from '../support/chain/chainStore';
import { ENGINES } from '../support/chain/chainStore';
import { printTable } from '../support/chain/printTable';
import { useChain } from '../support/chain/useChain';

// The moments are inexact where the machine turns to something else just then; the table is printed each time.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

/** How often each moment is tried. */
const KILLS = Number(process.env.CHAOS_KILLS ?? 20);

/** Which part must survive, by the milliseconds between the answer's leaving and the kill. */
const REQUIRED = { 0: 0, 1: 0, 2: 0, 3: 16 / 20, 5: 18 / 20, 10: 1, 20: 1 } as const;

/**
 * A process is killed once and meets one or two of the moments, each with a chain of its own. Those of
 * which something is required come first, so that no other answer holds them up.
 */
const ROUNDS = [[20, 2], [10, 1], [5, 0], [3]] as const;

type Moment = keyof typeof REQUIRED;

/** Processes that wait, warm, for their turn. */
const POOL = 10;

const LIFE_SECONDS = 600;

/** How many refreshes a process does before, each of a chain of its own: an n8n has sent before. */
const WARM_UP = 3;

/** One chain for each moment and kill, and those that processes get warm with. */
const CHAINS = (Object.keys(REQUIRED).length + ROUNDS.length * WARM_UP) * KILLS;

/** How many chains are registered at the same time, before anything counts. */
const REGISTERED_AT_ONCE = 8;

/** A chain with the moment at which its process is killed. */
interface Victim {
	moment: Moment;
	chain: Authorization;
	userId: string;
}

/** What the system has given a process so far. */
interface CoreTime {
	/** How long it was ready to run but had no core, in milliseconds. */
	waitedMs: number;
	/** How often it was put on a core. */
	turns: number;
}

/**
 * On a machine that does other things too, the moments do not count the time in which the process had no
 * core; undefined where the system does not tell.
 */
function coreTimeOf(pid: number): CoreTime | undefined {
	try {
		const [, waited, turns] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
		return { waitedMs: Number(waited) / 1e6, turns: Number(turns) };
	} catch {
		return undefined;
	}
}

/** Lets what is measured run before what else the machine does, where the system allows that. */
function goFirst(pid: number): void {
	try {
		setPriority(pid, constants.priority.PRIORITY_HIGHEST);
	} catch {
		// The moments are then less exact while others work.
	}
}

describe.each(ENGINES)(
	'a process killed some milliseconds after the answer left (%s)',
	(engine) => {
		const bench = useChain(engine, {
			users: Array.from({ length: CHAINS }, (_, index) => ({
				userId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
				userName: `user${index}`,
				fullName: `User ${index}`,
				email: `user${index}@example.com`,
				divisions: [FIRST_DIVISION],
			})),
			switches: {
				accessTokenLifeSeconds: LIFE_SECONDS,
				minutelyLimit: 100_000,
				dailyLimit: 1_000_000,
			},
		});
		let nextUser = 0;

		beforeEach(() => {
			nextUser = 0;
		});

		function newChain(): { chain: Authorization; userId: string } {
			const user = nextUser++;
			const { userId } = bench.simulator.world.users[user]!;
			return { chain: connect(bench.simulator, CREDENTIAL_A, { user }), userId };
		}

		/** Registers chains and lets their access tokens end. */
		async function newChains(
			opened: OpenedChain,
		): Promise<Array<{ chain: Authorization; userId: string }>> {
			const made = Array.from({ length: CHAINS }, newChain);
			for (let done = 0; done < made.length; done += REGISTERED_AT_ONCE) {
				const some = made.slice(done, done + REGISTERED_AT_ONCE);
				await Promise.all(some.map(({ chain }) => opened.chain.getToken(chain, 'normal')));
			}
			const [first, ...others] = made;
			await passTime(bench.simulator, opened, first!.chain, LIFE_SECONDS + 1);
			for (const { chain, userId } of others) {
				bench.simulator.ageChain(chain.clientId, userId, LIFE_SECONDS + 1);
			}
			forgetMemory();
			return made;
		}

		/** A process that has refreshed once, so that no code runs for the first time when it counts. */
		async function warmProcess(chains: Authorization[]): Promise<ChainProcess> {
			const worker = await bench.start({ timing: DEFAULT_LEASE_TIMING });
			for (const chain of chains) await worker.getToken(chain);
			goFirst(worker.pid);
			return worker;
		}

		/** Lets the answers leave so that each is as old as its moment when the process is killed. */
		async function kill(worker: ChainProcess, victims: Victim[]): Promise<void> {
			const held = new Map<string, HeldRequest>();
			const hold = bench.simulator.hold('tokenProcessed', { times: victims.length });
			for (const { chain } of victims) worker.getToken(chain).catch(() => undefined);
			while (held.size < victims.length) {
				const one = await hold.waiting();
				held.set(String(one.request.tags['userId']), one);
			}
			const clock = () => performance.now() - (coreTimeOf(worker.pid)?.waitedMs ?? 0);
			const until = async (at: number) => {
				while (clock() < at) await nextTurn();
			};
			const longest = victims[0]!.moment;
			let began: number | undefined;
			for (const { moment, userId } of victims) {
				if (began !== undefined) await until(began + longest - moment);
				const left = bench.simulator.log.next('answered', { tags: { userId } });
				const turns = coreTimeOf(worker.pid)?.turns;
				held.get(userId)!.release();
				await left;
				// From here on the process can do something about it.
				while (coreTimeOf(worker.pid)?.turns === turns && turns !== undefined) await nextTurn();
				began ??= clock();
			}
			await until(clock() + victims.at(-1)!.moment);
			await worker.signal('SIGKILL');
		}

		/** Whether the pair that the service counts as live is in the store. */
		async function livingChains(opened: OpenedChain, victims: Victim[]): Promise<Victim[]> {
			await opened.vault.replayUnsaved();
			const records = await opened.vault.read(() => listRecords('exactonline'));
			return victims.filter(({ chain, userId }) => {
				const record = records.find(({ identity }) => identity.endsWith(`#${userId}`));
				const stored = opened.vault.openSecret(record!) as TokenPair;
				return stored.refreshToken === bench.simulator.liveRefreshToken(chain.clientId, userId);
			});
		}

		it('leaves the new pair to others', async () => {
			goFirst(process.pid);
			const opened = await bench.open();
			const chains = await newChains(opened);
			const rounds = Array.from({ length: KILLS }, () => ROUNDS).flat();
			const victims: Victim[] = [];
			while (rounds.length > 0) {
				const turn = rounds.splice(0, POOL);
				const workers: ChainProcess[] = [];
				// Two at a time, as many as there are cores.
				while (workers.length < turn.length) {
					const two = turn.slice(workers.length, workers.length + 2);
					workers.push(
						...(await Promise.all(
							two.map(
								async () => await warmProcess(chains.splice(-WARM_UP).map(({ chain }) => chain)),
							),
						)),
					);
				}
				for (const [index, moments] of turn.entries()) {
					const own = moments.map((moment) => ({ moment, ...chains.pop()! }));
					await kill(workers[index]!, own);
					victims.push(...own);
				}
			}
			const living = await livingChains(opened, victims);
			const table = Object.entries(REQUIRED).map(([ms, required]) => {
				const survived = living.filter(({ moment }) => String(moment) === ms).length;
				return { ms, kills: KILLS, survived, required: Math.floor(required * KILLS) };
			});
			printTable(`Killed so many milliseconds after the answer left, ${engine}`, table);
			expect(table.filter(({ survived, required }) => survived < required)).toEqual([]);
		});
	},
);
