import { setImmediate as loopTurn } from 'node:timers/promises';

import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { forgetMemory, presentedBy } from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';
import { chainOn, connected } from './support/fakeService';

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

/** A press on Connect with an app and in a credential of its own. */
function authorizationOf(number: number): Authorization {
	const own = connected(String(number), { clientId: `app-${number}` });
	return presentedBy(own, { credentialId: `credential-${number}` });
}

it('of many callers at once, one goes to the store between two turns of the event loop', async () => {
	const chain = chainOn(test.vault, {
		whoAmI: async ({ clientId }) =>
			await Promise.resolve({ userId: `user of ${clientId}`, userName: null }),
	});
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
