import { until } from '../../support/until';
import { connectedAndEnded, letWindowOpen, type Connected } from '../support/connected';
import type { Fleet } from '../support/fleet';
import { holdRefresh } from '../support/heldRefresh';
import type { FleetWorker } from '../support/fleetWorker';

/** A frozen worker may be given some of them and do nothing; the others come to whoever is awake. */
const CALLS = 6;

/** Two workers stand still with a token's answer in hand, for longer than their leases last. */
export function frozenWorkers(fleet: () => Fleet): void {
	afterEach(() => fleet().workers.forEach((worker) => worker.wake()));

	/**
	 * Executions whose token request Exact has granted; the worker that has asked stands still before it can read the
	 * answer.
	 */
	async function freezeAfterAnswer(connected: Connected, executions: number): Promise<FleetWorker> {
		const { simulator } = fleet().exact;
		const { worker, held } = await holdRefresh(fleet(), connected, 'tokenProcessed', executions, 1);
		await worker.freeze();
		const { clientId } = connected.identity;
		const answered = simulator.log.next('answered', { tags: { clientId } });
		held.release();
		await answered;
		return worker;
	}

	/** Waits until the attempts to renew an identity's tokens have had these outcomes, oldest first. */
	async function attemptsBecome({ identity }: Connected, outcomes: string[]): Promise<void> {
		let attempts: string[] = [];
		const areSo = async () => {
			attempts = await fleet().attemptsOf(identity);
			return attempts.join() === outcomes.join();
		};
		await until(areSo, { pollMs: 200, limitMs: 90_000 }).catch(() => undefined);
		expect(attempts).toEqual(outcomes);
	}

	it('woken after its lease: the late save heals the record, and is refused where somebody has received a newer pair', async () => {
		const { exact } = fleet();
		const [healed, refused] = (await connectedAndEnded(fleet(), [
			'Frozen, healed',
			'Frozen, refused',
		])) as [Connected, Connected];
		const first = await freezeAfterAnswer(healed, 1);
		exact.simulator.configure({ grace: 'untilNewIsUsed' });
		// The frozen worker still waits at Redis: of two it may be given one, and stands behind the others then.
		const second = await freezeAfterAnswer(refused, 2);
		expect(second.name).not.toBe(first.name);
		letWindowOpen(fleet(), refused);
		// What the next scenario needs starts while here is nothing to do.
		fleet()
			.otherInstance()
			.catch(() => undefined);

		// These end after 20 s without a token; the worker that is awake goes on and takes the leases over.
		await healed.startAtOnce(CALLS);
		await refused.startAtOnce(CALLS);
		await attemptsBecome(healed, ['refresh open', 'probe lost']);
		await attemptsBecome(refused, ['refresh open', 'probe saved']);
		expect((await fleet().recordOf(healed.identity)).state).toBe('broken');
		const { generation } = await fleet().recordOf(refused.identity);

		first.wake();
		second.wake();
		await attemptsBecome(healed, ['refresh saved', 'probe lost']);
		await attemptsBecome(refused, ['refresh superseded', 'probe saved']);
		expect((await fleet().recordOf(healed.identity)).state).toBe('active');
		expect(await fleet().recordOf(refused.identity)).toEqual({ state: 'active', generation });
		for (const connected of [healed, refused]) {
			const statuses = await fleet().runMore(connected, CALLS);
			expect(statuses).toEqual(Array(CALLS).fill('success'));
		}
		// The pair that came late was as good as new.
		expect(exact.tokenPosts(refused.identity)).toBe(2);
	});
}
