import { thisHolder } from '../../../../nodes/shared/process/holder';
import { INVOICES, requestsOf, usePolls } from './support/pollFixture';

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);

it('gives what is stored after publishing, oldest first and once, with its index fields', async () => {
	const { store, publish } = await start();
	store(3, NOW - 60_000);
	const trigger = publish();
	expect(await trigger.poll()).toEqual([]);
	store(2, NOW);
	store(1, NOW - 30_000);
	const found = await trigger.documents();
	expect(found).toMatchObject([
		{ event: 'stored', documentId: 6, fileCabinetId: INVOICES, COMPANY: 'Peters' },
		{ documentId: 4 },
		{ documentId: 5 },
	]);
	expect(await trigger.poll()).toEqual([]);
});

it('an empty file cabinet begins with the first document', async () => {
	const { store, publish } = await start();
	const trigger = publish();
	expect(await trigger.poll()).toEqual([]);
	store(2, NOW);
	expect(await trigger.ids()).toEqual([1, 2]);
	expect(await trigger.ids()).toEqual([]);
});

it('records of one second are neither lost nor repeated', async () => {
	const { store, publish } = await start();
	const trigger = publish();
	await trigger.poll();
	store(2, NOW);
	expect(await trigger.ids()).toEqual([1, 2]);
	store(2, NOW);
	expect(await trigger.ids()).toEqual([3, 4]);
	store(1, NOW - 110_000);
	expect(await trigger.ids()).toEqual([5]);
	expect(await trigger.ids()).toEqual([]);
});

it('gives changes, also two of one document within one second, and none for the storing itself', async () => {
	const { store, change, publish } = await start();
	store(3, NOW - 3_600_000);
	const trigger = publish({ events: ['changed'] });
	await trigger.poll();
	store(1, NOW);
	change(2, NOW, { STATUS: 'a' });
	expect(await trigger.documents()).toMatchObject([
		{ event: 'changed', documentId: 2, STATUS: 'a' },
	]);
	change(2, NOW, { STATUS: 'b' });
	change(3, NOW, { STATUS: 'c' });
	expect(await trigger.documents()).toMatchObject([
		{ documentId: 2, STATUS: 'b' },
		{ documentId: 3, STATUS: 'c' },
	]);
	expect(await trigger.ids()).toEqual([]);
});

it('gives what is stored within one second by its whole time, where the server shows it', async () => {
	const { store, publish } = await start();
	const trigger = publish();
	await trigger.poll();
	store(1, NOW + 900);
	store(1, NOW + 100);
	expect(await trigger.ids()).toEqual([2, 1]);
});

it('with both events a document that was stored and changed since comes as stored, and later changes as changed', async () => {
	const { store, change, publish } = await start();
	const trigger = publish({ events: ['changed', 'stored'] });
	await trigger.poll();
	store(2, NOW);
	change(2, NOW + 5_000);
	expect(await trigger.documents()).toMatchObject([
		{ event: 'stored', documentId: 1 },
		{ event: 'stored', documentId: 2 },
	]);
	change(1, NOW + 9_000);
	expect(await trigger.documents()).toMatchObject([{ event: 'changed', documentId: 1 }]);
	expect(await trigger.poll()).toEqual([]);
});

it('works off a backlog over several polls, the oldest first', async () => {
	const { store, publish } = await start();
	const trigger = publish({ options: { mostItems: 40 } });
	await trigger.poll();
	for (let second = 0; second < 10; second += 1) store(10, NOW + second * 1_000);
	const polls = await trigger.allIds();
	expect(polls.map(({ length }) => length)).toEqual([40, 40, 20]);
	expect(polls.flat()).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
});

it('reads a second with more documents than a search gives by their ids, and begins within one', async () => {
	const { store, publish } = await start();
	store(2_100, NOW - 1_000);
	const output = { output: 'selected', fieldsToReturn: ['documentId'] };
	const trigger = publish({ ...output, options: { mostItems: 5_000 } });
	await trigger.poll();
	store(1, NOW - 1_000);
	expect(await trigger.ids()).toEqual([2_101]);
	store(10_100, NOW);
	store(1, NOW + 1_000);
	const polls = await trigger.allIds();
	expect(polls.map(({ length }) => length)).toEqual([5_000, 5_000, 101]);
	expect(polls.flat()).toEqual(Array.from({ length: 10_101 }, (_, index) => index + 2_102));
}, 60_000);

it('loses nothing where documents that were told are deleted between two pages, and the links of the server name no place', async () => {
	const { simulator, store, publish } = await start({ nextLinks: 'opaque' });
	const output = { output: 'selected', fieldsToReturn: ['documentId'] };
	const trigger = publish({ ...output, options: { mostItems: 5_000 } });
	const range = (from: number, to: number) =>
		Array.from({ length: to - from + 1 }, (_, index) => from + index);
	// More than a page is there at the beginning, and less than that is read again.
	for (let second = 180; second > 0; second -= 1) store(7, NOW - second * 1_000);
	expect(await trigger.poll()).toEqual([]);
	store(3, NOW);
	expect(await trigger.ids()).toEqual(range(1_261, 1_263));
	for (let second = 1; second <= 110; second += 1) store(20, NOW + second * 1_000);
	const where = { tags: { route: 'FileCabinets/{fileCabinetId}/Query/DialogExpression' } };
	const hold = simulator.holds.hold('platform.processed', { where });
	const polled = trigger.ids();
	const first = await hold.waiting();
	simulator.state.documents.remove(INVOICES, 1_261);
	first.release();
	expect(await polled).toEqual(range(1_264, 3_463));
	expect(await trigger.ids()).toEqual([]);
});

it('begins with a date', async () => {
	const { store, publish } = await start();
	store(2, NOW - 86_400_000);
	store(2, NOW);
	const settings = { timeZone: 'Europe/Amsterdam' };
	// 13:00 in Amsterdam is NOW.
	const trigger = publish({ start: 'date', startDate: '2026-11-26T13:00:00' }, settings);
	expect(await trigger.ids()).toEqual([3, 4]);
	expect(await trigger.ids()).toEqual([]);
	const all = publish({ start: 'date', startDate: '2026-01-01' }, { nodeId: 'node-2' });
	expect(await all.ids()).toEqual([1, 2, 3, 4]);
});

it('begins with the date that an expression gave at the first poll, and never anew with its later values', async () => {
	const { store, publish } = await start();
	store(2, NOW);
	const parameters = { start: 'date', startDate: '={{ $now.minus(7, "days") }}' };
	const { context, ids } = publish(parameters, { timeZone: 'UTC' });
	const { getNodeParameter } = context;
	let seconds = 1;
	const valueOf = (name: string, fallback?: object): unknown =>
		name === 'startDate'
			? new Date(NOW + seconds * 1_000 - 7 * 86_400_000).toISOString()
			: getNodeParameter(name, fallback);
	context.getNodeParameter = valueOf as never;
	expect(await ids()).toEqual([1, 2]);
	seconds += 1;
	expect(await ids()).toEqual([]);
	store(1, NOW);
	seconds += 1;
	expect(await ids()).toEqual([3]);
});

it.each(['found', 'leftOut'] as const)(
	'a document that is checked out when the poll comes is given (a search that says nothing: %s)',
	async (checkedOutUntold) => {
		const { simulator, store, publish } = await start({ checkedOutUntold });
		const trigger = publish();
		await trigger.poll();
		store(2, NOW);
		const document = simulator.state.documents.find(INVOICES, 2);
		if (document) document.checkedOutBy = 'api';
		expect(await trigger.ids()).toEqual([1, 2]);
	},
);

it('asks for the chosen fields only, and another choice repeats nothing', async () => {
	const { store, change, publish } = await start();
	const trigger = publish({ events: ['stored', 'changed'] });
	await trigger.poll();
	store(2, NOW);
	change(1, NOW + 1_000);
	expect(await trigger.ids()).toEqual([1, 2]);
	const chosen = { output: 'selected', fieldsToReturn: ['COMPANY', 'title'] };
	const other = publish({ events: ['stored', 'changed'], ...chosen });
	expect(await other.poll()).toEqual([]);
	store(1, NOW + 2_000);
	const [document] = await other.documents();
	expect(Object.keys(document ?? {}).sort()).toEqual(['COMPANY', 'documentId', 'event', 'title']);
});

it('a run by hand shows the newest documents and moves nothing on', async () => {
	const { store, publish } = await start();
	store(20, NOW);
	const sample = publish({ output: 'raw' }, { mode: 'manual' });
	const shown = await sample.documents();
	expect(shown).toHaveLength(5);
	expect(shown[0]).toMatchObject({ event: 'stored', Title: expect.anything() as unknown });
	const trigger = publish();
	await trigger.poll();
	store(1, NOW + 1_000);
	await sample.poll();
	expect(await trigger.ids()).toEqual([21]);
});

it('a poll without news takes one request and the one session', async () => {
	const { simulator, store, publish } = await start();
	store(5, NOW);
	const trigger = publish();
	await trigger.poll();
	const asked = () => requestsOf(simulator);
	const before = asked();
	await trigger.poll();
	await trigger.poll();
	expect(asked() - before).toBe(2);
	expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
});

it('follows a document tray by its list', async () => {
	const { store, publish, simulator } = await start();
	const tray = simulator.world.fileCabinets.find(({ isBasket }) => isBasket)?.id ?? '';
	store(3, NOW - 10_000, tray);
	const trigger = publish({
		place: 'tray',
		fileCabinetId: { __rl: true, mode: 'id', value: tray },
	});
	expect(await trigger.poll()).toEqual([]);
	store(1, NOW, tray);
	store(1, NOW - 5_000, tray);
	expect(await trigger.ids()).toEqual([5, 4]);
	expect(await trigger.ids()).toEqual([]);
});

it('gives the changes of documents in a tray, and none for the storing itself', async () => {
	const { store, change, publish, simulator } = await start();
	const tray = simulator.world.fileCabinets.find(({ isBasket }) => isBasket)?.id ?? '';
	store(2, NOW - 10_000, tray);
	const trigger = publish({
		...{ events: ['changed'], place: 'tray' },
		fileCabinetId: { __rl: true, mode: 'id', value: tray },
	});
	expect(await trigger.poll()).toEqual([]);
	store(1, NOW, tray);
	change(1, NOW + 5_000, { COMPANY: 'Changed' }, tray);
	expect(await trigger.documents()).toMatchObject([{ event: 'changed', documentId: 1 }]);
	expect(await trigger.poll()).toEqual([]);
});

it('an event, a file cabinet or a tray that was left meanwhile goes on from its place, with what was pending there', async () => {
	const { store, change, simulator, publish } = await start();
	const trayId = simulator.world.fileCabinets.find(({ isBasket }) => isBasket)?.id ?? '';
	const inTray = { place: 'tray', fileCabinetId: { __rl: true, mode: 'id', value: trayId } };
	const stored = () => publish({ events: ['stored'] });
	const both = () => publish({ events: ['stored', 'changed'] });
	const tray = () => publish(inTray);
	store(2, NOW);
	expect(await stored().ids()).toEqual([]);
	store(1, NOW + 1_000);
	expect(await stored().ids()).toEqual([3]);
	thisHolder().uuid = 'after a kill';
	// An event that is chosen later begins then.
	change(1, NOW + 2_000);
	expect(await tray().ids()).toEqual([]);
	store(1, NOW + 3_000, trayId);
	store(1, NOW + 3_000);
	expect(await both().documents()).toMatchObject([
		{ event: 'stored', documentId: 3, repeated: true },
		{ event: 'stored', documentId: 4 },
	]);
	expect(await tray().ids()).toEqual([1]);
	change(2, NOW + 4_000);
	expect(await stored().ids()).toEqual([]);
	expect(await both().documents()).toMatchObject([{ event: 'changed', documentId: 2 }]);
	expect(await both().ids()).toEqual([]);
	expect(await tray().ids()).toEqual([]);
});

it('says what is wrong with its fields', async () => {
	const { publish } = await start();
	await expect(publish({ events: [] }).poll()).rejects.toThrow('DOCUWARE_INVALID_PARAMETER');
	const dated = publish({ start: 'date', startDate: '' }, { nodeId: 'dated' });
	await expect(dated.poll()).rejects.toThrow('Date is empty');
	const json = { onlySome: true, conditionsAs: 'json' };
	// Of another node: a second failure of the first one is not told within the hour.
	const conditionsJson = JSON.stringify({ Condition: [], AdditionalCabinets: [INVOICES] });
	const several = publish({ ...json, conditionsJson }, { nodeId: 'several' });
	await expect(several.poll()).rejects.toThrow('additional file cabinets');
});
