import { ACCOUNTS, failure, useClient } from '../support/clientBench';
import { list, odataError, type ScriptedAnswer } from '../support/exactServer';

const bench = useClient();

/** Headers of the minutely limit; without a `Date`, so that the clock of the test holds. */
function minutely(remaining: number, resetInMs: number): Record<string, string> {
	return {
		'X-RateLimit-Minutely-Limit': '60',
		'X-RateLimit-Minutely-Remaining': String(remaining),
		'X-RateLimit-Minutely-Reset': String(Math.round(bench.clock.now() + resetInMs)),
		Date: new Date(bench.clock.now()).toUTCString(),
	};
}

function daily(remaining: number, resetInMs: number): Record<string, string> {
	return {
		'X-RateLimit-Limit': '5000',
		'X-RateLimit-Remaining': String(remaining),
		'X-RateLimit-Reset': String(Math.round(bench.clock.now() + resetInMs)),
		Date: new Date(bench.clock.now()).toUTCString(),
	};
}

describe('minutely limit', () => {
	it.each(['GET', 'POST'] as const)(
		'429: waits until the minute is over and repeats %s',
		async (method) => {
			bench.server.answer([
				{ status: 429, headers: minutely(0, 30_000), body: '' },
				list([{ n: 1 }]),
			]);
			const answer = await bench.client.request({ ...ACCOUNTS, method });
			expect(answer.rows).toEqual([{ n: 1 }]);
			expect(bench.clock.sleeps).toEqual([31_000]);
			expect(bench.server.requests).toHaveLength(2);
		},
	);

	it('waits before a request when the last answer used up the minute', async () => {
		bench.server.answer([
			{ ...list([]), headers: { ...daily(4000, 1e7), ...minutely(0, 5000) } },
			list([]),
		]);
		await bench.client.request(ACCOUNTS);
		expect(bench.clock.sleeps).toEqual([]);
		await bench.client.request(ACCOUNTS);
		expect(bench.clock.sleeps).toEqual([6000]);
		await bench.client.request(ACCOUNTS);
		expect(bench.clock.sleeps).toEqual([6000]);
	});

	it('does not make another division wait', async () => {
		bench.server.answer([{ ...list([]), headers: minutely(0, 5000) }]);
		await bench.client.request(ACCOUNTS);
		await bench.client.request({ ...ACCOUNTS, division: 456 });
		expect(bench.clock.sleeps).toEqual([]);
	});

	it('never waits longer than a minute, whatever the header says', async () => {
		bench.server.answer([{ status: 429, headers: minutely(0, 9e9), body: '' }, list([])]);
		await bench.client.request(ACCOUNTS);
		expect(bench.clock.sleeps).toEqual([61_000]);
	});

	it('takes a clock that differs from that of the service into account', async () => {
		const ahead = 10 * 60_000;
		const headers = {
			'X-RateLimit-Minutely-Remaining': '0',
			'X-RateLimit-Minutely-Reset': String(bench.clock.now() + ahead + 20_000),
			Date: new Date(bench.clock.now() + ahead).toUTCString(),
		};
		bench.server.answer([{ status: 429, headers, body: '' }, list([])]);
		await bench.client.request(ACCOUNTS);
		expect(bench.clock.sleeps).toEqual([21_000]);
	});

	it.each([
		[{}, 61_000],
		[{ 'Retry-After': '10' }, 11_000],
		[{ 'Retry-After': '0' }, 1_000],
		[{ 'Retry-After': 'Tue, 07 Apr 2026 12:01:00 GMT' }, 61_000],
	])('429 without limit headers %p', async (headers, wait) => {
		bench.server.answer([{ status: 429, headers, body: '' }, list([])]);
		await bench.client.request(ACCOUNTS);
		expect(bench.clock.sleeps).toEqual([wait]);
	});

	it('backs off after a 429 that tells of a minute that is over', async () => {
		bench.server.answer(() => ({ status: 429, headers: minutely(0, -60_000), body: '' }));
		await failure(bench.client.request(ACCOUNTS));
		expect(bench.server.requests).toHaveLength(4);
		expect(bench.clock.sleeps).toEqual([16_000, 31_000, 61_000]);
	});

	it('understands a reset of 0 as none, and one in seconds', async () => {
		const headers = { ...minutely(0, 0), 'X-RateLimit-Minutely-Remaining': '0' };
		const seconds = String(Math.ceil(bench.clock.now() / 1000) + 20);
		const answers = [seconds, '0'].map((reset) => ({
			status: 429,
			headers: { ...headers, 'X-RateLimit-Minutely-Reset': reset },
			body: '',
		}));
		bench.server.answer([...answers, list([])]);
		await bench.client.request(ACCOUNTS);
		expect(bench.clock.sleeps).toHaveLength(2);
		expect(bench.clock.sleeps[0]).toBeGreaterThanOrEqual(21_000);
		expect(bench.clock.sleeps[0]).toBeLessThan(23_000);
		expect(bench.clock.sleeps[1]).toBe(61_000);
	});

	it.each(['-1', '4,999', '', 'none', '1e3'])(
		'a good answer whose remainders read %p says nothing',
		async (remaining) => {
			const headers = {
				'X-RateLimit-Remaining': remaining,
				'X-RateLimit-Reset': String(bench.clock.now() + 3_600_000),
				'X-RateLimit-Minutely-Remaining': remaining,
				'X-RateLimit-Minutely-Reset': String(bench.clock.now() + 50_000),
			};
			bench.server.answer([{ ...list([]), headers }, list([])]);
			await bench.client.request(ACCOUNTS);
			await bench.client.request(ACCOUNTS);
			expect(bench.clock.sleeps).toEqual([]);
		},
	);

	it('is met by a 429 that leaves calls of the day, though its own set cannot be read', async () => {
		const unreadable = { 'X-RateLimit-Minutely-Remaining': '-1' };
		const headers = { ...daily(4000, 5 * 3_600_000), ...unreadable };
		bench.server.answer([{ status: 429, headers, body: '' }, list([{ n: 1 }])]);
		expect((await bench.client.request(ACCOUNTS)).rows).toEqual([{ n: 1 }]);
		expect(bench.clock.sleeps).toEqual([61_000]);
	});

	it('fails after waiting three times', async () => {
		bench.server.answer(() => ({ status: 429, headers: minutely(0, 10_000), body: '' }));
		const error = await failure(bench.client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_RATE_LIMIT_MINUTE', retryable: true });
		expect(bench.server.requests).toHaveLength(4);
	});

	it('a cancel ends the wait', async () => {
		const controller = new AbortController();
		bench.clock.onSleep = () => controller.abort();
		bench.server.answer([{ status: 429, headers: minutely(0, 30_000), body: '' }]);
		const error = await failure(bench.client.request({ ...ACCOUNTS, signal: controller.signal }));
		expect(error.code).toBe('EXACT_CANCELLED');
	});
});

describe('daily limit', () => {
	it('429: fails with the time and sends nothing more to the division', async () => {
		const resetAt = bench.clock.now() + 5 * 3_600_000;
		bench.server.answer([{ status: 429, headers: daily(0, 5 * 3_600_000), body: '' }]);
		const error = await failure(bench.client.request(ACCOUNTS));
		expect(error).toMatchObject({ code: 'EXACT_RATE_LIMIT_DAY', retryAt: resetAt });
		expect(error.message).toContain(new Date(resetAt).toISOString());
		expect((await failure(bench.client.request(ACCOUNTS))).code).toBe('EXACT_RATE_LIMIT_DAY');
		expect(bench.server.requests).toHaveLength(1);
		expect(bench.clock.sleeps).toEqual([]);

		bench.server.answer([list([])]);
		await bench.client.request({ ...ACCOUNTS, division: 456 });
		bench.clock.time = resetAt;
		await bench.client.request(ACCOUNTS);
		expect(bench.server.requests).toHaveLength(2);
	});

	it('wins where both limits are used up', async () => {
		const headers = { ...minutely(0, 10_000), ...daily(0, 3_600_000) };
		bench.server.answer([{ status: 429, headers, body: '' }]);
		expect((await failure(bench.client.request(ACCOUNTS))).code).toBe('EXACT_RATE_LIMIT_DAY');
	});
});

describe('order', () => {
	it('sends one request at a time to a division, and others beside it', async () => {
		let running = 0;
		let most = 0;
		const seen: string[] = [];
		bench.server.answer(async ({ target }) => {
			running += 1;
			if (target.includes('/123/')) most = Math.max(most, running);
			seen.push(target);
			await new Promise((resolve) => setImmediate(resolve));
			running -= 1;
			return list([]);
		});
		const calls = ['a', 'b', 'c', 'd'].map(
			async (name) => await bench.client.request({ ...ACCOUNTS, query: { name } }),
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
		bench.server.answer(async (_request, index) => {
			if (index > 0) return list([]);
			started();
			return await new Promise<ScriptedAnswer>((resolve) => (finishFirst = resolve));
		});
		const first = bench.client.request(ACCOUNTS);
		await firstStarted;
		const second = failure(bench.client.request({ ...ACCOUNTS, signal: controller.signal }));
		const third = bench.client.request(ACCOUNTS);
		controller.abort();
		expect((await second).code).toBe('EXACT_CANCELLED');
		await new Promise((resolve) => setImmediate(resolve));
		expect(bench.server.requests).toHaveLength(1);
		finishFirst(odataError(403, ''));
		expect((await failure(first)).code).toBe('EXACT_FORBIDDEN');
		await third;
		expect(bench.server.requests).toHaveLength(2);
	});
});
