import { DATA_READINGS } from '../../../simulators/DocuWare/dataSwitches';
import type { SwitchChanges } from '../../../simulators/DocuWare';
import { usePolls } from './support/pollFixture';

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);

/** Every reading of the times of a search, alone and together with the others. */
const readings: SwitchChanges[] = [
	{},
	...DATA_READINGS.searchedTimes.others.flatMap((searchedTimes) => [
		{ searchedTimes },
		{ searchedTimes, timeBounds: 'excluded' as const, dateOffset: 'local' as const },
	]),
	{ timeBounds: 'excluded' },
	{ dateOffset: 'local' },
];

it.each(readings)('%j: each document comes once, oldest first', async (reading) => {
	const { simulator, store, change, publish } = await start(reading);
	store(30, NOW - 3 * 3_600_000);
	const trigger = publish({ events: ['stored', 'changed'], options: { mostItems: 7 } });
	expect(await trigger.poll()).toEqual([]);
	for (let minute = 0; minute < 20; minute += 1) store(1, NOW + minute * 60_000);
	change(2, NOW + 30_000);
	const polls = await trigger.allIds();
	const stored = Array.from({ length: 20 }, (_, index) => index + 31);
	expect(polls.flat().sort()).toEqual([2, ...stored].sort());
	store(1, NOW + 1_200_000);
	simulator.state.documents.remove(simulator.world.fileCabinets[0]?.id ?? '', 50);
	store(1, NOW + 1_200_000);
	expect(await trigger.ids()).toEqual([51, 52]);
	expect(await trigger.ids()).toEqual([]);
});

it('a server that begins to read times otherwise, as with summer time, is noticed', async () => {
	const { simulator, store, publish } = await start();
	store(3, NOW);
	const trigger = publish();
	await trigger.poll();
	store(1, NOW + 1_000);
	expect(await trigger.ids()).toEqual([4]);
	simulator.configure({ searchedTimes: 'later' });
	store(1, NOW + 2_000);
	expect(await trigger.ids()).toEqual([5]);
	store(1, NOW + 3_000);
	expect(await trigger.ids()).toEqual([6]);
	simulator.configure({ searchedTimes: 'asWritten' });
	store(1, NOW + 4_000);
	expect(await trigger.ids()).toEqual([7]);
	expect(await trigger.ids()).toEqual([]);
});

it('where all that was told is gone, what comes then is found', async () => {
	const { simulator, store, publish } = await start({ searchedTimes: 'later' });
	store(3, NOW);
	const trigger = publish();
	await trigger.poll();
	store(3, NOW + 1_000);
	expect(await trigger.ids()).toEqual([4, 5, 6]);
	const cabinet = simulator.world.fileCabinets[0]?.id ?? '';
	for (const id of [1, 2, 3, 4, 5, 6]) simulator.state.documents.remove(cabinet, id);
	expect(await trigger.ids()).toEqual([]);
	store(1, NOW + 2_000);
	expect(await trigger.ids()).toEqual([7]);
});
