import {
	changeToTell,
	readConnectionNote,
	type ConnectionNote,
	type ConnectionState,
} from '../../../../../nodes/shared/node/polls/connectionChange';

const HOUR = 3_600_000;

/** What is told of states that come one after another, at these hours. */
function told(states: ReadonlyArray<readonly [hour: number, state: ConnectionState]>): string[] {
	let note: ConnectionNote = readConnectionNote(null);
	return states.flatMap(([hour, state]) => {
		const next = changeToTell(note, state, hour * HOUR);
		note = next ?? note;
		return next ? [`${hour} ${state}`] : [];
	});
}

it('tells each change of state, and nothing of a connection that is well from the beginning', () => {
	expect(
		told([
			[0, 'well'],
			[1, 'endsSoon'],
			[2, 'endsSoon'],
			[3, 'broken'],
			[4, 'broken'],
			[5, 'well'],
		]),
	).toEqual(['1 endsSoon', '3 broken', '5 well']);
});

it('tells a state once a day at most, and later if it still holds', () => {
	expect(
		told([
			[0, 'broken'],
			[1, 'well'],
			[2, 'broken'],
			[3, 'well'],
			[23, 'broken'],
			[24, 'broken'],
			[25, 'broken'],
			[26, 'well'],
		]),
	).toEqual(['0 broken', '1 well', '24 broken', '26 well']);
});

it('a connection that comes and goes all the time is three items a day', () => {
	const states = ['broken', 'well', 'endsSoon'] as const;
	const changes = Array.from({ length: 24 * 60 }, (_, minute) => {
		return [minute / 60, states[minute % 3] ?? 'well'] as const;
	});
	expect(told(changes)).toHaveLength(3);
});

it('a connection that breaks on the day on which it was said to end soon is told at once', () => {
	expect(
		told([
			[0, 'endsSoon'],
			[1, 'broken'],
		]),
	).toEqual(['0 endsSoon', '1 broken']);
});

it.each([null, 7, {}, { state: 'odd', told: { broken: 'x' } }])('takes %j for no note', (value) => {
	expect(readConnectionNote(value)).toEqual({ state: 'well', told: {} });
});

it('a clock that was in the future keeps nothing back once it is right again', () => {
	expect(
		told([
			[9_000, 'broken'],
			[9_001, 'well'],
			[1, 'broken'],
			[2, 'well'],
		]),
	).toEqual(['9000 broken', '9001 well', '1 broken', '2 well']);
});
