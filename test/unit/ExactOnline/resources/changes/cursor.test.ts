import {
	afterMove,
	cursorText,
	furthest,
	mayMissDeletions,
	readCursor,
	readCursorText,
	startOf,
	toldOf,
	withTold,
	type ChangeCursor,
	type SyncCursor,
} from '../../../../../nodes/ExactOnline/resources/changes/cursor';

const DAY = 86_400_000;

const sync = (changes: string, more: Partial<SyncCursor> = {}): SyncCursor => ({
	...{ kind: 'sync', changes, lines: '0', deletions: '5' },
	...more,
});

it('an older run moves nothing back, also beyond what a number holds', () => {
	const [early, late] = [sync('9007199254740993'), sync('9007199254740994', { deletions: '3' })];
	const both = { ...late, deletions: '5' };
	expect(furthest(early, late)).toEqual(both);
	expect(furthest(late, early)).toEqual(both);
	expect(furthest(sync('99'), sync('100')).kind === 'sync').toBe(true);
	expect((furthest(sync('99'), sync('100')) as SyncCursor).changes).toBe('100');
});

it('of two runs, one of which has read all deletions, none is missing any more', () => {
	const [cut, whole] = [sync('1', { gap: true }), sync('2')];
	expect(furthest(cut, whole)).not.toHaveProperty('gap');
	expect(furthest(whole, cut)).not.toHaveProperty('gap');
	expect(furthest(cut, cut)).toHaveProperty('gap');
});

it('a text gives back the cursor it was made of, for the same subject alone', () => {
	const cursors: ChangeCursor[] = [
		sync('7', { deletionsAt: 12, moved: 'x', gap: true, deletedSince: '2026-04-07T00:00:00' }),
		sync('7', { told: { lines: [['8', 12]] } }),
		{ kind: 'modified', modified: '2026-04-07T00:00:00', seen: ['a', 'b'] },
	];
	for (const cursor of cursors) {
		const told = toldOf(cursor);
		const text = cursorText(cursor, 'crm/Accounts 1');
		const read = readCursorText(text, 'crm/Accounts 1', cursor.kind, { now: 0 });
		expect(read.again).toBe(told?.name);
		expect(withTold(read, told?.text)).toEqual(cursor);
		expect(() => readCursorText(text, 'crm/Accounts 2', cursor.kind, { now: 0 })).toThrow(
			/cursor of something else \(crm\/Accounts 1\)/,
		);
	}
});

it('0 is the beginning, digits are a Timestamp of another program, anything else is refused', () => {
	expect(readCursorText('0', 's', 'modified', { now: 0 })).toEqual(startOf('modified', 0));
	expect(readCursorText(' 12 ', 's', 'sync', { now: 0 })).toEqual({
		...{ kind: 'sync', changes: '12', lines: '12', deletions: '12' },
	});
	for (const text of ['', 'x', 'x1.', 'x1.e30', 'x2.W10', '1.5', '-1']) {
		expect(() => readCursorText(text, 's', 'sync', { now: 0 })).toThrow('is no cursor');
	}
	expect(() => readCursorText('12', 's', 'modified', { now: 0 })).toThrow('is no cursor');
});

it('what is stored and is no cursor counts as none', () => {
	expect(readCursor({ kind: 'sync', changes: 'x', lines: '0', deletions: '0' })).toBeUndefined();
	expect(readCursor({ kind: 'modified', modified: 1, seen: [] })).toBeUndefined();
	expect(readCursor(undefined)).toBeUndefined();
});

it('after 55 days without a look at deletions some of them may be missing', () => {
	const cursor = sync('1', { deletionsAt: 0 });
	expect(mayMissDeletions(cursor, 55 * DAY)).toBe(false);
	expect(mayMissDeletions(cursor, 55 * DAY + 1)).toBe(true);
	expect(mayMissDeletions(sync('1'), 1e15)).toBe(false);
	expect(mayMissDeletions({ kind: 'modified', modified: '', seen: [] }, 1e15)).toBe(false);
});

it('after a move of the division everything comes again, and deletions before it are unknown', () => {
	const cursor = sync('700', { moved: 'before' });
	expect(afterMove(cursor, 'before', 1)).toBeUndefined();
	expect(afterMove(cursor, undefined, 1)).toBeUndefined();
	// What could not be asked before may have happened since.
	expect(afterMove(sync('700'), '|', 1)).toBeUndefined();
	expect(afterMove(sync('700'), 'now', 1)).toHaveProperty('gap');
	const again = afterMove(cursor, 'now', 1);
	expect(again).toEqual({ ...startOf('sync', 1), moved: 'now', gap: true });
	expect(mayMissDeletions(again as ChangeCursor, 2)).toBe(true);
});

it('a move long before the cursor is none since, where the division could not tell of it before', () => {
	const readAt = Date.parse('2026-04-07T12:00:00Z');
	const exact = (date: string) => `/Date(${Date.parse(date)})/`;
	const cursor = sync('700', { deletionsAt: readAt });
	const [long, late] = [exact('2019-01-01T00:00:00Z'), exact('2026-04-06T12:00:00Z')];
	for (const moved of [`${long}|`, `|${long}`, `${long}|${long}`]) {
		expect(afterMove(cursor, moved, readAt + DAY)).toBeUndefined();
	}
	for (const moved of [`${late}|`, `${long}|${late}`, 'unknown|']) {
		expect(afterMove(cursor, moved, readAt + DAY)).toHaveProperty('gap');
	}
	expect(afterMove({ ...cursor, moved: '|' }, `${long}|`, readAt)).toHaveProperty('gap');
	expect(afterMove(sync('700'), `${long}|`, readAt)).toHaveProperty('gap');
});

it('a text stays short, however much was told of the time that is read again', () => {
	const seen = Array.from({ length: 5_000 }, (_none, n) => `digest ${n}`);
	const told = { changes: seen.map((_text, n) => [`${n}`, n] as const) };
	for (const cursor of [
		{ kind: 'modified' as const, modified: '2026-04-07T00:00:00', seen },
		sync('7', { told }),
	]) {
		const text = cursorText(cursor, 's');
		expect(text.length).toBeLessThan(250);
		// Where what it names is gone, rows come again.
		const alone = withTold(readCursorText(text, 's', cursor.kind, { now: 0 }), undefined);
		expect(alone).toEqual(cursor.kind === 'sync' ? sync('7') : { ...cursor, seen: [] });
	}
});

it('digits are of one division, and take what it says of its moves for what it said then', () => {
	const given = { now: 0, moved: 'x' };
	const cursor = readCursorText('12', 's', 'sync', given);
	expect(afterMove(cursor, 'x', 1)).toBeUndefined();
	expect(afterMove(readCursorText('0', 's', 'sync', given), 'x', 1)).toBeUndefined();
	const several = { ...given, isOneOfSeveral: true };
	expect(() => readCursorText('12', 's', 'sync', several)).toThrow('of one division');
	expect(readCursorText('0', 's', 'sync', several)).toMatchObject({ changes: '0' });
});

it('two readings that were told different rows of one time have told both', () => {
	const one = sync('50', {
		told: {
			changes: [
				['60', 1],
				['70', 2],
			],
		},
	});
	const other = sync('40', {
		told: {
			changes: [
				['45', 1],
				['55', 1],
			],
		},
	});
	const both = sync('50', {
		told: {
			changes: [
				['55', 1],
				['60', 1],
				['70', 2],
			],
		},
	});
	expect(furthest(one, other)).toEqual(both);
	expect(furthest(other, one)).toEqual(both);
});
