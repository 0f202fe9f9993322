import type { IDataObject } from 'n8n-workflow';
import { join } from 'node:path';
import { TestProcess } from '../../../support/processes/testProcess';
import { cabinet, usePolls, type PollFixture } from './support/pollFixture';

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);
const SEARCH = 'FileCabinets/{fileCabinetId}/Query/DialogExpression';
const processes: TestProcess[] = [];

afterEach(async () => {
	await Promise.all(processes.splice(0).map(async (one) => await one.end()));
});

async function worker(
	{ credential }: PollFixture,
	options: IDataObject = {},
): Promise<TestProcess> {
	const started = new TestProcess(join(__dirname, 'support', 'pollWorker.ts'));
	processes.push(started);
	const parameters = { ...cabinet, events: ['stored', 'changed'], options };
	await started.call('publish', { credentials: credential(), parameters });
	return started;
}

async function poll(one: TestProcess, isTaken = true): Promise<IDataObject[]> {
	return (await one.call('poll', isTaken)) as IDataObject[];
}

const idsOf = (documents: readonly IDataObject[]) => documents.map(({ documentId }) => documentId);

it('a process that is killed with a batch in its hands: all of it comes once more, marked', async () => {
	const fixture = await start();
	const { store, change } = fixture;
	const first = await worker(fixture, { mostItems: 3 });
	await poll(first);
	store(5, NOW);
	expect(idsOf(await poll(first))).toEqual([1, 2, 3]);
	change(1, NOW + 30_000);
	expect(idsOf(await poll(first, false))).toEqual([4, 5, 1]);
	await first.end();
	const second = await worker(fixture, { mostItems: 3 });
	store(1, NOW + 40_000);
	expect(await poll(second)).toMatchObject([
		{ documentId: 4, event: 'stored', repeated: true },
		{ documentId: 5, event: 'stored', repeated: true },
		{ documentId: 6, event: 'stored' },
		{ documentId: 1, event: 'changed', repeated: true },
	]);
	expect(await poll(second)).toEqual([]);
}, 60_000);

it('a process that is killed while it reads has lost nothing and repeats nothing', async () => {
	const fixture = await start();
	const { store, simulator } = fixture;
	const first = await worker(fixture);
	await poll(first);
	store(4, NOW);
	const where = { tags: { route: SEARCH } };
	const hold = simulator.holds.hold('platform.processed', { where });
	const lost = poll(first).catch(() => 'killed');
	await hold.waiting();
	await first.end();
	expect(await lost).toBe('killed');
	hold.release();
	const second = await worker(fixture);
	const found = await poll(second);
	expect(idsOf(found)).toEqual([1, 2, 3, 4]);
	expect(found.filter(({ repeated }) => repeated === true)).toEqual([]);
	expect(await poll(second)).toEqual([]);
}, 60_000);
