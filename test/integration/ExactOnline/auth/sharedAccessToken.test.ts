import {
	sharedAccessToken,
	type TokenOrder,
} from '../../../../nodes/ExactOnline/auth/sharedAccessToken';
import { getAuthorizationStatus } from '../../../../nodes/ExactOnline/auth/authorizationStatus';
import { NodeAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { connect, failureOf, passTime } from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();
let test: OpenedChain;
let authorization: Authorization;
let source: NodeAccessTokenSource;
let slept: number[];

beforeEach(async () => {
	test = await bench.open();
	bench.simulator.configure({ refreshWindowFraction: 0.95 });
	authorization = connect(bench.simulator);
	source = new NodeAccessTokenSource(
		test.chain,
		authorization,
		async () => await Promise.resolve(authorization),
	);
	slept = [];
});

/** A wait passes at once, for the service, the vault and this process. */
const sleep: TokenOrder['sleep'] = async (ms) => {
	slept.push(ms);
	await passTime(bench.simulator, test, authorization, Math.ceil(ms / 1000));
};

const handOut = async (seconds: number, more: Partial<TokenOrder> = {}) =>
	await sharedAccessToken(source, {
		minimumLifeMs: seconds * 1000,
		origin: { workflowId: 'w1', executionId: 'e1' },
		sleep,
		...more,
	});

/** Ends the log-in's own token, so that the next one is a refreshed one. */
async function refreshed(): Promise<void> {
	await source.getAccessToken('normal');
	await passTime(bench.simulator, test, authorization, 601);
	await source.getAccessToken('normal');
}

async function isTaken(accessToken: unknown): Promise<boolean> {
	const answer = await fetch(`${bench.simulator.url}/api/v1/current/Me?$select=UserID`, {
		headers: { Authorization: `Bearer ${String(accessToken)}`, Accept: 'application/json' },
	});
	return answer.status === 200;
}

it('gives the present token and its end, which the service takes, and notes that it did', async () => {
	await refreshed();
	const given = await handOut(120);
	expect(given).toMatchObject({ tokenType: 'Bearer', baseUrl: bench.simulator.url });
	expect(Date.parse(String(given.expiresAt))).toBeGreaterThan(Date.now() + 590_000);
	expect(given.secondsLeft).toBeGreaterThanOrEqual(590);
	expect(await isTaken(given.accessToken)).toBe(true);
	expect(slept).toEqual([]);
	const { attempts } = await getAuthorizationStatus(source);
	expect(attempts).toEqual(
		expect.arrayContaining([
			expect.objectContaining({ kind: 'includeSecret', detail: 'workflow w1, execution e1' }),
		]),
	);
});

it('waits for the window where the present one ends too soon, and refreshes once', async () => {
	await refreshed();
	const first = await handOut(120);
	await passTime(bench.simulator, test, authorization, 500);
	expect((await handOut(90)).accessToken).toBe(first.accessToken);
	const next = await handOut(120);
	expect(next.accessToken).not.toBe(first.accessToken);
	expect(next.secondsLeft).toBeGreaterThanOrEqual(590);
	expect(slept).toHaveLength(1);
	expect(slept[0]).toBeGreaterThan(60_000);
	expect(slept[0]).toBeLessThanOrEqual(70_000);
	expect(bench.simulator.counters).toMatchObject({ tokenPosts: 2, oldTokenUses: 0 });
	expect(await isTaken(next.accessToken)).toBe(true);
});

it('ends a wait with the execution, and nothing was given out', async () => {
	await refreshed();
	await passTime(bench.simulator, test, authorization, 500);
	const controller = new AbortController();
	const order = { minimumLifeMs: 540_000, origin: { workflowId: null, executionId: null } };
	const waiting = sharedAccessToken(source, order, controller.signal);
	const outcome = waiting.then(
		() => 'given',
		() => 'ended',
	);
	controller.abort();
	expect(await outcome).toBe('ended');
	expect(bench.simulator.counters.tokenPosts).toBe(1);
});

it('a token whose end nobody knows is not given out with a made-up one', async () => {
	const unknown = { ...connect(bench.simulator), issuedAt: null };
	source = new NodeAccessTokenSource(
		test.chain,
		unknown,
		async () => await Promise.resolve(unknown),
	);
	expect(await failureOf(handOut(120))).toMatchObject({
		code: 'EXACT_TOKEN_AGE_UNKNOWN',
		retryable: true,
	});
});
