import * as fc from 'fast-check';
import {
	startOf,
	type ModifiedCursor,
} from '../../../../../nodes/ExactOnline/resources/changes/cursor';
import { readModified } from '../../../../../nodes/ExactOnline/resources/changes/modifiedReading';
import { cutModified } from '../../../../../nodes/ExactOnline/trigger/cutSource';
import { holdsAsync } from '../../../../support/properties';
import { DatedEntries, MINUTE } from './support/datedEntries';

type Step =
	| { change: number; late: number }
	| { wait: number }
	| { clockBack: true }
	| { poll: { limit: number; pages: number; isTaken: boolean; meanwhile: number[] } };

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({ change: fc.nat(9), late: fc.constantFrom(0, 0, 5, 9) }),
	},
	fc.record({ wait: fc.constantFrom(1, 4, 10, 59, 200) }),
	fc.constant<Step>({ clockBack: true }),
	{
		weight: 2,
		arbitrary: fc.record({
			poll: fc.record({
				limit: fc.constantFrom(1, 3, Infinity),
				pages: fc.constantFrom(1, 2, Infinity),
				isTaken: fc.boolean(),
				meanwhile: fc.array(fc.nat(9), { maxLength: 3 }),
			}),
		}),
	},
);

/** Polls, each of which goes on where the one before was cut; at the end two take all that is left. */
async function play(shift: number, steps: readonly Step[]): Promise<void> {
	const entries = new DatedEntries();
	entries.shift = shift;
	const copy = new Map<string, number>();
	let kept = startOf('modified', 0) as ModifiedCursor;
	const poll = async (limit: number, pages: number, meanwhile: readonly number[]) => {
		const left = [...meanwhile];
		const { now } = entries;
		const source = entries.source(() => {
			const next = left.shift();
			if (next === undefined) return;
			entries.now += MINUTE;
			entries.change(next);
		}, 'modified');
		const cut = { isCut: false };
		let asked = 0;
		const hasTime = () => (asked += 1) <= pages;
		const rules = { hasTime, most: Infinity };
		return await readModified(cutModified(source, rules, cut), kept, {
			...{ limit, now, isCut: () => cut.isCut },
		});
	};
	for (const one of steps) {
		// No two of one second: more than a poll can read are not worked off.
		entries.now += 1_000;
		if ('change' in one) entries.change(one.change, one);
		else if ('wait' in one) entries.now += one.wait * MINUTE;
		else if ('clockBack' in one) entries.shift = Math.max(0, shift - 60 * MINUTE);
		else {
			const { limit, pages, isTaken, meanwhile } = one.poll;
			const reading = await poll(limit, pages, meanwhile);
			if (!isTaken) continue;
			for (const { ID, Value } of reading.rows) copy.set(String(ID), Number(Value));
			kept = reading.cursor;
		}
	}
	entries.now += 10 * MINUTE;
	for (let polls = 0; polls < 2; polls += 1) {
		const { rows, cursor } = await poll(Infinity, Infinity, []);
		for (const { ID, Value } of rows) copy.set(String(ID), Number(Value));
		kept = cursor;
	}
	expect(copy).toEqual(new Map([...entries.shown()].map(([id, { value }]) => [id, value])));
}

it('polls that are cut lose nothing, though clocks go back, and rows change meanwhile or show late', async () => {
	const steps = fc.array(step, { maxLength: 30 });
	const shifts = fc.constantFrom(0, 60 * MINUTE, 120 * MINUTE);
	await holdsAsync(fc.asyncProperty(shifts, steps, play), 1500);
});
