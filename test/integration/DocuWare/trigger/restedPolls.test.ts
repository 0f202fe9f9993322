import type { DocuWareSimulator } from '../../../simulators/DocuWare';
import { INVOICES, usePolls } from './support/pollFixture';

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);

afterEach(() => jest.restoreAllMocks());

const requestsOf = ({ counters }: DocuWareSimulator) =>
	Object.values(counters.requests).reduce((sum, one) => sum + one, 0);

/** A trigger that has told 30 documents of one second, the newest there are, and has had no news for more than ten minutes. */
async function rested(searchedTimes: 'asWritten' | 'later' = 'asWritten') {
	const fixture = await start({ searchedTimes });
	const { simulator, store } = fixture;
	store(3, NOW - 3_600_000);
	const trigger = fixture.publish({ events: ['stored'] });
	await trigger.poll();
	store(30, NOW);
	expect(await trigger.ids()).toHaveLength(30);
	const real = Date.now;
	jest.spyOn(Date, 'now').mockImplementation(() => real() + 11 * 60_000);
	for (let poll = 0; poll < 2; poll += 1) expect(await trigger.ids()).toEqual([]);
	/** Requests of a poll that finds nothing. */
	const idle = async () => {
		const before = requestsOf(simulator);
		expect(await trigger.ids()).toEqual([]);
		return requestsOf(simulator) - before;
	};
	return { ...fixture, trigger, idle };
}

it.each(['asWritten', 'later'] as const)(
	'where many documents share the newest second, a poll without news costs two requests (%s)',
	async (searchedTimes) => {
		const { idle } = await rested(searchedTimes);
		expect(await idle()).toBe(2);
	},
);

it.each([
	['the last of them that is not read again is', [13], 2],
	['all of that second are', Array.from({ length: 30 }, (_, index) => index + 4), 4],
])('where %s deleted, it costs few', async (_what, gone, requests) => {
	const { simulator, store, trigger, idle } = await rested();
	for (const id of gone) simulator.state.documents.remove(INVOICES, id);
	await idle();
	expect(await idle()).toBeLessThanOrEqual(requests);
	store(2, NOW);
	store(2, NOW + 5_000);
	expect(await trigger.ids()).toEqual([34, 35, 36, 37]);
	expect(await trigger.ids()).toEqual([]);
});

it.each([
	['asWritten', 4],
	['later', 4],
	// Searches begin hours early, with the documents of that second once more.
	['earlier', 40],
] as const)(
	'a trigger that begins within a second of many documents reads on there by few requests (%s)',
	async (searchedTimes, requests) => {
		const { simulator, store, publish } = await start({ searchedTimes });
		store(2_100, NOW);
		const trigger = publish({ output: 'selected', fieldsToReturn: ['documentId'] });
		await trigger.poll();
		store(1, NOW);
		const before = requestsOf(simulator);
		expect(await trigger.ids()).toEqual([2_101]);
		expect(requestsOf(simulator) - before).toBeLessThanOrEqual(requests);
		store(1, NOW + 1_000);
		expect(await trigger.ids()).toEqual([2_102]);
	},
);
