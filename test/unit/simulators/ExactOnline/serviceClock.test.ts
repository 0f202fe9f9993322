import { stampOf } from '../../../simulators/ExactOnline/world/serviceClock';

test.each([
	['2026-01-07T12:00:00.123Z', '2026-01-07T13:00:00.123Z'],
	['2026-07-07T12:00:00.000Z', '2026-07-07T14:00:00.000Z'],
	// The hour that comes twice in autumn.
	['2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00.000Z'],
	['2026-10-25T01:30:00.000Z', '2026-10-25T02:30:00.000Z'],
])('at %s a Dutch clock is written as %s', (now, written) => {
	const time = Date.parse(now);
	expect(new Date(stampOf(time, { stampClock: 'dutch' })).toISOString()).toBe(written);
	expect(stampOf(time, { stampClock: 'greenwich' })).toBe(time);
});
