import { notRun } from '../../support/notRun';
import { until } from '../../support/until';
import { connectedAndEnded, letWindowOpen, type Connected } from '../support/connected';
import type { Fleet } from '../support/fleet';
import { FleetWorker } from '../support/fleetWorker';
import { holdRefresh, type HeldRefresh } from '../support/heldRefresh';
import { SeparateHost } from '../support/separateHost';

/** Workers wait for executions in a queue, so that each gets one after a while. */
const TRIES = 12;

const CALLS = 4;

/** How long packets that were lost may take to be sent again, and a lease to end, in ms. */
const PATIENCE_MS = 150_000;

/** A worker on another network, whose link is cut while it waits for the answer to a token request. */
export function cutLink(fleet: () => Fleet): void {
	const impediment = SeparateHost.impediment();
	const where = impediment === undefined ? it : notRun(it.skip, impediment);

	let host: SeparateHost | undefined;
	let distant: FleetWorker | undefined;

	afterEach(async () => {
		await distant?.dispose();
		await host?.remove();
	});

	/** A refresh of the distant worker, of one of the identities. */
	async function refreshOf(
		worker: FleetWorker,
		all: Connected[],
	): Promise<[Connected, HeldRefresh]> {
		for (const connected of all) {
			const refresh = await holdRefresh(fleet(), connected, 'tokenProcessed', 1);
			if (refresh.worker === worker) return [connected, refresh];
			refresh.held.release();
		}
		throw new Error(`${worker.name} was given no execution.`);
	}

	where(
		'a worker whose link is cut during a refresh: others renew the token after its lease, and all go on once the link is back',
		async () => {
			const { exact } = fleet();
			host = await SeparateHost.create(fleet().ports);
			distant = await fleet().addWorker('worker-4', host.command);
			const names = Array.from({ length: TRIES }, (_, index) => `Link cut ${index + 1}`);
			const all = await connectedAndEnded(fleet(), names);
			exact.simulator.configure({ grace: 'untilNewIsUsed' });
			const [connected, { held }] = await refreshOf(distant, all);
			const { generation } = await fleet().recordOf(connected.identity);
			await host.cut();
			held.release();
			letWindowOpen(fleet(), connected);
			// What the distant worker holds it holds until its lease has ended, and cannot renew that.
			const isRenewed = async () => {
				const record = await fleet().recordOf(connected.identity);
				if (record.generation > generation) return true;
				await connected.start();
				return false;
			};
			await until(isRenewed, { pollMs: 5_000, limitMs: PATIENCE_MS });
			const renewed = await fleet().recordOf(connected.identity);
			await host.mend();
			// Before, each execution that n8n gives this worker ends with "Driver not Connected", an error of n8n's own.
			await distant.process.waitForOutput(/Database connection recovered/, PATIENCE_MS);
			const statuses = await fleet().runMore(connected, CALLS);
			expect(statuses).toEqual(Array(CALLS).fill('success'));
			expect((await fleet().attemptsOf(connected.identity)).at(-1)).toBe('probe saved');
			expect(exact.tokenPosts(connected.identity)).toBe(2);
			expect(await fleet().recordOf(connected.identity)).toEqual(renewed);
			expect(renewed).toEqual({ state: 'active', generation: generation + 1 });
		},
	);
}
