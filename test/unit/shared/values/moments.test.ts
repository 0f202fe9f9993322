import * as fc from 'fast-check';
import { DateTime } from 'luxon';
import { clockTime, localDateTime, momentOf } from '../../../../nodes/shared/values/dateTimes';
import { invalidValueWith } from '../../../../nodes/shared/values/invalidValue';
import { holds } from '../../../support/properties';

const ZONES = ['UTC', 'Europe/Amsterdam', 'Pacific/Auckland', 'America/Los_Angeles'];
const invalid = invalidValueWith('A_CODE');

const seconds = fc.integer({ min: Date.UTC(1950, 0) / 1000, max: Date.UTC(2100, 0) / 1000 });

it('a moment is the same in every form that has a zone', () => {
	holds(
		fc.property(seconds, fc.constantFrom(...ZONES), fc.constantFrom(...ZONES), (at, own, other) => {
			const luxon = DateTime.fromSeconds(at, { zone: other });
			const date = new Date(at * 1000);
			for (const value of [date, date.toISOString(), luxon, luxon.toISO()]) {
				expect(momentOf(value, { timeZone: own, invalid })).toBe(at * 1000);
			}
		}),
	);
});

it('a time without a zone is when the clocks of the zone show it, the first time', () => {
	holds(
		fc.property(seconds, fc.constantFrom(...ZONES), (at, timeZone) => {
			const text = clockTime(at * 1000, timeZone, invalid) ?? '';
			const found = momentOf(text, { timeZone, invalid });
			expect(clockTime(found, timeZone, invalid)).toBe(text);
			expect(found).toBeLessThanOrEqual(at * 1000);
			expect(at * 1000 - found).toBeLessThanOrEqual(3_600_000);
		}),
	);
});

it.each([
	['Europe/Amsterdam', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
	['Europe/Amsterdam', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
	['Pacific/Auckland', '2026-04-07', '2026-04-06T12:00:00Z'],
	['America/Los_Angeles', '2026-04-07 00:00', '2026-04-07T07:00:00Z'],
])('in %s %s is %s', (timeZone, text, moment) => {
	expect(momentOf(text, { timeZone, invalid })).toBe(Date.parse(moment));
});

// Red before: what `Date` takes for no moment came out as NaN, and was refused later, as something else or without a name.
it.each(['+25:00', '+02:75', '-24:00', '+2500', '+0275'])('%s is no offset', (offset) => {
	for (const text of [`2026-04-07T13:30:00${offset}`, `2026-04-07 13:30${offset}`]) {
		const refusal = expect.objectContaining({ message: expect.stringContaining('is not a date.') });
		expect(() => momentOf(text, { timeZone: 'UTC', invalid })).toThrow(refusal);
		expect(() => localDateTime(text, { timeZone: 'UTC', invalid })).toThrow(refusal);
	}
});

it.each(['+14:00', '-12:00', '+0545', '+23:59', '-0000'])('%s is an offset', (offset) => {
	const moment = momentOf(`2026-04-07T13:30:00${offset}`, { timeZone: 'UTC', invalid });
	const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)/.exec(offset) ?? [];
	const ahead = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
	expect(moment).toBe(Date.parse('2026-04-07T13:30:00Z') - ahead);
});

it.each(['2026-02-30', 'tomorrow', '', {}, 7])('%p is none', (value) => {
	expect(() => momentOf(value, { timeZone: 'UTC', invalid })).toThrow(
		expect.objectContaining({ code: 'A_CODE' }),
	);
});
