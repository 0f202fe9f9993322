import type { IDataObject } from 'n8n-workflow';
import { usePolls } from './support/pollFixture';

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);
const BOTH = { events: ['stored', 'changed'] };
const where = { tags: { route: 'FileCabinets/{fileCabinetId}/Query/DialogExpression' } };

const told = (documents: IDataObject[]) =>
	documents.map(({ event, documentId }) => `${String(event)} ${String(documentId)}`).sort();

describe('a further change within the same second comes as changed', () => {
	it.each([
		['its storing', 0],
		['the change with which it came as stored', 5_000],
	])('that of %s', async (_what, later) => {
		const { store, change, publish } = await start();
		const trigger = publish(BOTH);
		await trigger.poll();
		store(1, NOW);
		if (later > 0) change(1, NOW + later);
		expect(told(await trigger.documents())).toEqual(['stored 1']);
		change(1, NOW + later, { STATUS: 'further' });
		expect(await trigger.documents()).toMatchObject([
			{ event: 'changed', documentId: 1, STATUS: 'further' },
		]);
		expect(await trigger.poll()).toEqual([]);
	});

	it('that of its storing too where changes alone are followed', async () => {
		const { store, change, publish } = await start();
		const trigger = publish({ events: ['changed'] });
		await trigger.poll();
		store(2, NOW);
		expect(await trigger.poll()).toEqual([]);
		change(1, NOW);
		expect(told(await trigger.documents())).toEqual(['changed 1']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('but not before it has come as stored', async () => {
		const { simulator, store, change, publish } = await start();
		const trigger = publish(BOTH);
		await trigger.poll();
		store(1, NOW);
		change(1, NOW + 5_000);
		simulator.faults.push({ kind: 'status', status: 503, where });
		expect(await trigger.poll()).toEqual([]);
		expect(simulator.faults.size).toBe(0);
		change(1, NOW + 5_000, { STATUS: 'further' });
		expect(told(await trigger.documents())).toEqual(['stored 1']);
		expect(await trigger.poll()).toEqual([]);
	});
});

describe('a document that is stored and changed between two polls is one item, as stored', () => {
	it.each([
		['stored', 0],
		['changed', 1],
	])('after the search for what is %s had to wait once', async (_event, skip) => {
		const { simulator, store, change, publish } = await start();
		const trigger = publish(BOTH);
		await trigger.poll();
		store(1, NOW);
		change(1, NOW + 5_000);
		simulator.faults.push({ kind: 'status', status: 429, where, skip });
		const first = await trigger.documents();
		expect(simulator.faults.size).toBe(0);
		expect(told([...first, ...(await trigger.documents())])).toEqual(['stored 1']);
		store(1, NOW + 60_000);
		change(2, NOW + 65_000);
		expect(told(await trigger.documents())).toEqual(['stored 2']);
		change(2, NOW + 70_000);
		expect(told(await trigger.documents())).toEqual(['changed 2']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('where the search for what is stored alone fails', async () => {
		const { simulator, store, change, publish } = await start();
		const trigger = publish(BOTH);
		await trigger.poll();
		store(1, NOW);
		change(1, NOW + 5_000);
		simulator.faults.push({ kind: 'status', status: 503, where });
		expect(await trigger.poll()).toEqual([]);
		expect(simulator.faults.size).toBe(0);
		expect(trigger.log).toHaveLength(1);
		expect(told(await trigger.documents())).toEqual(['stored 1']);
		expect(await trigger.poll()).toEqual([]);
	});

	it('where a poll gives no more of them, in whatever order they were changed', async () => {
		const { store, change, publish } = await start();
		const trigger = publish({ ...BOTH, options: { mostItems: 3 } });
		await trigger.poll();
		for (let id = 1; id <= 8; id += 1) {
			store(1, NOW + id * 1_000);
			change(id, NOW + 600_000 - id * 1_000);
		}
		const all: IDataObject[] = [];
		for (let poll = 0; poll < 5; poll += 1) all.push(...(await trigger.documents()));
		expect(told(all)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((id) => `stored ${id}`));
		change(3, NOW + 700_000);
		expect(told(await trigger.documents())).toEqual(['changed 3']);
		expect(await trigger.poll()).toEqual([]);
	});
});
