import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { RenewalJudge } from '../../../../nodes/shared/tokenChain/renewalJudge';
import { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization, ChainPolicy } from '../../../../nodes/shared/tokenChain/types';
import { readChain } from '../../../../nodes/shared/tokenChain/view';
import { forgetMemory } from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';

const LIFE_MS = 600_000;

let test: FaultyVault;

const authorization: Authorization = {
	host: 'https://host',
	clientId: 'app',
	clientSecret: 'accepted',
	pair: { accessToken: 'access-1', refreshToken: 'refresh-1', lifeMs: LIFE_MS },
	issuedAt: Date.now() - LIFE_MS - 1_000,
	ignoreSslIssues: false,
	presenter: {
		credentialId: 'credential',
		credentialName: null,
		instanceId: 'instance',
		duplicatePolicy: 'refuse',
	},
};

beforeEach(async () => {
	test = await openFaultyVault();
});

afterEach(async () => {
	forgetMemory();
	await test.vault.close();
});

it('who has to show by a refresh what a client secret is worth gets the present token once somebody else has shown it', async () => {
	const policy: ChainPolicy = {
		...exactChainPolicy,
		requestTokens: async () => {
			const now = performance.now();
			const pair = { accessToken: 'access-2', refreshToken: 'refresh-2', lifeMs: LIFE_MS };
			return await Promise.resolve({ kind: 'granted', pair, requestedAt: now, receivedAt: now });
		},
		whoAmI: async () => await Promise.resolve({ userId: 'user', userName: null }),
	};
	const chain = new TokenChain(test.vault, policy, { ownerAlways: false, ownerFromHook: false });
	await chain.getToken(authorization, 'normal');
	const { record } = await chain.resolve(authorization);
	const view = (await readChain(chain, record.id))!;
	const judged = (clientSecret: string) =>
		new RenewalJudge(chain, {
			client: { ...authorization, clientSecret },
			length: 'normal',
			mustRefresh: true,
		}).done(view);
	expect(judged('not seen yet')).toBeUndefined();
	expect(judged('accepted')).toMatchObject({ accessToken: 'access-2' });
});
