import { throttlePause } from '../../../../nodes/DocuWare/platform/throttle';

describe('the pause after 429', () => {
	it.each([
		[0, null, 5_000],
		[3, null, 30_000],
		[4, null, undefined],
		[0, 7_000, 7_000],
		[4, 7_000, undefined],
		[0, 90_000, 90_000],
		[0, 90_001, undefined],
	])('after %p others, asked for %p ms, is %p ms', (throttles, asked, expected) => {
		expect(throttlePause(throttles, asked)).toBe(expected);
	});

	it.each([0, 1])('is a second at least, also where the server asks for %p ms', (asked) => {
		expect(throttlePause(0, asked)).toBe(1_000);
	});
});
