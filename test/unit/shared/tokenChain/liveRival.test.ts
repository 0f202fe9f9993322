import { setTimeout as delay } from 'node:timers/promises';

import { processState } from '../../../../nodes/shared/process/processState';
import type { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import {
	failureOf,
	forgetMemory,
	passTimeInMemory,
	passTimeInVault,
	presentedBy,
} from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';
import { chainOn, connected, holdTimeouts } from './support/fakeService';

/** The first log-in's access token has ended, and the window of the second one's has not opened. */
const LATER_SECONDS = 601;

let test: FaultyVault;
let chain: TokenChain;
let userOfSecond: string | 'unauthorized' | Promise<string> = 'user';
/** How often the service was asked whose the second one's token is. */
let askedOfSecond = 0;
let onAsked: () => void;

/** A press on Connect in a credential of that name. */
function connectedIn(credentialId: string): Authorization {
	return presentedBy(connected(credentialId), { credentialId });
}

beforeEach(async () => {
	test = await openFaultyVault();
	userOfSecond = 'user';
	askedOfSecond = 0;
	onAsked = () => {};
	chain = chainOn(test.vault, {
		// What becomes of the first one's refresh token is never known.
		requestTokens: async () =>
			await Promise.resolve({ kind: 'unknown', code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE' } as never),
		whoAmI: async (_client, accessToken) => {
			const isSecond = accessToken === 'access-second';
			if (isSecond) {
				askedOfSecond += 1;
				onAsked();
			}
			const userId = isSecond ? await userOfSecond : 'user';
			return await Promise.resolve(userId === 'unauthorized' ? userId : { userId, userName: null });
		},
	});
});

afterEach(async () => {
	forgetMemory();
	await test.vault.close();
});

/** The first credential, with a token that has ended, beside a second one that was refused as a duplicate. */
async function besideSecond(): Promise<Authorization> {
	const first = connectedIn('first');
	await chain.getToken(first, 'normal');
	await passTimeInVault(test.vault, LATER_SECONDS);
	passTimeInMemory(LATER_SECONDS);
	expect(await failureOf(chain.getToken(connectedIn('second'), 'normal'))).toMatchObject({
		code: 'EXACT_DUPLICATE_IDENTIFIER',
	});
	return first;
}

it('the first credential goes on with the live token of a log-in that has ended its own', async () => {
	const first = await besideSecond();
	await expect(chain.getToken(first, 'normal')).resolves.toMatchObject({
		accessToken: 'access-second',
	});
});

it('asks again after half a minute, since the age of that token is only claimed', async () => {
	const first = await besideSecond();
	await chain.getToken(first, 'normal');
	userOfSecond = 'unauthorized';
	await expect(chain.getToken(first, 'normal')).resolves.toMatchObject({
		accessToken: 'access-second',
	});
	const words = processState('namedRivals1', () => new Map<string, number>());
	for (const [key, until] of words) words.set(key, until - 30_000);
	await failureOf(chain.getToken(first, 'normal'));
});

it.each(['another user', 'unauthorized'] as const)(
	'but not where the service names %s for it at that moment',
	async (named) => {
		const first = await besideSecond();
		userOfSecond = named;
		expect(await failureOf(chain.getToken(first, 'normal'))).toMatchObject({
			code: 'EXACT_TOKEN_IN_DOUBT',
		});
	},
);

it('many that ask at once cost the service one answer that counts as an error', async () => {
	const first = await besideSecond();
	let answer = (_word: string) => {};
	userOfSecond = new Promise((resolve) => (answer = resolve));
	// The service takes that long, so that the others want to know it meanwhile.
	onAsked = () => void delay(300).then(() => answer('unauthorized'));
	askedOfSecond = 0;
	const failed = Array.from({ length: 20 }, async () => {
		return (await failureOf(chain.getToken(first, 'normal'))).code;
	});
	expect(new Set(await Promise.all(failed))).toEqual(new Set(['EXACT_TOKEN_IN_DOUBT']));
	expect(askedOfSecond).toBe(1);
});

it('a service that does not say whose that token is holds nobody up for longer than 5 s', async () => {
	const first = await besideSecond();
	let isAsked = () => {};
	const asked = new Promise<void>((resolve) => (isAsked = resolve));
	userOfSecond = new Promise<never>(() => {});
	onAsked = isAsked;
	holdTimeouts();
	try {
		const failed = failureOf(chain.getToken(first, 'normal'));
		await asked;
		await jest.advanceTimersByTimeAsync(5_000);
		expect(await failed).toMatchObject({ code: 'EXACT_TOKEN_IN_DOUBT', retryable: true });
	} finally {
		jest.useRealTimers();
	}
});
