import { invalidValue } from './invalidValue';

/** `/Date(ms)/`, as answers hold it. */
const SERVICE_DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;

const DATE_TIME =
	/^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A time in the form that Exact takes: ISO without a zone (docs/facts/exact-online.md 4.2). A time without a
 * zone is taken as it is; one with a zone, a native date and those of Luxon and Moment as clocks in `timeZone`
 * show it, so that the day sent is the day seen there. The time zone of the process does not matter.
 * @param timeZone name of an IANA zone
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function toExactDateTime(value: unknown, timeZone = 'UTC'): string {
	const text = dateText(value);
	const [, date = '', time = '00:00', seconds = '00', zone] = DATE_TIME.exec(text) ?? [];
	const local = `${date}T${time}:${seconds}`;
	if (isInCalendar(local)) {
		if (zone === undefined) return local;
		const shown = clockTime(Date.parse(text.replace(' ', 'T').replace(',', '.')), timeZone);
		if (shown !== undefined) return shown;
	}
	throw invalidValue(
		text,
		'is not a date.',
		'Enter a date such as 2026-04-07 or 2026-04-07T13:30:00.',
	);
}

/**
 * `/Date(ms)/` as an ISO time without a zone. Exact writes dates and (for many fields) Dutch local
 * time as though they were UTC (docs/facts/exact-online.md 4.2), so a zone would be a claim that is
 * often wrong, and would move dates by a day. Other texts come back unchanged.
 */
export function readExactDate(text: string): string {
	const match = SERVICE_DATE.exec(text);
	return match ? (isoTime(Number(match[1])) ?? text) : text;
}

/** Native dates, and those of Luxon and Moment, know how they are written; texts are taken as they are. */
function dateText(value: unknown): string {
	if (value instanceof Date) {
		return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
	}
	const { toISO, toISOString } = Object(value ?? '') as Record<string, unknown>;
	const write = [toISO, toISOString].find((one) => typeof one === 'function');
	const text = String(write === undefined ? value : (write as () => unknown).call(value)).trim();
	return readExactDate(text);
}

/** `Date` takes 30 February for 2 March. */
function isInCalendar(local: string): boolean {
	const time = Date.parse(`${local}Z`);
	return !Number.isNaN(time) && isoTime(time) === local;
}

/** Of the years that Exact's dates have, 1 to 9999; whole seconds without their decimals. */
function isoTime(time: number): string | undefined {
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return undefined;
	const text = date.toISOString();
	return /^(?!0000)\d{4}-/.test(text) ? text.replace(/(?:\.000)?Z$/, '') : undefined;
}

/** What clocks in a zone show at a moment, to the second. */
function clockTime(moment: number, timeZone: string): string | undefined {
	if (Number.isNaN(moment)) return undefined;
	const second = Math.floor(moment / 1000) * 1000;
	if (timeZone === 'UTC') return isoTime(second);
	const parts = Object.fromEntries(
		clockOf(timeZone)
			.formatToParts(second)
			.map(({ type, value }) => [type, value]),
	);
	const { era, year = '', month, day, hour, minute } = parts;
	const local = `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${parts.second}`;
	return era === 'AD' && isInCalendar(local) ? local : undefined;
}

let lastClock: { timeZone: string; format: Intl.DateTimeFormat } | undefined;

/** A run has one zone, and making a format takes longer than using it. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
	if (lastClock?.timeZone === timeZone) return lastClock.format;
	const format = newClock(timeZone);
	lastClock = { timeZone, format };
	return format;
}

function newClock(timeZone: string): Intl.DateTimeFormat {
	const settings = {
		timeZone,
		calendar: 'gregory',
		numberingSystem: 'latn',
		hourCycle: 'h23',
		era: 'short',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	} as const;
	try {
		return new Intl.DateTimeFormat('en-US', settings);
	} catch {
		throw invalidValue(timeZone, 'is no time zone.', "Set a time zone in the workflow's settings.");
	}
}
