import { RenewalJudge } from '../../../../nodes/shared/tokenChain/renewalJudge';
import { readChain } from '../../../../nodes/shared/tokenChain/view';
import { forgetMemory } from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';
import { LIFE } from './support/chainFacts';
import { chainOn, connected, granted } from './support/fakeService';

let test: FaultyVault;

const authorization = connected('1', {
	clientSecret: 'accepted',
	issuedAt: Date.now() - LIFE - 1_000,
});

beforeEach(async () => {
	test = await openFaultyVault();
});

afterEach(async () => {
	forgetMemory();
	await test.vault.close();
});

it('who has to show by a refresh what a client secret is worth gets the present token once somebody else has shown it', async () => {
	const chain = chainOn(test.vault, {
		requestTokens: async () => await Promise.resolve(granted('2')),
	});
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
