import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { SeededRandom } from '../../../simulators/shared/seededRandom';
import type { TriggerPoll, TriggerStart } from '../../../support/processes/pollingProcess';
import { TestProcess } from '../../../support/processes/testProcess';
import { cabinet, usePolls, type PollFixture } from './support/pollFixture';

const KILLS = 20;

/** An execution is made so long after n8n has taken a batch. */
const EXECUTE_MS = 30;

const NOW = Date.UTC(2026, 10, 26, 12);

/** Documents that are there before the node begins; each is changed once. */
const OLD = 2 * KILLS;

const { start } = usePolls();

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

async function published({ credential }: PollFixture, worker: TestProcess): Promise<TestProcess> {
	const parameters = { ...cabinet, events: ['stored', 'changed'], options: { mostItems: 3 } };
	const settings = { credentials: credential(), parameters };
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

const nameOf = ({ event, documentId }: IDataObject) => `${String(event)} ${String(documentId)}`;

/** What executions got for the second time without a mark. */
function unmarkedRepeats(items: readonly IDataObject[]): string[] {
	const seen = new Set<string>();
	return items.flatMap((item) => {
		const name = nameOf(item);
		const isUnmarked = seen.has(name) && item.repeated !== true;
		seen.add(name);
		return isUnmarked ? [name] : [];
	});
}

it('twenty kills between poll and execution lose no document and no change, and every repeat is marked', async () => {
	const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
	process.stdout.write(`\nkilled polls: KILL_SEED=${seed}\n`);
	const random = new SeededRandom(String(seed));
	const fixture = await start();
	fixture.store(OLD, NOW - 3_600_000);
	const expected = new Set<string>();
	let changed = 0;
	let second = 0;
	const write = (count: number) => {
		second += random.integer(0, 2);
		const at = NOW + second * 1_000;
		for (const id of fixture.store(count, at)) expected.add(`stored ${id}`);
		changed += 1;
		fixture.change(changed, at);
		expected.add(`changed ${changed}`);
	};
	let next = newProcess();
	let struck = 0;
	for (let round = 0; round < KILLS; round += 1) {
		const worker = await published(fixture, next);
		if (round === 0) await poll(worker);
		// The next one starts meanwhile, since that takes longest.
		next = newProcess();
		write(random.integer(1, 3));
		if (random.integer(0, 2) > 0) await poll(worker);
		write(random.integer(1, 2));
		const moments = ['begin', 'begin', 'return', 'return', 'execution'] as const;
		const after = moments[random.integer(0, moments.length - 1)] ?? 'begin';
		const ms = random.integer(0, after === 'begin' ? 60 : EXECUTE_MS);
		const rows = await poll(worker, { kill: { after, ms } }).catch(() => undefined);
		// A poll without news makes no execution.
		if (rows?.length === 0) worker.signal('SIGKILL');
		if ((await worker.exited).signal === 'SIGKILL') struck += 1;
	}
	expect(struck).toBe(KILLS);
	const last = await published(fixture, next);
	const names = () => new Set(executed().map(nameOf));
	// One that finds only documents that were stored, and not changed since, gives none as changed; the next goes on.
	for (let polls = 0; polls < 100 && names().size < expected.size; polls += 1) await poll(last);
	expect(names()).toEqual(expected);
	const items = executed();
	expect(unmarkedRepeats(items)).toEqual([]);
	expect(items.filter(({ repeated }) => repeated === true).length).toBeGreaterThan(0);
}, 300_000);
