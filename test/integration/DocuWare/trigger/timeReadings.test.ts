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

const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('searches that begin hours early', () => {
	const output = { output: 'selected', fieldsToReturn: ['documentId'] };
	const most = { options: { mostItems: 10_000 } };

	it.each(['opaque', 'places'] as const)(
		'since the server reads times otherwise by now, get on (links: %s)',
		async (nextLinks) => {
			const { simulator, store, publish } = await start({ nextLinks, searchedTimes: 'later' });
			store(3, NOW - 12 * 3_600_000);
			const trigger = publish({ ...output, ...most });
			await trigger.poll();
			store(1, NOW - 11 * 3_600_000);
			expect(await trigger.ids()).toEqual([4]);
			simulator.configure({ searchedTimes: 'asWritten' });
			for (let minute = 600; minute > 0; minute -= 1) store(5, NOW - minute * 60_000);
			expect(await trigger.ids()).toEqual(range(5, 3_004));
			store(2, NOW);
			expect(await trigger.ids()).toEqual([3_005, 3_006]);
			expect(await trigger.ids()).toEqual([]);
		},
	);

	it.each([
		['earlier', 'earlier', 'places'],
		['later', 'asWritten', 'opaque'],
		['asWritten', 'later', 'places'],
	] as const)(
		'find all of a second with many documents (%s, then %s, links: %s)',
		async (before, then, nextLinks) => {
			const { simulator, store, publish } = await start({ nextLinks, searchedTimes: before });
			store(3, NOW - 12 * 3_600_000);
			const trigger = publish({ ...output, ...most });
			await trigger.poll();
			store(1, NOW - 60_000);
			expect(await trigger.ids()).toEqual([4]);
			simulator.configure({ searchedTimes: then });
			store(2_100, NOW);
			store(1, NOW + 5_000);
			expect((await trigger.allIds()).flat()).toEqual(range(5, 2_105));
			store(1, NOW + 6_000);
			expect(await trigger.ids()).toEqual([2_106]);
		},
	);
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

it('what is stored and changed after the clock of the server was set back by an hour is found, and stored ones come once', async () => {
	const { simulator, store, change, publish } = await start();
	const now = () => simulator.state.now();
	for (let minute = 90; minute > 0; minute -= 10) store(1, now() - minute * 60_000);
	const trigger = publish({
		events: ['stored', 'changed'],
		start: 'date',
		startDate: '2000-01-01',
	});
	expect(await trigger.ids()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
	simulator.setClockBack(3_600_000);
	store(2, now());
	change(2, now() + 500);
	const news = await trigger.documents();
	expect(news).toMatchObject([
		{ event: 'stored', documentId: 10 },
		{ event: 'stored', documentId: 11 },
		{ event: 'changed', documentId: 2 },
	]);
	expect(news).toHaveLength(3);
	expect(await trigger.ids()).toEqual([]);
	store(1, now() + 1_000);
	expect(await trigger.ids()).toEqual([12]);
	simulator.advanceClock(3_700_000);
	store(1, now());
	expect(await trigger.ids()).toEqual([13]);
	expect(await trigger.ids()).toEqual([]);
});

it('a beginning that lies ahead is no clock that was set back', async () => {
	const { simulator, store, publish } = await start();
	const ahead = simulator.state.now() + 3_600_000;
	const trigger = publish({ start: 'date', startDate: new Date(ahead).toISOString() });
	store(1, simulator.state.now());
	expect(await trigger.ids()).toEqual([]);
	simulator.advanceClock(3_600_000);
	store(1, simulator.state.now() + 1_000);
	expect(await trigger.ids()).toEqual([2]);
});
