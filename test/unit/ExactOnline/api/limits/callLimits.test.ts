import type { IDataObject } from 'n8n-workflow';

import { StoredCallLimits } from '../../../../../nodes/ExactOnline/api/limits/callLimits';
import {
	createClientState,
	type ClientState,
	type SharedCalls,
} from '../../../../../nodes/ExactOnline/api/limits/clientState';
import { ExactOnlineClient } from '../../../../../nodes/ExactOnline/api/exactOnlineClient';
import {
	createLimitMemory,
	limitMemoryOf,
} from '../../../../../nodes/ExactOnline/api/limits/limitMemory';
import { MemoryLimitStore } from '../../../../../nodes/ExactOnline/api/limits/memoryLimitStore';
import type { LimitStore } from '../../../../../nodes/ExactOnline/api/limits/limitStore';
import { PatientLimitStore } from '../../../../../nodes/ExactOnline/api/limits/patientLimitStore';
import { vaultError } from '../../../../../nodes/shared/vault/vaultErrors';
import { isConnectorError } from '../../../../../nodes/shared/errors';
import { until } from '../../../../support/until';
import { ExactServer, list, odataError, type ScriptedAnswer } from '../support/exactServer';
import { FakeTokenSource, JumpingClock } from '../support/fakes';

const server = new ExactServer();
let clock: JumpingClock;
let state: ClientState;
let client: ExactOnlineClient;

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

beforeEach(() => {
	clock = new JumpingClock();
	state = createClientState();
	client = newClient('cred');
});

function newClient(credentialId: string): ExactOnlineClient {
	return new ExactOnlineClient(new FakeTokenSource(server.baseUrl), { clock, state, credentialId });
}

const ACCOUNTS = { method: 'GET', path: 'crm/Accounts', division: 123 } as const;

async function failure(promise: Promise<unknown>) {
	const error: unknown = await promise.catch((reason: unknown) => reason);
	if (!isConnectorError(error)) throw new Error(`no ConnectorError: ${String(error)}`);
	return error;
}

/** Headers of the minutely limit; without a `Date`, so that the clock of the test holds. */
function minutely(remaining: number, resetInMs: number): Record<string, string> {
	return {
		'X-RateLimit-Minutely-Limit': '60',
		'X-RateLimit-Minutely-Remaining': String(remaining),
		'X-RateLimit-Minutely-Reset': String(Math.round(clock.now() + resetInMs)),
		Date: new Date(clock.now()).toUTCString(),
	};
}

function daily(remaining: number, resetInMs: number): Record<string, string> {
	return {
		'X-RateLimit-Limit': '5000',
		'X-RateLimit-Remaining': String(remaining),
		'X-RateLimit-Reset': String(Math.round(clock.now() + resetInMs)),
		Date: new Date(clock.now()).toUTCString(),
	};
}

describe('minutely limit', () => {
	it.each(['GET', 'POST'] as const)(
		'429: waits until the minute is over and repeats %s',
		async (method) => {
			server.answer([{ status: 429, headers: minutely(0, 30_000), body: '' }, list([{ n: 1 }])]);
			const answer = await client.request({ ...ACCOUNTS, method });
			expect(answer.rows).toEqual([{ n: 1 }]);
			expect(clock.sleeps).toEqual([31_000]);
			expect(server.requests).toHaveLength(2);
		},
	);

	it('waits before a request when the last answer used up the minute', async () => {
		server.answer([
			{ ...list([]), headers: { ...daily(4000, 1e7), ...minutely(0, 5000) } },
			list([]),
		]);
		await client.request(ACCOUNTS);
		expect(clock.sleeps).toEqual([]);
		await client.request(ACCOUNTS);
		expect(clock.sleeps).toEqual([6000]);
		await client.request(ACCOUNTS);
		expect(clock.sleeps).toEqual([6000]);
	});

	it('does not make another division wait', async () => {
		server.answer([{ ...list([]), headers: minutely(0, 5000) }]);
		await client.request(ACCOUNTS);
		await client.request({ ...ACCOUNTS, division: 456 });
		expect(clock.sleeps).toEqual([]);
	});

	it('never waits longer than a minute, whatever the header says', async () => {
		server.answer([{ status: 429, headers: minutely(0, 9e9), body: '' }, list([])]);
		await client.request(ACCOUNTS);
		expect(clock.sleeps).toEqual([61_000]);
	});

	it('takes a clock that differs from that of the service into account', async () => {
		const ahead = 10 * 60_000;
		const headers = {
			'X-RateLimit-Minutely-Remaining': '0',
			'X-RateLimit-Minutely-Reset': String(clock.now() + ahead + 20_000),
			Date: new Date(clock.now() + ahead).toUTCString(),
		};
		server.answer([{ status: 429, headers, body: '' }, list([])]);
		await client.request(ACCOUNTS);
		expect(clock.sleeps).toEqual([21_000]);
	});

	it.each([
		[{}, 61_000],
		[{ 'Retry-After': '10' }, 11_000],
		[{ 'Retry-After': '0' }, 1_000],
		[{ 'Retry-After': 'Tue, 07 Apr 2026 12:01:00 GMT' }, 61_000],
	])('429 without limit headers %p', async (headers, wait) => {
		server.answer([{ status: 429, headers, body: '' }, list([])]);
		await client.request(ACCOUNTS);
		expect(clock.sleeps).toEqual([wait]);
	});

	it('backs off after a 429 that tells of a minute that is over', async () => {
		server.answer(() => ({ status: 429, headers: minutely(0, -60_000), body: '' }));
		await failure(client.request(ACCOUNTS));
		expect(server.requests).toHaveLength(4);
		expect(clock.sleeps).toEqual([16_000, 31_000, 61_000]);
	});

	it('understands a reset of 0 as none, and one in seconds', async () => {
		const headers = { ...minutely(0, 0), 'X-RateLimit-Minutely-Remaining': '0' };
		const seconds = String(Math.ceil(clock.now() / 1000) + 20);
		const answers = [seconds, '0'].map((reset) => ({
			status: 429,
			headers: { ...headers, 'X-RateLimit-Minutely-Reset': reset },
			body: '',
		}));
		server.answer([...answers, list([])]);
		await client.request(ACCOUNTS);
		expect(clock.sleeps).toHaveLength(2);
		expect(clock.sleeps[0]).toBeGreaterThanOrEqual(21_000);
		expect(clock.sleeps[0]).toBeLessThan(23_000);
		expect(clock.sleeps[1]).toBe(61_000);
	});

	it.each(['-1', '4,999', '', 'none', '1e3'])(
		'a good answer whose remainders read %p says nothing',
		async (remaining) => {
			const headers = {
				'X-RateLimit-Remaining': remaining,
				'X-RateLimit-Reset': String(clock.now() + 3_600_000),
				'X-RateLimit-Minutely-Remaining': remaining,
				'X-RateLimit-Minutely-Reset': String(clock.now() + 50_000),
			};
			server.answer([{ ...list([]), headers }, list([])]);
			await client.request(ACCOUNTS);
			await client.request(ACCOUNTS);
			expect(clock.sleeps).toEqual([]);
		},
	);

	it('is met by a 429 that leaves calls of the day, though its own set cannot be read', async () => {
		const unreadable = { 'X-RateLimit-Minutely-Remaining': '-1' };
		const headers = { ...daily(4000, 5 * 3_600_000), ...unreadable };
		server.answer([{ status: 429, headers, body: '' }, list([{ n: 1 }])]);
		expect((await client.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
		expect(clock.sleeps).toEqual([61_000]);
	});

	it('fails after waiting three times', async () => {
		server.answer(() => ({ status: 429, headers: minutely(0, 10_000), body: '' }));
		const error = await failure(client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_RATE_LIMIT_MINUTE', retryable: true });
		expect(server.requests).toHaveLength(4);
	});

	it('a cancel ends the wait', async () => {
		const controller = new AbortController();
		clock.onSleep = () => controller.abort();
		server.answer([{ status: 429, headers: minutely(0, 30_000), body: '' }]);
		const error = await failure(client.request({ ...ACCOUNTS, signal: controller.signal }));
		expect(error.code).toBe('EXACT_CANCELLED');
	});
});

describe('daily limit', () => {
	it('429: fails with the time and sends nothing more to the division', async () => {
		const resetAt = clock.now() + 5 * 3_600_000;
		server.answer([{ status: 429, headers: daily(0, 5 * 3_600_000), body: '' }]);
		const error = await failure(client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_RATE_LIMIT_DAY', retryAt: resetAt });
		expect(error.message).toContain(new Date(resetAt).toISOString());
		expect((await failure(client.request(ACCOUNTS))).code).toBe('EXACT_RATE_LIMIT_DAY');
		expect(server.requests).toHaveLength(1);
		expect(clock.sleeps).toEqual([]);

		server.answer([list([])]);
		await client.request({ ...ACCOUNTS, division: 456 });
		clock.time = resetAt;
		await client.request(ACCOUNTS);
		expect(server.requests).toHaveLength(2);
	});

	it('wins where both limits are used up', async () => {
		const headers = { ...minutely(0, 10_000), ...daily(0, 3_600_000) };
		server.answer([{ status: 429, headers, body: '' }]);
		expect((await failure(client.request(ACCOUNTS))).code).toBe('EXACT_RATE_LIMIT_DAY');
	});
});

describe('order', () => {
	it('sends one request at a time to a division, and others beside it', async () => {
		let running = 0;
		let most = 0;
		const seen: string[] = [];
		server.answer(async ({ target }) => {
			running += 1;
			if (target.includes('/123/')) most = Math.max(most, running);
			seen.push(target);
			await new Promise((resolve) => setImmediate(resolve));
			running -= 1;
			return list([]);
		});
		const calls = ['a', 'b', 'c', 'd'].map(
			async (name) => await client.request({ ...ACCOUNTS, query: { name } }),
		);
		await Promise.all(calls);
		expect(most).toBe(1);
		expect(seen.map((target) => target.slice(-1))).toEqual(['a', 'b', 'c', 'd']);
	});

	it('goes on after a failure, and a cancelled caller does not let others overtake', async () => {
		const controller = new AbortController();
		let finishFirst: (answer: ScriptedAnswer) => void = () => undefined;
		let started: () => void = () => undefined;
		const firstStarted = new Promise<void>((resolve) => (started = resolve));
		server.answer(async (_request, index) => {
			if (index > 0) return list([]);
			started();
			return await new Promise<ScriptedAnswer>((resolve) => (finishFirst = resolve));
		});
		const first = client.request(ACCOUNTS);
		await firstStarted;
		const second = failure(client.request({ ...ACCOUNTS, signal: controller.signal }));
		const third = client.request(ACCOUNTS);
		controller.abort();
		expect((await second).code).toBe('EXACT_CANCELLED');
		await new Promise((resolve) => setImmediate(resolve));
		expect(server.requests).toHaveLength(1);
		finishFirst(odataError(403, ''));
		expect((await failure(first)).code).toBe('EXACT_FORBIDDEN');
		await third;
		expect(server.requests).toHaveLength(2);
	});
});

describe('error budget', () => {
	const wrong = { ...ACCOUNTS, query: { $filter: "Nme eq 'x'" } };

	it('holds the same kind of request back after five equal errors, and says until when', async () => {
		const start = clock.now();
		server.answer([odataError(400, "No property 'Nme' exists")]);
		for (let n = 0; n < 5; n++) {
			expect((await failure(client.request(wrong))).code).toBe('EXACT_VALIDATION');
		}
		const error = await failure(client.request(wrong));
		expect(error).toMatchObject({ code: 'EXACT_ERROR_BUDGET', retryAt: start + 3_600_000 });
		expect(error.message).toContain(new Date(start + 3_600_000).toISOString());
		expect(error.message).toContain("No property 'Nme' exists");
		expect(server.requests).toHaveLength(5);

		server.answer([list([])]);
		await client.request({ ...ACCOUNTS, query: { $filter: "Name eq 'x'" } });
		await client.request({ ...wrong, division: 456 });
		await newClient('another credential').request(wrong);
		clock.time = start + 3_600_001;
		await client.request(wrong);
		expect(server.requests).toHaveLength(4);
	});

	it('a success in between starts the count of equal errors anew', async () => {
		for (let round = 0; round < 2; round++) {
			server.answer([odataError(400, 'wrong')]);
			for (let n = 0; n < 4; n++) await failure(client.request(wrong));
			server.answer([list([])]);
			await client.request(wrong);
		}
		expect(server.requests).toHaveLength(1);
	});

	it('holds everything at the endpoint back after nine errors of any kind', async () => {
		server.answer([odataError(404, 'not found')]);
		for (let n = 0; n < 9; n++) {
			const path = `crm/Accounts(guid'00000000-0000-0000-0000-00000000000${n}')`;
			expect((await failure(client.request({ ...ACCOUNTS, path }))).code).toBe('EXACT_NOT_FOUND');
		}
		expect((await failure(client.request(ACCOUNTS))).code).toBe('EXACT_ERROR_BUDGET');
		expect(server.requests).toHaveLength(9);
		server.answer([list([])]);
		await client.request({ ...ACCOUNTS, path: 'crm/Contacts' });
	});

	const post = (VATCode: string, one = client) =>
		failure(one.request({ ...ACCOUNTS, method: 'POST', body: { Name: 'A', VATCode } }));

	it('sends a write with a corrected value after five with a wrong one', async () => {
		server.answer([odataError(400, 'Wrong VAT code')]);
		for (let n = 0; n < 6; n++) await post('9');
		expect(server.requests).toHaveLength(5);
		server.answer([{ status: 201, body: { d: { ID: 'a' } } }]);
		await client.request({ ...ACCOUNTS, method: 'POST', body: { Name: 'A', VATCode: '2' } });
		expect(server.requests).toHaveLength(1);
	});

	it('keeps the last three of nine errors for requests by hand and for values that have not failed', async () => {
		const source = new FakeTokenSource(server.baseUrl);
		const automatic = new ExactOnlineClient(source, {
			clock,
			state,
			credentialId: 'cred',
			automatic: true,
		});
		server.answer([odataError(400, 'Wrong VAT code')]);
		for (const value of ['a', 'b', 'c', 'd', 'e', 'f']) await post(value, automatic);
		expect(server.requests).toHaveLength(6);
		expect((await post('a', automatic)).code).toBe('EXACT_ERROR_BUDGET');
		expect((await post('g', automatic)).code).toBe('EXACT_VALIDATION');
		expect((await post('a')).code).toBe('EXACT_VALIDATION');
		expect((await post('h', automatic)).code).toBe('EXACT_VALIDATION');
		expect(server.requests).toHaveLength(9);
		expect((await post('i')).code).toBe('EXACT_ERROR_BUDGET');
		expect(server.requests).toHaveLength(9);
	});

	it('counts a bad item among good ones of the same kind, and holds that one alone back', async () => {
		const source = new FakeTokenSource(server.baseUrl);
		const parts = { clock, state, credentialId: 'cred', automatic: true };
		const automatic = new ExactOnlineClient(source, parts);
		const isBad = (text: string) => decodeURIComponent(text).includes('bad');
		server.answer(({ target, body }) =>
			isBad(target + body) ? odataError(400, 'Wrong VAT code') : list([]),
		);
		const write = { ...ACCOUNTS, method: 'POST' } as const;
		const read = { ...ACCOUNTS, path: 'crm/Contacts' };
		for (let round = 0; round < 12; round++) {
			await post('bad', automatic);
			await automatic.request({ ...write, body: { Name: 'A', VATCode: 'good' } });
			await failure(automatic.request({ ...read, query: { $filter: "VATCode eq 'bad'" } }));
			await automatic.request({ ...read, query: { $filter: "VATCode eq 'good'" } });
		}
		const sent = server.requests.map(({ method, target, body }) => [method, isBad(target + body)]);
		const count = (method: string, bad: boolean) =>
			sent.filter((one) => one[0] === method && one[1] === bad).length;
		expect([count('POST', true), count('POST', false)]).toEqual([5, 12]);
		expect([count('GET', true), count('GET', false)]).toEqual([5, 12]);
	});

	it('goes on with good values where five different ones were refused in between', async () => {
		server.answer(({ target }) => (target.includes('bad') ? odataError(400, 'no') : list([])));
		const read = (value: string) =>
			client.request({ ...ACCOUNTS, query: { $filter: `Code eq '${value}'` } });
		for (let n = 0; n < 6; n++) {
			await failure(read(`bad ${'abcdef'.charAt(n)}`));
			await read('good');
		}
		expect(server.requests).toHaveLength(12);
	});

	it('sends a read with a corrected value after five with different wrong ones, until nine have failed', async () => {
		server.answer(({ target }) => (target.includes('good') ? list([]) : odataError(400, 'no')));
		const read = (value: string) =>
			client.request({ ...ACCOUNTS, query: { $filter: `Code eq '${value}'` } });
		for (let n = 0; n < 5; n++) await failure(read(`wrong ${n}`));
		await read('good');
		for (let n = 5; n < 12; n++) await failure(read(`wrong ${n}`));
		expect((await failure(read('good'))).code).toBe('EXACT_ERROR_BUDGET');
		expect(server.requests).toHaveLength(1 + 9);
	});

	it('sends a request that fails over and over once an hour, until it goes well', async () => {
		server.answer([odataError(400, 'Wrong VAT code')]);
		for (let n = 0; n < 5; n++) await post('9');
		for (let hour = 0; hour < 3; hour++) {
			clock.time += 3_600_001;
			for (let n = 0; n < 4; n++) await post('9');
		}
		expect(server.requests).toHaveLength(5 + 3);
		clock.time += 3_600_001;
		server.answer([{ status: 201, body: '' }]);
		const request = { ...ACCOUNTS, method: 'POST', body: { Name: 'A', VATCode: '9' } } as const;
		await client.request(request);
		server.answer([odataError(400, 'Wrong VAT code')]);
		for (let n = 0; n < 6; n++) await post('9');
		expect(server.requests).toHaveLength(5);
	});

	it('a 401 holds nothing back that goes out with another token', async () => {
		const me = { method: 'GET', path: 'current/Me' } as const;
		for (const automatic of [false, true]) {
			const source = new FakeTokenSource(server.baseUrl);
			state = createClientState();
			const one = new ExactOnlineClient(source, { clock, state, credentialId: 'cred', automatic });
			server.answer([{ status: 401, body: 'Unauthorized' }]);
			for (let n = 0; n < 8; n++) await failure(one.request(me));
			expect(server.requests).toHaveLength(5);
			expect((await failure(one.request(me))).code).toBe('EXACT_ERROR_BUDGET');
			source.generation += 1;
			server.answer([list([{ UserID: 'u' }])]);
			await one.request(me);
		}
	});

	it('tells nothing of values and tokens in what it keeps', async () => {
		server.answer([odataError(400, 'wrong')]);
		await post('secret-value');
		server.answer([{ status: 401, body: 'Unauthorized' }]);
		await post('secret-value');
		expect(JSON.stringify([...state.errors])).not.toContain('secret');
	});

	it('counts what Exact counts: not 429, not 5xx', async () => {
		server.answer([odataError(500, 'A problem has occurred.')]);
		for (let n = 0; n < 12; n++) await failure(client.request(ACCOUNTS));
		// Each is sent three times more.
		expect(server.requests).toHaveLength(12 * 4);
	});

	it.each([429, 403])('understands a block by the service with status %i', async (status) => {
		server.answer([{ status, body: 'API rate limit exceeded' }]);
		expect((await failure(client.request(ACCOUNTS))).code).toBe('EXACT_ERROR_BUDGET');
		expect((await failure(client.request(ACCOUNTS))).code).toBe('EXACT_ERROR_BUDGET');
		expect(server.requests).toHaveLength(1);
		expect(clock.sleeps).toEqual([]);
		server.answer([list([])]);
		clock.time += 3_600_001;
		await client.request(ACCOUNTS);
	});
});

describe('a call that is not made after all', () => {
	/** A store that grants leases, as one that other processes share. */
	class LeaseStore extends MemoryLimitStore {
		readonly released = jest.fn();

		override async alone(): Promise<undefined> {
			return (await Promise.resolve(this.released)) as never;
		}
	}

	it('is given back with its batch and the lease, where the token fails after a wait', async () => {
		const store = new LeaseStore(limitMemoryOf(state), clock);
		const source = new FakeTokenSource(server.baseUrl);
		const strict = new ExactOnlineClient(source, {
			clock,
			state,
			limitStore: store,
			parallel: 1,
		});
		server.answer([{ ...list([]), headers: minutely(0, 5000) }]);
		await strict.request(ACCOUNTS);
		const good = await source.getAccessToken('normal');
		jest
			.spyOn(source, 'getAccessToken')
			.mockResolvedValueOnce(good)
			.mockRejectedValueOnce(vaultError('VAULT_UNAVAILABLE', 'gone', 'wait'));
		expect((await failure(strict.request(ACCOUNTS))).code).toBe('VAULT_UNAVAILABLE');
		expect(clock.sleeps).toEqual([6000]);
		const inHand = async () => {
			const { divisions } = await strict.limitsStatus();
			return (divisions as IDataObject[])[0]?.batchesInHand;
		};
		await until(async () => (await inHand()) === 0);
		expect(store.released).toHaveBeenCalledTimes(2);
	});

	it('is no longer among the last errors that may come, where a 429 refused it', async () => {
		server.answer([odataError(404, 'not found')]);
		for (let n = 0; n < 8; n++) {
			const path = `crm/Accounts(guid'00000000-0000-0000-0000-00000000000${n}')`;
			await failure(client.request({ ...ACCOUNTS, path }));
		}
		const before = clock.now();
		server.answer([{ status: 429, headers: minutely(0, 5000), body: '' }, list([{ n: 1 }])]);
		expect((await client.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
		expect(clock.now() - before).toBeLessThan(10_000);
	});
});

describe('a store that keeps nothing', () => {
	const KEPT_NOTHING = vaultError('VAULT_FULL', 'The store keeps nothing.', 'Make room.');
	let limits: StoredCallLimits;

	/** Answers from what it knows, and fails where something is to be kept. */
	function readOnly(known: SharedCalls): LimitStore {
		return {
			calls: async (_key, step) => {
				const { state, result } = step(known, clock.now());
				if (state !== undefined && state !== known) throw KEPT_NOTHING;
				return await Promise.resolve(result);
			},
			errors: async (_key, step) => await Promise.resolve(step({}, clock.now()).result),
			kept: async () => await Promise.reject(KEPT_NOTHING),
			alone: async () => await Promise.resolve(undefined),
		};
	}

	function limitsOver(known: SharedCalls) {
		const memory = createLimitMemory();
		const store = new PatientLimitStore(readOnly(known), memory, clock);
		limits = new StoredCallLimits(store, clock, { app: 'app', user: 'user' }, memory);
	}

	const CALL = { ...ACCOUNTS, endpoint: 'crm/Accounts', shape: 'GET', parallel: 2 };

	it('does not take the wait after a 429 with it', async () => {
		limitsOver({});
		await limits.refused(CALL, { 'retry-after': '10' }, 0);
		await limits.ready(CALL);
		expect(clock.sleeps).toEqual([11_000]);
	});

	it('a cancel ends that wait', async () => {
		limitsOver({});
		const controller = new AbortController();
		clock.onSleep = () => controller.abort();
		const call = { ...CALL, signal: controller.signal };
		await limits.refused(call, { 'retry-after': '10' }, 0);
		const error = await failure(limits.ready(call));
		expect(error.code).toBe('EXACT_CANCELLED');
	});

	it('lets a request go that has sat out the minute', async () => {
		limitsOver({ minute: { remaining: 0, resetAt: clock.now() + 5_000 } });
		await limits.ready(CALL);
		expect(clock.sleeps).toEqual([6_000]);
	});
});
