import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

import { errorCode } from './errorCode';
import { processState } from './processState';

/**
 * A process that holds a lease, named so exactly that another process on the same host can prove
 * its death: a pid alone may have been given to somebody else since.
 */
export interface Holder {
	/** Drawn once per process. */
	uuid: string;
	pid: number;
	/** Start time of the process in clock ticks since boot; null where the system does not tell. */
	startTime: string | null;
	/** Differs after every boot; null where the system does not tell. */
	bootId: string | null;
	/** The pid namespace: in another one the same pid names another process. */
	pidNamespace: string | null;
	host: string;
}

/** What the system says about a pid of the own namespace right now. */
export interface ProcessTable {
	/** Start time of the running process, null where it cannot be read, undefined if there is none. */
	startTimeOf(pid: number): string | null | undefined;
}

/** The name of this process; the same for every copy of the package loaded into it. */
export function thisHolder(): Holder {
	return processState('holder1', () => ({
		uuid: randomUUID(),
		pid: process.pid,
		startTime: systemProcessTable.startTimeOf(process.pid) ?? null,
		bootId: readTextOrNull('/proc/sys/kernel/random/boot_id'),
		pidNamespace: readLinkOrNull('/proc/self/ns/pid'),
		host: hostname(),
	}));
}

/** The pids of this machine as /proc tells them; elsewhere, whether a signal could be sent. */
export const systemProcessTable: ProcessTable = {
	startTimeOf(pid) {
		const stat = readTextOrNull(`/proc/${pid}/stat`);
		if (stat !== null) {
			const [state, startTime] = fieldsOfStat(stat);
			return state === 'Z' || state === 'X' ? undefined : startTime;
		}
		try {
			process.kill(pid, 0);
			return null;
		} catch (error) {
			return errorCode(error) === 'EPERM' ? null : undefined;
		}
	},
};

/** State and start time (fields 3 and 22 of proc(5) stat); the name in field 2 may hold spaces. */
function fieldsOfStat(stat: string): [string | null, string | null] {
	const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return [afterName[0] ?? null, afterName[19] ?? null];
}

/**
 * Whether the process of a holder could be seen from here: same host, same boot, same pid
 * namespace. What the system does not tell (macOS, Windows) counts as different, because two
 * machines may bear one name.
 */
export function isVisible(holder: Holder, self: Holder = thisHolder()): boolean {
	return (
		holder.host === self.host &&
		holder.bootId !== null &&
		holder.bootId === self.bootId &&
		holder.pidNamespace !== null &&
		holder.pidNamespace === self.pidNamespace
	);
}

/**
 * Whether a holder is certainly dead. Only a process of the same boot and pid namespace can be
 * judged; any doubt means "not proven", and its lease has to run out instead.
 */
export function isProvenDead(
	holder: Holder,
	self: Holder = thisHolder(),
	processes: ProcessTable = systemProcessTable,
): boolean {
	if (holder.uuid === self.uuid) return false;
	if (!isVisible(holder, self)) return false;
	const startTime = processes.startTimeOf(holder.pid);
	if (startTime === undefined) return true;
	return startTime !== null && holder.startTime !== null && startTime !== holder.startTime;
}

/** Reads a holder back from its JSON text; null if it is not one. */
export function parseHolder(text: string): Holder | null {
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value !== 'object' || value === null) return null;
		const holder = value as Partial<Holder>;
		return typeof holder.uuid === 'string' && typeof holder.pid === 'number'
			? (holder as Holder)
			: null;
	} catch {
		return null;
	}
}

function readTextOrNull(file: string): string | null {
	try {
		return readFileSync(file, 'utf8').trim();
	} catch {
		return null;
	}
}

function readLinkOrNull(file: string): string | null {
	try {
		return readlinkSync(file);
	} catch {
		return null;
	}
}
