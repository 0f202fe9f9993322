import { setImmediate } from 'node:timers/promises';

import { isConnectorError } from '../../../../nodes/shared/errors';
import type { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type {
	Authorization,
	Identity,
	TokenAnswer,
} from '../../../../nodes/shared/tokenChain/types';
import {
	failureOf,
	forgetMemory,
	passTimeInMemory,
	passTimeInVault,
} from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';
import { LIFE } from './support/chainFacts';
import { chainOn, connected, granted, holdTimeouts } from './support/fakeService';

let test: FaultyVault;
let chain: TokenChain;
/** The token request that has left, and has no answer yet. */
let asked: Promise<void>;
let answer: (one: TokenAnswer) => void;
/** What the service says of whose an access token is. */
let me: () => Promise<Identity>;

beforeEach(async () => {
	test = await openFaultyVault();
	me = async () => await Promise.resolve({ userId: 'user', userName: null });
	let leave = () => {};
	asked = new Promise((resolve) => (leave = resolve));
	const answered = new Promise<TokenAnswer>((resolve) => (answer = resolve));
	chain = chainOn(test.vault, {
		requestTokens: async () => {
			leave();
			return await answered;
		},
		whoAmI: async () => await me(),
	});
	holdTimeouts();
});

afterEach(async () => {
	jest.useRealTimers();
	forgetMemory();
	await test.vault.close();
});

/** The record, known by its user, with a token of that age. */
async function identified(ageMs: number): Promise<Authorization> {
	const authorization = connected('1');
	await chain.getToken(authorization, 'normal');
	await passTimeInVault(test.vault, ageMs / 1000);
	passTimeInMemory(ageMs / 1000);
	return authorization;
}

describe.each(['renewWhereDue', 'refreshNow'] as const)('%s', (operation) => {
	it('without a usable token fails after 20 s, and the answer is kept', async () => {
		const authorization = await identified(LIFE + 1_000);
		const failed = failureOf(chain[operation](authorization));
		await asked;
		jest.advanceTimersByTime(20_000);
		expect(await failed).toMatchObject({
			code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
			retryable: true,
		});
		answer(granted('2'));
		await expect(chain.getToken(authorization, 'normal')).resolves.toMatchObject({
			accessToken: 'access-2',
		});
	});

	it('waits on while the present token is good', async () => {
		const authorization = await identified(LIFE * 0.96);
		const renewed = chain[operation](authorization);
		await asked;
		await jest.advanceTimersByTimeAsync(23_000);
		answer(granted('2'));
		await expect(renewed).resolves.toMatchObject({ accessToken: 'access-2' });
	});
});

describe('while the process works off a queue at the store', () => {
	/** By how much the clocks of this process have been put forward. */
	let passedMs: number;

	beforeEach(() => {
		passedMs = 0;
		const now = performance.now.bind(performance);
		jest.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
		jest.spyOn(test.vault, 'isWorkingOff', 'get').mockReturnValue(true);
	});

	afterEach(() => jest.restoreAllMocks());

	async function pass(seconds: number): Promise<void> {
		for (let second = 0; second < seconds; second += 1) {
			passedMs += 1_000;
			await jest.advanceTimersByTimeAsync(1_000);
		}
	}

	/** How a call ends, once it does. */
	function watched(call: Promise<unknown>) {
		const seen: { end?: string } = {};
		void call.then(
			() => (seen.end = 'served'),
			(error: unknown) => (seen.end = isConnectorError(error) ? error.code : 'other'),
		);
		return seen;
	}

	it('a token endpoint that does not answer is given up after 20 s all the same', async () => {
		const authorization = await identified(LIFE + 1_000);
		const call = watched(chain.getToken(authorization, 'normal'));
		await asked;
		await pass(19);
		expect(call.end).toBeUndefined();
		await pass(2);
		expect(call.end).toBe('EXACT_TOKEN_ENDPOINT_UNAVAILABLE');
		answer(granted('2'));
	});

	it('so is a service that does not say whose a log-in is', async () => {
		const isAsked = new Promise<void>((resolve) => {
			me = async () => {
				resolve();
				return await new Promise(() => {});
			};
		});
		const call = watched(chain.getToken(connected('1'), 'normal'));
		await isAsked;
		await pass(19);
		expect(call.end).toBeUndefined();
		await pass(2);
		expect(call.end).toBe('EXACT_TOKEN_ENDPOINT_UNAVAILABLE');
	});

	it('a turn at the store is waited for to 120 s, and no longer', async () => {
		const authorization = await identified(LIFE + 1_000);
		jest.spyOn(test.vault, 'withLease').mockReturnValue(new Promise(() => {}));
		const call = watched(chain.getToken(authorization, 'normal'));
		await setImmediate();
		await pass(115);
		expect(call.end).toBeUndefined();
		await pass(7);
		expect(call.end).toBe('EXACT_TOKEN_ENDPOINT_UNAVAILABLE');
	});
});
