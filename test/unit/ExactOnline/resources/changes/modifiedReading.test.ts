import * as fc from 'fast-check';
import {
	furthest,
	readCursor,
	startOf,
	type ModifiedCursor,
} from '../../../../../nodes/ExactOnline/resources/changes/cursor';
import {
	modifiedSince,
	readModified,
	type ModifiedSource,
} from '../../../../../nodes/ExactOnline/resources/changes/modifiedReading';
import type { ExactRow } from '../../../../../nodes/ExactOnline/wire/exactTypes';
import { holdsAsync } from '../../../../support/properties';
import { BEGIN, DatedEntries, MINUTE } from './support/datedEntries';

type Step =
	| { change: number; late: number }
	| { wait: number }
	| { clockBack: true }
	| { run: { limit: number; fate: 'confirmed' | 'failed' | 'later'; meanwhile: number[] } }
	| { confirmOne: number };

const step: fc.Arbitrary<Step> = fc.oneof(
	fc.record({ change: fc.nat(6), late: fc.constantFrom(0, 0, 5, 9) }),
	fc.record({ wait: fc.constantFrom(1, 4, 10, 59, 200) }),
	fc.constant<Step>({ clockBack: true }),
	fc.record({
		run: fc.record({
			limit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 3 })),
			fate: fc.constantFrom('confirmed' as const, 'failed' as const, 'later' as const),
			meanwhile: fc.array(fc.nat(6), { maxLength: 3 }),
		}),
	}),
	fc.record({ confirmOne: fc.nat(2) }),
);

const HOUR = 60 * MINUTE;

/**
 * @param shift see `DatedEntries`; at least that of the clock that shows the earliest time, `-behindMs`
 * @param undated entries of old that do not say when they were changed
 */
async function play(
	[shift, behindMs]: readonly [number, number],
	undated: number,
	steps: readonly Step[],
): Promise<void> {
	const entries = new DatedEntries();
	entries.shift = shift;
	for (let which = 0; which < undated; which += 1) entries.change(which, { isUndated: true });
	const copy = new Map<string, number>();
	let kept = startOf('modified', 0) as ModifiedCursor;
	const pending: ModifiedCursor[] = [];
	const confirm = (cursor: ModifiedCursor) => {
		kept = furthest(kept, cursor) as ModifiedCursor;
	};
	const read = async (limit: number, meanwhile: readonly number[]) => {
		const left = [...meanwhile];
		const { now } = entries;
		const source = entries.source(() => {
			const next = left.shift();
			if (next === undefined) return;
			entries.now += MINUTE;
			entries.change(next);
		});
		return await readModified(source, kept, { limit, now, behindMs });
	};
	const take = (rows: readonly ExactRow[]) => {
		for (const { ID, Value } of rows) copy.set(String(ID), Number(Value));
	};
	for (const one of steps) {
		if ('change' in one) entries.change(one.change, one);
		else if ('wait' in one) entries.now += one.wait * MINUTE;
		else if ('clockBack' in one) entries.shift = Math.max(-behindMs, shift - HOUR);
		else if ('confirmOne' in one) {
			const [cursor] = pending.splice(one.confirmOne % Math.max(1, pending.length), 1);
			if (cursor) confirm(cursor);
		} else {
			const { limit, fate, meanwhile } = one.run;
			const reading = await read(limit, meanwhile);
			expect(reading.rows.length).toBeLessThanOrEqual(limit);
			if (fate !== 'failed') take(reading.rows);
			if (fate === 'confirmed') confirm(reading.cursor);
			if (fate === 'later') pending.push(reading.cursor);
		}
	}
	entries.now += 10 * MINUTE;
	take((await read(Infinity, [])).rows);
	expect(copy).toEqual(new Map([...entries.shown()].map(([id, { value }]) => [id, value])));
}

it('loses nothing, though clocks go back, and rows change while they are read or show late', async () => {
	const steps = fc.array(step, { maxLength: 25 });
	const european = fc.constantFrom([0, 0] as const, [HOUR, 0] as const, [2 * HOUR, 0] as const);
	const american = fc
		.integer({ min: -10, max: 0 })
		.map((hours) => [hours * HOUR, 10 * HOUR] as const);
	const shifts = fc.oneof(european, american);
	await holdsAsync(
		fc.asyncProperty(shifts, fc.nat(3), steps, async (shift, undated, given) => {
			await play(shift, undated, given);
		}),
		1000,
	);
});

it('tells a row once, and once more when it has changed again', async () => {
	const entries = new DatedEntries();
	for (const which of [1, 2, 3]) entries.change(which);
	let cursor = startOf('modified', 0) as ModifiedCursor;
	const told: unknown[][] = [];
	for (const changed of [undefined, undefined, 2]) {
		if (changed !== undefined) {
			entries.now += MINUTE;
			entries.change(changed);
		}
		const reading = await readModified(
			entries.source(() => undefined),
			cursor,
			{ limit: Infinity, now: entries.now },
		);
		told.push(reading.rows.map(({ ID }) => ID));
		({ cursor } = reading);
	}
	expect(told).toEqual([['e1', 'e2', 'e3'], [], ['e2']]);
});

it('comes to an end under a limit, also where more rows changed at once than it takes', async () => {
	const entries = new DatedEntries();
	for (let which = 0; which < 9; which += 1) entries.change(which, { isUndated: which < 4 });
	let cursor = startOf('modified', 0) as ModifiedCursor;
	const told: unknown[] = [];
	for (let run = 0; run < 5; run += 1) {
		const source = entries.source(() => undefined);
		const reading = await readModified(source, cursor, { limit: 2, now: entries.now });
		told.push(...reading.rows.map(({ ID }) => ID));
		({ cursor } = reading);
	}
	expect(told).toHaveLength(9);
	expect(new Set(told).size).toBe(9);
});

it('keeps no digests of what is not read again', async () => {
	const entries = new DatedEntries();
	for (let which = 0; which < 9; which += 1) {
		entries.change(which);
		entries.now += 60 * MINUTE;
	}
	const source = entries.source(() => undefined);
	const start = startOf('modified', 0) as ModifiedCursor;
	const { cursor } = await readModified(source, start, { limit: Infinity, now: entries.now });
	expect(cursor.seen).toHaveLength(2);
});

// Red before: the cursor grew with all rows that were changed within two hours.
it('remembers some thousand rows, and reads again as much as it remembers', async () => {
	const at = (second: number) => `/Date(${BEGIN + second * 1000})/`;
	const rows = Array.from({ length: 25_000 }, (_none, which) => ({
		...{ ID: `e${which}`, Modified: at(Math.floor(which / 100)) },
	}));
	const asked: Array<string | undefined> = [];
	const source: ModifiedSource = {
		async *rows(since) {
			asked.push(since);
			const from = Date.parse(`${since ?? '1970-01-01'}Z`);
			yield await Promise.resolve(
				rows.filter((_row, which) => BEGIN + Math.floor(which / 100) * 1000 >= from),
			);
		},
	};
	const options = { limit: Infinity, now: BEGIN + 250_000 };
	const start = startOf('modified', 0) as ModifiedCursor;
	const first = await readModified(source, start, options);
	expect(first.rows).toHaveLength(25_000);
	expect(first.cursor.seen).toHaveLength(20_000);
	const again = await readModified(source, first.cursor, options);
	expect(again.rows).toEqual([]);
	expect(asked).toEqual([undefined, '2026-10-25T00:00:50']);
	expect(readCursor(JSON.parse(JSON.stringify(first.cursor)))).toEqual(first.cursor);
	// Of two runs that both remember a part, the longer part is read again.
	const other = { ...first.cursor, since: '2026-10-25T00:00:40' };
	expect(furthest(first.cursor, other)).toMatchObject({ since: '2026-10-25T00:00:40' });
	const { since: _none, ...whole } = first.cursor;
	expect(furthest(first.cursor, whole)).not.toHaveProperty('since');
});

// Red before: with every second quiet reading what is not remembered was read again, and told again.
it('tells nothing again of more rows than it remembers, however often nothing is new', async () => {
	const rows = Array.from({ length: 20_500 }, (_none, which) => ({
		...{ ID: `e${which}`, Modified: `/Date(${BEGIN + Math.floor(which / 100) * 1000})/` },
	}));
	const { told } = await tellOften(rows, [Infinity, Infinity, Infinity, Infinity]);
	expect(told).toEqual([20_500, 0, 0, 0]);
});

// Red before: all of the last part that is older than the overlap was told a second time.
it('tells nothing again of the last part of a long list', async () => {
	const rows = Array.from({ length: 22_000 }, (_none, which) => ({
		...{ ID: `e${which}`, Modified: `/Date(${BEGIN + which * 60_000})/` },
	}));
	const { told } = await tellOften(rows, [21_000, Infinity, Infinity, Infinity]);
	expect(told).toEqual([21_000, 1_000, 0, 0]);
});

/** How many rows each of several readings tells; each takes so many at most, as a source does that ends early. */
async function tellOften(
	rows: ReadonlyArray<{ ID: string; Modified: string }>,
	limits: readonly number[],
): Promise<{ told: number[] }> {
	const timeOf = ({ Modified }: { Modified: string }) => Number(/\d+/.exec(Modified)?.[0]);
	const source: ModifiedSource = {
		async *rows(since) {
			const from = Date.parse(`${since ?? '1970-01-01'}Z`);
			yield await Promise.resolve(rows.filter((row) => timeOf(row) >= from));
		},
	};
	const now = Math.max(...rows.map(timeOf));
	let cursor = startOf('modified', 0) as ModifiedCursor;
	const told: number[] = [];
	for (const limit of limits) {
		const isCut = () => limit < Infinity;
		const reading = await readModified(source, cursor, { limit, now, isCut });
		told.push(reading.rows.length);
		cursor = readCursor(JSON.parse(JSON.stringify(reading.cursor))) as ModifiedCursor;
	}
	return { told };
}

it('begins with what was changed at a date', async () => {
	const entries = new DatedEntries();
	entries.shift = 0;
	entries.change(1);
	entries.now += MINUTE;
	entries.change(2);
	const source = entries.source(() => undefined);
	const start = modifiedSince('2026-10-25T00:01:00');
	const { rows } = await readModified(source, start, { limit: Infinity, now: entries.now });
	expect(rows.map(({ ID }) => ID)).toEqual(['e2']);
});
