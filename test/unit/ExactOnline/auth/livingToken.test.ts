import { livingToken } from '../../../../nodes/ExactOnline/auth/livingToken';
import { processState } from '../../../../nodes/shared/process/processState';
import type { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { forgetMemory, HOOK } from '../../../support/chain/chainFixture';
import { chainOn, connected, holdTimeouts } from '../../shared/tokenChain/support/fakeService';
import type { FaultyVault } from '../../shared/vault/spending/support/faultyVault';
import { openFaultyVault } from '../../shared/vault/spending/support/faultyVault';

let test: FaultyVault;
let chain: TokenChain;
/** The access tokens that Exact Online was asked about. */
let asked: string[];
/** Those that a later log-in has ended. */
let ended: string[];
/** What Exact Online does in place of an answer. */
let trouble: (() => Promise<never>) | undefined;

beforeEach(async () => {
	test = await openFaultyVault();
	asked = [];
	ended = [];
	trouble = undefined;
	chain = chainOn(test.vault, {
		whoAmI: async (_client, accessToken) => {
			asked.push(accessToken);
			if (trouble !== undefined) return await trouble();
			if (ended.includes(accessToken)) return await Promise.resolve('unauthorized');
			return { userId: 'user', userName: null };
		},
	});
	// However slow this machine is, nobody gives up waiting.
	holdTimeouts();
});

afterEach(async () => {
	jest.useRealTimers();
	forgetMemory();
	processState('exactHookProbes1', () => new Map()).clear();
	await test.vault.close();
});

/** A log-in that the HTTP Request node alone uses. */
function loggedIn(name: string, ageMs = 0): Authorization {
	return connected(name, { issuedAt: Date.now() - ageMs, presenter: HOOK });
}

/** What the hook hands out a minute later: the guard is asked twice in it. */
async function handedOut(authorization: Authorization): Promise<string> {
	for (let checks = 0; checks < 2; checks += 1) await chain.resolve(authorization);
	const token = await chain.getToken(authorization, 'normal');
	return (await livingToken(chain, authorization, token)).accessToken;
}

it('a token that a later log-in has ended is replaced by the live one of that', async () => {
	const first = loggedIn('first', 5_000);
	await chain.getToken(first, 'normal');
	await chain.getToken(loggedIn('second'), 'normal');
	ended = ['access-first'];
	await expect(handedOut(first)).resolves.toBe('access-second');
});

it('is asked about at most once a minute, and stays where Exact Online takes it', async () => {
	const first = loggedIn('first', 5_000);
	await chain.getToken(first, 'normal');
	await chain.getToken(loggedIn('second'), 'normal');
	asked = [];
	for (let calls = 0; calls < 3; calls += 1) {
		await expect(handedOut(first)).resolves.toBe('access-first');
	}
	expect(asked).toEqual(['access-first']);
});

it('is not asked about where no other log-in has come', async () => {
	const first = loggedIn('first', 5_000);
	await chain.getToken(first, 'normal');
	asked = [];
	await handedOut(first);
	expect(asked).toEqual([]);
});

/** A log-in beside which a later one has come. */
async function besideLater(): Promise<Authorization> {
	const first = loggedIn('first', 5_000);
	await chain.getToken(first, 'normal');
	await chain.getToken(loggedIn('second'), 'normal');
	asked = [];
	return first;
}

/** As if the last question had been asked a minute before. */
function minutePasses(): void {
	const pauses = processState('exactHookProbes1', () => new Map<string, number>());
	for (const [key, until] of pauses) pauses.set(key, until - 60_000);
}

it('is asked about once in its life where a third log-in has ended all tokens here', async () => {
	const first = await besideLater();
	ended = ['access-first', 'access-second'];
	await expect(handedOut(first)).resolves.toBe('access-first');
	for (let minutes = 0; minutes < 3; minutes += 1) {
		minutePasses();
		await expect(handedOut(first)).resolves.toBe('access-first');
	}
	expect(asked).toEqual(['access-first', 'access-second']);
	// Not even where that third one comes to the vault.
	minutePasses();
	await chain.getToken(loggedIn('third'), 'normal');
	await expect(handedOut(first)).resolves.toBe('access-third');
	expect(asked.filter((one) => one === 'access-first')).toHaveLength(1);
});

it('stays where the question fails', async () => {
	const first = await besideLater();
	trouble = async () => await Promise.reject(new Error('no answer'));
	await expect(handedOut(first)).resolves.toBe('access-first');
	expect(asked).toEqual(['access-first']);
});

it('is waited for half a second at most, once', async () => {
	const first = await besideLater();
	trouble = async () => await new Promise(() => {});
	for (let checks = 0; checks < 2; checks += 1) await chain.resolve(first);
	const token = await chain.getToken(first, 'normal');
	const handed = livingToken(chain, first, token);
	await jest.advanceTimersByTimeAsync(500);
	await expect(handed).resolves.toBe(token);
	await expect(livingToken(chain, first, token)).resolves.toBe(token);
	expect(asked).toEqual(['access-first']);
});
