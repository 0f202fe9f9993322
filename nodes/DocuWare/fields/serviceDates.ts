import { isoTime } from '../../shared/values/dateTimes';

/** `/Date(ms)/` with an offset perhaps, as answers hold it (docs/facts/docuware.md 6.3). */
const SERVICE_DATE = /^\/Date\((-?\d+)([+-])?(?:(\d{2})(\d{2}))?\)\/$/;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** .NET's least date, 1 January of the year 1, which stands for no date at all, in whatever zone it was written. */
const LEAST = -62_135_596_800_000;

/** A time of an answer. */
interface ServiceDate {
	/** Milliseconds since the epoch. */
	moment: number;
	/** What is to be added to show the time as the server wrote it, in milliseconds. */
	offset: number;
	/** Whether the server wrote one. */
	isTold: boolean;
}

/**
 * A date as people write it, `YYYY-MM-DD`; null where it stands for none. A date has no time: one that stands there is
 * that of a zone, so it is the nearest midnight: right where the offset is given, and from UTC-11:45 to UTC+12 where it is
 * not. What is no date comes back unchanged.
 */
export function readDate(value: unknown): unknown {
	return read(value, ({ moment, offset }) => {
		const midnight = Math.floor((moment + offset + DAY_MS / 2) / DAY_MS) * DAY_MS;
		return isoTime(midnight)?.slice(0, 10);
	});
}

/** A time as ISO in UTC, `2026-04-07T11:30:00Z`; null where it stands for none. What is no time comes back unchanged. */
export function readDateTime(value: unknown): unknown {
	return read(value, ({ moment }) => {
		const iso = isoTime(moment);
		return iso === undefined ? undefined : `${iso}Z`;
	});
}

/** A text of this form as ISO in UTC, for whoever reads times in all forms; every other text unchanged. */
export function serviceDateText(text: string): string {
	const date = readDateTime(text);
	return typeof date === 'string' ? date : text;
}

/** The milliseconds of a time as DocuWare wrote it; undefined for what is none, and for none at all. */
export function serviceMoment(value: unknown): number | undefined {
	const date = typeof value === 'string' ? parse(value) : undefined;
	return date === undefined || date.moment < LEAST + 2 * DAY_MS ? undefined : date.moment;
}

/** How far the clock is ahead of UTC (ms) by which DocuWare wrote a time; undefined where it does not say. */
export function serviceOffset(value: unknown): number | undefined {
	const date = typeof value === 'string' ? parse(value) : undefined;
	return date?.isTold === true ? date.offset : undefined;
}

/** A moment as DocuWare writes and takes it. */
export function serviceDate(moment: number): string {
	return `/Date(${moment})/`;
}

function read(value: unknown, write: (date: ServiceDate) => string | undefined): unknown {
	if (value === null || value === undefined || value === '') return null;
	const date = typeof value === 'string' ? parse(value) : undefined;
	if (date === undefined) return value;
	return date.moment < LEAST + 2 * DAY_MS ? null : (write(date) ?? value);
}

function parse(text: string): ServiceDate | undefined {
	const [, digits, sign, hours = '0', minutes = '0'] = SERVICE_DATE.exec(text.trim()) ?? [];
	if (digits === undefined) return undefined;
	const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
	return {
		moment: Number(digits),
		offset: sign === '-' ? -offset : offset,
		isTold: sign !== undefined,
	};
}
