import { pollIntervalOf } from '../../../../../nodes/shared/node/polls/pollInterval';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

it.each([
	['nothing', undefined, MINUTE],
	['no item', { item: [] }, MINUTE],
	['every minute', { item: [{ mode: 'everyMinute' }] }, MINUTE],
	['every hour', { item: [{ mode: 'everyHour', minute: 5 }] }, 60 * MINUTE],
	['some minutes', { item: [{ mode: 'everyX', value: 5, unit: 'minutes' }] }, 5 * MINUTE],
	['some hours', { item: [{ mode: 'everyX', value: 2, unit: 'hours' }] }, 120 * MINUTE],
	['of several the longest', { item: [{ mode: 'everyDay' }, { mode: 'everyMinute' }] }, DAY],
	['a week', { item: [{ mode: 'everyWeek' }] }, 7 * DAY],
	['a Cron expression', { item: [{ mode: 'custom', cronExpression: '* * * * *' }] }, 31 * DAY],
])('of %s', (_name, pollTimes, expected) => {
	expect(pollIntervalOf(pollTimes)).toBe(expected);
});
