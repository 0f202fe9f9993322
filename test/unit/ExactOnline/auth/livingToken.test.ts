import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { livingToken } from '../../../../nodes/ExactOnline/auth/livingToken';
import { processState } from '../../../../nodes/shared/process/processState';
import { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization, ChainPolicy } from '../../../../nodes/shared/tokenChain/types';
import { forgetMemory, HOOK } from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../../shared/vault/spending/support/faultyVault';
import { openFaultyVault } from '../../shared/vault/spending/support/faultyVault';

let test: FaultyVault;
let chain: TokenChain;
/** The access tokens that Exact Online was asked about. */
let asked: string[];
/** Those that a later log-in has ended. */
let ended: string[];

beforeEach(async () => {
	test = await openFaultyVault();
	asked = [];
	ended = [];
	const policy: ChainPolicy = {
		...exactChainPolicy,
		whoAmI: async (_client, accessToken) => {
			asked.push(accessToken);
			if (ended.includes(accessToken)) return await Promise.resolve('unauthorized');
			return { userId: 'user', userName: null };
		},
	};
	chain = new TokenChain(test.vault, policy, { ownerAlways: false, ownerFromHook: false });
	// However slow this machine is, nobody gives up waiting.
	jest.useFakeTimers({
		doNotFake: ['Date', 'performance', 'nextTick', 'queueMicrotask', 'setImmediate', 'hrtime'],
	});
});

afterEach(async () => {
	jest.useRealTimers();
	forgetMemory();
	processState('exactHookProbes1', () => new Map()).clear();
	await test.vault.close();
});

/** A log-in that the HTTP Request node alone uses. */
function connected(name: string, ageMs = 0): Authorization {
	return {
		host: 'https://host',
		clientId: 'app',
		clientSecret: 'secret',
		pair: { accessToken: `access-${name}`, refreshToken: `refresh-${name}`, lifeMs: 600_000 },
		issuedAt: Date.now() - ageMs,
		ignoreSslIssues: false,
		presenter: HOOK,
	};
}

/** What the hook hands out a minute later: the guard is asked twice in it. */
async function handedOut(authorization: Authorization): Promise<string> {
	for (let checks = 0; checks < 2; checks += 1) await chain.resolve(authorization);
	const token = await chain.getToken(authorization, 'normal');
	return (await livingToken(chain, authorization, token)).accessToken;
}

it('a token that a later log-in has ended is replaced by the live one of that', async () => {
	const first = connected('first', 5_000);
	await chain.getToken(first, 'normal');
	await chain.getToken(connected('second'), 'normal');
	ended = ['access-first'];
	await expect(handedOut(first)).resolves.toBe('access-second');
});

it('is asked about at most once a minute, and stays where Exact Online takes it', async () => {
	const first = connected('first', 5_000);
	await chain.getToken(first, 'normal');
	await chain.getToken(connected('second'), 'normal');
	asked = [];
	for (let calls = 0; calls < 3; calls += 1) {
		await expect(handedOut(first)).resolves.toBe('access-first');
	}
	expect(asked).toEqual(['access-first']);
});

it('is not asked about where no other log-in has come', async () => {
	const first = connected('first', 5_000);
	await chain.getToken(first, 'normal');
	asked = [];
	await handedOut(first);
	expect(asked).toEqual([]);
});
