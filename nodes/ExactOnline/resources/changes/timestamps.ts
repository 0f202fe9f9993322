import { ConnectorError } from '../../../shared/errors';
import type { ExactRow } from '../../wire/exactTypes';

/**
 * Versions of rows, as digits: they have no relation to time, are unique within a division, and may be larger
 * than a number of JavaScript holds (docs/facts/exact-online.md 5).
 */
export const FIRST_TIMESTAMP = '0';

const DIGITS = /^\d{1,19}$/;

/** Whether a text is a version. */
export function isTimestamp(value: unknown): value is string {
	return typeof value === 'string' && DIGITS.test(value);
}

/** Whether one version is later than another. */
export function isAfter(one: string, other: string): boolean {
	return BigInt(one) > BigInt(other);
}

/** The later of two versions. */
export function laterOf(one: string, other: string): string {
	return isAfter(other, one) ? other : one;
}

/** The version before, so that a row of this one comes too. */
export function oneBefore(timestamp: string): string {
	const before = BigInt(timestamp) - 1n;
	return before > 0n ? String(before) : FIRST_TIMESTAMP;
}

/**
 * The version of a row.
 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER for a row that has none: nobody could go on after it
 */
export function timestampOf({ Timestamp }: ExactRow, path: string): string {
	const text = String(Timestamp ?? '').trim();
	if (isTimestamp(text)) return text;
	throw new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`A row has no Timestamp, so that nobody can say where the next run has to go on: ${path}.`,
		{
			repair:
				'Run again. If this repeats, check that no proxy changes the answers of Exact Online.',
		},
	);
}
