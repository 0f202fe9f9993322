import * as fc from 'fast-check';
import {
	atPoll,
	newPlace,
	readPlace,
	repeatsOf,
	withFinal,
	withReading,
	type BatchFate,
	type PolledPlace,
} from '../../../../../nodes/shared/node/polls/polledPlace';
import { holds } from '../../../../support/properties';

const MINUTE = 60_000;

const facts = (fate: BatchFate, now = 0, process = 'me') => ({
	...{ process, now, intervalMs: MINUTE, fateOf: () => fate },
});

const noted = (place: PolledPlace, marks: string[], end: unknown, isAll = true, process = 'me') =>
	withReading(place, { marks, end, isAll }, { id: `to ${String(end)}`, process, at: 0 });

const pending = noted(newPlace(0), ['a', 'b'], 2);

describe('a batch', () => {
	it('stays pending until n8n has surely taken it, and is final then', () => {
		expect(pending).toMatchObject({ cursor: 0, batch: { end: 2, marks: ['a', 'b'] } });
		expect(atPoll(pending, facts('taken', 100 * MINUTE))).toEqual({ turn: 3, cursor: 2 });
		expect(withFinal(newPlace(7))).toEqual(newPlace(7));
	});

	it.each([
		['that n8n has not taken', facts('dropped')],
		['of another process', facts('taken', 0, 'other')],
		['older than two intervals, where n8n cannot be watched', facts('unknown', 2 * MINUTE + 1)],
	])('%s comes once more, marked', (_name, given) => {
		const again = atPoll(pending, given);
		expect(again).toBe(pending);
		expect([...repeatsOf(again)]).toEqual(['a', 'b']);
	});

	it('is final at the next poll where n8n cannot be watched', () => {
		expect(atPoll(pending, facts('unknown', 2 * MINUTE)).cursor).toBe(2);
	});

	it('of which a part was read once more leaves the rest marked, until all was read', () => {
		const half = noted(pending, ['a'], 1, false);
		expect(half).toMatchObject({ batch: { end: 1 }, owed: ['b'] });
		const next = atPoll(half, facts('taken'));
		expect([...repeatsOf(next)]).toEqual(['b']);
		expect(noted(next, ['b', 'c'], 3)).not.toHaveProperty('owed');
	});

	it('without rows is final at once, and forgets nothing that is to be marked', () => {
		expect(noted(newPlace(0), [], 5)).toEqual({ turn: 2, cursor: 5 });
		expect(noted(pending, [], 1, false)).toEqual({ turn: 3, cursor: 1, owed: ['a', 'b'] });
	});

	it('is read as it was stored, and anything else is none', () => {
		const stored = noted(noted(newPlace({ at: 1 }), ['a'], 1), ['b'], { at: 2 }, false);
		expect(readPlace(JSON.parse(JSON.stringify(stored)))).toEqual(stored);
		expect([undefined, null, 7, {}, { turn: '1' }, []].map(readPlace)).toEqual(
			Array.from({ length: 6 }, () => undefined),
		);
		expect(readPlace({ turn: 1, batch: { id: 7 }, owed: 'a' })).toEqual({ turn: 1 });
	});
});

/**
 * A service whose records are numbered in the order of their changes, and an n8n that may be killed at each step of a
 * poll, may drop what a poll returns, and begins its executions only later.
 */
class World {
	private stored: PolledPlace = newPlace(0);

	private written = 0;

	private process = 1;

	private batches = 0;

	private readonly taken = new Set<string>();

	/** Rows that executions have got, with whether they were marked. */
	readonly given: Array<{ row: number; repeated: boolean }> = [];

	write(count: number): void {
		this.written += count;
	}

	kill(): void {
		this.process += 1;
		this.taken.clear();
	}

	settle(): void {
		const { batch } = this.stored;
		if (batch && this.taken.has(batch.id)) this.stored = withFinal(this.stored);
	}

	poll({ killedAfter, limit, isDropped, inMemory }: PollStep): void {
		const process = `process ${this.process}`;
		const fateOf = (batch: string): BatchFate => (this.taken.has(batch) ? 'taken' : 'dropped');
		const opened = atPoll(this.stored, { process, now: 0, intervalMs: MINUTE, fateOf });
		this.stored = opened;
		if (killedAfter === 'open') return this.kill();
		const from = Number(opened.cursor);
		const rows = Array.from({ length: Math.min(limit, this.written - from) }, (_, at) => from + at);
		const end = from + rows.length;
		const marks = rows.map(String);
		this.batches += 1;
		const batch = { id: `batch ${this.batches}`, process, at: 0 };
		const repeats = repeatsOf(opened);
		if (killedAfter === 'read') return this.kill();
		this.stored = withReading(opened, { marks, end, isAll: end === this.written }, batch);
		if (killedAfter === 'note') return this.kill();
		if (isDropped || rows.length === 0) return;
		this.taken.add(batch.id);
		if (killedAfter === 'take') return this.kill();
		for (const row of rows) this.given.push({ row, repeated: repeats.has(String(row)) });
		if (!inMemory) this.kill();
	}

	/** Polls until there is nothing left. */
	drain(): void {
		for (let polls = 0; polls < 50; polls += 1) {
			this.poll({ killedAfter: 'never', limit: 3, isDropped: false, inMemory: true });
		}
	}

	get missing(): number[] {
		const got = new Set(this.given.map(({ row }) => row));
		return Array.from({ length: this.written }, (_, row) => row).filter((row) => !got.has(row));
	}

	get unmarkedRepeats(): number[] {
		const seen = new Set<number>();
		return this.given.flatMap(({ row, repeated }) => {
			const isRepeat = seen.has(row);
			seen.add(row);
			return isRepeat && !repeated ? [row] : [];
		});
	}
}

interface PollStep {
	killedAfter: 'never' | 'open' | 'read' | 'note' | 'take';
	limit: number;
	isDropped: boolean;
	/** The process lives on after it has handed the rows over. */
	inMemory: boolean;
}

const pollStep = fc.record({
	killedAfter: fc.constantFrom('never', 'never', 'open', 'read', 'note', 'take'),
	limit: fc.integer({ min: 1, max: 6 }),
	isDropped: fc.boolean(),
	inMemory: fc.boolean(),
}) as fc.Arbitrary<PollStep>;

const step = fc.oneof(
	fc.integer({ min: 1, max: 5 }).map((count) => (world: World) => world.write(count)),
	fc.constant((world: World) => world.settle()),
	pollStep.map((given) => (world: World) => world.poll(given)),
);

it('kills at any step lose nothing, and every repeat is marked', () => {
	let repeats = 0;
	holds(
		fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
			const world = new World();
			for (const one of steps) one(world);
			world.drain();
			expect(world.missing).toEqual([]);
			expect(world.unmarkedRepeats).toEqual([]);
			repeats += world.given.filter(({ repeated }) => repeated).length;
		}),
		400,
	);
	expect(repeats).toBeGreaterThan(0);
});

it('without kills nothing comes twice, and nothing is marked', () => {
	holds(
		fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 }), (counts) => {
			const world = new World();
			for (const [index, count] of counts.entries()) {
				world.write(count);
				world.poll({ killedAfter: 'never', limit: 4, isDropped: false, inMemory: true });
				if (index % 3 === 0) world.settle();
			}
			world.drain();
			const rows = world.given.map(({ row }) => row);
			expect(new Set(rows).size).toBe(rows.length);
			expect(world.missing).toEqual([]);
			expect(world.given.filter(({ repeated }) => repeated)).toEqual([]);
		}),
	);
});
