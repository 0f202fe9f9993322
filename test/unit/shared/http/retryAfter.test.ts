import { retryAfterMs } from '../../../../nodes/shared/http';

const NOW = Date.parse('2026-04-07T12:00:00Z');

describe('Retry-After', () => {
	it.each([
		['7', 7_000],
		[' 0 ', 0],
		['2.5', 2_500],
		['Tue, 07 Apr 2026 12:01:00 GMT', 60_000],
		['Tue, 07 Apr 2026 11:59:00 GMT', null],
		['', null],
		['-5', null],
		['soon', null],
		['99999999999999999999', null],
		[undefined, null],
	])('%p is %p ms', (value, expected) => {
		expect(retryAfterMs(value === undefined ? {} : { 'retry-after': value }, NOW)).toBe(expected);
	});

	it('reads a date by the clock of the service, where its answer tells it', () => {
		const headers = {
			date: 'Tue, 07 Apr 2026 11:50:00 GMT',
			'retry-after': 'Tue, 07 Apr 2026 11:51:00 GMT',
		};
		expect(retryAfterMs(headers, NOW)).toBe(60_000);
	});
});
