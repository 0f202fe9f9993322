import type { DateTime } from 'luxon';

/** A moment in the forms in which data hold it. */
export function formsOf(at: DateTime): unknown[] {
	return [
		at.toISO({ includeOffset: false }),
		at.toUTC().toISO(),
		at.setZone('Asia/Kolkata').toISO(),
		at.setZone('Asia/Kolkata'),
		at.toJSDate(),
	];
}
