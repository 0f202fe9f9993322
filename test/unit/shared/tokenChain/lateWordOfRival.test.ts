import { setImmediate as loopTurn } from 'node:timers/promises';

import type { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { TokenPair } from '../../../../nodes/shared/tokenChain/types';
import { proofsOf } from '../../../../nodes/shared/vault/rows/proofs';
import { rivalsOf } from '../../../../nodes/shared/vault/rows/rivals';
import { beginSave } from '../../../integration/shared/vault/support/sampleRecord';
import {
	forgetMemory,
	passTimeInMemory,
	passTimeInVault,
} from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';
import { chainOn, connected, granted, holdTimeouts, pairOf, storedIn } from './support/fakeService';

/** The access token has ended. */
const OVER_SECONDS = 601;

/** A promise, and what it waits for. */
function held(): { until: Promise<void>; release: () => void } {
	let release = () => {};
	const until = new Promise<void>((resolve) => (release = resolve));
	return { until, release };
}

let test: FaultyVault;
let chain: TokenChain;
/** What the service's words on whose the rival's new token is wait for, and what its answer to the own pair waits for. */
let word: ReturnType<typeof held>;
let answer: ReturnType<typeof held>;
/** Once the service is asked whose the rival's new token is, and once it has the own pair. */
let asked: ReturnType<typeof held>;
let sent: ReturnType<typeof held>;
/** Whose the own pair is, by its new token. */
let ownUser: string;

beforeEach(async () => {
	test = await openFaultyVault();
	[word, answer, asked, sent] = [held(), held(), held(), held()];
	ownUser = 'user';
	chain = chainOn(test.vault, {
		requestTokens: async (_client, refreshToken) => {
			if (refreshToken === 'refresh-own') {
				sent.release();
				await answer.until;
			}
			return granted(`after ${refreshToken}`);
		},
		whoAmI: async (_client, accessToken) => {
			if (accessToken === 'access-after refresh-rival') {
				asked.release();
				await word.until;
			}
			const userId = accessToken === 'access-after refresh-own' ? ownUser : 'user';
			return { userId, userName: null };
		},
	});
});

afterEach(async () => {
	jest.useRealTimers();
	word.release();
	answer.release();
	forgetMemory();
	await test.vault.close();
});

const stored = async () => await storedIn(test.vault);

async function refreshTokens(): Promise<{ own: string; beside: string[] }> {
	const record = await stored();
	const rivals = await test.vault.read(() => rivalsOf(record.id));
	const tokenOf = (row: Parameters<typeof test.vault.openSecret>[0]) =>
		(test.vault.openSecret(row) as TokenPair).refreshToken;
	return { own: tokenOf(record), beside: rivals.map(tokenOf).sort() };
}

/** The rival is accepted, its user not told for 5 s; then the own pair is on its way. */
async function sendOwnBesideRival() {
	const own = connected('own');
	await chain.getToken(own, 'normal');
	const rival = connected('rival');
	await chain.getToken(rival, 'normal');
	await passTimeInVault(test.vault, OVER_SECONDS);
	passTimeInMemory(OVER_SECONDS);
	holdTimeouts();
	const served = chain.getToken(rival, 'normal');
	await asked.until;
	jest.advanceTimersByTime(5_000);
	await expect(served).resolves.toMatchObject({ accessToken: 'access-after refresh-rival' });
	jest.useRealTimers();
	const outcome = chain.getToken(own, 'normal').catch((error: unknown) => error);
	await sent.until;
	return { outcome, rival };
}

/** The service says at last that the rival's new token is the user's, and that is written down. */
async function sayWhose(): Promise<void> {
	const { id } = await stored();
	const proved = async () =>
		(await test.vault.read(() => proofsOf(id))).filter(({ kind }) => kind === 'authorization');
	expect(await proved()).toEqual([]);
	word.release();
	while ((await proved()).length === 0) await loopTurn();
}

it('a rival whose user is told late does not take the place of a pair that is on its way', async () => {
	const { outcome } = await sendOwnBesideRival();
	await sayWhose();
	answer.release();
	await expect(outcome).resolves.toMatchObject({ accessToken: 'access-after refresh-own' });
	expect(await refreshTokens()).toEqual({
		own: 'refresh-after refresh-own',
		beside: ['refresh-after refresh-rival'],
	});
});

it('nor where the pair on its way is of another user: that ends, and the rival lives', async () => {
	ownUser = 'another user';
	const { outcome, rival } = await sendOwnBesideRival();
	await sayWhose();
	answer.release();
	await outcome;
	expect(await stored()).toMatchObject({ state: 'broken', brokenCode: 'EXACT_MIXED_LOG_IN' });
	expect((await refreshTokens()).beside).toEqual(['refresh-after refresh-rival']);
	await expect(chain.getToken(rival, 'normal')).resolves.toMatchObject({
		accessToken: 'access-after refresh-rival',
	});
});

it('a pair of another user breaks the record also where it came on top of what an earlier request has brought', async () => {
	ownUser = 'another user';
	const own = connected('own');
	await chain.getToken(own, 'normal');
	await passTimeInVault(test.vault, OVER_SECONDS);
	passTimeInMemory(OVER_SECONDS);
	const earlier = await beginSave(test.vault, await stored(), pairOf('earlier'));
	await passTimeInVault(test.vault, 1);
	const outcome = chain.getToken(own, 'normal').catch((error: unknown) => error);
	await sent.until;
	// Whoever sent that request stood still, and saves now what came.
	await test.vault.saveSecret(earlier, () => ({ requestedAgoMs: 1_000, receivedAgoMs: 500 }));
	answer.release();
	await outcome;
	expect(await stored()).toMatchObject({
		generation: 3,
		state: 'broken',
		brokenCode: 'EXACT_MIXED_LOG_IN',
	});
});
