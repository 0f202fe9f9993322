import type { IDataObject } from 'n8n-workflow';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';

/** Deletes so many documents, one every three hours; gives their ids in the trash bin, first deleted first. */
function discard({ simulator }: NodeFixture, count: number): string[] {
	const { documents } = simulator.state;
	return Array.from({ length: count }, (_, index) => {
		const document = documents.add({
			fileCabinetId: INVOICES,
			values: { COMPANY: index % 2 === 0 ? 'Peters (UK)' : 'Miller' },
			storedBy: 'api',
			storedAt: Date.UTC(2026, 0, 1),
		});
		return documents.discard(document, 'api', Date.UTC(2026, 0, 2, 3 * index)).id;
	});
}

const search = (conditions: IDataObject[], more: IDataObject = {}) =>
	operation('trashBin', 'search', {
		trashConditions: { condition: conditions },
		returnAll: true,
		...more,
	});

describe('Trash Bin', () => {
	it('is searched, the latest deletion first, by what the documents held', async () => {
		const fixture = await start();
		const ids = discard(fixture, 4);
		const all = await fixture.run(search([]));
		expect(all.items.map(({ json }) => json.trashBinId)).toEqual([...ids].reverse());
		expect(all.items[0]?.json).toMatchObject({
			DELETEDATETIME: '2026-01-02T09:00:00Z',
			DELETEUSER: 'api',
		});
		const found = await fixture.run(
			search([
				{ field: 'COMPANY', type: 'Text', operator: 'is', value: 'Peters (UK)' },
				{
					...{ field: 'DELETEDATETIME', type: 'DateTime', operator: 'from' },
					value: '2026-01-02T04:30:00Z',
				},
			]),
		);
		expect(found.items.map(({ json }) => json.trashBinId)).toEqual([ids[2]]);
		const raw = await fixture.run(
			search([], {
				options: { conditionsJson: '[{"DBName": "COMPANY", "Value": ["NOT *Peters*"]}]' },
				returnAll: false,
				limit: 1,
			}),
		);
		expect(raw.items.map(({ json }) => json.trashBinId)).toEqual([ids[3]]);
	});

	it('gives ten fields of a document at most, those that are chosen, or all as they come', async () => {
		const fixture = await start();
		const [id] = discard(fixture, 1);
		const of = async (output: IDataObject) =>
			(await fixture.run(search([], output))).items[0]?.json ?? {};
		const simplified = await of({});
		expect(Object.keys(simplified).length).toBeLessThanOrEqual(10);
		expect(simplified).toMatchObject({ trashBinId: id, DELETEUSER: 'api' });
		const chosen = await of({ output: 'selected', fieldsToReturn: 'trashBinId, DELETEUSER' });
		expect(chosen).toEqual({ trashBinId: id, DELETEUSER: 'api' });
		expect(await of({ output: 'raw' })).toMatchObject({ Id: id, DELETEUSER: 'api' });
	});

	it.each(['is', 'IS', 'Is', 'equals', 'Eq', 'contains', 'CONTAINS'])(
		'takes the operator %s of an expression, as other searches do',
		async (operator) => {
			const fixture = await start();
			const ids = discard(fixture, 2);
			const condition = [
				{
					field: 'COMPANY',
					type: '={{ $json.type }}',
					operator: '={{ $json.operator }}',
					value: 'Miller',
				},
				{
					...{ field: 'DELETEDATETIME', type: '={{ $json.time }}', operator: '={{ $json.from }}' },
					value: '2026-01-01',
				},
			];
			const json = { operator, type: 'text', time: 'Date and Time', from: 'gte' };
			const found = await fixture.run(search(condition), { items: [{ json }] });
			expect(found.items.map((item) => item.json.trashBinId)).toEqual([ids[1]]);
		},
	);

	it('refuses an operator of an expression that nobody knows', async () => {
		const fixture = await start();
		const condition = [{ field: 'COMPANY', operator: '={{ $json.operator }}', value: 'Miller' }];
		const running = fixture.run(search(condition), { items: [{ json: { operator: 'unlike' } }] });
		await expect(running).rejects.toMatchObject({ message: expect.stringContaining('"unlike"') });
		expect(fixture.simulator.counters.requests['POST TrashBin/Query']).toBeUndefined();
	});

	it('is read page after page, though documents leave it meanwhile', async () => {
		const fixture = await start();
		const ids = discard(fixture, 2_500);
		const { documents } = fixture.simulator.state;
		const hold = fixture.simulator.holds.hold('platform.received', {
			where: { tags: { route: 'TrashBin/Query' } },
			times: 2,
		});
		const running = fixture.run(search([]));
		(await hold.waiting()).release();
		const second = await hold.waiting();
		for (const id of ids.slice(-30)) documents.deleteForever(id);
		second.release();
		const found = (await running).items.map(({ json }) => json.trashBinId);
		expect(new Set(found).size).toBe(found.length);
		expect(ids.filter((id) => !found.includes(id))).toEqual([]);
	});

	it.each<[string, IDataObject[], IDataObject, string]>([
		[
			'an unknown operator',
			[{ field: 'COMPANY', operator: 'unlike', value: 'Peters' }],
			{},
			'unlike',
		],
		['an unknown type', [{ field: 'COMPANY', type: 'Money', value: '1' }], {}, 'Money'],
		[
			'a JSON of alternatives',
			[],
			{ conditionsJson: '{"Operation": "Or", "Condition": [{"DBName": "A", "Value": ["a"]}]}' },
			'Operation',
		],
		[
			'a JSON with an order',
			[],
			{ conditionsJson: '{"SortOrder": [{"Field": "A"}], "Condition": []}' },
			'SortOrder',
		],
	])('refuses %s, since it may be deleted what is found', async (_what, rows, options, word) => {
		const fixture = await start();
		await expect(fixture.run(search(rows, { options }))).rejects.toMatchObject({
			message: expect.stringContaining(word),
		});
		expect(fixture.simulator.counters.requests['POST TrashBin/Query']).toBeUndefined();
	});

	it('gives documents back, and deletes them for good, and says so of each', async () => {
		const fixture = await start();
		const [first = '', second = '', third = ''] = discard(fixture, 3);
		const gone = first.replace(/\d+$/, '4711');
		const restored = await fixture.run(
			operation('trashBin', 'restore', { trashBinIds: `${first}, ${gone}` }),
		);
		expect(restored.items.map(({ json }) => json)).toEqual([
			{ trashBinId: first, restored: true },
			{ trashBinId: gone, restored: false, reason: expect.stringContaining('4711') },
		]);
		expect(restored.hints[0]?.message).toContain('1 of 2 documents were not restored');
		expect(fixture.simulator.state.documents.find(INVOICES, 1)).toBeDefined();
		const deleted = await fixture.run(
			operation('trashBin', 'delete', { trashBinIds: '={{ $json.ids }}' }),
			{ items: [{ json: { ids: [second, third, second] } }] },
		);
		expect(deleted.items.map(({ json }) => json)).toEqual([
			{ trashBinId: second, deleted: true },
			{ trashBinId: third, deleted: true },
		]);
		expect(fixture.simulator.state.documents.discarded()).toEqual([]);
	});

	it('fails where nothing was done, and sends nothing for what is no ID of it', async () => {
		const fixture = await start();
		const [id = ''] = discard(fixture, 1);
		const run = async (name: string, trashBinIds: string) =>
			await fixture.run(operation('trashBin', name, { trashBinIds }));
		await expect(run('delete', id.replace(/\d+$/, '4711'))).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_TRASH_BIN_FAILED]'),
		});
		for (const stranger of ['4711', '', ' , ', `${id},4711`]) {
			await expect(run('delete', stranger)).rejects.toMatchObject({
				message: expect.stringContaining('[DOCUWARE_INVALID_PARAMETER]'),
			});
		}
		expect(fixture.simulator.state.documents.discarded()).toHaveLength(1);
		expect(fixture.simulator.counters.requests['POST TrashBin/BatchDelete']).toBe(1);
	});

	it('is changed by an AI agent only where a person has allowed it', async () => {
		const fixture = await start();
		const [id = ''] = discard(fixture, 1);
		const nodeType = 'n8n-nodes-exactonline-docuware.docuWareTool';
		const parameters = operation('trashBin', 'delete', { trashBinIds: id });
		await expect(fixture.run(parameters, { nodeType })).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_NOT_FOR_AI]'),
		});
		expect(fixture.simulator.state.documents.discarded()).toHaveLength(1);
		const allowed = await fixture.run({ ...parameters, allowChangesAsTool: true }, { nodeType });
		expect(allowed.items[0]?.json).toEqual({ trashBinId: id, deleted: true });
	});
});
