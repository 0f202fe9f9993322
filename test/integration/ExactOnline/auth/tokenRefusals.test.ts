import { listRecords, updateRecord } from '../../../../nodes/shared/vault/rows/records';
import {
	connect,
	expiredConnect,
	failureOf,
	passTime,
	presentedBy,
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

/** Lets a pause pass for which the service has asked. */
async function passAskedPause(ms: number): Promise<void> {
	await first.vault.write(function* () {
		for (const record of yield* listRecords('exactonline')) {
			const askedPauseUntil = Number(record.meta.askedPauseUntil) - ms;
			yield* updateRecord({ ...record, meta: { ...record.meta, askedPauseUntil } });
		}
	});
}

describe('refusals of the token endpoint', () => {
	it('"not expired" proves that the token is good: it is used, and the chain lives', async () => {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		// Only this side believes that the token has ended: its clock has jumped.
		await passTime(bench.simulator, first, authorization, 601);
		bench.simulator.ageChain(authorization.clientId, bench.simulator.world.users[0]!.userId, -400);
		const granted = await token(first, authorization);
		expect(granted.generation).toBe(1);
		expect(bench.simulator.counters.tooEarly).toBe(1);
	});

	it.each(['apigeeFault', 'plainText'] as const)('%s: tried again and fetched', async (kind) => {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		await passTime(bench.simulator, first, authorization, 601);
		bench.simulator.faults.token.push({ kind, status: 400 });
		await expect(token(first, authorization)).resolves.toMatchObject({ generation: 2 });
		expect(posts()).toBe(2);
	});

	it.each([
		['as long as it says', 1_800],
		['for an hour where it says more', 90_000],
	])('429 with Retry-After: nothing more is sent by any process, %s', async (_long, seconds) => {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		await passTime(bench.simulator, first, authorization, 601);
		const headers = { 'retry-after': String(seconds) };
		bench.simulator.faults.token.push({ kind: 'status', status: 429, headers });
		const refused = await failureOf(token(first, authorization));
		expect(refused).toMatchObject({ code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE', retryable: true });
		const told = await failureOf(token(second, authorization));
		expect(told).toMatchObject({ code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE', retryable: true });
		const waitMs = Math.min(seconds, 3_600) * 1000;
		expect(told.retryAt).toBeGreaterThan(Date.now() + waitMs - 30_000);
		expect(told.retryAt).toBeLessThan(Date.now() + waitMs + 1_000);
		expect(posts()).toBe(1);
		await passTime(bench.simulator, first, authorization, waitMs / 1000);
		await passAskedPause(waitMs);
		await expect(token(second, authorization)).resolves.toMatchObject({ generation: 2 });
	});

	it('a chain lost to somebody else: one clear error, nothing more is sent, a reconnect heals', async () => {
		bench.simulator.configure({ replacedLogInAnswer: 'oldToken' });
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		const stranger = connect(bench.simulator);
		await passTime(bench.simulator, first, authorization, 601);
		const error = await failureOf(token(first, authorization));
		expect(error).toMatchObject({
			code: 'EXACT_OLD_REFRESH_TOKEN',
			message: expect.stringContaining(
				`${authorization.clientId}#${bench.simulator.world.users[0]!.userId}`,
			),
			repair: expect.stringContaining('Connect'),
			retryable: false,
		});
		// The service's own words, as they came.
		expect(error.message).toContain('("Old refresh token used.")');
		await failureOf(token(second, authorization));
		expect(posts()).toBe(1);
		const reconnected = { ...connect(bench.simulator), presenter: stranger.presenter };
		const { accessToken } = reconnected.pair;
		await expect(token(second, reconnected)).resolves.toMatchObject({ accessToken });
		await expect(token(first, authorization)).resolves.toMatchObject({ accessToken });
	});

	it('a wrong client secret in a copied credential does not stop the right one at first use', async () => {
		const right = expiredConnect(bench.simulator);
		const wrong = { ...presentedBy(right, {}), clientSecret: 'wrong' };
		// The wrong one is under way when the right one comes, and not served by what that one fetched.
		const hold = bench.simulator.hold('tokenReceived');
		const refused = token(first, wrong);
		const settled = Promise.allSettled([refused]);
		const held = await hold.waiting();
		const served = token(first, right);
		held.release();
		await settled;
		const outcomes = await Promise.allSettled([refused, served]);
		expect(outcomes[0]).toMatchObject({ reason: { code: 'EXACT_INVALID_CLIENT' } });
		expect(outcomes[1]).toMatchObject({ status: 'fulfilled', value: { generation: 2 } });
	});

	it('a wrong client secret stops its own credential only', async () => {
		const right = connect(bench.simulator);
		await token(first, right);
		await passTime(bench.simulator, first, right, 601);
		const wrong = { ...presentedBy(right, { credentialId: 'copy' }), clientSecret: 'wrong' };
		const outcomes = await Promise.allSettled([
			token(first, wrong),
			token(first, right),
			token(second, wrong),
		]);
		expect(outcomes[1]).toMatchObject({ status: 'fulfilled', value: { generation: 2 } });
		await passTime(bench.simulator, first, right, 601);
		const before = posts();
		expect(await failureOf(token(second, wrong))).toMatchObject({ code: 'EXACT_INVALID_CLIENT' });
		await failureOf(token(first, wrong));
		expect(posts() - before).toBeLessThanOrEqual(1);
		await expect(token(first, right)).resolves.toMatchObject({ generation: 3 });
	});
});

describe('a lost answer', () => {
	async function expireAndLose(): Promise<ReturnType<typeof connect>> {
		const authorization = connect(bench.simulator);
		await token(first, authorization);
		await passTime(bench.simulator, first, authorization, 601);
		bench.simulator.faults.token.push({ kind: 'lostAnswer' });
		return authorization;
	}

	it('without grace at Exact: one probe, one clear error, no further token request', async () => {
		bench.simulator.configure({ tooEarlyCheckedFirst: false });
		const authorization = await expireAndLose();
		expect(await failureOf(token(first, authorization))).toMatchObject({
			code: 'EXACT_OLD_REFRESH_TOKEN',
		});
		expect(bench.simulator.counters.refreshesGranted).toBe(1);
		await failureOf(token(second, authorization));
		await failureOf(token(first, authorization));
		expect(posts()).toBe(2);
	});

	it('with grace: the probe is told "not expired", and the chain lives on after the window', async () => {
		bench.simulator.configure({ grace: 'untilNewIsUsed' });
		const authorization = await expireAndLose();
		const error = await failureOf(token(first, authorization));
		expect(error).toMatchObject({ code: 'EXACT_TOKEN_IN_DOUBT', retryable: true });
		expect(error.retryAt).toBeGreaterThan(Date.now());
		expect(posts()).toBe(2);
		await failureOf(token(second, authorization));
		expect(posts()).toBe(2);
		await passTime(bench.simulator, first, authorization, 601);
		await expect(token(second, authorization)).resolves.toMatchObject({ generation: 2 });
		expect(posts()).toBe(3);
	});

	it('twice: one probe per window, and the chain lives on', async () => {
		bench.simulator.configure({ grace: 'untilNewIsUsed' });
		const authorization = await expireAndLose();
		bench.simulator.faults.token.push({ kind: 'reset', times: 2 });
		const error = await failureOf(token(first, authorization));
		expect(error).toMatchObject({ code: 'EXACT_TOKEN_IN_DOUBT', retryable: true });
		expect(error.retryAt).toBeGreaterThan(Date.now() + 500_000);
		await failureOf(token(second, authorization));
		expect(posts()).toBe(2);
		// The second window meets the outage as well, the third does not.
		await passTime(bench.simulator, first, authorization, 575);
		await failureOf(token(second, authorization));
		await failureOf(token(first, authorization));
		expect(posts()).toBe(3);
		await passTime(bench.simulator, first, authorization, 575);
		await expect(token(second, authorization)).resolves.toMatchObject({ generation: 2 });
		expect(posts()).toBe(4);
	});
});
