import { isRecord } from '../../shared/http';
import { isoTime } from '../../shared/values/dateTimes';
import { readExactDate } from '../odata/dateTimes';
import type { ExactRow } from '../wire/exactTypes';

/** Where the first poll begins. */
export type StartWish =
	/** When the workflow was published, or a later moment from which on all is to be read again; ms since the epoch. */
	| { kind: 'moment'; at: number }
	/** What was changed since, by the clock that may be behind all others; ISO without a zone. */
	| { kind: 'date'; since: string };

const DUTCH = new Intl.DateTimeFormat('sv-SE', {
	timeZone: 'Europe/Amsterdam',
	dateStyle: 'short',
	timeStyle: 'medium',
});

const HOUR_MS = 3_600_000;

/** Clocks may differ by so much, in milliseconds. */
const CLOCKS_MS = 60_000;

/**
 * From which change on rows are asked for, ISO without a zone: by the clock of Greenwich, since no clock of Exact's
 * services is known to be behind it (docs/facts/exact-online.md 4.2).
 */
export function askedSince(wish: StartWish): string {
	return wish.kind === 'date' ? wish.since : greenwich(wish.at);
}

/**
 * Whether a row is one that the first poll is to give. Exact's times are Dutch ones or, by another reading, those of
 * Greenwich (docs/facts/exact-online.md 4.2): a row counts as changed after the moment where either reading says so and
 * that does not lie in the future.
 * @param readAt when it was read; ms since the epoch
 */
export function isSinceStart(wish: StartWish, row: ExactRow, readAt: number): boolean {
	const { Modified } = row;
	if (typeof Modified !== 'string') return wish.kind === 'date';
	const changed = readExactDate(Modified);
	if (wish.kind === 'date') return changed >= wish.since;
	if (changed >= earliestDutch(wish.at)) return true;
	return changed >= greenwich(wish.at) && changed <= greenwich(readAt + CLOCKS_MS);
}

/** A wish as it was stored. */
export function readWish(value: unknown): StartWish | undefined {
	if (!isRecord(value)) return undefined;
	const { kind, at, since } = value;
	if (kind === 'moment' && typeof at === 'number') return { kind, at };
	return kind === 'date' && typeof since === 'string' ? { kind, since } : undefined;
}

function greenwich(time: number): string {
	return isoTime(time)?.slice(0, 19) ?? '';
}

/** The earliest that Dutch clocks show from a moment on: in autumn they go back, at a full hour. */
function earliestDutch(time: number): string {
	const nextHour = Math.ceil(time / HOUR_MS) * HOUR_MS;
	const [now, later] = [dutch(time), dutch(nextHour)];
	return later < now ? later : now;
}

function dutch(time: number): string {
	return DUTCH.format(time).replace(' ', 'T');
}
