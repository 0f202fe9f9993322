import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { SeededRandom } from '../../simulators/shared/seededRandom';
import type { PollStep, TriggerPoll, TriggerStart } from './pollingProcess';
import { TestProcess } from './testProcess';

/** Processes that are killed between what a poll has returned and its execution. */
export const KILLS = 20;

/** How many are killed after each step of a poll, and before the next one. */
export const ALL_STRUCK: Readonly<Record<PollStep, number>> = {
	begun: 2,
	returned: KILLS / 2,
	taken: KILLS / 2,
	executed: 2,
};

/** The kill comes at most so long after the step (ms). A poll that is killed while it reads is the first of its process, which takes longer. */
const LATEST_MS: Readonly<Record<PollStep, number>> = {
	...{ begun: 15, returned: 30, taken: 29, executed: 30 },
};

/** An execution is made so long after n8n has taken a batch (ms). */
const EXECUTE_MS = 30;

/** Processes that start beside the one that is used, since that takes longest. */
const STARTING = 2;

/** What happens around the kills. */
export interface KilledRounds {
	settings: TriggerStart['settings'];
	/** Makes or changes records, few or some. */
	write(random: SeededRandom, howMany: 'some' | 'few'): void;
	/** Called after each kill. */
	killed?(): void;
}

/** Processes of n8n with one published trigger, and the executions that they make. */
export interface PollingProcesses {
	/** A process that has nothing published yet; it is ended after the test. */
	begin(): TestProcess;
	publish(worker: TestProcess, settings: TriggerStart['settings']): Promise<TestProcess>;
	/** One poll, and its execution. */
	poll(worker: TestProcess, given?: Partial<TriggerPoll>): Promise<IDataObject[]>;
	/** Items of all executions, in order. */
	executed(): IDataObject[];
	/** What executions got for the second time without a mark. */
	unmarkedRepeats(nameOf: (item: IDataObject) => string): string[];
	/**
	 * Kills one process after the other at a random moment of a poll, as KILL_SEED says.
	 * @returns the last step that each had written down, and a process with the trigger published
	 */
	killRounds(
		rounds: KilledRounds,
	): Promise<{ struck: Partial<Record<PollStep, number>>; last: TestProcess }>;
}

/**
 * Gives each test of a file such processes.
 * @param program of a process, which calls `servePolls`
 */
export function usePollingProcesses(program: string): PollingProcesses {
	let folder = '';
	let workers: TestProcess[] = [];
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'trigger-executions-'));
		workers = [];
	});
	afterEach(async () => {
		for (const worker of workers) await worker.end();
		rmSync(folder, { recursive: true, force: true });
	});
	const file = () => join(folder, 'executions');
	const stepsFile = ({ pid }: TestProcess) => join(folder, `steps ${pid}`);
	const linesOf = (path: string) =>
		existsSync(path)
			? readFileSync(path, 'utf8')
					.split('\n')
					.filter((line) => line !== '')
			: [];
	const lastStepOf = (worker: TestProcess) => linesOf(stepsFile(worker)).at(-1) as PollStep;
	const processes: PollingProcesses = {
		begin() {
			const worker = new TestProcess(program);
			workers.push(worker);
			return worker;
		},
		async publish(worker, settings) {
			const files = { executions: file(), steps: stepsFile(worker) };
			await worker.call('publish', { settings, ...files } satisfies TriggerStart);
			return worker;
		},
		poll: async (worker, given = {}) =>
			(await worker.call('poll', { executeAfterMs: EXECUTE_MS, ...given })) as IDataObject[],
		executed() {
			return linesOf(file()).map((line) => JSON.parse(line) as IDataObject);
		},
		unmarkedRepeats(nameOf) {
			const seen = new Set<string>();
			return processes.executed().flatMap((item) => {
				const name = nameOf(item);
				const isUnmarked = seen.has(name) && item.repeated !== true;
				seen.add(name);
				return isUnmarked ? [name] : [];
			});
		},
		async killRounds({ settings, write, killed }) {
			const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
			process.stdout.write(`\nkilled polls: KILL_SEED=${seed}\n`);
			const random = new SeededRandom(String(seed));
			const steps = stepsIn(random);
			const starting = Array.from({ length: STARTING }, () => processes.begin());
			let unstarted = steps.length + 1 - STARTING;
			const next = async () => {
				const worker = starting.shift() ?? processes.begin();
				if (unstarted > 0) starting.push(processes.begin());
				unstarted -= 1;
				return await processes.publish(worker, settings);
			};
			const struck: Partial<Record<PollStep, number>> = {};
			for (const [round, after] of steps.entries()) {
				const worker = await next();
				if (round === 0) await processes.poll(worker);
				write(random, 'some');
				if (after !== 'begun' && random.integer(0, 2) > 0) await processes.poll(worker);
				write(random, 'few');
				const kill = { after, ms: random.integer(0, LATEST_MS[after]) };
				const lost = processes.poll(worker, { takeAfterMs: takeAfter(kill), kill });
				await expect(lost).rejects.toThrow('The worker ended (SIGKILL)');
				const step = lastStepOf(worker);
				struck[step] = (struck[step] ?? 0) + 1;
				killed?.();
			}
			const last = await next();
			return { struck, last };
		},
	};
	return processes;
}

/** The steps after which processes are killed, in random order; the first poll of all is none that is killed while it reads. */
function stepsIn(random: SeededRandom): PollStep[] {
	const [first = 'taken', ...others] = Object.entries(ALL_STRUCK)
		.flatMap(([step, count]) => Array.from({ length: count }, () => step as PollStep))
		.reverse();
	const keyed = others.map((step) => ({ step, key: random.next() }));
	return [first, ...keyed.sort((one, other) => one.key - other.key).map(({ step }) => step)];
}

/** n8n takes the batch after the kill that comes before that. */
function takeAfter({ after, ms }: NonNullable<TriggerPoll['kill']>): number {
	return after === 'returned' ? ms + 1 : 0;
}
