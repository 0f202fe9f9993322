import * as fc from 'fast-check';
import { minuteTurn } from '../../../../../nodes/DocuWare/auth/wire/minuteTurns';
import { holds } from '../../../../support/properties';

describe('turns of what a server limits', () => {
	it('are sixty in any minute, and the next one comes as soon as it may', () => {
		const gaps = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 300 });
		holds(
			fc.property(gaps, (waits) => {
				let now = 1_000_000;
				let times: number[] = [];
				const taken: number[] = [];
				for (const wait of waits) {
					now += wait;
					let turn = minuteTurn(times, now);
					if (turn.waitMs > 0) {
						now += turn.waitMs;
						turn = minuteTurn(turn.times, now);
						expect(taken.filter((time) => time > now - 60_002)).toHaveLength(60);
					}
					expect(turn.waitMs).toBe(0);
					times = turn.times;
					taken.push(now);
				}
				for (const [index, time] of taken.entries()) {
					const sixtiethAfter = taken[index + 60];
					if (sixtiethAfter !== undefined) expect(sixtiethAfter - time).toBeGreaterThan(60_000);
				}
				expect(times.length).toBeLessThanOrEqual(60);
			}),
			100,
		);
	});

	it('that lie in the future, after a clock was put back, count no more', () => {
		const times = Array.from({ length: 60 }, () => 9_000_000);
		expect(minuteTurn(times, 1_000_000)).toEqual({ times: [1_000_000], waitMs: 0 });
	});
});
