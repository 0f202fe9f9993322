import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type {
	Authorization,
	ChainPolicy,
	TokenClient,
} from '../../../../nodes/shared/tokenChain/types';
import { forgetMemory } from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';

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
		const policy: ChainPolicy = {
			...exactChainPolicy,
			whoAmI: async (client: TokenClient) => {
				asked.push(client[permission]);
				return await Promise.resolve({ userId: 'user', userName: null });
			},
		};
		const chain = new TokenChain(test.vault, policy, { ownerAlways: false, ownerFromHook: false });
		const authorization = (allowed: boolean): Authorization => ({
			host: 'https://host',
			clientId: 'app',
			clientSecret: 'secret',
			pair: { accessToken: 'access', refreshToken: 'refresh', lifeMs: 600_000 },
			issuedAt: Date.now(),
			ignoreSslIssues: false,
			allowHttp: false,
			[permission]: allowed,
			presenter: {
				credentialId: 'credential',
				credentialName: null,
				instanceId: 'instance',
				duplicatePolicy: 'refuse',
			},
		});
		const tokens = [false, true].map(
			async (allowed) => await chain.getToken(authorization(allowed), 'normal'),
		);
		await Promise.all(tokens);
		expect([...asked].sort()).toEqual([false, true]);
	},
);
