import { clockTime, isoTime, localDateTime } from '../../shared/values/dateTimes';
import { invalidValue } from './invalidValue';

/** `/Date(ms)/`, as answers hold it. */
const SERVICE_DATE = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;

const DAY_MS = 86_400_000;

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
 * The moment that is meant, as clocks in Greenwich show it: ISO without a zone. A time without a zone is one of `timeZone`; of two
 * that its clocks show alike in autumn the earlier one. No clock of Exact's services is known to be behind
 * Greenwich (docs/facts/exact-online.md 4.2), so what they call later than this includes what is later than the moment.
 * @throws ConnectorError EXACT_INVALID_VALUE
 */
export function earliestDateTime(value: unknown, timeZone = 'UTC'): string {
	const shown = Date.parse(`${toExactDateTime(value, timeZone)}Z`);
	const around = [-DAY_MS, 0, DAY_MS].map((away) => {
		const clock = clockTime(shown + away, timeZone, invalidValue);
		return clock === undefined ? 0 : Date.parse(`${clock}Z`) - (shown + away);
	});
	return isoTime(shown - Math.max(...around)) ?? toExactDateTime(value, timeZone);
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
