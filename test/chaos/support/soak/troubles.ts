import { setTimeout as delay } from 'node:timers/promises';
import type { DocuWareSimulator } from '../../../simulators/DocuWare';
import type { ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import type { Fault, FaultQueue } from '../../../simulators/shared/faults';
import type { SeededRandom } from '../../../simulators/shared/seededRandom';
import type { Span } from './explanations';
import { during, type SoakFleet } from './soakFleet';

/** What troubles strike. */
export interface TroubledWorld {
	exact: ExactOnlineSimulator;
	docuWare: DocuWareSimulator;
	fleet: SoakFleet;
	/** Takes the store away for so long, in milliseconds. */
	takeStoreAway(ms: number): Promise<void>;
	/** Life of an access token, in milliseconds. */
	lifeMs: number;
}

/** One kind of trouble, and how often it is chosen beside the others. */
type Trouble = readonly [weight: number, strike: (troubles: Troubles) => Promise<void> | void];

/** A fault of a service without where and when it strikes. */
type Effect = readonly [name: string, fault: (random: SeededRandom) => Fault];

/** The one effect that spoils nothing. */
const SLOW = 'slow';

const PASSING: readonly [Effect, ...Effect[]] = [
	[SLOW, (random) => ({ kind: 'delay', delayMs: random.integer(200, 3_000) })],
	['answer lost', () => ({ kind: 'lostAnswer' })],
	['half an answer', () => ({ kind: 'truncatedBody' })],
	['503', () => ({ kind: 'status', status: 503 })],
	['429', () => ({ kind: 'status', status: 429, headers: { 'retry-after': '1' } })],
	['connection reset', () => ({ kind: 'reset' })],
];

/** What the service can meet in a log-on without that a second one books a licence of its own. */
const OF_LOG_ON: readonly [Effect, ...Effect[]] = [PASSING[0], PASSING[3]!];

/** Pause between two troubles, in milliseconds. */
const PAUSE_MS = { from: 200, to: 1_200 } as const;

/** A request for data is struck again only after so long, so that its repeats find a way, in milliseconds. */
const DATA_PAUSE_MS = 3_000;

/** A chain has so many lives of its token for itself between two troubles of its requests. */
const QUIET_LIVES = 2;

/** Strikes at random, as a seed says, and counts what has struck. */
export class Troubles {
	readonly struck: Record<string, number> = {};
	readonly storeAway: Span[] = [];
	readonly docuWareFaults = {
		spoiltData: [] as number[],
		refusedLogOns: [] as number[],
		sessionEnds: [] as number[],
	};
	readonly exitCodes: Array<number | null> = [];

	private readonly lastStrikes = new Map<FaultQueue, number>();

	constructor(
		readonly world: TroubledWorld,
		readonly random: SeededRandom,
	) {}

	/** Strikes until the time is over. */
	async go(untilMs: number): Promise<void> {
		while (performance.now() < untilMs) {
			await delay(this.random.integer(PAUSE_MS.from, PAUSE_MS.to));
			await this.pick()(this);
		}
	}

	/** Ends what has not struck yet. */
	end(): void {
		const { exact, docuWare } = this.world;
		for (const queue of [exact.faults.token, exact.faults.api, docuWare.faults]) queue.clear();
	}

	/** Puts a fault before a request, unless one waits already or the last one was a moment ago. */
	before(
		name: string,
		queue: FaultQueue,
		effects: readonly [Effect, ...Effect[]],
		{
			pauseMs,
			where = {},
			spoilt,
		}: {
			pauseMs: number;
			where?: Fault['where'];
			/** Takes the times of those that spoil their request, by the wall clock. */
			spoilt?: number[];
		},
	): void {
		const last = this.lastStrikes.get(queue) ?? -Infinity;
		if (queue.size > 0 || performance.now() - last < pauseMs) return;
		const [effect, fault] = this.random.pick(effects);
		const test = () => {
			this.lastStrikes.set(queue, performance.now());
			this.count(`${name}: ${effect}`);
			if (effect !== SLOW) spoilt?.push(Date.now());
			return true;
		};
		queue.push({ ...fault(this.random), where: { ...where, test } });
	}

	/** The server ends the sessions that it has. */
	endSessions(): void {
		if (this.world.docuWare.revokeSessions() === 0) return;
		this.docuWareFaults.sessionEnds.push(Date.now());
		this.count('DocuWare: session ended by the server');
	}

	count(name: string): void {
		this.struck[name] = (this.struck[name] ?? 0) + 1;
	}

	private pick(): Trouble[1] {
		const all = TROUBLES.reduce((sum, [weight]) => sum + weight, 0);
		let left = this.random.next() * all;
		const chosen = TROUBLES.find(([weight]) => (left -= weight) < 0) ?? TROUBLES[0];
		return chosen[1];
	}
}

const TROUBLES: readonly [Trouble, ...Trouble[]] = [
	[
		6,
		(troubles) => {
			const { exact, lifeMs } = troubles.world;
			const pauseMs = QUIET_LIVES * lifeMs;
			troubles.before('Exact Online, token request', exact.faults.token, PASSING, { pauseMs });
		},
	],
	[
		4,
		(troubles) => {
			troubles.before('Exact Online, data', troubles.world.exact.faults.api, PASSING, {
				pauseMs: DATA_PAUSE_MS,
			});
		},
	],
	[
		3,
		(troubles) => {
			troubles.before('DocuWare, data', troubles.world.docuWare.faults, PASSING, {
				pauseMs: DATA_PAUSE_MS,
				where: { path: /\/Organizations$/ },
				spoilt: troubles.docuWareFaults.spoiltData,
			});
		},
	],
	[
		2,
		(troubles) => {
			troubles.endSessions();
			troubles.before('DocuWare, log-on', troubles.world.docuWare.faults, OF_LOG_ON, {
				pauseMs: DATA_PAUSE_MS,
				where: { path: /\/Account\// },
				spoilt: troubles.docuWareFaults.refusedLogOns,
			});
		},
	],
	[
		3,
		async (troubles) => {
			await troubles.world.fleet.kill();
			troubles.count('process killed');
		},
	],
	[
		1,
		async (troubles) => {
			troubles.exitCodes.push(await troubles.world.fleet.replace());
			troubles.count('process ended in order');
		},
	],
	[
		1,
		async (troubles) => {
			await troubles.world.fleet.freeze(troubles.random.integer(200, 2_000));
			troubles.count('process frozen');
		},
	],
	[
		1,
		async (troubles) => {
			const ms = troubles.random.integer(300, 1_500);
			await during(troubles.storeAway, async () => await troubles.world.takeStoreAway(ms));
			troubles.count('store away');
		},
	],
];
