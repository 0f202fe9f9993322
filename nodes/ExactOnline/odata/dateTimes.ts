import { isoTime, localDateTime } from '../../shared/values/dateTimes';
import { invalidValue } from './invalidValue';

/** `/Date(ms)/`, as answers hold it. */
const SERVICE_DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;

/**
 * A time in the form that Exact takes: ISO without a zone (docs/facts/exact-online.md 4.2), by the rules of
 * shared/values/dateTimes.
 * @param timeZone name of an IANA zone
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function toExactDateTime(value: unknown, timeZone = 'UTC'): string {
	return localDateTime(value, { timeZone, readText: readExactDate, invalid: invalidValue });
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
