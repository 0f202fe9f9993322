import type { SwitchChanges } from '../../../simulators/DocuWare';
import { INVOICES, requestsOf, usePolls } from './support/pollFixture';

const { start } = usePolls();

const NOW = Date.UTC(2026, 10, 26, 12);

afterEach(() => jest.restoreAllMocks());

/** A trigger that has told many documents of one second, the newest there are, and has had no news for more than ten minutes. */
async function rested(reading: SwitchChanges = {}, { count = 30, before = 3 } = {}) {
	const fixture = await start(reading);
	const { simulator, store } = fixture;
	store(before, NOW - 1_800_000);
	const trigger = fixture.publish({
		events: ['stored'],
		...(count > 1_000 && { output: 'selected', fieldsToReturn: ['documentId'] }),
		options: { mostItems: 10_000 },
	});
	await trigger.poll();
	store(count, NOW);
	expect(await trigger.ids()).toHaveLength(count);
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
		const { idle } = await rested({ searchedTimes });
		expect(await idle()).toBe(2);
	},
);

it.each(['places', 'opaque'] as const)(
	'where they are thousands, and the server takes times to the second alone, it reads them again, and no others (links: %s)',
	async (nextLinks) => {
		const thousands = 2;
		const { idle, store, trigger } = await rested(
			{ zonedTimes: 'refused', nextLinks },
			{ count: thousands * 1_000 + 100, before: 4_000 },
		);
		expect(await idle()).toBeLessThanOrEqual(thousands + 7);
		store(1, NOW);
		store(600, NOW + 1_000);
		store(1, NOW + 2_000);
		expect(await trigger.ids()).toHaveLength(602);
		expect(await trigger.ids()).toEqual([]);
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
