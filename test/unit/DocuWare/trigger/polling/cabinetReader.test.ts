import { CabinetReader } from '../../../../../nodes/DocuWare/trigger/polling/cabinetReader';
import type { CabinetSource } from '../../../../../nodes/DocuWare/trigger/polling/cabinetSource';
import type { Found } from '../../../../../nodes/DocuWare/trigger/polling/documentMarks';
import {
	advanced,
	STORED_ONCE,
	type Mark,
	type PollCursor,
} from '../../../../../nodes/DocuWare/trigger/polling/pollCursor';
import { ConnectorError } from '../../../../../nodes/shared/errors';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Clocks change here. */
const SUMMER = Date.UTC(2026, 2, 8, 10);

/** The time of a document that a service takes a time of a search for (ms). */
type Meaning = (asked: number) => number;

const SERVICES = {
	/** Writes times of Greenwich, and takes those of a search for its own ones, by summer time or not. */
	america: (asked) => asked + (asked + 5 * HOUR_MS < SUMMER ? 5 : 4) * HOUR_MS,
	/** Writes its own times, and takes those of a search for times of Greenwich: in winter both are the same. */
	london: (asked) => asked + (asked < SUMMER ? 0 : HOUR_MS),
	/** The same where winter follows. */
	londonInAutumn: (asked) => asked + (asked < SUMMER ? HOUR_MS : 0),
} satisfies Record<string, Meaning>;

/**
 * A service whose searches mean other times than they ask for.
 * @param gone documents that are deleted by now
 * @param answer waits for each answer
 */
function service(
	meant: Meaning,
	marks: readonly Mark[],
	gone: ReadonlySet<number> = new Set(),
	asked: number[] = [],
	answer: (what?: 'before') => Promise<void> = async () => await Promise.resolve(),
): CabinetSource {
	const found = marks.map((mark): Found => ({
		document: {},
		mark,
		storedMark: mark,
		version: mark,
		isChanged: false,
	}));
	const source: object = {
		lists: [{ operation: 'And', conditions: [] }],
		now: marks.at(-1)?.at,
		source: (_list: unknown, shift: number) => ({
			async *since(second?: number) {
				asked.push(second ?? 0);
				await answer();
				const from = second === undefined ? -Infinity : meant(second + shift);
				const rest = found.filter(({ mark }) => mark.at >= from && !gone.has(mark.id));
				for (let at = 0; at < rest.length; at += 1_000) yield rest.slice(at, at + 1_000);
			},
			newestBefore: async (second: number) => {
				await answer('before');
				// To the whole second, as searches are asked.
				const until = meant(second - 1_000 + shift);
				return found.filter(({ mark }) => mark.at <= until && !gone.has(mark.id)).at(-1)?.mark.at;
			},
			async *within() {
				await answer();
				yield [];
			},
		}),
		newest: async (count: number) => {
			await answer();
			return found
				.filter(({ mark }) => !gone.has(mark.id))
				.slice(-count)
				.reverse();
		},
		finds: async ({ id }: Mark, from?: number) => {
			await answer();
			return marks.some(
				(mark) => mark.id === id && !gone.has(id) && (from === undefined || mark.at >= meant(from)),
			);
		},
		withoutConditions: () => source,
	};
	return source as unknown as CabinetSource;
}

afterEach(() => jest.restoreAllMocks());

/** Ids of what polls tell of these documents from a moment on; the last one that was told may be deleted after each poll. */
async function toldOf(
	meant: Meaning,
	marks: readonly Mark[],
	moment: number,
	{ isDeleted = false } = {},
): Promise<number[]> {
	const gone = new Set<number>();
	const reader = new CabinetReader(service(meant, marks, gone));
	let cursor: PollCursor = await reader.begin({ from: 'date', moment }, 'all');
	const told: number[] = [];
	let clock = SUMMER + 1_000 * HOUR_MS;
	jest.spyOn(Date, 'now').mockImplementation(() => clock);
	for (let polls = 0; polls < 100; polls += 1) {
		clock += 11 * MINUTE_MS;
		const read = await reader.read(cursor, { wanted: 100, isOver: () => false, fits: () => true });
		const found = read.reading.found.slice(0, 100).map(({ mark }) => mark);
		if (found.length === 0) break;
		told.push(...found.map(({ id }) => id));
		cursor = advanced(read.cursor, found, marks.at(-1)?.at);
		if (isDeleted) gone.add(told.at(-1) ?? 0);
	}
	return told;
}

const marksFrom = (from: number, hours: number) =>
	Array.from({ length: hours * 6 }, (_, index) => ({
		...{ id: index + 1, at: from + index * 10 * MINUTE_MS + 500 },
		digest: STORED_ONCE,
	}));

const backlogs = Object.entries(SERVICES).flatMap(([name, meant]) => [
	{ name, meant, begin: 'before the clock changes', from: SUMMER - 240 * HOUR_MS, hours: 480 },
	{ name, meant, begin: 'behind that', from: SUMMER + 24 * HOUR_MS, hours: 240 },
]);

it.each(backlogs)(
	'loses nothing of a backlog that begins $begin, whatever is deleted meanwhile: $name',
	async ({ meant, from, hours }) => {
		const marks = marksFrom(from, hours);
		const ids = marks.map(({ id }) => id);
		expect(await toldOf(meant, marks, from)).toEqual(ids);
		expect(await toldOf(meant, marks, from, { isDeleted: true })).toEqual(ids);
	},
);

it('where the same document is changed again and again, a poll reads the list once', async () => {
	const at = Date.UTC(2026, 5, 1, 12);
	const mark = (minutes: number) => ({ id: 1, at: at + minutes * MINUTE_MS, digest: `${minutes}` });
	const cursor: PollCursor = {
		...{ place: { second: at - 2 * MINUTE_MS, id: null }, told: [mark(0)], digestOf: 'all' },
		...{ shift: 0, checkedAt: Date.now() },
	};
	const asked: number[] = [];
	const reader = new CabinetReader(service((time) => time, [mark(15)], new Set(), asked));
	const { reading } = await reader.read(cursor, {
		wanted: 100,
		isOver: () => false,
		fits: () => true,
	});
	expect(reading.found).toHaveLength(1);
	expect(asked).toHaveLength(1);
});

it('a document that was changed again is no proof that a search reaches back', async () => {
	const place = SUMMER - 240 * HOUR_MS;
	const at = (id: number, minutes: number) => ({
		...{ id, at: place + minutes * MINUTE_MS, digest: `${minutes}` },
	});
	const told = [at(1, 1)];
	// The shift is still that of summer.
	const cursor: PollCursor = {
		...{ place: { second: place, id: null }, told, digestOf: 'all', shift: -4 * HOUR_MS },
	};
	const reader = new CabinetReader(service(SERVICES.america, [at(2, 10), at(3, 50), at(1, 120)]));
	const { reading } = await reader.read(cursor, {
		wanted: 100,
		isOver: () => false,
		fits: () => true,
	});
	expect(reading.found.map(({ mark }) => mark.id)).toEqual([2, 3, 1]);
});

describe('where what was told is gone, and hours lie before the next document', () => {
	const place = SUMMER - 240 * HOUR_MS;
	const known = { id: 9_999, at: place + MINUTE_MS, digest: STORED_ONCE };
	const cursor: PollCursor = {
		...{ place: { second: place, id: null }, told: [known], digestOf: 'all', shift: 0 },
		checkedAt: Date.now(),
	};
	const many = Array.from({ length: 3_000 }, (_, index) => ({
		...{ id: index + 1, at: place + 2 * HOUR_MS + index * 1_000, digest: STORED_ONCE },
	}));

	/** One reading whose time is over as soon as it reads anew. */
	async function read(meant: Meaning, marks: readonly Mark[]) {
		const asked: number[] = [];
		const reader = new CabinetReader(service(meant, marks, new Set(), asked));
		const limits = { wanted: 10_000, isOver: () => asked.length > 1, fits: () => true };
		return { ...(await reader.read(cursor, limits)).reading, asked };
	}

	it('all that was read comes, and is not read again', async () => {
		const { found, upTo, asked } = await read((time) => time, many);
		expect(asked).toHaveLength(1);
		expect(found).toHaveLength(3_000);
		expect(upTo).toBeUndefined();
	});

	it('what was passed by comes, and the rest next time as far as it does not fit', async () => {
		const late: Meaning = (time) => time + HOUR_MS;
		const hidden = { id: 4_000, at: place + 30 * MINUTE_MS, digest: STORED_ONCE };
		const one = await read(late, [hidden, ...many]);
		expect(one.found.slice(0, 2).map(({ mark }) => mark.id)).toEqual([4_000, 1]);
		const crowd = many.map(({ id }) => ({
			...{ id: 5_000 + id, at: place + 30 * MINUTE_MS + 500 * id, digest: STORED_ONCE },
		}));
		const { found, upTo } = await read(late, [...crowd, ...many]);
		const ids = found.map(({ mark }) => mark.id);
		expect(ids.length).toBeGreaterThan(900);
		expect(ids).toEqual(crowd.slice(0, ids.length).map(({ id }) => id));
		expect(upTo?.second).toBeLessThan(place + 2 * HOUR_MS);
	});
});

describe('where what was told is gone, and each answer takes long', () => {
	const place = SUMMER - 240 * HOUR_MS;
	const gone = { id: 9_999, at: place + MINUTE_MS, digest: STORED_ONCE };
	const refused = new ConnectorError('DOCUWARE_BAD_REQUEST', 'No.', { repair: '' });

	/**
	 * Polls every minute, five times; each ends in the end of its time, as polls of n8n do.
	 * @param seconds that an answer takes
	 * @param news minutes of documents behind the place
	 * @param isRefused whether the newest document before a time is not told
	 * @returns ids of what each poll finds; undefined where it did not end in its time
	 */
	async function polled(seconds: number, news: readonly number[], isRefused: boolean) {
		let clock = place + 1_000 * HOUR_MS;
		jest.spyOn(Date, 'now').mockImplementation(() => clock);
		let begun = clock;
		const answer = async (what?: 'before') => {
			clock += seconds * 1_000;
			if (clock > begun + 30_000) throw new Error('The time is over.');
			await (what && isRefused ? Promise.reject(refused) : Promise.resolve());
		};
		const fits = () => clock + seconds * 1_000 < begun + 30_000;
		const limits = { wanted: 100, isOver: () => clock >= begun + 22_500 || !fits(), fits };
		const marks = news.map((minutes, index) => ({
			...{ id: index + 1, at: place + minutes * MINUTE_MS, digest: STORED_ONCE },
		}));
		const reader = new CabinetReader(service((time) => time, marks, new Set(), [], answer));
		let cursor: PollCursor = {
			...{ place: { second: place, id: null }, told: [gone], digestOf: 'all', shift: 0 },
		};
		const polls: (number[] | undefined)[] = [];
		while (polls.length < 5) {
			begun = clock += MINUTE_MS;
			const read = await reader.read(cursor, limits).catch(() => undefined);
			const found = read?.reading.found.map(({ mark }) => mark);
			if (read && found) cursor = advanced(read.cursor, found);
			polls.push(found?.map(({ id }) => id));
		}
		return polls;
	}

	const times = [0.1, 2, 5, 8, 12, 16, 20, 25];

	it.each(
		times.flatMap((seconds) =>
			[[5], [600], [5, 6], [600, 601]].flatMap((news) => [
				{ seconds, news, isRefused: false },
				{ seconds, news, isRefused: true },
			]),
		),
	)('what is new comes all the same: %j', async ({ seconds, news, isRefused }) => {
		const polls = await polled(seconds, news, isRefused);
		expect(polls.flat()).toEqual(news.map((_, index) => index + 1));
	});

	it.each(times)('polls that find nothing end in their time (%d s)', async (seconds) => {
		expect(await polled(seconds, [-60], false)).toEqual([[], [], [], [], []]);
	});
});

it('the search before a place that ends a second early hides no document whose time has fractions', async () => {
	const place = SUMMER - 240 * HOUR_MS;
	const known = { id: 9, at: place + MINUTE_MS, digest: STORED_ONCE };
	const cursor: PollCursor = {
		...{ place: { second: place, id: null }, told: [known], digestOf: 'all', shift: 0 },
		checkedAt: Date.now(),
	};
	// The search begins an hour late.
	const hidden = { id: 1, at: place + 1_000 + HOUR_MS - 400, digest: STORED_ONCE };
	const first = { id: 2, at: place + 2 * HOUR_MS, digest: STORED_ONCE };
	const reader = new CabinetReader(service((time) => time + HOUR_MS, [hidden, first]));
	const { reading } = await reader.read(cursor, {
		wanted: 100,
		isOver: () => false,
		fits: () => true,
	});
	expect(reading.found.map(({ mark }) => mark.id)).toEqual([1, 2]);
});

it.each([0, 1, 30, 59, 61, 90])(
	'nothing is lost where searches begin hours early, pages are full of what comes before, and the clock goes back (%i min later)',
	async (minutes) => {
		// Writes times of Greenwich, and takes those of a search for its own ones, of which an hour comes twice.
		const berlin: Meaning = (asked) => asked - (asked < SUMMER + HOUR_MS ? 2 : 1) * HOUR_MS;
		const begin = SUMMER - 4 * HOUR_MS;
		const marks = Array.from({ length: 8 * 1_200 }, (_, index) => ({
			...{ id: index + 1, at: begin + index * 3_000, digest: STORED_ONCE },
		}));
		const place = SUMMER + minutes * MINUTE_MS;
		const behind = marks.filter(({ at }) => at >= place + 1_000);
		const reader = new CabinetReader(service(berlin, marks));
		const limits = { wanted: 10_000, isOver: () => false, fits: () => true };
		for (const told of [behind.slice(0, 20), []]) {
			let cursor: PollCursor = {
				...{ place: { second: place, id: null }, told, digestOf: 'all', shift: 0 },
			};
			const ids = told.map(({ id }) => id);
			for (let polls = 0; ids.length < behind.length; polls += 1) {
				expect(polls).toBeLessThan(10);
				const read = await reader.read(cursor, limits);
				const found = read.reading.found.map(({ mark }) => mark);
				ids.push(...found.map(({ id }) => id));
				cursor = advanced(read.cursor, found);
			}
			expect(ids).toEqual(behind.map(({ id }) => id));
		}
	},
);
