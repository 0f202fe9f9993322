import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { SeededRandom } from '../../../simulators/shared/seededRandom';
import { locator } from '../../../support/n8nContext';
import type { TriggerPoll, TriggerStart } from '../../../support/processes/pollingProcess';
import { TestProcess } from '../../../support/processes/testProcess';
import { useTrigger } from './support/triggerBench';

const KILLS = 20;

/** An execution is made so long after n8n has taken a batch. */
const EXECUTE_MS = 30;

const bench = useTrigger();

let folder: string;
let executions: string;
let workers: TestProcess[];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'trigger-executions-'));
	executions = join(folder, 'executions');
	workers = [];
});

afterEach(async () => {
	for (const worker of workers) await worker.end();
	rmSync(folder, { recursive: true, force: true });
});

function newProcess(): TestProcess {
	const worker = new TestProcess(join(__dirname, 'support', 'triggerWorker.ts'));
	workers.push(worker);
	return worker;
}

async function published(worker = newProcess()): Promise<TestProcess> {
	const division = locator(String(FIRST_DIVISION));
	const parameters = { division, options: { mostItems: 4 } };
	const settings = { credentials: bench.credentials, parameters };
	await worker.call('publish', { settings, executions } satisfies TriggerStart);
	return worker;
}

const poll = async (worker: TestProcess, given: Partial<TriggerPoll> = {}) =>
	(await worker.call('poll', { executeAfterMs: EXECUTE_MS, ...given })) as IDataObject[];

/** What executions have got, in order. */
function executed(): IDataObject[] {
	if (!existsSync(executions)) return [];
	const lines = readFileSync(executions, 'utf8').split('\n');
	return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as IDataObject);
}

let written = 0;

function write(count: number): void {
	const rows = Array.from({ length: count }, () => ({ Name: `Account ${(written += 1)}` }));
	bench.simulator.addRows(FIRST_DIVISION, 'crm/Accounts', rows);
}

async function drain(worker: TestProcess): Promise<void> {
	while ((await poll(worker)).length > 0);
}

/** Names that executions got for the second time without a mark. */
function unmarkedRepeats(items: readonly IDataObject[]): unknown[] {
	const seen = new Set<unknown>();
	return items.flatMap(({ Name, repeated }) => {
		const isUnmarked = seen.has(Name) && repeated !== true;
		seen.add(Name);
		return isUnmarked ? [Name] : [];
	});
}

const expected = () => Array.from({ length: written }, (_, index) => `Account ${index + 1}`);

beforeEach(() => {
	written = 0;
});

it('twenty kills between poll and execution lose no record, and every repeat is marked', async () => {
	const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
	process.stdout.write(`\nkilled polls: KILL_SEED=${seed}\n`);
	const random = new SeededRandom(String(seed));
	let next = newProcess();
	let struck = 0;
	for (let round = 0; round < KILLS; round += 1) {
		const worker = await published(next);
		if (round === 0) await poll(worker);
		// The next one starts meanwhile, since that takes longest.
		next = newProcess();
		write(random.integer(1, 6));
		if (random.integer(0, 2) > 0) await poll(worker);
		write(random.integer(1, 3));
		const moments = ['begin', 'begin', 'return', 'return', 'execution'] as const;
		const after = moments[random.integer(0, moments.length - 1)] ?? 'begin';
		const ms = random.integer(0, after === 'begin' ? 60 : EXECUTE_MS);
		const rows = await poll(worker, { kill: { after, ms } }).catch(() => undefined);
		// A poll that finds only a limit returns nothing, and there is no execution.
		if (rows?.length === 0) worker.signal('SIGKILL');
		if ((await worker.exited).signal === 'SIGKILL') struck += 1;
		bench.forgetCalls();
	}
	expect(struck).toBe(KILLS);
	await drain(await published(next));
	const items = executed();
	expect(new Set(items.map(({ Name }) => Name))).toEqual(new Set(expected()));
	expect(unmarkedRepeats(items)).toEqual([]);
	expect(items.filter(({ repeated }) => repeated === true).length).toBeGreaterThan(0);
}, 300_000);

it('a clean restart repeats nothing, also right after n8n has taken a batch', async () => {
	let worker = await published();
	await poll(worker);
	for (let round = 0; round < 2; round += 1) {
		write(3);
		await poll(worker);
		expect(await worker.end('SIGTERM')).toEqual({ code: 0, signal: null });
		worker = await published();
	}
	write(1);
	await drain(worker);
	const items = executed();
	expect(items.map(({ Name }) => Name)).toEqual(expected());
	expect(items.filter(({ repeated }) => repeated === true)).toEqual([]);
}, 60_000);

it('of two processes that poll at once one alone gives each record', async () => {
	const both = await Promise.all([published(), published()]);
	await poll(both[0]);
	for (let round = 0; round < 3; round += 1) {
		write(4);
		await Promise.all(both.map(async (worker) => await poll(worker)));
	}
	for (const worker of both) await drain(worker);
	const items = executed();
	expect(new Set(items.map(({ Name }) => Name))).toEqual(new Set(expected()));
	expect(unmarkedRepeats(items)).toEqual([]);
}, 60_000);
