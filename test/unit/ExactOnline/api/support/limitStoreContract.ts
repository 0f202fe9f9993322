import {
	StoredCallLimits,
	callsKey,
	type LimitedCall,
	type LimitScope,
} from '../../../../../nodes/ExactOnline/api/limits/callLimits';
import type { DivisionErrors } from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { createLimitMemory } from '../../../../../nodes/ExactOnline/api/limits/limitMemory';
import type { LimitStore } from '../../../../../nodes/ExactOnline/api/limits/limitStore';
import { JumpingClock } from './fakes';

/** Two views of one store: of two clients of a process, or of two processes on one vault. */
export interface StorePair {
	one: LimitStore;
	other: LimitStore;
	/** The clock of both; a step of a test moves it. */
	clock: JumpingClock;
}

const OWNER: LimitScope = { app: 'https://exact|app', user: 'https://exact|app|cred' };

const CALL: LimitedCall = {
	method: 'GET',
	endpoint: 'crm/Accounts',
	division: 123,
	shape: 'GET /crm/Accounts',
	parallel: 2,
};

/** The limits as one more process sees them that shares the store. */
function processOver(store: LimitStore, clock: JumpingClock): StoredCallLimits {
	return new StoredCallLimits(store, clock, OWNER, createLimitMemory());
}

/** A store of which some methods are replaced. */
function storeWith(store: LimitStore, replaced: Partial<LimitStore>): LimitStore {
	return {
		calls: store.calls.bind(store),
		errors: store.errors.bind(store),
		kept: store.kept.bind(store),
		alone: store.alone.bind(store),
		...replaced,
	};
}

/** What every store of limits has to keep, whoever shares it. */
export function limitStoreContract(newPair: () => Promise<StorePair> | StorePair): void {
	let pair: StorePair;
	let one: StoredCallLimits;
	let other: StoredCallLimits;

	beforeEach(async () => {
		pair = await newPair();
		one = processOver(pair.one, pair.clock);
		other = processOver(pair.other, pair.clock);
	});

	function minutely(remaining: number, resetInMs: number): Record<string, string> {
		return {
			'x-ratelimit-minutely-remaining': String(remaining),
			'x-ratelimit-minutely-reset': String(pair.clock.now() + resetInMs),
		};
	}

	function daily(remaining: number, resetInMs: number): Record<string, string> {
		return {
			'x-ratelimit-remaining': String(remaining),
			'x-ratelimit-reset': String(pair.clock.now() + resetInMs),
		};
	}

	it('knows nothing at first: a request may be sent', async () => {
		await one.ready(CALL);
		expect(pair.clock.sleeps).toEqual([]);
	});

	it('a minute that one used up makes the other wait, and neither waits twice', async () => {
		await one.learned(CALL, 200, minutely(0, 5000));
		await other.ready(CALL);
		expect(pair.clock.sleeps).toEqual([6000]);
		await one.ready(CALL);
		await other.ready({ ...CALL, division: 456 });
		expect(pair.clock.sleeps).toEqual([6000]);
	});

	it('a day that one used up stops the other', async () => {
		const resetAt = pair.clock.now() + 3_600_000;
		await one.learned(CALL, 200, { ...minutely(10, 5000), ...daily(0, 3_600_000) });
		await expect(other.ready(CALL)).rejects.toMatchObject({
			code: 'EXACT_RATE_LIMIT_DAY',
			retryAt: resetAt,
		});
		pair.clock.time = resetAt;
		await other.ready(CALL);
	});

	it('keeps what an answer without limit headers does not mention', async () => {
		await one.learned(CALL, 200, daily(0, 3_600_000));
		await other.learned(CALL, 200, {});
		await expect(one.ready(CALL)).rejects.toMatchObject({ code: 'EXACT_RATE_LIMIT_DAY' });
	});

	it('a 429 of one makes the other wait', async () => {
		await one.refused(CALL, { 'retry-after': '10' }, 0);
		await other.ready(CALL);
		expect(pair.clock.sleeps).toEqual([11_000]);
	});

	it('a cancel ends the wait and leaves the minute to the others', async () => {
		await one.learned(CALL, 200, minutely(0, 5000));
		const controller = new AbortController();
		pair.clock.onSleep = () => controller.abort();
		await expect(other.ready({ ...CALL, signal: controller.signal })).rejects.toMatchObject({
			code: 'EXACT_CANCELLED',
		});
		pair.clock.onSleep = undefined;
		await one.ready(CALL);
		expect(pair.clock.sleeps).toEqual([6000, 6000]);
	});

	it('a cancel ends the wait for a turn, and leaves it to the next in the queue', async () => {
		const strict = { ...CALL, parallel: 1 };
		await one.ready(strict);
		const controller = new AbortController();
		pair.clock.onSleep = () => controller.abort();
		const waiting = other.ready({ ...strict, signal: controller.signal });
		await expect(waiting).rejects.toMatchObject({ code: 'EXACT_CANCELLED' });
		pair.clock.onSleep = undefined;
		await one.unanswered(strict, true);
		await one.refused(strict, { 'retry-after': '0' }, 0);
		pair.clock.time += 2_000;
		const third = processOver(pair.other, pair.clock);
		const before = pair.clock.now();
		await third.ready(strict);
		// Less than the place of the cancelled one would have been kept free for.
		expect(pair.clock.now() - before).toBeLessThan(3_000);
		await third.unanswered(strict, true);
	});

	it('waits again where the next minute is used up too, but not for ever', async () => {
		await one.learned(CALL, 200, minutely(0, 5000));
		let waits = 0;
		pair.clock.onSleep = () => (waits += 1);
		const learnAgain = storeWith(pair.other, {
			async calls(key, step, signal) {
				await one.learned(CALL, 200, minutely(0, 5000));
				return await pair.other.calls(key, step, signal);
			},
		});
		await processOver(learnAgain, pair.clock).ready(CALL);
		expect(waits).toBe(3);
	});

	it('counts the errors of both', async () => {
		const answer = { status: 400, code: 'EXACT_VALIDATION', text: 'wrong' };
		for (let n = 0; n < 4; n++) await one.failed(CALL, answer);
		await other.ready(CALL);
		await other.failed(CALL, answer);
		const held = { code: 'EXACT_ERROR_BUDGET', retryAt: pair.clock.now() + 3_600_000 };
		// What was read of the errors is good for two seconds.
		pair.clock.time += 2_000;
		await expect(one.ready(CALL)).rejects.toMatchObject(held);
		await expect(other.ready(CALL)).rejects.toMatchObject(held);
		await other.ready({ ...CALL, shape: 'another' });
		await other.learned(CALL, 200, {});
		await one.ready(CALL);
	});

	it('an answer that comes after the cancel counts all the same', async () => {
		const call = { ...CALL, signal: AbortSignal.abort(new Error('gone')) };
		const answer = { status: 400, code: 'EXACT_VALIDATION', text: '' };
		const kept: Array<Promise<unknown>> = [];
		const watched = storeWith(pair.one, {
			async errors(key, step, signal) {
				const keeping = pair.one.errors(key, step, signal);
				kept.push(keeping);
				return await keeping;
			},
		});
		const limits = processOver(watched, pair.clock);
		for (let n = 0; n < 5; n++) await limits.failed(call, answer);
		await Promise.all(kept);
		await expect(other.ready(CALL)).rejects.toMatchObject({ code: 'EXACT_ERROR_BUDGET' });
	});

	it('trouble of the store takes no answer away', async () => {
		const broken = async () => await Promise.reject(new Error('no store'));
		const limits = processOver(storeWith(pair.one, { calls: broken, errors: broken }), pair.clock);
		await limits.learned(CALL, 200, minutely(0, 5000));
		await limits.failed(CALL, { status: 400, code: 'X', text: '' });
		await limits.blocked(CALL);
		await limits.refused(CALL, {}, 0);
		await expect(limits.refused(CALL, daily(0, 5000), 0)).rejects.toMatchObject({
			code: 'EXACT_RATE_LIMIT_DAY',
		});
		await expect(limits.ready(CALL)).rejects.toThrow('no store');
	});

	it('a success of the one lets the other go on', async () => {
		const answer = { status: 404, code: 'EXACT_NOT_FOUND', text: '' };
		for (let n = 0; n < 5; n++) await one.failed(CALL, answer);
		await expect(other.ready(CALL)).rejects.toMatchObject({ code: 'EXACT_ERROR_BUDGET' });
		await one.learned(CALL, 204, {});
		await other.ready(CALL);
	});

	it('forgets errors after an hour, and a block too', async () => {
		await one.blocked(CALL);
		for (let n = 0; n < 9; n++) {
			const shape = `kind ${n}`;
			await one.failed({ ...CALL, shape }, { status: 403, code: 'X', text: '' });
		}
		await expect(other.ready(CALL)).rejects.toMatchObject({ code: 'EXACT_ERROR_BUDGET' });
		pair.clock.time += 3_600_001;
		await other.ready(CALL);
	});

	it('loses no count where both are at work at once', async () => {
		const add = ({ x = { recent: [] } }: DivisionErrors, now: number) => ({
			state: {
				x: { recent: [...x.recent, { at: now, shape: '', kind: '', settled: false }] },
			},
			result: undefined,
		});
		await Promise.all(
			Array.from(
				{ length: 8 },
				async (_none, n) => await (n % 2 ? pair.one : pair.other).errors('k', add),
			),
		);
		const count = await pair.one.errors('k', ({ x }) => ({ result: x?.recent.length }));
		expect(count).toBe(8);
	});

	it('gives what a step throws to the caller and keeps nothing', async () => {
		const key = callsKey(OWNER, 123);
		const failing = () => {
			throw new RangeError('no');
		};
		await expect(pair.one.calls(key, failing)).rejects.toThrow('no');
		expect(await pair.other.calls(key, (state) => ({ result: { ...state } }))).toEqual({});
	});
}
