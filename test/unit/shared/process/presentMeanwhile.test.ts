import { setImmediate as nextTurn } from 'node:timers/promises';

import { presentMeanwhile, withinLimit } from '../../../../nodes/shared/process/presentMeanwhile';
import { deferred } from '../../../support/deferred';

const never = () => new Promise<string>(() => undefined);
const excuses = (error: unknown) => error instanceof RangeError;
const atHand = { present: () => 'old', excuses };
const empty = { present: () => undefined, excuses };

describe('presentMeanwhile', () => {
	it('gives what the work brings soon, also where something is at hand', async () => {
		await expect(presentMeanwhile('soon', Promise.resolve('new'), atHand)).resolves.toBe('new');
	});

	it('gives what is at hand while the work takes long, and waits for it once', async () => {
		const work = never();
		await expect(presentMeanwhile('long', work, atHand)).resolves.toBe('old');
		let present = 0;
		const counted = { present: () => `old ${(present += 1)}`, excuses };
		const second = presentMeanwhile('long', work, counted);
		// Within turns of the event loop, not after half a second.
		await nextTurn();
		expect(present).toBe(1);
		await expect(second).resolves.toBe('old 1');
	});

	it('waits again once the work is over', async () => {
		const { promise, resolve } = deferred();
		const work = promise.then(() => 'new');
		await expect(presentMeanwhile('over', work, atHand)).resolves.toBe('old');
		resolve();
		await nextTurn();
		await expect(presentMeanwhile('over', work, atHand)).resolves.toBe('new');
	});

	it('gives what is at hand instead of an excused failure, and no other', async () => {
		const excused = Promise.reject(new RangeError('away'));
		await expect(presentMeanwhile('excused', excused, atHand)).resolves.toBe('old');
		const refused = Promise.reject(new TypeError('refused'));
		await expect(presentMeanwhile('refused', refused, atHand)).rejects.toThrow('refused');
	});

	it('waits for the work where nothing is at hand', async () => {
		const { promise, resolve } = deferred();
		const work = promise.then(() => 'new');
		const waiting = presentMeanwhile('nothing', work, empty);
		setTimeout(() => resolve(), 700);
		await expect(waiting).resolves.toBe('new');
		const failing = Promise.reject(new RangeError('away'));
		await expect(presentMeanwhile('fails', failing, empty)).rejects.toThrow('away');
	});
});

describe('withinLimit', () => {
	const late = () => new Error('too late');

	it('gives what comes in time, and an error after that', async () => {
		await expect(withinLimit(Promise.resolve(1), 1_000, late)).resolves.toBe(1);
		await expect(withinLimit(Promise.reject(new Error('no')), 1_000, late)).rejects.toThrow('no');
		const limit = withinLimit(never(), 20, late);
		// The limit itself keeps no process alive.
		const alive = setTimeout(() => undefined, 5_000);
		await expect(limit).rejects.toThrow('too late');
		clearTimeout(alive);
	});

	it('waits on, a second at a time, while that is worth it', async () => {
		const { promise, resolve } = deferred();
		let looks = 0;
		const alive = setTimeout(() => undefined, 10_000);
		const limit = withinLimit(
			promise.then(() => 'brought'),
			20,
			late,
			() => (looks += 1) < 3 && (looks < 2 || (resolve(), true)),
		);
		await expect(limit).resolves.toBe('brought');
		expect(looks).toBe(2);
		await expect(withinLimit(never(), 20, late, () => false)).rejects.toThrow('too late');
		clearTimeout(alive);
	});
});
