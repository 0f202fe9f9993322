import * as fc from 'fast-check';
import {
	readDate,
	readDateTime,
	serviceDate,
} from '../../../../nodes/DocuWare/fields/serviceDates';
import { holds } from '../../../support/properties';

const DAY = 86_400_000;

/** Days from the year 1 to 9998. */
const day = fc.oneof(
	fc.integer({ min: Date.UTC(1900, 0) / DAY, max: Date.UTC(2100, 0) / DAY }),
	fc.integer({ min: -700_000, max: 2_930_000 }),
);

/** Offset of a server's clock in quarters of an hour, as DocuWare writes it. */
const offsets = (range: { min: number; max: number }) =>
	fc.integer(range).map((quarters) => {
		const minutes = Math.abs(quarters * 15);
		const digits = `${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`;
		return { ms: quarters * 15 * 60_000, text: `${quarters < 0 ? '-' : '+'}${digits}` };
	});

/** From UTC-12 to UTC+14, which are all that there are. */
const offset = offsets({ min: -48, max: 56 });

/** Where midnight is nearest to its own day, although nothing says which zone it is of: UTC-11:45 to UTC+12. */
const nearOffset = offsets({ min: -47, max: 48 });

const dayText = (at: number) => new Date(at * DAY).toISOString().slice(0, 10);

describe('a date', () => {
	it('keeps its day, whatever the zone of the server is, where the answer names its offset', () => {
		holds(
			fc.property(day, offset, (at, { ms, text }) => {
				expect(readDate(`/Date(${at * DAY - ms}${text})/`)).toBe(dayText(at));
			}),
		);
	});

	it('keeps its day without an offset from UTC-11:45 to UTC+12, and beyond is that of the nearest midnight', () => {
		holds(
			fc.property(day, nearOffset, (at, { ms }) => {
				expect(readDate(`/Date(${at * DAY - ms})/`)).toBe(dayText(at));
			}),
		);
		const midnight = (hours: number) => `/Date(${Date.UTC(2026, 3, 7) - hours * 3_600_000})/`;
		expect([12, 13, 14].map((hours) => readDate(midnight(hours)))).toEqual([
			...['2026-04-07', '2026-04-06', '2026-04-06'],
		]);
	});

	it.each([
		['/Date(1577836800000)/', '2020-01-01'],
		['/Date(1577833200000+0100)/', '2020-01-01'],
		['/Date(-441849600000)/', '1956-01-01'],
		['/Date(0)/', '1970-01-01'],
		[`/Date(${Date.UTC(3023, 0, 1)})/`, '3023-01-01'],
		['/Date(-62135596800000)/', null],
		['/Date(-62135596800000+0100)/', null],
		['/Date(-62135589600000)/', null],
		['', null],
		[null, null],
		[undefined, null],
		['next week', 'next week'],
	])('%p is %p', (raw, date) => {
		expect(readDate(raw)).toBe(date);
	});
});

describe('a time', () => {
	it('comes back as the moment that was written', () => {
		const ours = fc.integer({ min: Date.UTC(1900, 0) / 1000, max: Date.UTC(3100, 0) / 1000 });
		holds(
			fc.property(ours, offset, (at, { text }) => {
				const raw = `/Date(${at * 1000}${text})/`;
				const read = String(readDateTime(raw));
				expect(Date.parse(read)).toBe(at * 1000);
				expect(serviceDate(Date.parse(read))).toBe(`/Date(${at * 1000})/`);
			}),
		);
	});

	it.each([
		['/Date(1775561400000)/', '2026-04-07T11:30:00Z'],
		['/Date(1775561400000+0200)/', '2026-04-07T11:30:00Z'],
		['/Date(1775561400123)/', '2026-04-07T11:30:00.123Z'],
		['/Date(-62135596800000)/', null],
		['/Date(253402300800000)/', '/Date(253402300800000)/'],
	])('%p is %p', (raw, time) => {
		expect(readDateTime(raw)).toBe(time);
	});
});
