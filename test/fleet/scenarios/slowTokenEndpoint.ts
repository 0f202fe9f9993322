import { connectedAndEnded, only } from '../support/connected';
import type { Fleet } from '../support/fleet';

/** Longer than n8n waits for its own lock before it refreshes without it (10 s), in ms. */
const TOKEN_DELAY_MS = 12_000;

const EXECUTIONS = 12;

/** All workers need the token that one of them is being given slowly. */
export function slowTokenEndpoint(fleet: () => Fleet): void {
	it('a token endpoint that takes twelve seconds has one request, and no execution fails', async () => {
		const { simulator } = fleet().exact;
		const { workflow, startAtOnce } = only(await connectedAndEnded(fleet(), ['Slow endpoint']));
		simulator.configure({ tokenDelayMs: TOKEN_DELAY_MS });
		await startAtOnce(EXECUTIONS);
		const endings = await fleet().endings(workflow, EXECUTIONS);
		fleet().remarks.push(`each token answer after ${TOKEN_DELAY_MS / 1000} s`);
		expect(endings).toEqual({ success: EXECUTIONS });
		simulator.configure({ tokenDelayMs: 0 });
		expect(simulator.counters).toMatchObject({
			...{ tokenPosts: 1, refreshesGranted: 1, oldTokenUses: 0, tooEarly: 0 },
			...{ unauthorized: 0, apiCallsWithExpiredToken: 0 },
		});
		// Besides, whose the log-in is may be asked once more with the new token.
		expect(simulator.counters.apiCalls).toBeGreaterThanOrEqual(EXECUTIONS);
	});
}
