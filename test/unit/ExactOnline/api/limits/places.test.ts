import type { SharedCalls } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { PLACE_MS, withPlaces } from '../../../../../nodes/ExactOnline/api/limits/places';
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
/** Requests of each process that have come and not ended. */
let requests: Record<string, string[]>;

beforeEach(() => {
	state = { minute: { remaining: 60, resetAt: MINUTE + 60_000, limit: 60 } };
	now = MINUTE + 10_000;
	requests = {};
});

function stated(owner: string): void {
	state = withPlaces(state, now, owner, requests[owner] ?? []);
}

/** A request comes; its id begins with the name of its process. */
function arrive(id: string): void {
	(requests[id[0]!] ??= []).push(id);
	stated(id[0]!);
}

function ask(id: string, more: Partial<BatchRequest> = {}): Taking {
	const asked = { id, parallel: 1, owner: id[0]!, isOrdered: true, ...more };
	const made = takeBatch(state, now, asked);
	state = made.state ?? state;
	return made.result;
}

function end(id: string): void {
	const owner = id[0]!;
	requests[owner] = (requests[owner] ?? []).filter((one) => one !== id);
	state = withReturned(state, now, { id, unused: 0 });
	stated(owner);
}

const GRANTED = { kind: 'granted', calls: 1 };
const LOOK = { kind: 'look' };

it('gives turns to the requests of all processes in the order in which they came, however many each has', () => {
	const order = ['a1', 'b1', 'a2', 'a3', 'c1', 'b2'];
	order.forEach(arrive);
	for (const next of order) {
		// Each process asks for the first of its requests alone.
		const heads = Object.values(requests).flatMap((ids) => ids.slice(0, 1));
		for (const id of heads.filter((one) => one !== next)) expect(ask(id)).toMatchObject(LOOK);
		expect(ask(next)).toMatchObject(GRANTED);
		end(next);
	}
	expect(state).toMatchObject({ grants: [], waiting: [] });
});

it('keeps the turn of a request that is repeated, also after a 429 and over the end of the minute', () => {
	['a1', 'b1'].forEach(arrive);
	expect(ask('a1')).toMatchObject(GRANTED);
	state = withReturned(state, now, { id: 'a1', unused: 0, isKept: true });
	expect(ask('b1')).toMatchObject(LOOK);
	expect(ask('a1')).toMatchObject(GRANTED);
	const minute = { remaining: 0, resetAt: MINUTE + 60_000 };
	state = withRefusal(state, now, { id: 'a1', isKept: true }, { minute });
	expect(ask('a1')).toMatchObject({ kind: 'minute' });
	expect(ask('b1')).toMatchObject({ kind: 'minute' });
	while (now < MINUTE + 61_001) {
		now += 1_000;
		['a', 'b'].forEach(stated);
	}
	expect(ask('b1')).toMatchObject(LOOK);
	expect(ask('a1')).toMatchObject(GRANTED);
	end('a1');
	expect(ask('b1')).toMatchObject(GRANTED);
});

it('lets nobody wait for a process that died, neither for its turn nor for its places', () => {
	['a1', 'a2', 'b1'].forEach(arrive);
	expect(ask('a1')).toMatchObject(GRANTED);
	now += PLACE_MS - 1;
	stated('b');
	expect(ask('b1')).toMatchObject(LOOK);
	now += 1;
	expect(ask('b1')).toMatchObject(GRANTED);
});

it('has a place for whoever stood still, behind those that came meanwhile', () => {
	['a1', 'a2', 'b1'].forEach(arrive);
	now += PLACE_MS;
	stated('b');
	arrive('c1');
	stated('a');
	expect(state.waiting?.map(({ id }) => id)).toEqual(['b1', 'c1', 'a1', 'a2']);
});

it('a request that was cancelled leaves its place, and the others keep theirs', () => {
	['a1', 'b1', 'a2', 'c1'].forEach(arrive);
	end('b1');
	expect(state.waiting?.map(({ id }) => id)).toEqual(['a1', 'a2', 'c1']);
});

// Both would wait for each other for ever.
it('lets a request without a place of its own go before those of its process, which wait for it there', () => {
	['a2', 'a3'].forEach(arrive);
	expect(ask('a1', { isOrdered: false, parallel: 1 })).toMatchObject({ kind: 'granted', calls: 5 });
	state = withReturned(state, now, { id: 'a1', unused: 5 });
	arrive('b1');
	expect(ask('a1', { isOrdered: false, parallel: 2 })).toMatchObject({ kind: 'granted' });
});

it('writes nothing where all places are known and fresh', () => {
	['a1', 'b1'].forEach(arrive);
	ask('a1');
	now += 2_500;
	expect(withPlaces(state, now, 'a', ['a1'])).toBe(state);
	now += 1;
	const later = withPlaces(state, now, 'a', ['a1']);
	expect(later.grants).toMatchObject([{ id: 'a1', until: now + PLACE_MS }]);
	expect(later.waiting).toEqual(state.waiting);
});

/** Numbers between 0 and 1 that a seed decides. */
function drawn(seed: number): () => number {
	let value = seed;
	return () => {
		value = (value * 1_103_515_245 + 12_345) % 2_147_483_648;
		return value / 2_147_483_648;
	};
}

const SEEDS = Array.from({ length: 40 }, (_none, n) => 20_261_127 + n);

it.each(SEEDS)(
	'whatever happens, requests are sent one at a time in the order in which they came (seed %i)',
	(seed) => {
		const draw = drawn(seed);
		const pick = <One>(list: readonly One[]): One | undefined =>
			list[Math.floor(draw() * list.length)];
		state = { minute: { remaining: 7, resetAt: MINUTE + 12_000, limit: 7 } };
		let processes = ['a', 'b', 'c'];
		let arrived: string[] = [];
		const sent: string[] = [];
		let underWay: string | undefined;
		const heads = () => processes.flatMap((owner) => (requests[owner] ?? []).slice(0, 1));
		const send = (id: string | undefined) => {
			if (id === undefined || id === underWay || ask(id).kind !== 'granted') return;
			expect(underWay).toBeUndefined();
			sent.push(id);
			underWay = id;
		};
		const finish = () => {
			if (underWay !== undefined) end(underWay);
			underWay = undefined;
		};
		const refuse = () => {
			if (underWay === undefined) return;
			// It is sent again in its turn.
			const minute = { remaining: 0, resetAt: now + 3_000 };
			state = withRefusal(state, now, { id: underWay, isKept: true }, { minute });
			sent.pop();
			underWay = undefined;
		};
		const cancel = () => {
			const id = pick(arrived.filter((one) => !sent.includes(one)));
			if (id === undefined) return;
			arrived = arrived.filter((one) => one !== id);
			end(id);
		};
		const die = () => {
			const owner = pick(processes);
			if (processes.length < 3 || owner === undefined || underWay?.startsWith(owner)) return;
			processes = processes.filter((one) => one !== owner);
			arrived = arrived.filter((one) => !one.startsWith(owner) || sent.includes(one));
		};
		const pass = (ms: number) => {
			now += ms;
			processes.forEach(stated);
		};
		for (let event = 0; event < 300; event += 1) {
			const chance = draw();
			if (chance < 0.25) {
				const id = `${pick(processes)}${event}`;
				arrived.push(id);
				arrive(id);
			} else if (chance < 0.6) send(pick(heads()));
			else if (chance < 0.8) finish();
			else if (chance < 0.85) refuse();
			else if (chance < 0.9) cancel();
			else if (chance < 0.905) die();
			else pass(draw() * 2_000);
		}
		for (let round = 0; round < 10_000 && sent.length < arrived.length; round += 1) {
			heads().forEach(send);
			finish();
			pass(1_000);
		}
		expect(arrived.length).toBeGreaterThan(20);
		expect(sent).toEqual(arrived);
	},
);
