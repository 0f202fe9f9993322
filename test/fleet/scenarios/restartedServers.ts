import { until } from '../../support/until';
import { connectedAndEnded, only } from '../support/connected';
import type { Fleet } from '../support/fleet';
import { holdRefresh } from '../support/heldRefresh';

const AT_ONCE = 5;

/** What a fleet stands on is restarted while a worker waits for the answer to a token request. */
export function restartedServers(fleet: () => Fleet): void {
	it('PostgreSQL restarted during a refresh: the token that arrives meanwhile is saved, and serves all that run later', async () => {
		const { simulator } = fleet().exact;
		const connected = only(await connectedAndEnded(fleet(), ['PostgreSQL restarted']));
		const { held } = await holdRefresh(fleet(), connected, 'tokenProcessed', AT_ONCE);
		await fleet().postgres.takeAway();
		const answered = simulator.log.next('answered', { path: '/api/oauth2/token' });
		held.release();
		await answered;
		await fleet().postgres.bringBack();
		const isSaved = async () =>
			(await fleet().attemptsOf(connected.identity)).includes('refresh saved');
		await until(isSaved, { pollMs: 200 });

		await fleet().isBack(connected);
		const statuses = await fleet().runMore(connected, AT_ONCE);
		expect(statuses).toEqual(Array(AT_ONCE).fill('success'));
		expect(await fleet().attemptsOf(connected.identity)).toEqual(['refresh saved']);
		expect(simulator.counters).toMatchObject({
			...{ tokenPosts: 1, refreshesGranted: 1, oldTokenUses: 0, unauthorized: 0 },
		});
	});

	it('Redis restarted during a refresh: the executions under way end well, and later ones run', async () => {
		const { simulator } = fleet().exact;
		const connected = only(await connectedAndEnded(fleet(), ['Redis restarted']));
		const { held } = await holdRefresh(fleet(), connected, 'tokenReceived', AT_ONCE);
		await fleet().redis.restart();
		held.release();
		expect(await fleet().endings(connected.workflow, AT_ONCE)).toEqual({ success: AT_ONCE });
		await connected.startAtOnce(AT_ONCE);
		expect(await fleet().endings(connected.workflow, 2 * AT_ONCE)).toEqual({
			success: 2 * AT_ONCE,
		});
		expect(simulator.counters).toMatchObject({
			...{ tokenPosts: 1, refreshesGranted: 1, oldTokenUses: 0, unauthorized: 0 },
		});
	});
}
