import type { SwitchChanges } from '../../../simulators/DocuWare';
import { requestsOf, usePolls } from './support/pollFixture';

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);
const HOUR_MS = 3_600_000;

/** A trigger that begins with a date, before which so many documents were stored within an hour. */
async function behind(count: number, reading: SwitchChanges = {}) {
	const fixture = await start(reading);
	const { simulator, store, publish } = fixture;
	for (let place = 0; place < count; place += 1) {
		store(1, NOW - HOUR_MS + Math.floor((place * HOUR_MS) / count));
	}
	const trigger = publish({
		...{ start: 'date', startDate: new Date(NOW).toISOString() },
		...{ output: 'selected', fieldsToReturn: ['documentId'] },
	});
	/** Numbers that a poll gives, and what it asks. */
	const poll = async () => {
		const before = requestsOf(simulator);
		const ids = await trigger.ids();
		return { ids, requests: requestsOf(simulator) - before };
	};
	return { ...fixture, poll };
}

const readings = (['places', 'opaque', 'none'] as const).flatMap((nextLinks) =>
	(['asWritten', 'later', 'earlier'] as const).map((searchedTimes) => ({
		...{ nextLinks, searchedTimes },
		zonedTimes: nextLinks === 'none' ? ('refused' as const) : ('taken' as const),
	})),
);

it.each(readings)(
	'a poll that begins behind an hour of thousands of documents does not read them: %j',
	async (reading) => {
		const { store, poll } = await behind(2_500, reading);
		expect((await poll()).ids).toEqual([]);
		const idle = await poll();
		expect(idle.ids).toEqual([]);
		// Where searches begin an hour earlier still, that hour is left behind first.
		expect(idle.requests).toBeLessThanOrEqual(reading.searchedTimes === 'earlier' ? 6 : 4);
		const news = store(2, NOW);
		expect((await poll()).ids).toEqual(news);
	},
);

it('an hour of fewer documents than a page holds costs no request', async () => {
	const quiet = await behind(8);
	await quiet.poll();
	const { requests } = await quiet.poll();
	const { store, poll } = await behind(800);
	await poll();
	expect((await poll()).requests).toBe(requests);
	const news = store(2, NOW);
	expect((await poll()).ids).toEqual(news);
});

it('an hour of more documents than a search gives does not keep it from getting on', async () => {
	const { store, poll } = await behind(10_500);
	await poll();
	expect((await poll()).requests).toBeLessThanOrEqual(4);
	const news = store(2, NOW + 1_000);
	expect((await poll()).ids).toEqual(news);
});

it('where searches begin an hour late by then, nothing is passed by', async () => {
	const { simulator, store, poll } = await behind(1_500);
	await poll();
	// As where the newest document has come since the clock of summer was changed.
	simulator.configure({ searchedTimes: 'later' });
	const news = [...store(1, NOW), ...store(1, NOW + HOUR_MS / 2), ...store(1, NOW + 2 * HOUR_MS)];
	expect((await poll()).ids).toEqual(news);
});
