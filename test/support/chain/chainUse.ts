import type { AccessToken, Authorization } from '../../../nodes/shared/tokenChain/types';
import { connect, forgetMemory, passTime } from './chainFixture';
import type { OpenedChain } from './chainStore';
import type { ChainBench } from './useChain';

/** What tests of several log-ins do with the chain that they have opened. */
export interface ChainUse {
	/** A token for a request of normal length. @param of the chain of another process */
	token(authorization: Authorization, of?: OpenedChain): Promise<AccessToken>;
	/** Lets time pass for the chain of an authorization, at the service and here. */
	letPass(authorization: Authorization, seconds: number): Promise<void>;
	/** A connection whose pair the service has accepted, at generation 2. */
	provedConnection(): Promise<Authorization>;
}

/**
 * @param opened the chain of the running test
 * @param forgets while time passes this process forgets what it remembers, as after a restart
 */
export function chainUse(
	bench: ChainBench,
	opened: () => OpenedChain,
	{ forgets }: { forgets: boolean },
): ChainUse {
	const use: ChainUse = {
		token: async (authorization, of = opened()) => await of.chain.getToken(authorization, 'normal'),
		letPass: async (authorization, seconds) => {
			await passTime(bench.simulator, opened(), authorization, seconds);
			if (forgets) forgetMemory();
		},
		provedConnection: async () => {
			const owner = connect(bench.simulator);
			await use.token(owner);
			await use.letPass(owner, bench.simulator.switches.accessTokenLifeSeconds + 1);
			await use.token(owner);
			return owner;
		},
	};
	return use;
}
