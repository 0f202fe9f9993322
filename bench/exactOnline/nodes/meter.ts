import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { startProfile } from './profile';

/** What happened between two meters; times in milliseconds, memory in MB. */
export interface Measures {
	/** Wall time from the first meter to the second, n8n's handling of the items with it. */
	wall: number;
	/** CPU time of the n8n process meanwhile, all threads. */
	cpu: number;
	/** Wall and CPU time inside `execute` of the node between them, where it can be told. */
	inside?: number;
	insideCpu?: number;
	/** Most memory that the process held meanwhile (resident set). */
	peak: number;
	/** Most of it above what was held at the start. */
	grown: number;
	/** Items that came in, and the first of them. */
	items: number;
	first?: IDataObject;
}

interface Start {
	wall: number;
	cpu: NodeJS.CpuUsage;
	resident: number;
}

interface BenchState {
	start?: Start;
	inside?: { wall: number; cpu: number };
}

/** One per process: the nodes of the bench are bundled each for itself. */
function benchState(): BenchState {
	const holder = globalThis as { benchState?: BenchState };
	holder.benchState ??= {};
	return holder.benchState;
}

/** Begins a measurement. Garbage is collected first, so that no run pays for the one before. */
export function startMeter(): void {
	collectGarbage();
	// Linux: the peak of the resident set begins anew.
	writeFileSync('/proc/self/clear_refs', '5');
	const state = benchState();
	delete state.inside;
	state.start = {
		resident: statusMb('VmRSS'),
		cpu: process.cpuUsage(),
		wall: performance.now(),
	};
}

/** @throws Error where none was begun */
export function readMeter(items: readonly INodeExecutionData[]): Measures {
	const wall = performance.now();
	const { start, inside } = benchState();
	if (start === undefined) throw new Error('The meter was not started.');
	const peak = statusMb('VmHWM');
	return {
		wall: wall - start.wall,
		cpu: cpuMs(start.cpu),
		...(inside && { inside: inside.wall, insideCpu: inside.cpu }),
		peak,
		grown: peak - start.resident,
		items: items.length,
		...(items[0] && { first: items[0].json }),
	};
}

/** Measures what is done inside `execute` of a node. */
export async function inside<T>(name: string, work: () => Promise<T>): Promise<T> {
	const endProfile = startProfile();
	const cpu = process.cpuUsage();
	const before = performance.now();
	try {
		return await work();
	} finally {
		benchState().inside = { wall: performance.now() - before, cpu: cpuMs(cpu) };
		endProfile(name);
	}
}

function cpuMs(since: NodeJS.CpuUsage): number {
	const { user, system } = process.cpuUsage(since);
	return (user + system) / 1000;
}

function statusMb(name: string): number {
	const [, kilobytes = 'NaN'] =
		new RegExp(`^${name}:\\s*(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
	return Number(kilobytes) / 1024;
}

function collectGarbage(): void {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	collect();
	collect();
}
