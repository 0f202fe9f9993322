import { exactChainPolicy } from '../../../../../nodes/ExactOnline/auth/chainPolicy';
import { TokenChain } from '../../../../../nodes/shared/tokenChain/tokenChain';
import type {
	Authorization,
	ChainPolicy,
	GrantedAnswer,
	TokenPair,
} from '../../../../../nodes/shared/tokenChain/types';
import type { VaultRecord } from '../../../../../nodes/shared/vault/rows/records';
import { listRecords } from '../../../../../nodes/shared/vault/rows/records';
import type { Vault } from '../../../../../nodes/shared/vault/vault';
import { LIFE } from './chainFacts';

/** A pair whose tokens bear that name. */
export function pairOf(name: string): TokenPair {
	return { accessToken: `access-${name}`, refreshToken: `refresh-${name}`, lifeMs: LIFE };
}

/** A press on Connect in the one credential, just now. */
export function connected(name: string, changes: Partial<Authorization> = {}): Authorization {
	return {
		host: 'https://host',
		clientId: 'app',
		clientSecret: 'secret',
		pair: pairOf(name),
		issuedAt: Date.now(),
		ignoreSslIssues: false,
		presenter: {
			credentialId: 'credential',
			credentialName: null,
			instanceId: 'instance',
			duplicatePolicy: 'refuse',
		},
		...changes,
	};
}

/** The token endpoint's answer at this moment: a pair of that name. */
export function granted(name: string): GrantedAnswer {
	const now = performance.now();
	return { kind: 'granted', pair: pairOf(name), requestedAt: now, receivedAt: now };
}

/** A chain on that vault, of a service that answers so; unless told otherwise, every token is of one user. */
export function chainOn(vault: Vault, answers: Partial<ChainPolicy>): TokenChain {
	const policy: ChainPolicy = {
		...exactChainPolicy,
		whoAmI: async () => await Promise.resolve({ userId: 'user', userName: null }),
		...answers,
	};
	return new TokenChain(vault, policy, { ownerAlways: false, ownerFromHook: false });
}

/** The one record of that vault that is Exact Online's. */
export async function storedIn(vault: Vault): Promise<VaultRecord> {
	const [record] = await vault.read(() => listRecords('exactonline'));
	return record!;
}

/** From now on a test lets the limits of waiting pass; clocks and the event loop go on by themselves. */
export function holdTimeouts(): void {
	jest.useFakeTimers({
		doNotFake: ['Date', 'performance', 'nextTick', 'queueMicrotask', 'setImmediate', 'hrtime'],
	});
}
