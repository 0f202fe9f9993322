import { OVERLAP_MS, secondOf, type PollCursor, type SeenClock } from './pollCursor';
import { SUMMER_TIME_MS } from './timeShift';

/** By so much the clock of the service has gone less than that of n8n where it was set back (ms); clocks of hosts differ by less. */
const SET_BACK_MS = 5 * 60_000;

/** What the clocks showed is looked at anew after so long, or where they differ by more than a little, in milliseconds. */
const SEEN_ANEW_MS = 10 * 60_000;
const DRIFT_MS = 60_000;

/**
 * The cursor where the clock of the service was set back since the last poll: by somebody, or in the hour that comes twice in
 * autumn. What was stored since then would be taken for told where it has a time that was read already. So it is read again from
 * there. Of documents that were stored what was told is known by the number; a change that was told within the time that comes
 * twice is told once more.
 *
 * Only times of answers are compared with each other, and those of documents with each other: both need not be by one clock
 * (docs/facts/docuware.md 11.11).
 *
 * @param now of the service, as it wrote it (ms)
 * @param clock of n8n (ms); only how long it was counts
 * @returns undefined where the clock was not set back, or that hides nothing
 */
export function afterSetBack(
	cursor: PollCursor,
	now: number | undefined,
	clock: number,
): PollCursor | undefined {
	const { place, told, seen, toldAt = clock } = cursor;
	const newest = told.at(-1);
	// Before the first document the place is where the node is to begin, which may lie ahead.
	if (now === undefined || seen === undefined || place === null || newest === undefined) {
		return undefined;
	}
	const byClock = lostSince(seen, now, clock);
	if (now >= seen.at - OVERLAP_MS && !isHourTwice(byClock)) return undefined;
	// Both clocks may be set back at once.
	const lost = Math.max(byClock, seen.at - now);
	// At the last poll documents got times that were at least so late.
	const latest = Math.min(newest.at, place.second + OVERLAP_MS) + Math.max(0, seen.clock - toldAt);
	const begin = secondOf(latest - lost - OVERLAP_MS);
	if (begin >= place.second) return undefined;
	const lastId = Math.max(...told.map(({ id }) => id), cursor.setBack?.lastId ?? 0);
	const { behind: _behind, scan: _scan, ...rest } = cursor;
	return { ...rest, place: { second: begin, id: null }, setBack: { until: place.second, lastId } };
}

/**
 * What the clocks show now, for the next poll. It stays the same for a while, so that a poll without news leaves its cursor as
 * it is.
 * @param now as for `afterSetBack`
 * @param clock as for `afterSetBack`
 */
export function clocksSeen(
	seen: SeenClock | undefined,
	now: number | undefined,
	clock: number,
): SeenClock | undefined {
	if (now === undefined) return seen;
	const isRecent =
		seen !== undefined &&
		Math.abs(clock - seen.clock) < SEEN_ANEW_MS &&
		Math.abs(lostSince(seen, now, clock)) < DRIFT_MS;
	return isRecent ? seen : { at: now, clock };
}

/**
 * Whether the clock of n8n alone tells that the one of the service was set back: by the hour that comes twice, or less. Where it
 * went more ahead, it was rather put right itself: one of the service that goes back by more shows an earlier time at the next
 * poll, unless none comes for as long.
 */
function isHourTwice(lost: number): boolean {
	return lost > SET_BACK_MS && lost <= SUMMER_TIME_MS + SET_BACK_MS;
}

/** By how much the clock of the service has gone less than that of n8n (ms). */
function lostSince(seen: SeenClock, now: number, clock: number): number {
	return clock - seen.clock - (now - seen.at);
}
