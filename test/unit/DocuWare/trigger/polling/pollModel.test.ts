import * as fc from 'fast-check';
import { ConnectorError } from '../../../../../nodes/shared/errors';
import type { Found } from '../../../../../nodes/DocuWare/trigger/polling/documentMarks';
import {
	advanced,
	compareMarks,
	rested,
	type Mark,
	type PollCursor,
} from '../../../../../nodes/DocuWare/trigger/polling/pollCursor';
import { readPollCursor } from '../../../../../nodes/DocuWare/trigger/polling/storedPollCursor';
import type { EventSource } from '../../../../../nodes/DocuWare/trigger/polling/eventSource';
import { readEvents } from '../../../../../nodes/DocuWare/trigger/polling/readEvents';

/** A service in memory: documents with times, of which some are found only later than others that came after them. */
class Service {
	private readonly documents = new Map<number, { mark: Mark; seenFrom: number }>();

	private lastId = 0;

	now = 1_000_000;

	/**
	 * @param pageRows size of pages
	 * @param places so many documents are given of one list
	 * @param ending code of the error behind them
	 * @param retryable whether that error passes by itself
	 */
	constructor(
		private readonly pageRows: number,
		private readonly places: number,
		private readonly ending = 'DOCUWARE_TOO_MANY_RESULTS',
		private readonly retryable = false,
	) {}

	/** @param delay how long nobody finds it, ms */
	store(count: number, delay: number): void {
		for (let n = 0; n < count; n += 1) {
			this.lastId += 1;
			this.write(this.lastId, delay);
		}
	}

	/** Changes one of the documents; within the millisecond of its last change too. */
	change(index: number, delay: number): void {
		if (this.lastId > 0) this.write((index % this.lastId) + 1, delay);
	}

	private changes = 0;

	private write(id: number, delay: number): void {
		this.changes += 1;
		const mark = { id, at: this.now, digest: `v${this.changes}` };
		this.documents.set(id, { mark, seenFrom: this.now + delay });
	}

	/** The last version of each document. */
	versions(): string[] {
		return [...this.documents.values()].map(({ mark }) => nameOf(mark)).sort();
	}

	private seen(): Mark[] {
		return [...this.documents.values()]
			.filter(({ seenFrom }) => seenFrom <= this.now)
			.map(({ mark }) => mark);
	}

	source(): EventSource {
		const seen = () => this.seen();
		const pages = (marks: Mark[]) => pagesOf(marks, this.pageRows);
		const { places, ending, retryable } = this;
		return {
			async *since(second) {
				const marks = seen().filter(({ at }) => second === undefined || at >= second);
				marks.sort((one, other) => one.at - other.at || one.id - other.id);
				yield* pages(marks.slice(0, places));
				if (marks.length > places) {
					throw new ConnectorError(ending, 'The list ends here.', { repair: '', retryable });
				}
			},
			async *within(second, fromId) {
				const marks = seen().filter(
					({ at, id }) => at >= second && at <= second + 1_000 && id >= fromId,
				);
				yield* pages(marks.sort((one, other) => one.id - other.id));
			},
		};
	}
}

function* pagesOf(marks: readonly Mark[], rows: number): Generator<Found[]> {
	for (let start = 0; start < marks.length; start += rows) {
		yield marks.slice(start, start + rows).map((mark) => ({
			mark,
			document: {},
			storedMark: undefined,
			version: mark,
			isChanged: true,
		}));
	}
}

function nameOf({ id, at, digest }: Mark): string {
	return `${id}|${at}|${digest}`;
}

type Step =
	| { do: 'store'; count: number; delay: number }
	| { do: 'change'; index: number; delay: number }
	| { do: 'wait'; ms: number }
	| { do: 'poll'; wanted: number };

/** Others may be found up to two minutes later; the newest is read again by so much. */
const delay = fc.oneof(fc.constant(0), fc.nat({ max: 119_000 }), fc.constant(119_000));

const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ do: fc.constant('store' as const), count: fc.integer({ min: 1, max: 40 }), delay }),
	fc.record({ do: fc.constant('change' as const), index: fc.nat(), delay }),
	fc.record({
		do: fc.constant('wait' as const),
		ms: fc.oneof(fc.nat(900), fc.constant(60_000), fc.nat(300_000)),
	}),
	fc.record({ do: fc.constant('poll' as const), wanted: fc.integer({ min: 1, max: 30 }) }),
);

async function poll(service: Service, cursor: PollCursor, wanted: number) {
	const limits = { wanted, isOver: () => false, fits: () => true };
	const reading = await readEvents(service.source(), cursor, limits);
	const marks = reading.found.slice(0, wanted).map(({ mark }) => mark);
	const stored: unknown = JSON.parse(JSON.stringify(advanced(cursor, marks, service.now)));
	return { marks, cursor: readPollCursor(stored) ?? cursor };
}

const START: PollCursor = { place: null, told: [], digestOf: 'all', shift: 0 };

it('every last version of a document is told once, oldest first, whatever is stored and changed meanwhile', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(step, { maxLength: 60 }),
			fc.record({
				pageRows: fc.integer({ min: 2, max: 20 }),
				places: fc.integer({ min: 60, max: 90 }),
				ending: fc.constantFrom('DOCUWARE_TOO_MANY_RESULTS', 'DOCUWARE_RESULTS_CHANGING'),
			}),
			async (steps, { pageRows, places, ending }) => {
				const service = new Service(pageRows, places, ending);
				const told: string[] = [];
				let cursor = START;
				const run = async (wanted: number) => {
					const { marks, cursor: next } = await poll(service, cursor, wanted);
					expect(marks).toEqual([...marks].sort(compareMarks));
					told.push(...marks.map(nameOf));
					cursor = next;
					return marks.length;
				};
				for (const one of steps) {
					if (one.do === 'store') service.store(one.count, one.delay);
					if (one.do === 'change') service.change(one.index, one.delay);
					if (one.do === 'wait') service.now += one.ms;
					if (one.do === 'poll') await run(one.wanted);
				}
				service.now += 120_000;
				for (let polls = 0; (await run(25)) > 0; polls += 1) expect(polls).toBeLessThan(500);
				expect(new Set(told).size).toBe(told.length);
				const all = new Set(told);
				expect(service.versions().filter((name) => !all.has(name))).toEqual([]);
			},
		),
		{ numRuns: 150 },
	);
});

it('25,000 documents of one second are told once each over several polls', async () => {
	const service = new Service(1_000, 10_000);
	service.store(3, 0);
	service.now += 5_000;
	service.store(25_000, 0);
	service.now += 5_000;
	service.store(2, 0);
	const told = new Set<number>();
	let cursor = START;
	for (let polls = 0; ; polls += 1) {
		expect(polls).toBeLessThan(40);
		const { marks, cursor: next } = await poll(service, cursor, 1_000);
		for (const { id } of marks) {
			expect(told.has(id)).toBe(false);
			told.add(id);
		}
		cursor = next;
		expect(cursor.told.length).toBeLessThanOrEqual(2_000);
		if (marks.length === 0) break;
	}
	expect(told.size).toBe(25_005);
});

it('a document that is found only after later ones were told comes all the same', async () => {
	const service = new Service(10, 100);
	service.store(1, 119_000);
	service.now += 100_000;
	service.store(1, 0);
	const first = await poll(service, START, 10);
	expect(first.marks.map(({ id }) => id)).toEqual([2]);
	service.now += 60_000;
	const second = await poll(service, first.cursor, 10);
	expect(second.marks.map(({ id }) => id)).toEqual([1]);
});

it('after a while without news few documents are read again, and a further one of the same second is told', async () => {
	const service = new Service(100, 10_000);
	service.store(300, 0);
	const first = await poll(service, START, 1_000);
	expect(first.marks).toHaveLength(300);
	const cursor = { ...first.cursor, toldAt: 0 };
	expect(rested(cursor, 599_999)).toEqual(cursor);
	const later = rested(cursor, 600_000);
	expect(later.told).toHaveLength(20);
	service.store(1, 0);
	service.change(290, 0);
	const second = await poll(service, later, 10);
	expect(second.marks.map(({ id }) => id)).toEqual([291, 301]);
	expect((await poll(service, second.cursor, 10)).marks).toEqual([]);
});

it('of an import within two minutes less is read again, and what is found late is told where that reaches', async () => {
	const service = new Service(1_000, 10_000);
	service.store(1, 70_000);
	service.now += 10_000;
	service.store(500, 0);
	service.now += 10_000;
	service.store(1, 50_000);
	service.now += 10_000;
	service.store(2_200, 0);
	const first = await poll(service, START, 10_000);
	expect(first.marks).toHaveLength(2_700);
	// Fewer than all that came within two minutes: the first second goes as a whole, with whatever is found in or before it.
	expect(first.cursor.told.length).toBeLessThanOrEqual(2_000);
	service.now += 40_000;
	const second = await poll(service, first.cursor, 10_000);
	expect(second.marks).toEqual([]);
	service.store(1, 0);
	const third = await poll(service, second.cursor, 10_000);
	expect(third.marks.map(({ id }) => id)).toEqual([2_703]);
});

it('a passing fault in the middle leaves what was read before it, and is told where nothing new was', async () => {
	const service = new Service(10, 30, 'DOCUWARE_SERVER_ERROR', true);
	for (let minute = 0; minute < 40; minute += 1) {
		service.store(1, 0);
		service.now += 60_000;
	}
	const first = await poll(service, START, 100);
	expect(first.marks.map(({ id }) => id)).toEqual(
		Array.from({ length: 29 }, (_, index) => index + 1),
	);
	const second = await poll(service, first.cursor, 100);
	expect(second.marks.map(({ id }) => id)).toEqual(
		Array.from({ length: 11 }, (_, index) => index + 30),
	);
	const lasting = new Service(10, 30, 'DOCUWARE_FORBIDDEN');
	lasting.store(40, 0);
	await expect(poll(lasting, START, 100)).rejects.toMatchObject({ code: 'DOCUWARE_FORBIDDEN' });
	const down = new Service(10, 0, 'DOCUWARE_SERVER_ERROR', true);
	down.store(1, 0);
	await expect(poll(down, START, 100)).rejects.toMatchObject({ code: 'DOCUWARE_SERVER_ERROR' });
});
