import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { SeededRandom } from '../../simulators/shared/seededRandom';
import type { TriggerPoll, TriggerStart } from './pollingProcess';
import { TestProcess } from './testProcess';

/** Processes that are killed in a test. */
export const KILLS = 20;

/** An execution is made so long after n8n has taken a batch. */
const EXECUTE_MS = 30;

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
	 * @returns how many kills struck, and a process with the trigger published
	 */
	killRounds(rounds: KilledRounds): Promise<{ struck: number; last: TestProcess }>;
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
	const processes: PollingProcesses = {
		begin() {
			const worker = new TestProcess(program);
			workers.push(worker);
			return worker;
		},
		async publish(worker, settings) {
			await worker.call('publish', { settings, executions: file() } satisfies TriggerStart);
			return worker;
		},
		poll: async (worker, given = {}) =>
			(await worker.call('poll', { executeAfterMs: EXECUTE_MS, ...given })) as IDataObject[],
		executed() {
			if (!existsSync(file())) return [];
			const lines = readFileSync(file(), 'utf8').split('\n');
			return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as IDataObject);
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
			let next = processes.begin();
			let struck = 0;
			for (let round = 0; round < KILLS; round += 1) {
				const worker = await processes.publish(next, settings);
				if (round === 0) await processes.poll(worker);
				// The next one starts meanwhile, since that takes longest.
				next = processes.begin();
				write(random, 'some');
				if (random.integer(0, 2) > 0) await processes.poll(worker);
				write(random, 'few');
				const kill = momentOf(random);
				const rows = await processes.poll(worker, { kill }).catch(() => undefined);
				// A poll without news makes no execution.
				if (rows?.length === 0) worker.signal('SIGKILL');
				if ((await worker.exited).signal === 'SIGKILL') struck += 1;
				killed?.();
			}
			return { struck, last: await processes.publish(next, settings) };
		},
	};
	return processes;
}

function momentOf(random: SeededRandom): NonNullable<TriggerPoll['kill']> {
	const moments = ['begin', 'begin', 'return', 'return', 'execution'] as const;
	const after = moments[random.integer(0, moments.length - 1)] ?? 'begin';
	return { after, ms: random.integer(0, after === 'begin' ? 60 : EXECUTE_MS) };
}
