/**
 * The strict simulator of Exact Online in a process of its own, with as many users as are asked for
 * and a clock that can be put forward. Its limits on API calls are out of the way.
 */
import { DEFAULT_APPS, ExactOnlineSimulator } from '../../test/simulators/ExactOnline';
import { answerCalls } from '../../test/support/processes/answerCalls';

/** What one log-in at the simulator has brought, with what else an authorization needs. */
export interface LogIn {
	host: string;
	clientId: string;
	clientSecret: string;
	accessToken: string;
	refreshToken: string;
	lifeMs: number;
}

/** Token requests since the log-ins, as the service has seen them. */
export interface ServiceCounts {
	posts: number;
	granted: number;
	/** Most token requests that were under way at one time. */
	mostAtOnce: number;
}

const NO_LIMIT = 1_000_000_000;

let simulator: ExactOnlineSimulator;
let aheadMs = 0;

answerCalls({
	async open(users: number): Promise<void> {
		simulator = await ExactOnlineSimulator.start({
			clock: () => Date.now() + aheadMs,
			switches: { minutelyLimit: NO_LIMIT, dailyLimit: NO_LIMIT },
			divisionCount: 1,
			accounts: 0,
			users: Array.from({ length: users }, (_, number) => ({
				userId: `0b7c3a52-7d1e-4f6b-8a90-${number.toString(16).padStart(12, '0')}`,
				userName: `user.${number}`,
				fullName: `User ${number}`,
				email: `user.${number}@example.com`,
				divisions: [3_100_007],
			})),
		});
	},
	/** Forgets all chains and logs in the first users anew. */
	logIn(count: number): LogIn[] {
		simulator.reset({ chains: true });
		const { url, switches, world } = simulator;
		const app = world.apps[0] ?? DEFAULT_APPS[0]!;
		return world.users.slice(0, count).map(({ userId }) => {
			const { accessToken, refreshToken } = simulator.issueTokens(app.clientId, userId);
			return {
				host: url,
				clientId: app.clientId,
				clientSecret: app.clientSecret,
				accessToken,
				refreshToken,
				lifeMs: switches.accessTokenLifeSeconds * 1000,
			};
		});
	},
	passTime(ms: number): void {
		aheadMs += ms;
	},
	counts(): ServiceCounts {
		const { tokenPosts, refreshesGranted, maxParallelTokenPosts } = simulator.counters;
		return { posts: tokenPosts, granted: refreshesGranted, mostAtOnce: maxParallelTokenPosts };
	},
});
