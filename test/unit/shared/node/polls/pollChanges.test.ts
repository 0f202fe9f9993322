import { PollChanges } from '../../../../../nodes/shared/node/polls/pollChanges';

const NOTE = ['note'];

const kept = (cursor: unknown) => ({ epoch: 1, start: '', cursor });

it('goes back to what was there before the first change, from what the last one has left', () => {
	const changes = new PollChanges();
	changes.decided(NOTE, kept(1), kept(1));
	expect(changes.decisive).toBeUndefined();
	changes.decided(NOTE, kept(1), kept(2));
	changes.decided(NOTE, kept(2), kept(3));
	expect(changes.decisive).toEqual({ place: NOTE, before: kept(1), left: kept(3) });
	changes.began(['place'], undefined, kept(7));
	expect(changes.places).toEqual([{ place: ['place'], before: undefined, left: kept(7) }]);
});

it('cannot go back over what somebody else has changed in between', () => {
	const changes = new PollChanges();
	changes.decided(NOTE, undefined, kept(1));
	expect(changes.decisive).toEqual({ place: NOTE, before: undefined, left: kept(1) });
	changes.decided(NOTE, kept('of another host'), kept(2));
	expect(changes.decisive).toBe('foreign');
	changes.decided(NOTE, kept(2), kept(3));
	expect(changes.decisive).toBe('foreign');
});
