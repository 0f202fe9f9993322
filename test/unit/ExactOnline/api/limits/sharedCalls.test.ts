import type { SharedCalls } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import {
	takeBatch,
	withRefusal,
	withReturned,
	type BatchRequest,
	type Taking,
} from '../../../../../nodes/ExactOnline/api/limits/sharedCalls';

const MINUTE = Date.UTC(2026, 10, 26, 10, 0, 0);
let state: SharedCalls;
let now: number;

const window = (remaining: number, resetAt: number, limit = 60) => ({ remaining, resetAt, limit });

beforeEach(() => {
	// A limit of sixty has been told in the minute before.
	state = { minute: window(33, MINUTE) };
	now = MINUTE + 10_000;
});

function take(id: string, more: Partial<BatchRequest> = {}): Taking {
	const made = takeBatch(state, now, { id, parallel: 2, ...more });
	state = made.state ?? state;
	return made.result;
}

function giveBack(id: string, unused: number, seen = {}): void {
	state = withReturned(state, now, { id, unused, seen });
}

/** Takes batches until no call is left, each used up at once; returns the calls. */
function takeAll(): number {
	for (let calls = 0; ;) {
		const taking = take('a');
		if (taking.kind !== 'granted') return calls;
		calls += taking.calls;
		giveBack('a', 0);
	}
}

it('hands the calls of a minute out in batches of five, and no more than there are', () => {
	expect(take('a')).toEqual({ kind: 'granted', calls: 5, until: now + 2_000 });
	giveBack('a', 0);
	expect(takeAll()).toBe(55);
	expect(take('a')).toMatchObject({ kind: 'look', ms: 1_000 });
	now = MINUTE + 61_001;
	expect(takeAll()).toBe(60);
});

it('what is given back is there for others', () => {
	take('a');
	giveBack('a', 3);
	expect(takeAll()).toBe(58);
});

it('what was taken in the minute before is not given back into this one', () => {
	take('a');
	now = MINUTE + 60_000;
	take('b');
	giveBack('a', 5);
	giveBack('b', 0);
	// One call of the batch from before may be under way, and is counted in this minute.
	expect(takeAll()).toBe(60 - 5 - 1);
});

it('a batch of a process that died ends with the minute', () => {
	take('dead', { parallel: 1 });
	expect(take('b')).toMatchObject({ kind: 'look' });
	now = MINUTE + 60_001;
	expect(take('b')).toMatchObject({ kind: 'granted' });
});

it('lets no more processes have a batch than the strictest of them bears', () => {
	take('a');
	expect(take('b')).toMatchObject({ kind: 'granted' });
	expect(take('c')).toMatchObject({ kind: 'look' });
	giveBack('b', 0);
	expect(take('strict', { parallel: 1 })).toMatchObject({ kind: 'look' });
	giveBack('a', 0);
	expect(take('d')).toMatchObject({ kind: 'look' });
	expect(take('c')).toMatchObject({ kind: 'granted' });
});

it('gives turns in the order in which they were asked for', () => {
	take('a', { parallel: 1 });
	expect(take('b', { parallel: 1 })).toMatchObject({ kind: 'look' });
	giveBack('a', 0);
	// The one that just had its turn comes after those that wait, as long as they go on waiting.
	expect(take('a', { parallel: 1 })).toMatchObject({ kind: 'look' });
	expect(take('b', { parallel: 1 })).toMatchObject({ kind: 'granted' });
	giveBack('b', 0);
	now += 3_001;
	expect(take('c', { parallel: 1 })).toMatchObject({ kind: 'granted' });
});

it('keeps the order in which turns were asked for over the end of a minute', () => {
	const strict = { parallel: 1 };
	state = { minute: window(0, MINUTE + 60_000) };
	for (const id of ['a', 'b', 'c']) expect(take(id, strict)).toMatchObject({ kind: 'minute' });
	now = MINUTE + 61_001;
	expect(take('c', strict)).toMatchObject({ kind: 'look' });
	expect(take('b', strict)).toMatchObject({ kind: 'look' });
	expect(take('a', strict)).toMatchObject({ kind: 'granted' });
	giveBack('a', 0);
	expect(take('a', strict)).toMatchObject({ kind: 'look' });
	expect(take('c', strict)).toMatchObject({ kind: 'look' });
	expect(take('b', strict)).toMatchObject({ kind: 'granted' });
	giveBack('b', 0);
	expect(take('c', strict)).toMatchObject({ kind: 'granted' });
});

it('waits little for who does not come back when the minute has ended', () => {
	state = { minute: window(0, MINUTE + 60_000) };
	for (const id of ['dead', 'b']) take(id, { parallel: 1 });
	now = MINUTE + 61_500;
	expect(take('b', { parallel: 1 })).toMatchObject({ kind: 'look' });
	now += 3_000;
	expect(take('b', { parallel: 1 })).toMatchObject({ kind: 'granted' });
});

it('lets nobody wait for who has left the queue of a minute', () => {
	state = { minute: window(0, MINUTE + 60_000) };
	for (const id of ['a', 'b']) take(id, { parallel: 1 });
	giveBack('a', Infinity);
	now = MINUTE + 61_001;
	expect(take('b', { parallel: 1 })).toMatchObject({ kind: 'granted' });
});

it('asks the store for nothing to keep while a place in the queue is still good', () => {
	take('a', { parallel: 1 });
	take('b', { parallel: 1 });
	expect(takeBatch(state, now + 500, { id: 'b', parallel: 1 }).state).toBe(state);
});

it('makes one call before it knows the limit, and takes that for the usual one meanwhile', () => {
	state = {};
	expect(take('a')).toMatchObject({ calls: 1 });
	expect(take('b')).toMatchObject({ calls: 1 });
	giveBack('a', 0, { minute: window(7, now + 3_000, 8) });
	giveBack('b', 0, { minute: window(6, now + 3_000, 8) });
	expect(takeAll()).toBe(6);
});

it('an assumed minute is over when an answer tells that it has ended meanwhile', () => {
	take('a');
	now += 3_000;
	giveBack('a', 0, { minute: window(0, now - 500, 8) });
	expect(take('a')).toMatchObject({ kind: 'minute', resetAt: now - 500 });
	now += 600;
	expect(takeAll()).toBe(8);
});

it('believes the lower count of its own and of the service, which knows other programs', () => {
	take('a');
	giveBack('a', 4, { minute: window(20, MINUTE + 60_000) });
	expect(takeAll()).toBe(20);
	expect(take('a')).toEqual({ kind: 'minute', resetAt: MINUTE + 60_000 });
});

it('learns another limit and another end of the minute from an answer', () => {
	take('a');
	giveBack('a', 4, { minute: window(9, now + 3_000, 10) });
	expect(takeAll()).toBe(9);
	now += 4_001;
	expect(takeAll()).toBe(10);
});

// Red before: a batch of a limit of 1,200 had a hundred.
it('takes no more than five at a time, however large the limit is, and counts nothing where none is told', () => {
	take('a');
	giveBack('a', 4, { minute: window(1_199, MINUTE + 60_000, 1_200) });
	expect(take('a')).toMatchObject({ calls: 5 });
	state = {};
	take('a');
	giveBack('a', 4, { isSilent: true });
	expect(take('a')).toMatchObject({ calls: Infinity });
});

it('an answer of a minute that is over does not end the present one', () => {
	take('a');
	now = MINUTE + 61_001;
	giveBack('a', 0, { minute: window(0, MINUTE + 60_000) });
	expect(takeAll()).toBe(60);
});

it('fails at once when the day is used up, but waits for what others may give back', () => {
	const day = window(5, MINUTE + 7_200_000, 5_000);
	take('a');
	giveBack('a', 4, { day, minute: window(59, MINUTE + 60_000) });
	take('a');
	expect(take('b')).toMatchObject({ kind: 'look' });
	giveBack('a', 1);
	expect(take('b')).toMatchObject({ kind: 'granted', calls: 1 });
	giveBack('b', 0);
	expect(take('b')).toEqual({ kind: 'day', resetAt: day.resetAt });
	now = day.resetAt;
	expect(take('b')).toMatchObject({ kind: 'granted' });
});

it('a 429 leaves nothing to anybody until it ends', () => {
	take('a');
	state = withRefusal(state, now, { id: 'a' }, { minute: { remaining: 0, resetAt: now + 5_000 } });
	expect(take('b')).toEqual({ kind: 'minute', resetAt: now + 5_000 });
	now += 6_000;
	expect(take('b')).toMatchObject({ kind: 'granted', calls: 5 });
});

it('tells whether a minute that has ended is all that is in the way', () => {
	state = { minute: { ...window(0, MINUTE + 60_000), openedAt: MINUTE } };
	expect(take('a', { parallel: 1 })).toEqual({ kind: 'minute', resetAt: MINUTE + 60_000 });
	expect(take('b', { parallel: 1 })).toMatchObject({ kind: 'minute', isBehind: true });
	expect(take('c')).toMatchObject({ kind: 'minute', isBehind: true });
	expect(take('a', { parallel: 1 })).toEqual({ kind: 'minute', resetAt: MINUTE + 60_000 });
});
