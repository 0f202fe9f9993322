/** `/Date(ms)/` with an offset that says where the clock stood (docs/facts/docuware.md 6.3). */
const msDate = /^\/Date\((-?\d+)([+-]\d{4})?\)\/$/;

const isoDate =
	/^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?(Z|[+-]\d\d:?\d\d)?)?$/;

const msPerMinute = 60_000;
export const msPerHour = 3_600_000;
export const msPerDay = 86_400_000;

/** Whether a text has the form `/Date(…)/`. */
export function isMsDate(text: string): boolean {
	return /^\/Date\(.*\)\/$/.test(text);
}

/** Whether a text names a day without a time of day. */
export function isDayOnly(text: string): boolean {
	return /^\d{4}-\d\d-\d\d$/.test(text);
}

/** Whether a text is a day or a time to the second, without a zone, as the vendor shows them. */
export function isPlainTime(text: string): boolean {
	return /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d)?$/.test(text);
}

/**
 * Time in ms that a text names: `YYYY-MM-DD`, the same with a time of day, or `/Date(ms)/`. Undefined for
 * everything else, also for days that no calendar has.
 * @param zoneMinutes offset of the server's clock, which a text without a zone follows
 */
export function momentOf(text: string, zoneMinutes: number): number | undefined {
	const ms = msDate.exec(text);
	if (ms !== null) return Number(ms[1]);
	const parts = isoDate.exec(text);
	if (parts === null) return undefined;
	const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = parts;
	const written = new Date(0);
	written.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
	written.setUTCHours(Number(hour), Number(minute), Number(second), milliseconds(fraction));
	const exists =
		written.getUTCMonth() === Number(month) - 1 &&
		written.getUTCDate() === Number(day) &&
		written.getUTCHours() === Number(hour) &&
		written.getUTCMinutes() === Number(minute) &&
		written.getUTCSeconds() === Number(second);
	return exists ? written.getTime() - offsetOf(zone, zoneMinutes) * msPerMinute : undefined;
}

/** Midnight (UTC) of the day on which a moment falls by the server's clock. */
export function dayOf(moment: number, zoneMinutes: number): number {
	return Math.floor((moment + zoneMinutes * msPerMinute) / msPerDay) * msPerDay;
}

/** A moment as answers have it; with an offset where the server tells where its clock stands. */
export function msDateOf(moment: number, zoneMinutes: number): string {
	if (zoneMinutes === 0) return `/Date(${moment})/`;
	const hours = String(Math.floor(Math.abs(zoneMinutes) / 60)).padStart(2, '0');
	const minutes = String(Math.abs(zoneMinutes) % 60).padStart(2, '0');
	return `/Date(${moment}${zoneMinutes < 0 ? '-' : '+'}${hours}${minutes})/`;
}

/** A day (midnight UTC) as answers have it: midnight of the server's clock. */
export function msDateOfDay(day: number, zoneMinutes: number): string {
	return msDateOf(day - zoneMinutes * msPerMinute, zoneMinutes);
}

function milliseconds(fraction: string): number {
	return fraction === '' ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
}

function offsetOf(zone: string | undefined, zoneMinutes: number): number {
	if (zone === undefined) return zoneMinutes;
	if (zone === 'Z') return 0;
	const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
	return zone.startsWith('-') ? -minutes : minutes;
}
