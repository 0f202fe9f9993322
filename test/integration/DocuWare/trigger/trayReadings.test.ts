import type { IDataObject } from 'n8n-workflow';
import type { SwitchChanges } from '../../../simulators/DocuWare';
import { DATA_READINGS } from '../../../simulators/DocuWare/dataSwitches';
import { usePolls } from './support/pollFixture';

/** Backlogs of a document tray, whichever order its list comes in. */

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);

/** Each request takes so long by the clock of the poll (ms), so that ten pages do not fit its 30 s. */
const REQUEST_MS = 3_000;

const readings: SwitchChanges[] = [
	{},
	...DATA_READINGS.trayOrder.others.map((trayOrder) => ({ trayOrder })),
	{ deepPages: 'served' },
];

async function trayOf(reading: SwitchChanges) {
	const fixture = await start(reading);
	const { world } = fixture.simulator;
	const id = world.fileCabinets.find(({ isBasket }) => isBasket)?.id ?? '';
	const parameters: IDataObject = {
		...{ place: 'tray', output: 'selected', fieldsToReturn: ['documentId'] },
		fileCabinetId: { __rl: true, mode: 'id', value: id },
	};
	return { ...fixture, trayId: id, parameters };
}

it.each(readings)('10,000 documents by Most Items, each once: %j', async (reading) => {
	const { store, publish, trayId, parameters } = await trayOf(reading);
	store(20, NOW - 3_600_000, trayId);
	const trigger = publish({ ...parameters, options: { mostItems: 4_000 } });
	expect(await trigger.ids()).toEqual([]);
	for (let second = 0; second < 1_000; second += 1) store(10, NOW + second * 1_000, trayId);
	const polls = await trigger.allIds();
	expect(polls.flat()).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 21));
	expect(polls.map(({ length }) => length)).toEqual([4_000, 4_000, 2_000]);
}, 60_000);

it.each(readings)('10,000 documents that do not fit the time of a poll: %j', async (reading) => {
	const { store, publish, trayId, parameters, simulator } = await trayOf(reading);
	store(20, NOW - 3_600_000, trayId);
	const trigger = publish({ ...parameters, options: { mostItems: 10_000 } });
	expect(await trigger.ids()).toEqual([]);
	for (let second = 0; second < 1_000; second += 1) store(10, NOW + second * 1_000, trayId);
	const asked = () => Object.values(simulator.counters.requests).reduce((sum, one) => sum + one, 0);
	const real = performance.now.bind(performance);
	const clock = jest.spyOn(performance, 'now').mockImplementation(() => real() + asked() * REQUEST_MS);
	const polls = await trigger.allIds().finally(() => clock.mockRestore());
	expect(polls.length).toBeGreaterThan(1);
	expect(polls.flat()).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 21));
}, 60_000);
