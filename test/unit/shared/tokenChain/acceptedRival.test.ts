import { setImmediate as loopTurn } from 'node:timers/promises';

import type { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import { updateRecord } from '../../../../nodes/shared/vault/rows/records';
import {
	forgetMemory,
	passTimeInMemory,
	passTimeInVault,
} from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';
import { chainOn, connected, granted, holdTimeouts, storedIn } from './support/fakeService';

/** The access token has ended. */
const OVER_SECONDS = 601;

let test: FaultyVault;
let chain: TokenChain;
/** What the service's word on whose a token is waits for. */
let named: Promise<void>;
/** Told when it is asked. */
let onAsked: () => void;

beforeEach(async () => {
	test = await openFaultyVault();
	named = Promise.resolve();
	onAsked = () => {};
	chain = chainOn(test.vault, {
		requestTokens: async (_client, refreshToken) =>
			await Promise.resolve(granted(`after ${refreshToken}`)),
		whoAmI: async () => {
			onAsked();
			await named;
			return { userId: 'user', userName: null };
		},
	});
});

afterEach(async () => {
	jest.useRealTimers();
	forgetMemory();
	await test.vault.close();
});

const stored = async () => await storedIn(test.vault);

it('the pair of an accepted rival comes in again where the store falls back to before', async () => {
	await chain.getToken(connected('first'), 'normal');
	const again = connected('again');
	await chain.getToken(again, 'normal');
	await passTimeInVault(test.vault, OVER_SECONDS);
	passTimeInMemory(OVER_SECONDS);
	const before = await stored();
	await chain.getToken(again, 'normal');
	const accepted = test.vault.openSecret(await stored());
	expect(accepted).toMatchObject({ refreshToken: 'refresh-after refresh-again' });
	await test.vault.write(() => updateRecord(before));
	await expect(test.vault.heal(await stored())).resolves.toBe(true);
	expect(test.vault.openSecret(await stored())).toEqual(accepted);
});

it('is served after 5 s where the service does not say whose its new token is, and that counts when it comes', async () => {
	await chain.getToken(connected('first'), 'normal');
	const again = connected('again');
	await chain.getToken(again, 'normal');
	await passTimeInVault(test.vault, OVER_SECONDS);
	passTimeInMemory(OVER_SECONDS);
	let say = () => {};
	named = new Promise((resolve) => (say = resolve));
	const asked = new Promise<void>((resolve) => (onAsked = resolve));
	holdTimeouts();
	const served = chain.getToken(again, 'normal');
	await asked;
	jest.advanceTimersByTime(5_000);
	await expect(served).resolves.toMatchObject({ accessToken: 'access-after refresh-again' });
	expect((await stored()).generation).toBe(1);
	say();
	while ((await stored()).generation === 1) await loopTurn();
	expect(test.vault.openSecret(await stored())).toMatchObject({
		refreshToken: 'refresh-after refresh-again',
	});
});
