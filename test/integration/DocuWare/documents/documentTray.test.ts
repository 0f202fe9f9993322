import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

function firstTray({ simulator }: NodeFixture): string {
	return simulator.world.fileCabinets.find(({ isBasket }) => isBasket)?.id ?? '';
}

function fill({ simulator }: NodeFixture, trayId: string, count: number): number[] {
	return Array.from(
		{ length: count },
		() =>
			simulator.state.documents.add({
				fileCabinetId: trayId,
				values: {},
				storedBy: 'api',
				storedAt: 0,
			}).id,
	);
}

describe('Document Tray', () => {
	it('is listed with others, without file cabinets', async () => {
		const fixture = await start();
		const { items } = await fixture.run(operation('documentTray', 'getAll', { returnAll: true }));
		expect(items.map(({ json }) => json.Name)).toEqual(['Inbox', 'Inbox']);
		expect(items.every(({ json }) => String(json.Id).startsWith('b_'))).toBe(true);
		const [first] = (await fixture.run(operation('documentTray', 'getAll', { limit: 1 }))).items;
		expect(first?.json.Id).toBe(items[0]?.json.Id);
		// Trays come as they are now, not as a list of some minutes ago had them.
		expect(fixture.simulator.counters.requests['GET FileCabinets']).toBe(2);
	});

	it('gives its documents page after page, though some leave it meanwhile', async () => {
		// Of a link that names no place nobody can see what has moved behind it.
		const fixture = await start({ nextLinks: 'places' });
		const trayId = firstTray(fixture);
		const ids = fill(fixture, trayId, 2_300);
		const { documents } = fixture.simulator.state;
		const hold = fixture.simulator.holds.hold('platform.received', {
			where: { method: 'GET', tags: { route: 'FileCabinets/{fileCabinetId}/Documents' } },
			times: 2,
		});
		const running = fixture.run(
			operation('documentTray', 'getDocuments', {
				fileCabinetId: { __rl: true, mode: 'id', value: trayId },
				returnAll: true,
			}),
		);
		(await hold.waiting()).release();
		const second = await hold.waiting();
		// More than pages overlap by: the reading begins anew.
		for (const id of ids.slice(0, 200)) documents.remove(trayId, id);
		second.release();
		const found = (await running).items.map(({ json }) => json.documentId);
		expect(new Set(found).size).toBe(found.length);
		expect(ids.filter((id) => !found.includes(id))).toEqual([]);
	});

	it('gives up to a limit, chosen fields, and refuses two trays of one name', async () => {
		const fixture = await start();
		const trayId = firstTray(fixture);
		const ids = fill(fixture, trayId, 30);
		const of = (value: string, mode: string) => ({ fileCabinetId: { __rl: true, mode, value } });
		const { items } = await fixture.run(
			operation('documentTray', 'getDocuments', {
				...of(trayId, 'id'),
				...{ limit: 20, output: 'selected', fieldsToReturn: ['title'] },
			}),
		);
		expect(items.map(({ json }) => json.documentId)).toEqual(ids.slice(0, 20));
		expect(Object.keys(items[0]?.json ?? {}).sort()).toEqual(['documentId', 'title']);
		await expect(
			fixture.run(operation('documentTray', 'getDocuments', of('Inbox', 'name'))),
		).rejects.toMatchObject({ message: expect.stringContaining('[DOCUWARE_AMBIGUOUS_NAME]') });
	});
});
