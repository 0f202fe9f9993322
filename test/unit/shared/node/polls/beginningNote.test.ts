import {
	begunIn,
	namedIn,
	placedIn,
	readNote,
	withBeginning,
	type Asked,
	type BeginningNote,
} from '../../../../../nodes/shared/node/polls/beginningNote';

const asked = (at: number, given: Partial<Asked> = {}): Asked => ({
	...{ start: 'now', settings: 'all', moment: { at }, isPublished: false },
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
	expect([undefined, null, 7, {}, [{}, 7]].map(readNote)).toEqual([[], [], [], [], []]);
	expect(readNote([{ id: 'one', askings: 7, waiting: { a: { at: '1' } } }])).toMatchObject([
		{ askings: {}, known: [], waiting: {} },
	]);
});

it('keeps a bounded number of beginnings, of settings that were not answered, and of things that are gone', () => {
	let note: BeginningNote = [];
	for (let at = 1; at <= 5; at += 1) {
		note = withBeginning(note, begun(asked(at, { start: `date ${at}` }), note));
	}
	expect(note.map(({ id }) => id)).toEqual(['date 3', 'date 4', 'date 5']);

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
