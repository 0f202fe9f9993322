import { processState } from '../process/processState';

/** By a name, since when a request to the service is under way (monotonic, ms); it goes with its answer. */
function underWay(): Map<string, { since: number }> {
	return processState('serviceRequests1', () => new Map<string, { since: number }>());
}

/** Runs a request to the service, and lets those that wait for it know that it is one. */
export async function whileUnderWay<T>(name: string, request: () => Promise<T>): Promise<T> {
	const mark = { since: performance.now() };
	underWay().set(name, mark);
	try {
		return await request();
	} finally {
		if (underWay().get(name) === mark) underWay().delete(name);
	}
}

/** For how long the service has had a request of that name without answering it, in milliseconds; else 0. */
export function underWayMs(name: string): number {
	const mark = underWay().get(name);
	return mark === undefined ? 0 : performance.now() - mark.since;
}
