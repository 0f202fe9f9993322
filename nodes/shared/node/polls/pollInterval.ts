import { isRecord } from '../../http';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Longest times between two polls of n8n's own modes. */
const MODES: Readonly<Record<string, number>> = {
	everyMinute: MINUTE_MS,
	everyHour: HOUR_MS,
	everyDay: DAY_MS,
	everyWeek: 7 * DAY_MS,
	everyMonth: 31 * DAY_MS,
};

/** What a Cron expression may leave between two polls, as far as anybody can tell without reading it. */
const CUSTOM_MS = 31 * DAY_MS;

/**
 * The time between two polls of a node in milliseconds, as its Poll Times say (n8n's own field, `pollTimes`): of several
 * the longest, and a month for a Cron expression. It decides only where n8n does not let itself be watched, and a longer
 * time repeats less.
 */
export function pollIntervalOf(pollTimes: unknown): number {
	const items: unknown[] =
		isRecord(pollTimes) && Array.isArray(pollTimes.item) ? pollTimes.item : [];
	return Math.max(MINUTE_MS, ...items.map(timeOf));
}

function timeOf(item: unknown): number {
	if (!isRecord(item)) return MINUTE_MS;
	const { mode, value, unit } = item;
	if (mode === 'everyX') return (Number(value) || 1) * (unit === 'hours' ? HOUR_MS : MINUTE_MS);
	return MODES[String(mode)] ?? CUSTOM_MS;
}
