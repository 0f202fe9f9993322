import { setImmediate as loopTurn } from 'node:timers/promises';

import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { forgetMemory } from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';

const CALLERS = 12;

let test: FaultyVault;

beforeEach(async () => {
	test = await openFaultyVault();
});

afterEach(async () => {
	jest.restoreAllMocks();
	forgetMemory();
	await test.vault.close();
});

function authorizationOf(number: number): Authorization {
	return {
		host: 'https://host',
		clientId: `app-${number}`,
		clientSecret: 'secret',
		pair: { accessToken: 'access', refreshToken: `refresh-${number}`, lifeMs: 600_000 },
		issuedAt: Date.now(),
		ignoreSslIssues: false,
		presenter: {
			credentialId: `credential-${number}`,
			credentialName: null,
			instanceId: 'instance',
			duplicatePolicy: 'refuse',
		},
	};
}

it('of many callers at once, one goes to the store between two turns of the event loop', async () => {
	const policy = {
		...exactChainPolicy,
		whoAmI: async ({ clientId }: { clientId: string }) =>
			await Promise.resolve({ userId: `user of ${clientId}`, userName: null }),
	};
	const chain = new TokenChain(test.vault, policy, { ownerAlways: false, ownerFromHook: false });
	// Each caller begins with this.
	const begun = jest.spyOn(test.vault, 'replaySoon');
	const perTurn: number[] = [];
	const tokens = Promise.all(
		Array.from({ length: CALLERS }, async (_, number) => {
			return await chain.getToken(authorizationOf(number), 'normal');
		}),
	);
	for (let before = 0; before < CALLERS; before = begun.mock.calls.length) {
		await loopTurn();
		perTurn.push(begun.mock.calls.length - before);
	}
	expect(await tokens).toHaveLength(CALLERS);
	expect(Math.max(...perTurn)).toBe(1);
});
