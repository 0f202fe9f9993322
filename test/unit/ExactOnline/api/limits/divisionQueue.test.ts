import { createClientState } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { systemClock } from '../../../../../nodes/ExactOnline/api/limits/clock';
import {
	inQueue,
	type QueueParts,
} from '../../../../../nodes/ExactOnline/api/limits/divisionQueue';
import { createLimitMemory } from '../../../../../nodes/ExactOnline/api/limits/limitMemory';

let parts: QueueParts;
let told: string[];

beforeEach(() => {
	told = [];
	let places = 0;
	const limits = {
		arrived: (division: number) => {
			places += 1;
			told.push(`arrived ${division} ${places}`);
			return `${places}`;
		},
		left: (division: number, place: string) => void told.push(`left ${division} ${place}`),
	};
	const state = createClientState();
	parts = { state, memory: createLimitMemory(), limits, clock: systemClock };
});

const queued = (signal?: AbortSignal) => ({ turn: 'app|7', orderedIn: 7, signal });

it('gives each request its place when it comes, and takes it before the next one has the turn', async () => {
	const send = async (place: string | undefined) => {
		told.push(`sent ${place}`);
		expect(parts.memory.atWork).toEqual(new Set(['app|7']));
		return await Promise.resolve(place);
	};
	const both = [inQueue(parts, queued(), send), inQueue(parts, queued(), send)];
	expect(await Promise.all(both)).toEqual(['1', '2']);
	expect(told).toEqual([
		...['arrived 7 1', 'arrived 7 2', 'sent 1', 'left 7 1', 'sent 2', 'left 7 2'],
	]);
	expect(parts.memory.atWork).toEqual(new Set());
});

it('takes the place of one that fails, and of one that gives up before its turn', async () => {
	const failing = inQueue(parts, queued(), async () => await Promise.reject(new Error('failed')));
	await expect(failing).rejects.toThrow('failed');
	const never = jest.fn();
	const cancelled = inQueue(parts, queued(AbortSignal.abort()), never);
	await expect(cancelled).rejects.toMatchObject({ code: 'EXACT_CANCELLED' });
	expect(never).not.toHaveBeenCalled();
	expect(told).toEqual(['arrived 7 1', 'left 7 1', 'arrived 7 2', 'left 7 2']);
});

it('gives no place where the order does not count', async () => {
	const unordered = { ...queued(), orderedIn: undefined };
	expect(await inQueue(parts, unordered, async (place) => await Promise.resolve(place))).toBe(
		undefined,
	);
	expect(told).toEqual([]);
});
