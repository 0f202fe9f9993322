import type { Holder, ProcessTable } from '../../../../nodes/shared/process/holder';
import {
	isProvenDead,
	isVisible,
	parseHolder,
	systemProcessTable,
	thisHolder,
} from '../../../../nodes/shared/process/holder';

const self: Holder = {
	uuid: 'self',
	pid: 7,
	startTime: '1000',
	bootId: 'boot',
	pidNamespace: 'pid:[1]',
	host: 'host',
};
const other: Holder = { ...self, uuid: 'other', pid: 8, startTime: '2000' };

/** A process table with these start times; null: running, start time unreadable. */
function table(processes: Record<number, string | null>): ProcessTable {
	return { startTimeOf: (pid) => processes[pid] };
}

describe('isProvenDead', () => {
	it('knows a process that is gone', () => {
		expect(isProvenDead(other, self, table({}))).toBe(true);
	});

	it('knows that the pid has been given to another process', () => {
		expect(isProvenDead(other, self, table({ 8: '3000' }))).toBe(true);
	});

	it('knows the same pid after a container restart by its start time', () => {
		const before = { ...self, uuid: 'before the restart', startTime: '500' };
		expect(isProvenDead(before, self, table({ 7: '1000' }))).toBe(true);
	});

	it.each<[string, Holder, Record<number, string | null>]>([
		['it runs', other, { 8: '2000' }],
		['it is this very process', { ...other, uuid: 'self' }, {}],
		['its start time cannot be read', other, { 8: null }],
		['its start time was never known', { ...other, startTime: null }, { 8: '2000' }],
		['it is on another host', { ...other, host: 'another' }, {}],
		['it is in another pid namespace', { ...other, pidNamespace: 'pid:[2]' }, {}],
		['it is from another boot', { ...other, bootId: 'another' }, {}],
	])('proves nothing where %s', (_name, holder, processes) => {
		expect(isProvenDead(holder, self, table(processes))).toBe(false);
	});

	it('proves nothing where the system does not tell boot or namespace', () => {
		const mac = { ...self, bootId: null, pidNamespace: null };
		const onMac = { ...other, bootId: null, pidNamespace: null };
		expect(isVisible(onMac, mac)).toBe(false);
		expect(isProvenDead(onMac, mac, table({}))).toBe(false);
	});
});

describe('thisHolder', () => {
	it('is one and the same for a process, and survives JSON', () => {
		const holder = thisHolder();
		expect(thisHolder()).toBe(holder);
		expect(holder.pid).toBe(process.pid);
		expect(parseHolder(JSON.stringify(holder))).toEqual(holder);
		expect(systemProcessTable.startTimeOf(process.pid)).toBe(holder.startTime);
	});

	it.each(['', 'null', '"text"', '{"uuid":1,"pid":2}', '{"uuid":"u"}'])(
		'is not read from %p',
		(text) => expect(parseHolder(text)).toBeNull(),
	);
});
