import type { SwitchChanges } from '../../../simulators/DocuWare';
import { DATA_READINGS } from '../../../simulators/DocuWare/dataSwitches';
import { requestsOf, usePolls } from './support/pollFixture';

/** Backlogs of a document tray, whichever order its list comes in. */

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);

/** Each request takes so long by the clock of the poll (ms), so that few of them fit its 30 s. */
const REQUEST_MS = 8_000;

/** Documents that are there before the trigger is published. */
const OLD = 20;

/** So many new ones make 10,000 in the tray. */
const MANY = 9_980;

/** How the server writes its times, with each order of the list. */
const zones: SwitchChanges[] = [undefined, ...DATA_READINGS.dateOffset.others].flatMap((zone) =>
	[undefined, ...DATA_READINGS.trayOrder.others].map((trayOrder) => ({
		...(zone && { dateOffset: zone }),
		...(trayOrder && { trayOrder }),
	})),
);

it.each(zones)(
	'%j: what is stored and changed in a tray comes once, from now and from a date',
	async (reading) => {
		const { simulator, store, change, publish } = await start(reading);
		const trayId = simulator.world.fileCabinets.find(({ isBasket }) => isBasket)?.id ?? '';
		const tray = {
			...{ place: 'tray', events: ['stored', 'changed'] },
			fileCabinetId: { __rl: true, mode: 'id', value: trayId },
		};
		store(3, NOW - 3_600_000, trayId);
		store(2, NOW, trayId);
		const fromNow = publish(tray);
		expect(await fromNow.ids()).toEqual([]);
		const startDate = new Date(NOW).toISOString();
		const fromDate = publish({ ...tray, start: 'date', startDate }, { nodeId: 'from a date' });
		expect(await fromDate.ids()).toEqual([4, 5]);
		store(2, NOW + 1_000, trayId);
		change(1, NOW + 1_000, { STATUS: 'changed' }, trayId);
		for (const trigger of [fromNow, fromDate]) {
			expect(await trigger.documents()).toMatchObject([
				{ event: 'stored', documentId: 6, storedAt: '2026-11-26T12:00:01Z' },
				{ event: 'stored', documentId: 7 },
				{ event: 'changed', documentId: 1, modifiedAt: '2026-11-26T12:00:01Z' },
			]);
			expect(await trigger.ids()).toEqual([]);
		}
		// Within the same second.
		store(1, NOW + 1_000, trayId);
		expect(await fromNow.ids()).toEqual([8]);
		expect(await fromDate.ids()).toEqual([8]);
	},
);

async function publishedTray(reading: SwitchChanges, mostItems: number) {
	const { simulator, store, publish } = await start(reading);
	const { fileCabinets } = simulator.world;
	const trayId = fileCabinets.find(({ isBasket }) => isBasket)?.id ?? '';
	store(OLD, NOW - 3_600_000, trayId);
	const trigger = publish({
		...{ place: 'tray', output: 'selected', fieldsToReturn: ['documentId'] },
		fileCabinetId: { __rl: true, mode: 'id', value: trayId },
		options: { mostItems },
	});
	expect(await trigger.ids()).toEqual([]);
	const arrive = (count: number) => {
		for (let at = 0; at < count; at += 10) store(10, NOW + at * 100, trayId);
		return Array.from({ length: count }, (_, index) => OLD + 1 + index);
	};
	return { simulator, trigger, arrive };
}

it('10,000 documents in a tray come by Most Items, the oldest first and each once', async () => {
	const { trigger, arrive } = await publishedTray({}, 4_000);
	const all = arrive(MANY);
	const polls = await trigger.allIds();
	expect(polls.flat()).toEqual(all);
	expect(polls.map(({ length }) => length)).toEqual([4_000, 4_000, MANY - 8_000]);
}, 60_000);

const readings: Array<[count: number, reading: SwitchChanges]> = [
	[MANY, {}],
	[2_480, { deepPages: 'served' }],
	[2_480, { trayOrder: 'byNumber' }],
	[2_480, { trayOrder: 'oldestFirst' }],
];

it('all readings of the order are among them', () => {
	const played = readings.flatMap(([, { trayOrder }]) => trayOrder ?? []);
	expect(played).toEqual(DATA_READINGS.trayOrder.others);
});

it.each(readings)(
	'%i documents that do not fit the time of a poll come over several, each once: %j',
	async (count, reading) => {
		const { simulator, trigger, arrive } = await publishedTray(reading, 10_000);
		const all = arrive(count);
		const asked = () => requestsOf(simulator);
		const real = performance.now.bind(performance);
		const clock = jest
			.spyOn(performance, 'now')
			.mockImplementation(() => real() + asked() * REQUEST_MS);
		const polls = await trigger.allIds().finally(() => clock.mockRestore());
		expect(polls.length).toBeGreaterThan(1);
		expect(polls.flat()).toEqual(all);
	},
	60_000,
);
