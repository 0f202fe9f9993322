import {
	afterSetBack,
	clocksSeen,
} from '../../../../../nodes/DocuWare/trigger/polling/clockSetBack';
import {
	OVERLAP_MS,
	STORED_ONCE,
	toldIn,
	type PollCursor,
} from '../../../../../nodes/DocuWare/trigger/polling/pollCursor';
import { readPollCursor } from '../../../../../nodes/DocuWare/trigger/polling/storedPollCursor';

const NOON = Date.UTC(2026, 9, 25, 12);
const HOUR_MS = 3_600_000;

const MINUTE_MS = 60_000;

const CLOCK = 5_000_000;

/** Read up to noon, when the last document was told; a minute later the clocks were looked at last. */
const CURSOR: PollCursor = {
	place: { second: NOON - OVERLAP_MS, id: null },
	told: [{ id: 7, at: NOON, digest: STORED_ONCE }],
	digestOf: 'all',
	shift: 0,
	toldAt: CLOCK,
	seen: { at: NOON + MINUTE_MS, clock: CLOCK + MINUTE_MS },
};

const unseen: PollCursor = { ...CURSOR };
delete unseen.seen;

it.each([
	['goes on', CURSOR, NOON + 2 * MINUTE_MS, 2],
	['is a little behind, as that of another server', CURSOR, NOON, 2],
	['was put forward', CURSOR, NOON + HOUR_MS, 2],
	['is not known', CURSOR, undefined, 2],
	['was not looked at yet', unseen, NOON - HOUR_MS, 2],
	['has not reached the beginning', { ...CURSOR, told: [] }, NOON - HOUR_MS, 2],
	[
		'is an hour behind that of documents',
		{ ...CURSOR, seen: { at: NOON - HOUR_MS, clock: CLOCK } },
		NOON - HOUR_MS + 2 * MINUTE_MS,
		2,
	],
	[
		'was set back long after the last document',
		{ ...CURSOR, seen: { at: NOON + 2 * HOUR_MS, clock: CLOCK + 2 * HOUR_MS } },
		NOON + HOUR_MS,
		120,
	],
	['goes on, while that of n8n is put right by hours', CURSOR, NOON + 2 * MINUTE_MS, 14 * 60],
	['goes on, while that of n8n is put right by years', CURSOR, NOON + 12 * 60 * MINUTE_MS, 2e6],
])('nothing is read again where the clock of the service %s', (_what, cursor, now, minutes) => {
	expect(afterSetBack(cursor, now, CLOCK + minutes * MINUTE_MS)).toBeUndefined();
});

it.each([
	['at once', NOON - HOUR_MS + 2 * MINUTE_MS, 2],
	['an hour later, as late as it was then', NOON + MINUTE_MS, 61],
	['together with that of n8n', NOON - HOUR_MS + 2 * MINUTE_MS, -58],
])(
	'all that may have come since the last poll is read again, and what was stored before is known by its number: %s',
	(_when, now, minutes) => {
		const again = afterSetBack(CURSOR, now, CLOCK + minutes * MINUTE_MS);
		const second = again?.place?.second ?? Infinity;
		expect(second).toBeLessThanOrEqual(NOON + MINUTE_MS - HOUR_MS);
		expect(second).toBeGreaterThan(NOON - HOUR_MS - 5 * MINUTE_MS);
		const cursor = readPollCursor(JSON.parse(JSON.stringify(again)));
		expect(cursor).toEqual(again);
		const isTold = toldIn(cursor ?? CURSOR);
		const at = NOON - HOUR_MS + MINUTE_MS;
		expect(isTold({ id: 5, at, digest: STORED_ONCE })).toBe(true);
		expect(isTold({ id: 8, at, digest: STORED_ONCE })).toBe(false);
		expect(isTold({ id: 5, at, digest: 'of a change' })).toBe(false);
		expect(isTold({ id: 5, at: NOON + 1, digest: STORED_ONCE })).toBe(false);
	},
);

it('the same once more knows the larger number', () => {
	const told = [{ id: 6, at: NOON, digest: STORED_ONCE }];
	const cursor = { ...CURSOR, told, setBack: { until: NOON, lastId: 7 } };
	expect(afterSetBack(cursor, NOON - HOUR_MS, CLOCK)?.setBack?.lastId).toBe(7);
});

it('what the clocks showed stays for ten minutes, unless they go apart', () => {
	const seen = { at: NOON, clock: CLOCK };
	const after = (minutes: number, drift = 0) =>
		clocksSeen(seen, NOON + minutes * MINUTE_MS + drift, CLOCK + minutes * MINUTE_MS);
	expect(after(9, 5_000)).toBe(seen);
	expect(after(10)).toEqual({ at: NOON + 10 * MINUTE_MS, clock: CLOCK + 10 * MINUTE_MS });
	expect(after(1, -HOUR_MS)).toEqual({ at: NOON + MINUTE_MS - HOUR_MS, clock: CLOCK + MINUTE_MS });
	expect(clocksSeen(seen, undefined, CLOCK)).toBe(seen);
	expect(clocksSeen(undefined, NOON, CLOCK)).toEqual(seen);
});
