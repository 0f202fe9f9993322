import { isRecord } from '../../shared/http';
import { isoTime } from '../../shared/values/dateTimes';
import { readExactDate } from '../odata/dateTimes';
import type { ExactRow } from '../wire/exactTypes';

/** Where the first poll begins. */
export type StartWish =
	/**
	 * When the workflow was published, or a later moment from which on all is to be read again; ms since the epoch, by the clock of n8n
	 * as long as nobody knows how far that of Exact's services is behind it.
	 */
	| { kind: 'moment'; at: number; isByService?: true }
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
 * What is less than that before a moment may be after it, in milliseconds: an answer tells the service's clock in whole seconds, and
 * the machine that writes the times of changes is another one than that which answers.
 */
const SECONDS_MS = 5_000;

/**
 * A beginning by the clock of Exact's services. One of theirs that is behind that of n8n would have what changes right after the
 * beginning count as of before it; one that is ahead only makes it earlier, so that is left as it is.
 * @param ahead milliseconds by which the service's clock is ahead of this one; undefined as long as it has not answered
 */
export function byServiceClock(wish: StartWish, ahead: number | undefined): StartWish {
	if (wish.kind === 'date' || wish.isByService || ahead === undefined) return wish;
	return { kind: 'moment', at: wish.at + Math.min(0, ahead), isByService: true };
}

/**
 * From which change on rows are asked for, ISO without a zone: by the clock of Greenwich, since no clock of Exact's
 * services is known to be behind it (docs/facts/exact-online.md 4.2).
 */
export function askedSince(wish: StartWish): string {
	return wish.kind === 'date' ? wish.since : greenwich(wish.at - SECONDS_MS);
}

/**
 * Whether a row is one that the first poll is to give. Exact's times are Dutch ones or, by another reading, those of
 * Greenwich (docs/facts/exact-online.md 4.2): a row counts as changed after the moment where either reading says so and
 * that does not lie in the future.
 * @param readAt when it was read, by a clock that is not behind that of the service; ms since the epoch
 */
export function isSinceStart(wish: StartWish, row: ExactRow, readAt: number): boolean {
	const { Modified } = row;
	if (typeof Modified !== 'string') return wish.kind === 'date';
	const changed = readExactDate(Modified);
	const since = askedSince(wish);
	if (wish.kind === 'date') return changed >= since;
	if (changed >= earliestDutch(wish.at - SECONDS_MS)) return true;
	return changed >= since && changed <= greenwich(readAt + CLOCKS_MS);
}

/** A wish as it was stored. */
export function readWish(value: unknown): StartWish | undefined {
	if (!isRecord(value)) return undefined;
	const { kind, at, since, isByService } = value;
	if (kind === 'moment' && typeof at === 'number')
		return { kind, at, ...(isByService === true && { isByService }) };
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
