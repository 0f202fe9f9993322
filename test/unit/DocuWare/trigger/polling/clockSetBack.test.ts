import { afterSetBack } from '../../../../../nodes/DocuWare/trigger/polling/clockSetBack';
import {
	OVERLAP_MS,
	STORED_ONCE,
	toldIn,
	type PollCursor,
} from '../../../../../nodes/DocuWare/trigger/polling/pollCursor';
import { readPollCursor } from '../../../../../nodes/DocuWare/trigger/polling/storedPollCursor';

const NOON = Date.UTC(2026, 9, 25, 12);
const HOUR_MS = 3_600_000;

/** Read up to noon; the last document was told a minute ago by the clock of n8n. */
const CURSOR: PollCursor = {
	place: { second: NOON - OVERLAP_MS, id: null },
	told: [{ id: 7, at: NOON, digest: STORED_ONCE }],
	digestOf: 'all',
	shift: 0,
	toldAt: 5_000_000,
};

const CLOCK = 5_060_000;

it.each([
	['goes on', CURSOR, NOON + 60_000],
	['shows as late as what was read already', CURSOR, NOON - OVERLAP_MS],
	['is not known', CURSOR, undefined],
	['has not reached the beginning', { ...CURSOR, told: [] }, NOON - HOUR_MS],
])('nothing is read again where the clock of the service %s', (_what, cursor, now) => {
	expect(afterSetBack(cursor, now, CLOCK)).toBeUndefined();
});

it('all that may have come since the last document was told is read again, and what was stored before is known by its number', () => {
	const now = NOON - HOUR_MS + 60_000;
	const again = afterSetBack(CURSOR, now, CLOCK);
	expect(again?.place).toEqual({ second: now - 60_000 - OVERLAP_MS, id: null });
	const cursor = readPollCursor(JSON.parse(JSON.stringify(again)));
	expect(cursor).toEqual(again);
	const isTold = toldIn(cursor ?? CURSOR);
	const at = now - 1_000;
	expect(isTold({ id: 5, at, digest: STORED_ONCE })).toBe(true);
	expect(isTold({ id: 8, at, digest: STORED_ONCE })).toBe(false);
	expect(isTold({ id: 5, at, digest: 'of a change' })).toBe(false);
	expect(isTold({ id: 5, at: NOON + 1, digest: STORED_ONCE })).toBe(false);
	// The same once more knows the larger number.
	const later = { ...(cursor ?? CURSOR), told: [{ id: 6, at, digest: STORED_ONCE }] };
	expect(afterSetBack(later, now - HOUR_MS, CLOCK)?.setBack?.lastId).toBe(7);
});
