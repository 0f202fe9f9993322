import { BehindLink } from '../../../../../nodes/DocuWare/resources/document/positionPages';
import type { Found } from '../../../../../nodes/DocuWare/trigger/polling/documentMarks';
import {
	advanced,
	passedBy,
	secondOf,
	STORED_ONCE,
	type PollCursor,
} from '../../../../../nodes/DocuWare/trigger/polling/pollCursor';
import type { EventSource } from '../../../../../nodes/DocuWare/trigger/polling/eventSource';
import { readEvents } from '../../../../../nodes/DocuWare/trigger/polling/readEvents';
import { ConnectorError } from '../../../../../nodes/shared/errors';

/** Documents that were stored at these seconds, numbered in that order. */
const documents = (...seconds: number[]): Found[] =>
	seconds.map((second, index) => {
		const mark = { id: index + 1, at: second * 1_000, digest: STORED_ONCE };
		return { document: {}, mark, storedMark: mark, version: mark, isChanged: false };
	});

/** A service that leads on by links alone, and what was asked of it; its searches begin so many seconds early. */
function linking(all: readonly Found[], rows: number, early = 0) {
	const asked: string[] = [];
	const source: EventSource = {
		async *since(second = -Infinity) {
			asked.push(`since ${second}`);
			const rest = all.filter(({ mark }) => secondOf(mark.at) >= second - early * 1_000);
			yield rest.slice(0, rows);
			if (rest.length > rows) throw new BehindLink();
			await Promise.resolve();
		},
		newestBefore: async (second) => await Promise.resolve(lastBefore(all, second - early * 1_000)),
		async *within(second, fromId) {
			asked.push(`within ${second}`);
			yield all.filter(({ mark }) => secondOf(mark.at) === second && mark.id >= fromId);
			await Promise.resolve();
		},
	};
	return { source, asked };
}

/** Of documents in order, the second of the last one up to the second before a time, as a search to the whole second finds it. */
const lastBefore = (all: readonly Found[], ms: number) =>
	all
		.filter(({ mark }) => mark.at <= ms - 1_000)
		.map(({ mark }) => secondOf(mark.at))
		.at(-1);

const every = (step: number, from: number, to: number) =>
	Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);

const from = (second: number | undefined): PollCursor => ({
	place: second === undefined ? null : { second: second * 1_000, id: null },
	...{ told: [], digestOf: 'all', shift: 0 },
});

const limits = { wanted: 1_000, isOver: () => false, fits: () => true };

const idsOf = (found: readonly Found[]) => found.map(({ mark }) => mark.id);

describe('where only links that are not followed lead on', () => {
	it('the list is asked for anew from the last second of each page', async () => {
		const { source, asked } = linking(documents(1, 1, 2, 2, 3, 4, 4), 3);
		const { found, upTo } = await readEvents(source, from(0), limits);
		expect(idsOf(found)).toEqual([1, 2, 3, 4, 5, 6, 7]);
		expect(upTo).toBeUndefined();
		expect(asked).toEqual(['since 1000', 'since 2000', 'since 3000']);
	});

	it.each([0, undefined])('a second that fills a page is read by ids (from %s)', async (second) => {
		const { source, asked } = linking(documents(1, 2, 2, 2, 2, 3), 3);
		const { found, upTo } = await readEvents(source, from(second), limits);
		expect(idsOf(found)).toEqual([1, 2, 3, 4, 5, 6]);
		expect(upTo).toBeUndefined();
		expect(asked.slice(1)).toEqual(['since 2000', 'within 2000', 'since 3000']);
	});

	it('a poll that has enough ends at a second that is told whole', async () => {
		const { source } = linking(documents(1, 1, 2, 2, 3), 3);
		const { found, upTo } = await readEvents(source, from(0), { ...limits, wanted: 2 });
		expect(idsOf(found)).toEqual([1, 2]);
		expect(upTo).toEqual({ second: 1_000, id: null });
	});

	it.each([900, 3_600, 50_400])(
		'searches that begin %s s early, and are asked for an hour early, get on by few requests',
		async (early) => {
			const seconds = every(12, 0, 80_000);
			const { source, asked } = linking(documents(...seconds, 90_000), 100, early + 3_600);
			const { found, upTo } = await readEvents(source, from(80_000), { ...limits, isEarly: true });
			expect(found.map(({ mark }) => mark.at)).toEqual([90_000_000]);
			expect(upTo).toBeUndefined();
			expect(asked.length).toBeLessThan(8);
		},
	);

	it.each([900, 3_600, 50_400])('searches that begin %s s early get on', async (early) => {
		const seconds = [...Array(40).keys()].flatMap((step) => [step * 500, step * 500 + 1]);
		const { source, asked } = linking(documents(...seconds), 7, early);
		const limited = { ...limits, isOver: () => asked.length > 200 };
		const { found, upTo } = await readEvents(source, from(15_000), limited);
		expect(found.map(({ mark }) => mark.at / 1_000)).toEqual(
			seconds.filter((second) => second > 15_000),
		);
		expect(upTo).toBeUndefined();
	});
});

it('polls whose time is over before they find anything new go on where the last one ended, after ten minutes', async () => {
	const [known] = documents(60);
	const others = documents(...Array(40).fill(30), 61).map((one, index) => ({
		...one,
		mark: { ...one.mark, id: index + 10 },
	}));
	let read = 0;
	const source: EventSource = {
		async *since(second = -Infinity) {
			await Promise.resolve();
			yield others.filter(({ mark }) => mark.at >= second);
		},
		newestBefore: async (second) => await Promise.resolve(lastBefore(others, second)),
		async *within(_second, fromId) {
			const rest = others.filter(({ mark }) => mark.id >= fromId);
			for (let at = 0; at < rest.length; at += 5) {
				await Promise.resolve();
				read += 1;
				if (read > 3) throw new Error('The time is over.');
				yield rest.slice(at, at + 5);
			}
		},
	};
	let cursor: PollCursor = {
		...from(60),
		...{ place: { second: 60_000, id: 9 }, told: known ? [known.mark] : [], toldAt: Date.now() },
	};
	const told: number[] = [];
	const poll = async () => {
		read = 0;
		const { found, upTo } = await readEvents(source, cursor, {
			...limits,
			wanted: 9,
			isOver: () => read > 1,
		});
		const next = advanced(
			cursor,
			found.map(({ mark }) => mark),
		);
		cursor = found.length === 0 && upTo ? passedBy(next, upTo, Date.now()) : next;
		told.push(...idsOf(found));
	};
	await expect(poll()).rejects.toThrow('The time is over.');
	cursor = { ...cursor, toldAt: Date.now() - 600_000 };
	for (let polls = 0; told.length === 0; polls += 1) {
		expect(polls).toBeLessThan(10);
		await poll();
	}
	expect(told).toEqual([50]);
	expect(cursor.told.map(({ id }) => id)).toContain(50);
});

it('of many documents that come before what was asked for no more than a page is read', async () => {
	const all = documents(...Array.from({ length: 3_000 }, (_, index) => index), 5_000);
	let pages = 0;
	const source: EventSource = {
		async *since(second = -Infinity) {
			const rest = all.filter(({ mark }) => mark.at >= second - 3_600_000);
			for (let at = 0; at < rest.length; at += 1_000) {
				await Promise.resolve();
				pages += 1;
				yield rest.slice(at, at + 1_000);
			}
		},
		newestBefore: async (second) => await Promise.resolve(lastBefore(all, second - 3_600_000)),
		within: () => source.since(undefined),
	};
	const { found } = await readEvents(source, from(3_500), limits);
	expect(idsOf(found)).toEqual([3_001]);
	expect(pages).toBe(2);
});

it.each(['DOCUWARE_BAD_REQUEST', 'DOCUWARE_VALIDATION'])(
	'where the newest document before a time is not told (%s), what comes before is read through',
	async (code) => {
		const all = documents(...every(1, 0, 2_500), 5_000);
		let refused = 0;
		const source: EventSource = {
			async *since(second = -Infinity) {
				const rest = all.filter(({ mark }) => mark.at >= second - 3_600_000);
				for (let at = 0; at < rest.length; at += 1_000) {
					await Promise.resolve();
					yield rest.slice(at, at + 1_000);
				}
			},
			newestBefore: async () => {
				refused += 1;
				return await Promise.reject(new ConnectorError(code, 'No.', { repair: '' }));
			},
			within: () => source.since(undefined),
		};
		const { found } = await readEvents(source, from(3_500), { ...limits, isEarly: true });
		expect(idsOf(found)).toEqual([2_501]);
		expect(refused).toBe(1);
	},
);

describe('where the clock of summer changes within a reading', () => {
	const HOUR = 3_600;
	/** Until here searches begin an hour earlier than from then on. */
	const CHANGE = 500 * HOUR;

	/** @param isSure whether a second that is read by ids shows that searches by time begin there */
	function changing(all: readonly Found[], rows: number, late = 0, isSure = true) {
		const meant = (ms: number) => ms + (ms < CHANGE * 1_000 ? late - HOUR * 1_000 : late);
		const source: EventSource = {
			async *since(second = -Infinity) {
				await Promise.resolve();
				const rest = all.filter(({ mark }) => mark.at >= meant(second) - 1);
				yield rest.slice(0, rows);
				if (rest.length > rows) throw new BehindLink();
			},
			newestBefore: async (second) => await Promise.resolve(lastBefore(all, meant(second))),
			async *within(second, fromId) {
				await Promise.resolve();
				yield all.filter(({ mark }) => secondOf(mark.at) === second && mark.id >= fromId);
				return isSure;
			},
		};
		return source;
	}

	it.each([0, 3_600_000])(
		'a list that is asked for anew behind that loses nothing (%i ms late)',
		async (late) => {
			const seconds = every(60, CHANGE - 12 * HOUR, CHANGE + 24 * HOUR);
			const source = changing(documents(...seconds), 500, late);
			const { found } = await readEvents(source, from(CHANGE - 6 * HOUR), {
				...limits,
				wanted: 10_000,
			});
			const ids = found.map(({ mark }) => mark.id);
			expect([...new Set(ids)]).toEqual(every(1, 6 * 60 + 2, seconds.length + 1));
		},
	);

	it.each([0, 3_600_000])(
		'behind a second that was read by ids the list is asked for an hour early where nothing shows that it begins there (%i ms late)',
		async (late) => {
			const dense = Array<number>(30).fill(CHANGE + HOUR);
			const seconds = [...dense, ...every(60, CHANGE + HOUR + 60, CHANGE + 5 * HOUR)];
			const source = changing(documents(...seconds), 1_000, late, false);
			const cursor: PollCursor = {
				...from(CHANGE + HOUR),
				place: { second: (CHANGE + HOUR) * 1_000, id: 10 },
				told: documents(...dense)
					.slice(10, 20)
					.map(({ mark }) => mark),
			};
			const { found, beginsThere } = await readEvents(source, cursor, limits);
			expect(idsOf(found)).toEqual(every(1, 21, seconds.length + 1));
			expect(beginsThere).toBe(late === 0);
		},
	);

	it('a list that was asked for earlier, since it began late, is not asked for later again with what comes before', async () => {
		const seconds = every(60, CHANGE - 3 * HOUR, CHANGE + 4 * HOUR);
		const source = changing(documents(...seconds), 55, 3_600_000);
		const { found, upTo } = await readEvents(source, from(CHANGE - HOUR), {
			...limits,
			wanted: 10_000,
		});
		const ids = idsOf(found);
		expect(ids).toEqual(every(1, 2 * 60 + 2, seconds.length + 1));
		expect(upTo).toBeUndefined();
	});

	it.each([0, 3_600_000, -32_400_000])(
		'behind a second that was read by ids nothing is lost where pages are full of what comes before (%i ms late)',
		async (late) => {
			const dense = Array<number>(30).fill(CHANGE + HOUR / 2);
			const seconds = every(6, CHANGE - 14 * HOUR, CHANGE + 4 * HOUR);
			const all = documents(...[...seconds, ...dense].sort((one, other) => one - other));
			const bySearch = changing(all, all.length, late, false);
			let pages = 0;
			const source: EventSource = {
				...bySearch,
				async *since(second) {
					for await (const found of bySearch.since(second)) {
						for (let at = 0; at < found.length; at += 500) {
							pages += 1;
							yield found.slice(at, at + 500);
						}
					}
				},
			};
			const known = all.filter(({ mark }) => mark.at === (CHANGE + HOUR / 2) * 1_000);
			const cursor: PollCursor = {
				...from(CHANGE + HOUR / 2),
				place: { second: (CHANGE + HOUR / 2) * 1_000, id: known[9]?.mark.id ?? 0 },
			};
			const { found } = await readEvents(source, cursor, { ...limits, wanted: 100_000 });
			expect(idsOf(found)).toEqual(every(1, (known[9]?.mark.id ?? 0) + 1, all.length + 1));
			expect(pages).toBeLessThan(10);
		},
	);

	it.each([0, 0.4])(
		'where no time is right, a list that only links lead through gets on by few requests to the latest that is (%f s)',
		async (part) => {
			const before = every(1, CHANGE - HOUR - 120, CHANGE - HOUR + 60);
			const news = [CHANGE - 1_740 + part, CHANGE + 60, CHANGE + HOUR + 60];
			const source = changing(documents(CHANGE - 4 * HOUR, ...before, ...news), 100);
			const asked: number[] = [];
			const anHour = HOUR * 1_000;
			const early: EventSource = {
				...source,
				since: (second) => {
					asked.push(second ?? 0);
					return source.since((second ?? 0) - anHour);
				},
				newestBefore: async (second) => await source.newestBefore?.(second - anHour),
			};
			const isEarly = { ...limits, isEarly: true };
			const { found, upTo } = await readEvents(early, from(CHANGE - HOUR / 2), isEarly);
			expect(found.map(({ mark }) => mark.at / 1_000)).toEqual(news);
			expect(upTo).toBeUndefined();
			expect(asked.length).toBeLessThan(6);
		},
	);

	it.each([0, 0.5])(
		'a list that is asked for an hour later, which leaves out no whole second, leaves out none with fractions of one (%f s)',
		async (part) => {
			const place = CHANGE - HOUR / 2;
			const before = every(1, place - HOUR, place - HOUR + 150);
			const news = [CHANGE + HOUR / 2 + part, CHANGE + 3 * HOUR];
			const source = changing(documents(...before, ...news), 100);
			const isEarly = { ...limits, isEarly: true };
			const { found } = await readEvents(source, from(place), isEarly);
			expect(found.map(({ mark }) => mark.at / 1_000)).toEqual(news);
		},
	);

	it('a second of many documents that a list reaches late is no proof that it began early enough', async () => {
		const seconds = [CHANGE + 60, ...Array<number>(600).fill(CHANGE + 2 * HOUR)];
		const source = changing(documents(...seconds), 1_000, 3_600_000);
		const cursor = {
			...from(CHANGE),
			told: [{ id: 9_999, at: CHANGE * 1_000 + 1_000, digest: 's' }],
		};
		const { found, beginsThere } = await readEvents(source, cursor, limits);
		expect(found).toHaveLength(600);
		expect(beginsThere).toBe(false);
	});
});
