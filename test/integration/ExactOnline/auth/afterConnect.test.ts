import { ExactOnlineClient } from '../../../../nodes/ExactOnline/api/exactOnlineClient';
import { createClientState } from '../../../../nodes/ExactOnline/api/limits/clientState';
import { NodeAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { FIRST_DIVISION } from '../../../simulators/ExactOnline';
import { connect, failureOf, passTime } from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

const ME = { method: 'GET', path: 'current/Me' } as const;

const OTHER = { method: 'GET', path: 'crm/Accounts', division: FIRST_DIVISION } as const;

/** What runs of one n8n have in common: the limits. */
function runs(authorization: Authorization) {
	const state = createClientState();
	const read = async () => await Promise.resolve(authorization);
	return (automatic: boolean) =>
		new ExactOnlineClient(new NodeAccessTokenSource(opened.chain, authorization, read), {
			state,
			credentialId: 'credential-a',
			automatic,
		});
}

/** A few early 401: the access token of a log-in is not known everywhere at Exact yet. */
function refuseEarly(path: string, times: number): void {
	bench.simulator.faults.api.push({ kind: 'status', status: 401, where: { path }, times });
}

describe.each([false, true])('after Connect (automatic: %s)', (automatic) => {
	it.each([1, 3, 4])('%i early 401 at current/Me hold nothing back', async (times) => {
		const run = runs(connect(bench.simulator));
		refuseEarly('current/Me', times);
		for (let refused = 0; refused < times; refused += 1) {
			const failure = await failureOf(run(automatic).request(ME));
			expect(failure.code).not.toBe('EXACT_ERROR_BUDGET');
			expect(failure.retryAt ?? 0).toBeLessThan(Date.now() + 600_000);
		}
		expect((await run(automatic).request(ME)).rows).toHaveLength(1);
		// No refresh was tried that could only have come too early.
		expect(bench.simulator.counters.tokenPosts).toBe(0);
	});

	it('nor do those that come once the log-in is known, at any endpoint', async () => {
		const run = runs(connect(bench.simulator));
		expect((await run(automatic).request(ME)).rows).toHaveLength(1);
		refuseEarly('crm/Accounts', 4);
		for (let refused = 0; refused < 4; refused += 1) {
			const failure = await failureOf(run(automatic).request(OTHER));
			expect(failure.code).toBe('EXACT_UNAUTHORIZED');
		}
		await run(automatic).request(OTHER);
		expect((await run(automatic).request(ME)).rows).toHaveLength(1);
	});
});

it.each([400, 401] as const)(
	'a refresh after Connect that comes too early (%i) holds nothing back, as the service calls the token good',
	async (tooEarlyStatus) => {
		bench.simulator.configure({ tooEarlyStatus });
		const connected = connect(bench.simulator);
		// By the clock of n8n the token has ended; by that of Exact it has just been issued.
		const authorization = { ...connected, issuedAt: Date.now() - 700_000 };
		const run = runs(authorization);
		for (let again = 0; again < 5; again += 1) {
			// The service has said that the token is good.
			expect((await run(false).request(ME)).rows).toHaveLength(1);
		}
		expect(bench.simulator.counters.tokenPosts).toBe(1);
		await passTime(bench.simulator, opened, connected, 601);
		expect((await run(false).request(ME)).rows).toHaveLength(1);
		expect(bench.simulator.counters.tokenPosts).toBe(2);
	},
);

it('a token that is refused for good is asked about less than ten times in an hour, however many runs there are', async () => {
	const authorization = connect(bench.simulator);
	refuseEarly('current/Me', Infinity);
	const run = async () => await failureOf(opened.chain.getToken(authorization, 'normal'));
	const asked = () => bench.simulator.log.entries.filter(({ path }) => path.includes('current/Me'));
	for (let refused = 0; refused < 5; refused += 1) {
		expect(await run()).toMatchObject({ code: 'EXACT_UNAUTHORIZED' });
	}
	const held = await run();
	expect(held).toMatchObject({ code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE', retryable: true });
	expect(held.retryAt).toBeGreaterThan(Date.now() + 800_000);
	for (let again = 0; again < 5; again += 1) await run();
	expect(asked()).toHaveLength(5);
	// Nor is its next token, which the service gives all the same.
	await passTime(bench.simulator, opened, authorization, 601);
	await run();
	expect(asked()).toHaveLength(5);
	// A new log-in is asked about at once.
	await failureOf(opened.chain.getToken(connect(bench.simulator), 'normal'));
	expect(asked()).toHaveLength(6);
});

it.each([403, 404])('so is one for which %i is answered', async (status) => {
	const authorization = connect(bench.simulator);
	const where = { path: 'current/Me' };
	bench.simulator.faults.api.push({ kind: 'status', status, where, times: Infinity });
	const run = async () => await failureOf(opened.chain.getToken(authorization, 'normal'));
	for (let refused = 0; refused < 5; refused += 1) {
		expect(await run()).toMatchObject({ code: 'EXACT_IDENTITY_UNAVAILABLE' });
	}
	expect(await run()).toMatchObject({ code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE' });
	const asked = bench.simulator.log.entries.filter(({ path }) => path.includes('current/Me'));
	expect(asked).toHaveLength(5);
});

it('many workers together ask for it less than ten times, also one that was not refused itself', async () => {
	const authorization = connect(bench.simulator);
	refuseEarly('current/Me', Infinity);
	const asked = () => bench.simulator.log.entries.filter(({ path }) => path.includes('current/Me'));
	const workers = await Promise.all([bench.start(), bench.start()]);
	for (let round = 0; round < 6; round += 1) {
		for (const worker of workers) await failureOf(worker.getToken(authorization));
	}
	expect(asked()).toHaveLength(5);
	// One that starts later knows nothing of it but what stands in the vault.
	const { chain } = await bench.open();
	expect(await failureOf(chain.getToken(authorization, 'normal'))).toMatchObject({
		code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
	});
	expect(asked()).toHaveLength(5);
});

it('parallel runs whose token is refused cost less errors than block the app', async () => {
	const run = runs(connect(bench.simulator));
	await run(false).request(ME);
	bench.simulator.faults.api.push({ kind: 'status', status: 401, times: Infinity });
	const before = bench.simulator.log.entries.length;
	const outcomes = await Promise.all(
		Array.from({ length: 20 }, async () => (await failureOf(run(false).request(ME))).code),
	);
	expect(new Set(outcomes)).toEqual(new Set(['EXACT_UNAUTHORIZED', 'EXACT_ERROR_BUDGET']));
	const asked = bench.simulator.log.entries
		.slice(before)
		.filter(({ path }) => path.includes('current/Me'));
	expect(asked.length).toBeLessThan(10);
});
