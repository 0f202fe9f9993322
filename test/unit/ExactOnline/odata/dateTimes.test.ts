import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { DateTime, FixedOffsetZone } from 'luxon';
import {
	earliestDateTime,
	readExactDate,
	toExactDateTime,
} from '../../../../nodes/ExactOnline/odata/dateTimes';
import { holds } from '../../../support/properties';

const ZONES = ['UTC', 'Europe/Amsterdam', 'Pacific/Auckland', 'America/Los_Angeles'];

const EARLIEST = Date.parse('0001-01-02T00:00:00Z');
const LATEST = Date.parse('9999-12-30T00:00:00Z');

/** Whole seconds of all years that Exact has; mostly those of our time, around midnights. */
const moment = fc.oneof(
	fc.integer({ min: EARLIEST / 1000, max: LATEST / 1000 }),
	fc.integer({ min: Date.UTC(1990, 0) / 1000, max: Date.UTC(2040, 0) / 1000 }),
	fc
		.tuple(fc.integer({ min: 7000, max: 25_000 }), fc.integer({ min: -50_400, max: 50_400 }))
		.map(([day, seconds]) => day * 86_400 + seconds),
);

const zone = fc.constantFrom(...ZONES);

/** What a calendar on the wall in the zone shows, told by Luxon. */
function shown(seconds: number, timeZone: string): string {
	return DateTime.fromSeconds(seconds, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
}

describe('what is sent', () => {
	it('is what the zone of the workflow shows, in whatever form a moment comes', () => {
		const quarters = fc.integer({ min: -56, max: 56 });
		holds(
			fc.property(moment, zone, quarters, (at, own, offset) => {
				const withOffset = DateTime.fromSeconds(at, {
					zone: FixedOffsetZone.instance(offset * 15),
				});
				const date = new Date(at * 1000);
				for (const value of [date, date.toISOString(), withOffset, withOffset.toISO()]) {
					expect(toExactDateTime(value, own)).toBe(shown(at, own));
				}
			}),
		);
	});

	it('does not depend on the zone that a date of Luxon has', () => {
		const ours = fc.integer({ min: Date.UTC(1970, 0) / 1000, max: Date.UTC(2100, 0) / 1000 });
		holds(
			fc.property(ours, zone, zone, (at, own, other) => {
				const value = DateTime.fromSeconds(at, { zone: other });
				expect(toExactDateTime(value, own)).toBe(shown(at, own));
				expect(toExactDateTime(value.toISO(), own)).toBe(shown(at, own));
			}),
		);
	});

	it('is a time without zone as it stands, in every zone', () => {
		holds(
			fc.property(moment, zone, (at, own) => {
				const text = new Date(at * 1000).toISOString().slice(0, 19);
				expect(toExactDateTime(text, own)).toBe(text);
				expect(toExactDateTime(text.slice(0, 10), own)).toBe(`${text.slice(0, 10)}T00:00:00`);
				expect(toExactDateTime(`${text}.500`, own)).toBe(text);
			}),
		);
	});

	it.each<[string, unknown, string]>([
		['Europe/Amsterdam', '2026-04-06T22:00:00.000Z', '2026-04-07T00:00:00'],
		['Europe/Amsterdam', '2026-04-07T00:00:00+02:00', '2026-04-07T00:00:00'],
		['Europe/Amsterdam', '2026-03-29T01:30:00Z', '2026-03-29T03:30:00'],
		['Pacific/Auckland', '2026-04-06T12:00:00Z', '2026-04-07T00:00:00'],
		['America/Los_Angeles', new Date('2026-04-07T07:00:00Z'), '2026-04-07T00:00:00'],
		['UTC', '2026-04-06T22:00:00Z', '2026-04-06T22:00:00'],
		['Europe/Amsterdam', '/Date(1775520000000)/', '2026-04-07T00:00:00'],
		['Pacific/Auckland', '0001-01-01', '0001-01-01T00:00:00'],
		['Pacific/Auckland', '9999-12-31T23:59:59', '9999-12-31T23:59:59'],
		['Etc/GMT-2', '1000-06-01T12:00:00Z', '1000-06-01T14:00:00'],
	])('in %s %p is %s', (own, value, text) => {
		expect(toExactDateTime(value, own)).toBe(text);
	});

	it.each<[string, unknown]>([
		['UTC', '0000-01-01'],
		['Pacific/Auckland', '9999-12-31T23:00:00Z'],
		['America/Los_Angeles', '0001-01-01T00:00:00Z'],
		['UTC', '10000-01-01'],
		['UTC', '2026-04-07T12:00:00+99:00'],
		['UTC', '07-04-2026'],
		['UTC', 1_700_000_000_000],
		['UTC', {}],
		['UTC', ''],
		['Europe/Nowhere', '2026-04-07T00:00:00Z'],
	])('refuses in %s %p', (own, value) => {
		expect(() => toExactDateTime(value, own)).toThrow(
			expect.objectContaining({ code: 'EXACT_INVALID_VALUE' }),
		);
	});
});

it('what is read goes back as the same time, in every zone', () => {
	holds(
		fc.property(moment, zone, fc.integer({ min: 0, max: 999 }), (at, own, ms) => {
			const raw = `/Date(${at * 1000 + ms})/`;
			const read = readExactDate(raw);
			expect(read).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?$/);
			const sent = toExactDateTime(read, own);
			expect(sent).toBe(read.slice(0, 19));
			expect(toExactDateTime(raw, own)).toBe(sent);
			expect(Date.parse(`${sent}Z`)).toBe(at * 1000);
		}),
	);
});

it('a date that no calendar of Exact has comes back unchanged', () => {
	for (const raw of ['/Date(253402300800000)/', '/Date(-62135596800001)/']) {
		expect(readExactDate(raw)).toBe(raw);
	}
	expect(readExactDate('/Date(253402300799000)/')).toBe('9999-12-31T23:59:59');
});

it.each(ZONES)('the zone of the process does not matter: %s', (processZone) => {
	const file = join(__dirname, '../../../../nodes/ExactOnline/odata/dateTimes.ts');
	const code = `
		const { readExactDate, toExactDateTime } = require(${JSON.stringify(file)});
		const values = ['2026-04-07', '2026-03-29T02:30:00', '2026-04-06T22:00:00Z', '2026-04-07T00:30:00+02:00',
			new Date(Date.UTC(2026, 3, 6, 22)), '/Date(1775520000000)/'];
		const zones = ${JSON.stringify(ZONES)};
		const { DateTime } = require('luxon');
		const midnights = (zone) => [
			DateTime.fromISO('2026-04-07', { zone }),
			DateTime.fromISO('2026-04-07', { zone }).toISO(),
			DateTime.fromISO('2026-04-07', { zone }).toJSDate(),
			JSON.parse(JSON.stringify({ at: DateTime.fromISO('2026-04-07', { zone }).toJSDate() })).at,
		];
		process.stdout.write(JSON.stringify([
			new Date(2026, 3, 7).getTimezoneOffset(),
			readExactDate('/Date(1775520000000)/'),
			[...new Set(zones.flatMap((zone) => midnights(zone).map((value) => toExactDateTime(value, zone))))],
			...zones.map((zone) => values.map((value) => toExactDateTime(value, zone))),
		]));`;
	const hook = join(__dirname, '../../../support/registerTypeScript.js');
	const { stdout, stderr } = spawnSync(process.execPath, ['--require', hook, '-e', code], {
		env: { ...process.env, TZ: processZone },
		encoding: 'utf8',
	});
	expect(stderr).toBe('');
	const [offset, read, midnights, ...sent] = JSON.parse(stdout) as [
		number,
		string,
		string[],
		...string[][],
	];
	expect(offset + DateTime.fromISO('2026-04-07', { zone: processZone }).offset).toBe(0);
	expect(read).toBe('2026-04-07T00:00:00');
	// Luxon, its text, a native date and that in JSON, each of the day that the zone shows.
	expect(midnights).toEqual(['2026-04-07T00:00:00']);
	const instants = ['2026-04-06T22:00:00Z', '2026-04-06T22:30:00Z', '2026-04-06T22:00:00Z'];
	expect(sent).toEqual(
		ZONES.map((own) => {
			const [one, two, three] = instants.map((text) => shown(Date.parse(text) / 1000, own));
			return ['2026-04-07T00:00:00', '2026-03-29T02:30:00', one, two, three, '2026-04-07T00:00:00'];
		}),
	);
});

describe('the earliest time that may be meant', () => {
	it.each([
		['2026-04-07T00:00:00', 'Pacific/Auckland', '2026-04-06T12:00:00'],
		['2026-04-07', 'America/Los_Angeles', '2026-04-07T07:00:00'],
		['2026-04-07T00:00:00', 'Europe/Amsterdam', '2026-04-06T22:00:00'],
		['2026-01-07T00:00:00', 'Europe/Amsterdam', '2026-01-06T23:00:00'],
		['2026-04-07T10:00:00Z', 'Pacific/Auckland', '2026-04-07T10:00:00'],
		['2026-04-07T10:00:00+02:00', 'America/Los_Angeles', '2026-04-07T08:00:00'],
	])('of %s in %s is %s in Greenwich', (text, zone, expected) => {
		expect(earliestDateTime(text, zone)).toBe(expected);
	});

	it('is never later than the moment, and at most an hour before it', () => {
		holds(
			fc.property(moment, zone, (seconds, timeZone) => {
				const local = toExactDateTime(new Date(seconds * 1000), timeZone);
				const early = seconds - Date.parse(`${earliestDateTime(local, timeZone)}Z`) / 1000;
				expect(early).toBeGreaterThanOrEqual(0);
				// Before, clocks were put by other steps.
				if (seconds > Date.UTC(1990, 0) / 1000) expect(early).toBeLessThanOrEqual(3600);
			}),
		);
	});
});
