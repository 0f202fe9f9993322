import { boundedClock } from '../../../../../nodes/ExactOnline/resources/common/boundedClock';
import { systemClock, type Clock } from '../../../../../nodes/ExactOnline/api/limits/clock';
import { inTurn } from '../../../../../nodes/ExactOnline/api/limits/divisionTurns';

/** A clock that does not wait. */
function virtualClock(): Clock & { slept: number[] } {
	let now = Date.parse('2026-03-01T12:00:00Z');
	const slept: number[] = [];
	return {
		slept,
		now: () => now,
		sleep: async (ms) => {
			slept.push(ms);
			now += ms;
			return await Promise.resolve();
		},
	};
}

describe('the clock of an item with a longest wait', () => {
	it('waits for limits that end in time, counted over all waits of the item', async () => {
		const clock = virtualClock();
		const bounded = boundedClock(20_000, clock);
		await bounded.sleepForLimit?.(12_000);
		await bounded.sleepForLimit?.(8_000);
		expect(clock.slept).toEqual([12_000, 8_000]);
		await expect(bounded.sleepForLimit?.(1)).rejects.toMatchObject({
			code: 'EXACT_RATE_LIMIT_MINUTE',
		});
	});

	it('does not begin a wait that is too long, and says until when the limit holds', async () => {
		const clock = virtualClock();
		const refused = boundedClock(20_000, clock).sleepForLimit?.(20_500);
		await expect(refused).rejects.toMatchObject({
			code: 'EXACT_RATE_LIMIT_MINUTE',
			message: expect.stringContaining('2026-03-01T12:00:20.500Z') as string,
			repair: expect.stringContaining('was not carried out') as string,
			retryable: true,
			retryAt: Date.parse('2026-03-01T12:00:20.500Z'),
		});
		expect(clock.slept).toEqual([]);
	});

	it('ends a wait for a turn with the item, but none that takes less than a second', () => {
		const clock = virtualClock();
		const bounded = boundedClock(5_000, clock);
		const noon = clock.now();
		expect(bounded.turnDeadline?.().at).toBe(noon + 5_000);
		void clock.sleep(4_500);
		const deadline = bounded.turnDeadline?.();
		expect(deadline?.at).toBe(noon + 5_500);
		expect(deadline?.error()).toMatchObject({
			code: 'EXACT_RATE_LIMIT_MINUTE',
			message: expect.stringContaining('until 2026-03-01T12:00:05.500Z') as string,
			repair: expect.stringContaining('was not carried out') as string,
			retryable: true,
			retryAt: noon + 5_500,
		});
	});

	// Red before: a timer takes no more than 2^31 ms, and one that is asked for more ends at once.
	it.each([2_147_484, 9e12, 1e300])(
		'lets a request wait for its turn also where the longest wait is %d s',
		async (seconds) => {
			const bounded = boundedClock(seconds * 1_000, systemClock);
			let free: () => void = () => undefined;
			const before = new Promise<void>((resolve) => (free = resolve));
			const turn = inTurn(
				{ tail: before },
				undefined,
				async () => await Promise.resolve('sent'),
				bounded,
			);
			// Longer than a timer takes that is cut to 1 ms.
			await systemClock.sleep(30);
			free();
			expect(await turn).toBe('sent');
			expect(bounded.turnDeadline?.().error().message).toMatch(/ until \d{4}-/);
		},
	);

	it('makes other pauses as they come', async () => {
		const clock = virtualClock();
		await boundedClock(0, clock).sleep(5_000);
		expect(clock.slept).toEqual([5_000]);
	});
});
