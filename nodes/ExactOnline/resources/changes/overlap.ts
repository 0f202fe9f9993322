import { readExactDate } from '../../odata/dateTimes';
import { isAfter, isTimestamp, laterOf } from './timestamps';

/**
 * A row that was told although one of an earlier version may still come: its version, and when it was changed (ms); 0
 * where it does not say.
 */
export type Told = readonly [version: string, at: number];

/** How far a stream has been read. */
export interface Place {
	/** Rows after this version are read. */
	after: string;
	/** Rows after it that are told already. */
	told: readonly Told[];
}

/**
 * So much is read again, in milliseconds. A database gives a row its version, and the time of its change, when it writes it, and shows
 * it once the transaction has ended; others that were written later may have been shown before. No source says how long Exact's
 * transactions take.
 */
export const OVERLAP_MS = 10 * 60_000;

/** Rows that are read again at most, so that a cursor stays small. */
export const MOST_TOLD = 1_000;

/** When a row was changed by what it says itself (ms); 0 where it does not say. */
export function changedAt(date: unknown): number {
	const time = typeof date === 'string' ? Date.parse(`${readExactDate(date)}Z`) : NaN;
	return Number.isNaN(time) ? 0 : time;
}

/**
 * Where the next reading begins.
 * @param read what was told of this reading
 * @param last the version that it has come to
 */
export function nextPlace(before: Place, read: readonly Told[], last: string): Place {
	const all = inOrder([...new Map([...before.told, ...read])]);
	const newest = all.reduce((latest, [, at]) => Math.max(latest, at), -Infinity);
	const first = all.findIndex(([, at]) => at > newest - OVERLAP_MS);
	if (first < 0) return { after: laterOf(before.after, last), told: [] };
	const begin = Math.max(first, all.length - MOST_TOLD);
	// Not the version before the first of them: that may be the one which is still to come.
	return { after: all[begin - 1]?.[0] ?? before.after, told: all.slice(begin) };
}

/** How far two readings have come together, each of which has been worked off. */
export function joinedPlace(one: Place, other: Place): Place {
	const after = laterOf(one.after, other.after);
	const known = new Map([...one.told, ...other.told]);
	return { after, told: inOrder([...known]).filter(([version]) => isAfter(version, after)) };
}

/** Told rows as they were stored. */
export function readTold(value: unknown): Told[] {
	const rows: unknown[] = Array.isArray(value) ? value : [];
	return rows.flatMap((row) => {
		const [version, at] = Array.isArray(row) ? (row as unknown[]) : [];
		return isTimestamp(version) && typeof at === 'number' ? [[version, at] as const] : [];
	});
}

function inOrder(rows: readonly Told[]): Told[] {
	return [...rows].sort(([one], [other]) => (one === other ? 0 : isAfter(one, other) ? 1 : -1));
}
