import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DateTime } from 'luxon';

const ZONES = ['UTC', 'Europe/Amsterdam', 'Pacific/Auckland', 'America/Los_Angeles'];

/** A midnight of the workflow's zone, and a moment, in all forms; in each zone of the process. */
const code = `
	const nodes = ${JSON.stringify(join(__dirname, '../../../../nodes/DocuWare'))};
	const { writeField } = require(nodes + '/fields/writeFields.ts');
	const { readFieldValue } = require(nodes + '/fields/readFields.ts');
	const { conditionsOf } = require(nodes + '/search/conditions.ts');
	const { DateTime } = require('luxon');
	const zones = ${JSON.stringify(ZONES)};
	const fieldOf = (type) => ({ name: 'F', label: 'F', type, columns: [] });
	const written = (type, value, timeZone) => writeField(fieldOf(type), value, { timeZone }).Item;
	const asked = (type, operator, value, timeZone, valueTo) =>
		conditionsOf({ name: 'F', type }, { field: 'F', operator, value, valueTo }, { timeZone }).map(({ Value }) => Value);
	const formsOf = (at) => [at, at.toISO({ includeOffset: false }), at.toISO(), at.toUTC().toISO(), at.toJSDate(),
		JSON.parse(JSON.stringify({ at: at.toJSDate() })).at, at.setZone('Asia/Kolkata'), { toDate: () => at.toJSDate(), toISOString: () => at.toUTC().toISO() }];
	const results = zones.map((processZone) => {
		process.env.TZ = processZone;
		return {
			offset: new Date(2026, 3, 7).getTimezoneOffset(),
			read: [readFieldValue({ Item: '/Date(1775520000000)/', ItemElementName: 'Date' }),
				readFieldValue({ Item: '/Date(1775561400000)/', ItemElementName: 'DateTime' })],
			zones: zones.map((zone) => {
				const day = DateTime.fromISO('2026-04-07', { zone });
				const all = (make) => [...new Set(formsOf(day).map((value) => JSON.stringify(make(value))))].map((one) => JSON.parse(one));
				return {
					day: all((value) => written('Date', value, zone)),
					time: all((value) => written('DateTime', value, zone)),
					onDay: all((value) => asked('Date', 'is', value, zone)),
					fromDay: all((value) => asked('Date', 'from', value, zone)),
					between: all((value) => asked('Date', 'between', value, zone, value)),
					anyDay: all((value) => asked('Date', 'anyOf', [value], zone)),
					fromTime: all((value) => asked('DateTime', 'from', value, zone)),
					atTime: all((value) => asked('DateTime', 'is', value, zone)),
					wholeDay: asked('DateTime', 'is', '2026-04-07', zone),
				};
			}),
		};
	});
	process.stdout.write(JSON.stringify(results));`;

interface Result {
	offset: number;
	read: string[];
	zones: object[];
}

it('neither the zone of the process nor the form of a date changes what is stored or searched', () => {
	const hook = join(__dirname, '../../../support/registerTypeScript.js');
	const { stdout, stderr } = spawnSync(process.execPath, ['--require', hook, '-e', code], {
		cwd: join(__dirname, '../../../..'),
		encoding: 'utf8',
	});
	expect(stderr).toBe('');
	const results = JSON.parse(stdout) as Result[];
	const zones = ZONES.map((zone) => {
		const at = DateTime.fromISO('2026-04-07', { zone });
		const text = (moment: DateTime) => moment.toUTC().toFormat("yyyy-MM-dd'T'HH:mm:ss");
		const day = '2026-04-07';
		return {
			day: [day],
			time: [`/Date(${at.toMillis()})/`],
			onDay: [[[day]]],
			fromDay: [[[day, null]]],
			between: [[[day, day]]],
			anyDay: [[[day]]],
			fromTime: [[[`${text(at)}Z`, null]]],
			atTime: [[[`${text(at)}Z`, `${text(at)}.999Z`]]],
			wholeDay: [[`${text(at)}Z`, `${text(at.plus({ days: 1, seconds: -1 }))}.999Z`]],
		};
	});
	for (const [index, { offset, read, zones: own }] of results.entries()) {
		const zone = ZONES[index] ?? '';
		// The process was in that zone.
		expect(offset + DateTime.fromISO('2026-04-07', { zone }).offset).toBe(0);
		expect(read).toEqual(['2026-04-07', '2026-04-07T11:30:00Z']);
		expect(own).toEqual(zones);
	}
	expect(results).toHaveLength(ZONES.length);
});
