import type { InvalidValue } from './invalidValue';

/** An offset is less than a day: what lies beyond is none to `Date` either. */
const DATE_TIME =
	/^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,]\d+)?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?$/;

/** How dates are read. */
export interface DateReading {
	/** Name of the IANA zone in whose clocks a moment is shown. */
	timeZone: string;
	/** A text of the service's own form as an ISO time; every other text unchanged. */
	readText?: (text: string) => string;
	invalid: InvalidValue;
}

/**
 * A time as ISO without a zone, to the second. A time without a zone is taken as it is; one with a zone, a native
 * date and those of Luxon and Moment as clocks in `timeZone` show it, so that the day written is the day seen there.
 * The time zone of the process does not matter.
 * @throws ConnectorError of `invalid`
 */
export function localDateTime(value: unknown, reading: DateReading): string {
	const { text, local, moment } = readDateTime(value, reading);
	if (local !== undefined) {
		if (moment === undefined) return local;
		const shown = clockTime(moment, reading.timeZone, reading.invalid);
		if (shown !== undefined) return shown;
	}
	throw noDate(text, reading);
}

/**
 * The moment of a time, in milliseconds since the epoch, to the second. One without a zone is when clocks in
 * `timeZone` show it: of the two times of an hour that is shown twice the first, and of an hour that is skipped as
 * clocks that were not put forward show it.
 * @throws ConnectorError of `invalid`
 */
export function momentOf(value: unknown, reading: DateReading): number {
	const { text, local, moment } = readDateTime(value, reading);
	if (local === undefined) throw noDate(text, reading);
	const found = moment ?? momentShown(local, reading);
	return Math.floor(found / 1000) * 1000;
}

interface ReadDateTime {
	text: string;
	/** Undefined for what is no date. */
	local?: string;
	/** Of a time with a zone. */
	moment?: number;
}

function readDateTime(value: unknown, { readText }: DateReading): ReadDateTime {
	const given = dateText(value);
	const text = readText?.(given) ?? given;
	const [, date = '', time = '00:00', seconds = '00', zone] = DATE_TIME.exec(text) ?? [];
	const local = `${date}T${time}:${seconds}`;
	if (!isInCalendar(local)) return { text };
	if (zone === undefined) return { text, local };
	return { text, local, moment: Date.parse(text.replace(' ', 'T').replace(',', '.')) };
}

function momentShown(local: string, { timeZone, invalid }: DateReading): number {
	const asUtc = Date.parse(`${local}Z`);
	const aheadAt = (moment: number) => {
		const shown = clockTime(moment, timeZone, invalid);
		return shown === undefined ? 0 : Date.parse(`${shown}Z`) - moment;
	};
	// How far the zone is ahead of UTC on the days before and after, between which it may change.
	const candidates = [asUtc - DAY_MS, asUtc + DAY_MS].map((near) => asUtc - aheadAt(near));
	const right = candidates.filter((moment) => moment + aheadAt(moment) === asUtc);
	return right.length > 0 ? Math.min(...right) : (candidates[0] ?? asUtc);
}

const DAY_MS = 86_400_000;

function noDate(text: string, { invalid }: DateReading): Error {
	return invalid(text, 'is not a date.', 'Enter a date such as 2026-04-07 or 2026-04-07T13:30:00.');
}

/** Native dates, and those of Luxon and Moment, know how they are written; texts are taken as they are. */
function dateText(value: unknown): string {
	if (value instanceof Date) {
		return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
	}
	const { toISO, toISOString } = Object(value ?? '') as Record<string, unknown>;
	const write = [toISO, toISOString].find((one) => typeof one === 'function');
	return String(write === undefined ? value : (write as () => unknown).call(value)).trim();
}

/** `Date` takes 30 February for 2 March. */
function isInCalendar(local: string): boolean {
	const time = Date.parse(`${local}Z`);
	return !Number.isNaN(time) && isoTime(time) === local;
}

/** A moment in UTC as ISO without a zone: of the years 1 to 9999; whole seconds without their decimals. */
export function isoTime(time: number): string | undefined {
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return undefined;
	const text = date.toISOString();
	return /^(?!0000)\d{4}-/.test(text) ? text.replace(/(?:\.000)?Z$/, '') : undefined;
}

/**
 * What clocks in a zone show at a moment, to the second, as ISO without a zone; undefined outside the years 1 to 9999.
 * @throws ConnectorError of `invalid` for a zone that there is not
 */
export function clockTime(
	moment: number,
	timeZone: string,
	invalid: InvalidValue,
): string | undefined {
	if (Number.isNaN(moment)) return undefined;
	const second = Math.floor(moment / 1000) * 1000;
	if (timeZone === 'UTC') return isoTime(second);
	const parts = Object.fromEntries(
		clockOf(timeZone, invalid)
			.formatToParts(second)
			.map(({ type, value }) => [type, value]),
	);
	const { era, year = '', month, day, hour, minute } = parts;
	const local = `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${parts.second}`;
	return era === 'AD' && isInCalendar(local) ? local : undefined;
}

let lastClock: { timeZone: string; format: Intl.DateTimeFormat } | undefined;

/** A run has one zone, and making a format takes longer than using it. */
function clockOf(timeZone: string, invalid: InvalidValue): Intl.DateTimeFormat {
	if (lastClock?.timeZone === timeZone) return lastClock.format;
	const format = newClock(timeZone, invalid);
	lastClock = { timeZone, format };
	return format;
}

function newClock(timeZone: string, invalid: InvalidValue): Intl.DateTimeFormat {
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
		throw invalid(timeZone, 'is no time zone.', "Set a time zone in the workflow's settings.");
	}
}
