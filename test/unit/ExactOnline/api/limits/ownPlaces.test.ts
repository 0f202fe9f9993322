import type { SharedCalls } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import {
	createLimitMemory,
	type LimitMemory,
} from '../../../../../nodes/ExactOnline/api/limits/limitMemory';
import { MemoryLimitStore } from '../../../../../nodes/ExactOnline/api/limits/memoryLimitStore';
import { OwnPlaces } from '../../../../../nodes/ExactOnline/api/limits/ownPlaces';

const KEY = 'app|1';
const clock = { now: () => Date.now() };
let shared: LimitMemory;
let store: MemoryLimitStore;
let memory: LimitMemory;
let places: OwnPlaces;

beforeEach(() => {
	jest.useFakeTimers({ now: Date.UTC(2026, 10, 27, 10, 0, 0) });
	shared = createLimitMemory();
	store = new MemoryLimitStore(shared, clock);
	memory = createLimitMemory();
	places = new OwnPlaces(store, clock, memory);
});
afterEach(() => jest.useRealTimers());

const waiting = () => shared.calls.get(KEY)?.waiting ?? [];
const ids = () => waiting().map(({ id }) => id);

it('notes requests in the order in which they come, those that come together in one step', async () => {
	const steps = jest.spyOn(store, 'calls');
	const came = [places.arrived(KEY), places.arrived(KEY), places.arrived(KEY)];
	await places.stated(KEY);
	expect(ids()).toEqual(came);
	expect(steps).toHaveBeenCalledTimes(1);
	came.push(places.arrived(KEY));
	await places.stated(KEY);
	expect(ids()).toEqual(came);
	expect(new Set(waiting().map(({ owner }) => owner))).toEqual(new Set([places.owner]));
});

it('takes the place of a request that has ended out, and what it held', async () => {
	const [one, other] = [places.arrived(KEY), places.arrived(KEY)];
	await places.stated(KEY);
	const held: SharedCalls = {
		...{ minute: { remaining: 4, resetAt: Date.now() + 60_000, limit: 5 } },
		grants: [{ id: one, at: Date.now(), until: Date.now() + 5_000, calls: 1, parallel: 1 }],
		waiting: waiting().slice(1),
	};
	shared.calls.set(KEY, held);
	places.left(KEY, { id: one, unused: 1 });
	await places.stated(KEY);
	expect(shared.calls.get(KEY)).toMatchObject({ minute: { remaining: 5 }, grants: [] });
	expect(ids()).toEqual([other]);
	places.left(KEY, { id: other, unused: Infinity });
	await places.stated(KEY);
	expect(ids()).toEqual([]);
	expect(jest.getTimerCount()).toBe(0);
});

it('states them again as long as a request has the turn here', async () => {
	const id = places.arrived(KEY);
	memory.atWork = new Set([KEY]);
	await jest.advanceTimersByTimeAsync(60_000);
	expect(waiting()).toEqual([{ id, owner: places.owner, until: expect.any(Number) as number }]);
	expect(waiting()[0]?.until).toBeGreaterThan(Date.now());
});

// Whoever has the turn here is of an earlier copy of the package then, and would wait for them in the store for ever.
it('lets them lapse while none of its own requests has the turn here', async () => {
	places.arrived(KEY);
	await jest.advanceTimersByTimeAsync(60_000);
	expect(waiting()[0]?.until).toBeLessThan(Date.now());
});

// Red before: each that came or left stated all of them again.
it('nor do those that come or end meanwhile keep the others alive, or bring them back', async () => {
	const first = [places.arrived(KEY), places.arrived(KEY)];
	await jest.advanceTimersByTimeAsync(0);
	const other = { id: 'other', owner: 'another process', until: Date.now() + 3_600_000 };
	const known = shared.calls.get(KEY) ?? {};
	shared.calls.set(KEY, { ...known, waiting: [...waiting(), other] });
	const alive = () => waiting().filter(({ until }) => until > Date.now());
	for (let second = 1; second <= 30; second += 1) {
		await jest.advanceTimersByTimeAsync(1_000);
		const id = places.arrived(KEY);
		if (second % 2 === 0) places.left(KEY, { id, unused: Infinity });
		await jest.advanceTimersByTimeAsync(0);
		// As a step of another process does.
		if (second % 5 === 0) shared.calls.set(KEY, { ...shared.calls.get(KEY), waiting: alive() });
	}
	expect(alive()[0]).toBe(other);
	// One that came each other second, for as long as a place lasts.
	expect(alive()).toHaveLength(1 + 5);
	// With the turn here they are all stated again.
	memory.atWork = new Set([KEY]);
	await jest.advanceTimersByTimeAsync(1_000);
	expect(alive()).toHaveLength(1 + 2 + 15);
	expect(ids()).toEqual(expect.arrayContaining(first));
});

it('fails for no trouble of the store, and notes them when that is over', async () => {
	const trouble = jest.spyOn(store, 'calls').mockRejectedValue(new Error('away'));
	const id = places.arrived(KEY);
	await places.stated(KEY);
	expect(ids()).toEqual([]);
	trouble.mockRestore();
	memory.atWork = new Set([KEY]);
	await jest.advanceTimersByTimeAsync(1_000);
	expect(ids()).toEqual([id]);
});
