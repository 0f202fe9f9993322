import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { connect, CREDENTIAL_B, forgetMemory, HOOK } from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { chainUse } from '../../../support/chain/chainUse';
import { useChain } from '../../../support/chain/useChain';

/** Within a token life of 600 s: in the first half of the window, and in the second. */
const FIRST_HALF_SECONDS = 575;
const SECOND_HALF_SECONDS = 590;
const LIFE_SECONDS = 600;

const bench = useChain('sqlite', { switches: { refreshWindowFraction: 0.95 } });
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

const { token, letPass, provedConnection } = chainUse(bench, () => opened, { forgets: true });

/** Somebody with an access token of the owner's asks to take over; the service has not accepted him yet. */
async function askToTakeOver(owner: Authorization, accessToken: string): Promise<void> {
	await token({
		...owner,
		pair: { ...owner.pair, accessToken, refreshToken: 'not tried yet' },
		presenter: { ...CREDENTIAL_B, duplicatePolicy: 'takeOver' },
	});
	forgetMemory();
}

async function askWithAnotherSecret(owner: Authorization): Promise<void> {
	await token({ ...owner, clientSecret: 'another', presenter: HOOK });
	forgetMemory();
}

async function makeWaitOlder(seconds: number): Promise<void> {
	await opened.vault.write(() =>
		query(
			`UPDATE ${TABLES.proof} SET noted_at = noted_at - $1 WHERE kind IN ('takeOver', 'waits')`,
			[seconds * 1_000],
		),
	);
}

describe('the first half of the refresh window', () => {
	it.each<[string, (owner: Authorization) => Promise<void>]>([
		[
			'who asks to take over',
			async (owner) => await askToTakeOver(owner, (await token(owner)).accessToken),
		],
		['who comes with another client secret', askWithAnotherSecret],
	])('is left by the owner to one %s, for three token lives', async (_who, ask) => {
		const owner = await provedConnection();
		await ask(owner);
		const { tokenPosts } = bench.simulator.counters;
		await letPass(owner, FIRST_HALF_SECONDS);
		await expect(token(owner)).resolves.toMatchObject({ generation: 2 });
		expect(bench.simulator.counters.tokenPosts).toBe(tokenPosts);
		await letPass(owner, SECOND_HALF_SECONDS - FIRST_HALF_SECONDS);
		await expect(token(owner)).resolves.toMatchObject({ generation: 3 });

		// 1,765 s after it was asked, then 1,825 s.
		await makeWaitOlder(LIFE_SECONDS);
		await letPass(owner, FIRST_HALF_SECONDS);
		await expect(token(owner)).resolves.toMatchObject({ generation: 3 });
		await makeWaitOlder(60);
		forgetMemory();
		await expect(token(owner)).resolves.toMatchObject({ generation: 4 });
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: tokenPosts + 2, oldTokenUses: 0 });
	});

	it('is not left to anybody by an owner whose own pair was not accepted yet', async () => {
		const owner = connect(bench.simulator);
		const { accessToken } = await token(owner);
		await askToTakeOver(owner, accessToken);
		await letPass(owner, FIRST_HALF_SECONDS);
		await expect(token(owner)).resolves.toMatchObject({ generation: 2 });
	});
});
