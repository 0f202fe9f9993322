import type { TokenClient } from '../../../../nodes/shared/tokenChain/types';
import { forgetMemory } from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';
import { chainOn, connected } from './support/fakeService';

let test: FaultyVault;

afterEach(async () => {
	forgetMemory();
	await test.vault.close();
});

it.each(['allowHttp', 'ignoreSslIssues'] as const)(
	'a credential that says %s does not ask for one that forbids it',
	async (permission) => {
		test = await openFaultyVault();
		const asked: Array<boolean | undefined> = [];
		const chain = chainOn(test.vault, {
			whoAmI: async (client: TokenClient) => {
				asked.push(client[permission]);
				return await Promise.resolve({ userId: 'user', userName: null });
			},
		});
		const authorization = (allowed: boolean) =>
			connected('1', { allowHttp: false, [permission]: allowed });
		const tokens = [false, true].map(
			async (allowed) => await chain.getToken(authorization(allowed), 'normal'),
		);
		await Promise.all(tokens);
		expect([...asked].sort()).toEqual([false, true]);
	},
);
