import {
	begunIn,
	firstOf,
	namedIn,
	placedIn,
	readNote,
	settledIn,
	usedBy,
	withBeginning,
	type Asked,
	type BeginningNote,
} from '../../../../../nodes/shared/node/polls/beginningNote';

const asked = (at: number, given: Partial<Asked> = {}): Asked => ({
	...{ start: 'now', settings: 'all', moment: { at }, occasion: 'regular', poll: `poll ${at}` },
	...given,
});

const begun = (given: Asked, note: BeginningNote = []) => begunIn(note, given, () => given.start);

it('is read as it was stored, and anything else says nothing', () => {
	const other = begun(asked(2, { settings: 'more' }), [begun(asked(1))]);
	const named = namedIn(other, asked(3), ['a', 'b']);
	const note = withBeginning([placedIn(named, 'a')], begun(asked(4, { start: 'date' })));
	expect(note).toMatchObject([
		{ askings: { more: { at: 2, past: ['all'] } }, known: ['a', 'b'], waiting: { b: { at: 1 } } },
		{ start: 'date', askings: { all: { at: 4 } } },
	]);
	expect(readNote(JSON.parse(JSON.stringify(note)))).toEqual(note);
	const published = begun(asked(5, { occasion: 'publish' }), note);
	expect(readNote([published])).toEqual([published]);
	expect([undefined, null, 7, {}, [{}, 7]].map(readNote)).toEqual([[], [], [], [], []]);
	expect(readNote([{ id: 'one', askings: 7, waiting: { a: { at: '1' } } }])).toMatchObject([
		{ askings: {}, known: [], waiting: {} },
	]);
});

it('keeps a bounded number of beginnings, of settings that were not answered, and of things that are gone', () => {
	let note: BeginningNote = [];
	const add = (at: number) =>
		(note = withBeginning(note, begun(asked(at, { start: `date ${at}` }), note)));
	for (let at = 1; at <= 12; at += 1) add(at);
	const dates = (...all: number[]) => all.map((at) => `date ${at}`);
	expect(note.map(({ id }) => id)).toEqual(dates(1, 4, 5, 6, 7, 8, 9, 10, 11, 12));
	note = settledIn(note, { id: 'date 4' }, []) ?? [];
	for (let at = 13; at <= 15; at += 1) add(at);
	expect(note.map(({ id }) => id)).toEqual(dates(4, 7, 8, 9, 10, 11, 12, 13, 14, 15));

	let own = begun(asked(1));
	for (let at = 2; at <= 30; at += 1) own = begun(asked(at, { settings: `${at}` }), [own]);
	expect(Object.values(own.askings).map(({ at }) => at)).toEqual(expect.arrayContaining([11, 30]));
	expect(Object.keys(own.askings)).toHaveLength(20);

	const gone = (from: number) => Array.from({ length: 600 }, (_, index) => `gone ${from + index}`);
	let waiting = namedIn(begun(asked(1)), asked(1), ['stays', ...gone(0)]);
	waiting = namedIn(waiting, asked(2), ['stays', ...gone(600)]);
	waiting = namedIn(waiting, asked(3), ['stays']);
	expect(Object.keys(waiting.waiting)).toHaveLength(1_001);
	expect(waiting.waiting).toMatchObject({ stays: { at: 1 }, 'gone 1199': { at: 2 } });
});

it('ends those before the latest that was published by a poll with it alone', () => {
	const of = (at: number, start: string, occasion: Asked['occasion'], note: BeginningNote) =>
		withBeginning(note, begun(asked(at, { start, occasion }), note));
	const first = of(1, 'now', 'publish', []);
	expect(first[0]).not.toHaveProperty('isNew');
	const second = of(2, 'date', 'start', first);
	const third = of(3, 'now', 'publish', second);
	expect(second.map(({ isNew }) => isNew)).toEqual([undefined, true]);
	expect(third.map(({ isNew }) => isNew)).toEqual([true, undefined]);
	expect(settledIn(third, { id: 'gone' }, [])).toBeUndefined();
	expect(settledIn(third, { id: 'gone' }, [])).toBeUndefined();
	expect(settledIn(third, { id: 'now' }, [])).toMatchObject([{ id: 'now', askings: {} }]);
	expect(settledIn(third, { id: 'now' }, [])?.[0]).not.toHaveProperty('isNew');
});

it('ends those that stood idly beside it with the second poll in a row, where no publishing has told of it', () => {
	const of = (at: number, start: string, note: BeginningNote, occasion: Asked['occasion']) =>
		withBeginning(note, begun(asked(at, { start, occasion }), note));
	const both = of(2, 'date', of(1, 'now', [], 'publish'), 'regular');
	const ids = (note: BeginningNote = []) =>
		note.map(({ id, isPolled }) => (isPolled ? `${id} polled` : id));
	const once = settledIn(both, { id: 'date' }, ['now']) ?? [];
	expect(ids(once)).toEqual(['now', 'date polled']);
	expect(ids(settledIn(once, { id: 'date' }, ['now']))).toEqual(['date']);
	expect(ids(settledIn(once, { id: 'now' }, ['date']))).toEqual(['now polled', 'date']);
	expect(settledIn(once, { id: 'date' }, [])).toBeUndefined();
	const published = of(3, 'other', once, 'publish');
	expect(ids(settledIn(published, { id: 'date' }, ['now']))).toEqual(['date polled', 'other']);
	expect(readNote(JSON.parse(JSON.stringify(once)))).toEqual(once);
});

it('its polls of before another one came beside it do not end that with the next one', () => {
	const of = (at: number, start: string, note: BeginningNote) =>
		withBeginning(note, begun(asked(at, { start }), note));
	const own = { id: 'now' };
	const settled = (note: BeginningNote, idle: string[]) => settledIn(note, own, idle) ?? note;
	let note = settled(settled(of(2, 'date', of(1, 'now', [])), ['date']), ['date']);
	expect(note.map(({ id }) => id)).toEqual(['now']);
	expect(settledIn(note, own, [])).toBeUndefined();
	note = settled(of(3, 'later', readNote(JSON.parse(JSON.stringify(note)))), ['later']);
	expect(note.map(({ id }) => id)).toEqual(['now', 'later']);
	expect(settled(note, ['later']).map(({ id }) => id)).toEqual(['now']);
	const published = begun(asked(4, { start: 'new', occasion: 'publish' }), note);
	const [ended] =
		settledIn(withBeginning(note, { ...published, isPolled: true }), published, []) ?? [];
	expect(ended).not.toHaveProperty('isPolled');
});

it('an asking that was never answered counts for what it may have asked for alone', () => {
	const unanswered = begun(asked(1, { settings: 'all accounts', subject: 'account' }));
	const first = (subject: string | undefined, own = unanswered) =>
		firstOf(own, asked(9, { settings: 'other', subject })).at;
	expect(first('account')).toBe(1);
	expect(first(undefined)).toBe(1);
	expect(first('item')).toBe(9);
	expect(first('item', begun(asked(1, { settings: 'by an expression' })))).toBe(1);
	expect(readNote(JSON.parse(JSON.stringify([unanswered])))).toEqual([unanswered]);
});

it('of a publishing is on trial until another poll uses it', () => {
	const tried = begun(asked(1, { occasion: 'publish' }));
	expect(tried.trial).toBe('poll 1');
	expect(usedBy(tried, { poll: 'poll 1' })).toBe(tried);
	expect(usedBy(tried, { poll: 'poll 2' })).not.toHaveProperty('trial');
	expect(begun(asked(2, { occasion: 'publish' }), [tried]).trial).toBe('poll 2');
	expect(begun(asked(2), [tried])).not.toHaveProperty('trial');
});
