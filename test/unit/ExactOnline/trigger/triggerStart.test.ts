import {
	askedSince,
	byServiceClock,
	isSinceStart,
	readWish,
	type StartWish,
} from '../../../../nodes/ExactOnline/trigger/triggerStart';

/** Half past ten in Amsterdam. */
const AT = Date.UTC(2026, 10, 26, 9, 30);

const moment: StartWish = { kind: 'moment', at: AT };
const date: StartWish = { kind: 'date', since: '2026-11-01T00:00:00' };

it('asks by the clock that is behind all others, and from some seconds before', () => {
	expect(askedSince(moment)).toBe('2026-11-26T09:29:55');
	expect(askedSince(date)).toBe('2026-11-01T00:00:00');
});

it.each([
	['after it by the Dutch clock', '2026-11-26T10:30:05', AT, true],
	['some seconds before it by the Dutch clock', '2026-11-26T10:29:56', AT, true],
	['after it by the Dutch clock, read much later', '2026-11-26T15:00:00', AT + 20_000_000, true],
	[
		'before it by the Dutch clock, and in the future by the other',
		'2026-11-26T10:29:00',
		AT,
		false,
	],
	['long before it', '2026-11-26T09:29:00', AT, false],
	['just after it by the clock of Greenwich', '2026-11-26T09:30:10', AT + 20_000, true],
	[
		'after it by the clock of Greenwich, read an hour later',
		'2026-11-26T10:10:00',
		AT + 3_600_000,
		true,
	],
])('a change %s counts or not', (_name, Modified, readAt, expected) => {
	expect(isSinceStart(moment, { Modified }, readAt)).toBe(expected);
});

it('is told by the clock of the service where that is behind, once', () => {
	const known = { ...moment, isByService: true };
	expect(byServiceClock(moment, undefined)).toBe(moment);
	expect(byServiceClock(moment, -300_000)).toEqual({ ...known, at: AT - 300_000 });
	expect(byServiceClock(moment, 300_000)).toEqual(known);
	expect(byServiceClock({ ...moment, isByService: true }, -300_000)).toEqual(known);
	expect(byServiceClock(date, -300_000)).toBe(date);
});

it('in autumn a change counts that is earlier by the Dutch clock, since that goes back after the beginning', () => {
	// 02:50 in Amsterdam for the first time; ten minutes later it is 02:00 once more.
	const at = Date.UTC(2026, 9, 25, 0, 50);
	const changed = (Modified: string) =>
		isSinceStart({ kind: 'moment', at }, { Modified }, at + 1_200_000);
	expect(changed('2026-10-25T02:05:00')).toBe(true);
	expect(changed('2026-10-25T01:59:00')).toBe(false);
	const second = at + 1_800_000;
	const later = (Modified: string) =>
		isSinceStart({ kind: 'moment', at: second }, { Modified }, second);
	expect(later('2026-10-25T02:19:00')).toBe(false);
	expect(later('2026-10-25T02:20:00')).toBe(true);
});

it('reads the form in which answers hold dates', () => {
	const Modified = `/Date(${Date.UTC(2026, 10, 26, 10, 31)})/`;
	expect(isSinceStart(moment, { Modified }, AT)).toBe(true);
});

it('since a date all counts that is not before it, and what does not say when it was changed', () => {
	const changed = (Modified: string) => isSinceStart(date, { Modified }, AT);
	expect(changed('2026-11-01T00:00:00')).toBe(true);
	expect(changed('2026-10-31T23:59:59')).toBe(false);
	expect(isSinceStart(date, {}, AT)).toBe(true);
	expect(isSinceStart(moment, {}, AT)).toBe(false);
});

it('is read as it was stored', () => {
	const known = { ...moment, isByService: true };
	expect([moment, date, known].map(readWish)).toEqual([moment, date, known]);
	expect([undefined, 7, {}, { kind: 'moment' }, { kind: 'date', since: 7 }].map(readWish)).toEqual(
		Array.from({ length: 5 }, () => undefined),
	);
});
