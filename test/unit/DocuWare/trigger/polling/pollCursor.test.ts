import {
	advanced,
	beginningAt,
	beginningBehind,
	toldIn,
	withDigestsOf,
	type Mark,
} from '../../../../../nodes/DocuWare/trigger/polling/pollCursor';
import { readPollCursor } from '../../../../../nodes/DocuWare/trigger/polling/storedPollCursor';

const rest = { digestOf: 'all', shift: 0 };
const at = Date.UTC(2026, 10, 26, 12);
const mark = (id: number, seconds: number, digest = 'a'): Mark => ({
	id,
	at: at + seconds * 1_000,
	digest,
});

describe('a beginning', () => {
	it('from now counts as told what is there, and not what comes later in the same second', () => {
		const cursor = beginningBehind({ marks: [mark(1, 0), mark(2, -300)], cutAt: undefined }, rest);
		const isTold = toldIn(cursor);
		expect([mark(1, 0), mark(2, -300), mark(9, -200)].map(isTold)).toEqual([true, true, true]);
		expect([mark(3, 0), mark(3, -100), mark(3, 5)].map(isTold)).toEqual([false, false, false]);
	});

	it('of which only a part was looked at counts as told what lies before', () => {
		const cursor = beginningBehind({ marks: [mark(5, 3), mark(4, 1)], cutAt: at + 1_000 }, rest);
		const isTold = toldIn(cursor);
		expect([mark(3, 1), mark(4, 1), mark(5, 3)].map(isTold)).toEqual([true, true, true]);
		expect([mark(6, 2), mark(6, 3)].map(isTold)).toEqual([false, false]);
		const within = beginningBehind({ marks: [mark(5, 0), mark(4, 0)], cutAt: at }, rest);
		expect([mark(3, 0), mark(5, 0), mark(6, 0)].map(toldIn(within))).toEqual([true, true, false]);
	});

	it.each([undefined, at - 1_000, at + 2_000])(
		'from now gives what came while the first answer was awaited (all from %s were looked at)',
		(cutAt) => {
			const marks = [mark(1, 0), mark(2, 1), mark(3, 2), mark(4, 3_600)];
			const begun = [at + 5_000, at + 1_500] as const;
			const isTold = toldIn(beginningBehind({ marks, cutAt }, rest, ...begun));
			// What lies in the future says nothing of when it came.
			const isLater = cutAt !== at + 2_000;
			expect(marks.map(isTold)).toEqual([true, true, false, isLater]);
			expect(isTold(mark(5, 2))).toBe(false);
		},
	);

	it('with a moment gives what has its second', () => {
		const isTold = toldIn(beginningAt(at + 500, rest));
		expect([mark(1, -1), mark(1, 0)].map(isTold)).toEqual([true, false]);
	});
});

it('a time that a wrong clock has put into the future holds nothing up', () => {
	const start = beginningAt(at, rest);
	const cursor = advanced(start, [mark(1, 0), mark(2, 86_400)], at + 1_000);
	const isTold = toldIn(cursor);
	expect([mark(1, 0), mark(2, 86_400)].map(isTold)).toEqual([true, true]);
	expect(isTold(mark(3, 60))).toBe(false);
	expect(toldIn(advanced(start, [mark(1, 0), mark(2, 86_400)]))(mark(3, 60))).toBe(true);
});

it('with other fields a document is known by its time, and a later change by its new digest', () => {
	const cursor = advanced(beginningAt(at, rest), [mark(1, 0)]);
	const other = withDigestsOf(cursor, 'COMPANY');
	expect(toldIn(other)(mark(1, 0, 'b'))).toBe(true);
	expect(toldIn(cursor)(mark(1, 0, 'b'))).toBe(false);
	expect(withDigestsOf(cursor, 'all')).toBe(cursor);
});

it('is read as it was stored, and nothing else is one', () => {
	const cursor = { ...advanced(beginningAt(at, rest), [mark(1, 0)]), checkedAt: 3, toldAt: 4 };
	expect(readPollCursor(JSON.parse(JSON.stringify(cursor)))).toEqual(cursor);
	for (const other of [null, 'text', { from: 'now', begunAt: 1 }, { told: 'none' }]) {
		expect(readPollCursor(other)).toBeUndefined();
	}
});
