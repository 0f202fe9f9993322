import { boundedClock } from '../../../../../nodes/ExactOnline/resources/common/boundedClock';
import type { Clock } from '../../../../../nodes/ExactOnline/api/limits/clock';

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
			repair: expect.stringContaining('was not sent') as string,
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
			repair: expect.stringContaining('was not sent') as string,
			retryable: true,
			retryAt: noon + 5_500,
		});
	});

	it('makes other pauses as they come', async () => {
		const clock = virtualClock();
		await boundedClock(0, clock).sleep(5_000);
		expect(clock.slept).toEqual([5_000]);
	});
});
