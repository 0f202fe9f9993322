import { until } from '../../support/until';
import type { HeldRequest } from '../../simulators/shared/holdPoints';
import type { Connected } from './connected';
import type { Fleet } from './fleet';
import type { FleetWorker } from './fleetWorker';
import { workerOf } from './startedCalls';

/** A token request that the service holds, and the worker that has sent it. */
export interface HeldRefresh {
	worker: FleetWorker;
	held: HeldRequest;
}

/**
 * Starts executions of an identity whose token has ended, and waits until one of the workers has asked for a new one
 * and all of them run.
 *
 * @param point `tokenReceived`: the service has done nothing yet; `tokenProcessed`: it has issued a new pair
 * @param running how many of them run at least, where a worker that stands still may be given the others
 */
export async function holdRefresh(
	fleet: Fleet,
	{ identity, workflow, startAtOnce }: Connected,
	point: 'tokenReceived' | 'tokenProcessed',
	executions: number,
	running = executions,
): Promise<HeldRefresh> {
	const { simulator } = fleet.exact;
	const where = { tags: { clientId: identity.clientId } };
	const hold = simulator.hold(point, { where });
	const received = simulator.log.next('received', where);
	await startAtOnce(executions);
	const worker = fleet.worker(workerOf(await received));
	const held = await hold.waiting();
	const allRun = async () => {
		const all = await fleet.executionsOf(workflow);
		return all.filter(({ status }) => status === 'running').length >= running;
	};
	await until(allRun, { pollMs: 100 });
	return { worker, held };
}
