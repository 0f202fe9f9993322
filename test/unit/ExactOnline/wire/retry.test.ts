import { repeatDelay } from '../../../../nodes/ExactOnline/wire/retry';

describe('the delay before a read is repeated', () => {
	it.each([
		[7_000, 7_000],
		[600_000, 30_000],
		[0, 1_000],
	])('is within bounds what the service asks for: %p ms gives %p ms', (asked, expected) => {
		expect(repeatDelay(0, asked)).toBe(expected);
	});

	it('grows where the service names none', () => {
		expect([0, 1, 2].map((repeats) => repeatDelay(repeats, null, 1))).toEqual([
			1_000, 2_000, 4_000,
		]);
		expect(repeatDelay(0, null, 0)).toBe(500);
	});
});
