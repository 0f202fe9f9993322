import { setImmediate as nextTurn } from 'node:timers/promises';

import {
	connect,
	expiredConnect,
	failureOf,
	forgetMemory,
	passTime,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();
let first: OpenedChain;
/** The vault as another process of the same n8n has it. */
let second: OpenedChain;

beforeEach(async () => {
	first = await bench.open();
	second = await bench.open();
});

function posts(): number {
	return bench.simulator.counters.tokenPosts;
}

async function token(of: OpenedChain, authorization: ReturnType<typeof connect>) {
	return await of.chain.getToken(authorization, 'normal');
}

describe('first use of an authorization', () => {
	it('takes it in without a token request and registers clientId#userId to the credential', async () => {
		const authorization = connect(bench.simulator);
		const granted = await token(first, authorization);
		expect(granted.accessToken).toBe(authorization.pair.accessToken);
		expect(posts()).toBe(0);
		expect(bench.simulator.counters.apiCallsByEndpoint).toEqual({ 'current/Me': 1 });
		const { view } = await first.chain.status(authorization, 10);
		expect(view.record).toMatchObject({
			identity: `exactonline|${bench.simulator.url}|${authorization.clientId}#${bench.simulator.world.users[0]!.userId}`,
			provisional: false,
			generation: 1,
			owner: { credentialId: 'credential-a', credentialName: 'Exact Online A' },
		});
	});

	it('is served from memory afterwards, without a look into the store', async () => {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		const read = jest.spyOn(first.vault.database, 'read');
		const write = jest.spyOn(first.vault.database, 'write');
		for (let call = 0; call < 100; call += 1) await token(first, authorization);
		expect(read).not.toHaveBeenCalled();
		expect(write).not.toHaveBeenCalled();
	});

	it('with an expired token, 20 at once in two processes: one token request', async () => {
		const authorization = expiredConnect(bench.simulator);
		const granted = await Promise.all(
			Array.from({ length: 20 }, async (_, index) =>
				token(index % 2 === 0 ? first : second, authorization),
			),
		);
		expect(posts()).toBe(1);
		expect(new Set(granted.map((one) => one.accessToken)).size).toBe(1);
		expect(bench.simulator.counters.apiCallsWithExpiredToken).toBe(0);
	});

	it('without a note of its age: one 401 tells, then one token request', async () => {
		const authorization = { ...expiredConnect(bench.simulator), issuedAt: null };
		await token(first, authorization);
		expect(posts()).toBe(1);
		expect(bench.simulator.counters.unauthorized).toBe(1);
	});

	it('that nobody knows and Exact calls old: says that the vault is missing or restored', async () => {
		const old = expiredConnect(bench.simulator);
		connect(bench.simulator);
		bench.simulator.ageChain(old.clientId, bench.simulator.world.users[0]!.userId, 700);
		const error = await failureOf(token(first, old));
		expect(error).toMatchObject({
			code: 'EXACT_VAULT_MISSING_OR_RESTORED',
			message: expect.stringContaining(old.clientId),
			repair: expect.stringContaining('Connect'),
		});
		await failureOf(token(first, old));
		expect(posts()).toBe(1);
	});
});

describe('an expired access token', () => {
	it('is renewed once for 100 callers in two processes', async () => {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		await passTime(bench.simulator, first, authorization, 601);
		const granted = await Promise.all(
			Array.from({ length: 100 }, async (_, index) =>
				token(index % 2 === 0 ? first : second, authorization),
			),
		);
		expect(posts()).toBe(1);
		expect(new Set(granted.map((one) => one.generation))).toEqual(new Set([2]));
		expect(bench.simulator.counters.refreshesGranted).toBe(1);
	});

	it('is renewed generation after generation, also by the process that did not renew last', async () => {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		for (let generation = 2; generation <= 8; generation += 1) {
			await passTime(bench.simulator, first, authorization, 601);
			const granted = await token(generation % 2 === 0 ? second : first, authorization);
			expect(granted.generation).toBe(generation);
		}
		expect(posts()).toBe(7);
		expect(bench.simulator.counters).toMatchObject({ tooEarly: 0, oldTokenUses: 0 });
	});

	it('is fetched with one request by a service that is slower than its tokens live', async () => {
		bench.simulator.configure({ accessTokenLifeSeconds: 1 });
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		bench.simulator.ageChain(authorization.clientId, bench.simulator.world.users[0]!.userId, 2);
		await passTime(bench.simulator, first, authorization, 2);
		bench.simulator.configure({ tokenDelayMs: 1_500 });
		await expect(token(first, authorization)).resolves.toMatchObject({ generation: 2 });
		expect(posts()).toBe(1);
	});

	it('survives a restart: the vault knows the chain, n8n only its first link', async () => {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		await passTime(bench.simulator, first, authorization, 601);
		await token(first, authorization);
		forgetMemory();
		const granted = await token(second, authorization);
		expect(granted.generation).toBe(2);
		expect(posts()).toBe(1);
	});

	it('is left alone while it is young, whatever 401 the API gives', async () => {
		const authorization = connect(bench.simulator);
		const granted = await token(first, authorization);
		await expect(
			first.chain.replaceRefused(authorization, granted, 'normal'),
		).resolves.toBeUndefined();
		expect(posts()).toBe(0);
	});

	it('is renewed after a 401 if the machine slept and only the wall clock went on', async () => {
		const authorization = connect(bench.simulator);
		const granted = await token(first, authorization);
		bench.simulator.ageChain(authorization.clientId, bench.simulator.world.users[0]!.userId, 3_600);
		const now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now + 3_600_000);
		try {
			const other = await first.chain.replaceRefused(authorization, granted, 'normal');
			expect(other?.generation).toBe(2);
		} finally {
			jest.restoreAllMocks();
		}
	});

	it('is replaced after a 401 by the one another process has fetched', async () => {
		const authorization = connect(bench.simulator);
		const granted = await token(first, authorization);
		await passTime(bench.simulator, first, authorization, 601);
		await token(second, authorization);
		const other = await first.chain.replaceRefused(authorization, granted, 'normal');
		expect(other?.generation).toBe(2);
		expect(posts()).toBe(1);
	});
});

describe('an authorization of which n8n notes no age', () => {
	it('is given one when Exact has taken its token: it ends, and the next one is fetched in time', async () => {
		const authorization = { ...connect(bench.simulator), issuedAt: null };
		await token(first, authorization);
		const { view } = await first.chain.status(authorization, 0);
		expect(view.record.receivedAt).toBeGreaterThan(Date.now() - 10_000);
		await passTime(bench.simulator, first, authorization, 601);
		await expect(token(second, authorization)).resolves.toMatchObject({ generation: 2 });
		expect(bench.simulator.counters.apiCallsWithExpiredToken).toBe(0);
	});

	it('may end earlier than its age says: a 401 then leads to one refresh', async () => {
		const authorization = { ...connect(bench.simulator), issuedAt: null };
		const granted = await token(first, authorization);
		bench.simulator.ageChain(authorization.clientId, bench.simulator.world.users[0]!.userId, 601);
		const other = await first.chain.replaceRefused(authorization, granted, 'normal');
		expect(other?.generation).toBe(2);
		expect(posts()).toBe(1);
	});

	it('that carries the note of an earlier log-in is taken for the newer one it is', async () => {
		const earlier = connect(bench.simulator);
		await token(first, earlier);
		const reconnected = { ...connect(bench.simulator), issuedAt: earlier.issuedAt };
		await expect(token(first, reconnected)).resolves.toMatchObject({
			accessToken: reconnected.pair.accessToken,
		});
	});
});

describe('a token that is still good', () => {
	async function inTheWindow(): Promise<ReturnType<typeof connect>> {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		await passTime(bench.simulator, first, authorization, 575);
		return authorization;
	}

	it('is used although two token requests stayed without an answer', async () => {
		const authorization = await inTheWindow();
		bench.simulator.faults.token.push({ kind: 'reset', times: 5 });
		for (let call = 0; call < 4; call += 1) {
			await expect(token(first, authorization)).resolves.toMatchObject({ generation: 1 });
		}
		expect(posts()).toBe(2);
	});

	it('is used although the client secret is wrong, which is sent once', async () => {
		const authorization = { ...(await inTheWindow()), clientSecret: 'wrong' };
		for (let call = 0; call < 3; call += 1) {
			await expect(token(first, authorization)).resolves.toMatchObject({ generation: 1 });
		}
		expect(posts()).toBe(1);
		await passTime(bench.simulator, first, authorization, 30);
		expect(await failureOf(token(first, authorization))).toMatchObject({
			code: 'EXACT_INVALID_CLIENT',
		});
		expect(posts()).toBe(1);
	});
});

describe('the token request belongs to the process', () => {
	it('goes on when the caller is cancelled, and its answer is saved', async () => {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		await passTime(bench.simulator, first, authorization, 601);
		const hold = bench.simulator.hold('tokenProcessed');
		const cancel = new AbortController();
		const cancelled = first.chain.getToken(authorization, 'normal', cancel.signal);
		const held = await hold.waiting();
		cancel.abort(new Error('execution cancelled'));
		await expect(cancelled).rejects.toThrow('execution cancelled');
		held.release();
		const granted = await token(first, authorization);
		expect(granted.generation).toBe(2);
		expect(posts()).toBe(1);
	});

	it('is cancelled for one caller only', async () => {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		await passTime(bench.simulator, first, authorization, 601);
		const hold = bench.simulator.hold('tokenReceived');
		const cancel = new AbortController();
		const cancelled = first.chain.getToken(authorization, 'normal', cancel.signal);
		const other = token(first, authorization);
		const held = await hold.waiting();
		cancel.abort();
		await expect(cancelled).rejects.toThrow();
		held.release();
		await expect(other).resolves.toMatchObject({ generation: 2 });
	});
});

describe('a reconnect while a refresh is under way', () => {
	it.each(['tokenReceived', 'tokenProcessed'] as const)(
		'ends with the newest authorization in force (refresh held at %s)',
		async (point) => {
			const authorization = connect(bench.simulator);
			await token(first, authorization);
			await passTime(bench.simulator, first, authorization, 601);
			const hold = bench.simulator.hold(point);
			const running = token(first, authorization).catch((error: unknown) => error);
			const held = await hold.waiting();
			const reconnected = connect(bench.simulator);
			const adopted = token(second, reconnected);
			await nextTurn();
			held.release();
			await running;
			await expect(adopted).resolves.toMatchObject({
				accessToken: reconnected.pair.accessToken,
			});
			forgetMemory();
			// The own token where the refresh was granted before the log-in, else that of the log-in,
			// unless an old token that comes early is told "too early", which proves nothing.
			const isToldEarly = bench.simulator.switches.tooEarlyCheckedFirst;
			const own = await token(first, authorization);
			const isReconnects = own.accessToken === reconnected.pair.accessToken;
			expect(isReconnects).toBe(point === 'tokenReceived' && !isToldEarly);
			await passTime(bench.simulator, first, authorization, 601);
			const next = await token(first, reconnected);
			forgetMemory();
			const { accessToken } = next;
			await expect(token(second, authorization)).resolves.toMatchObject({ accessToken });
			expect(bench.simulator.chains()).toMatchObject({
				[`${authorization.clientId}#${bench.simulator.world.users[0]!.userId}`]: { alive: true },
			});
		},
	);
});
