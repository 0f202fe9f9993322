import type { IDataObject } from 'n8n-workflow';

import {
	keepAlive,
	refreshNow,
	releaseRegistration,
	takeOverRegistration,
} from '../../../../nodes/ExactOnline/auth/authorizationActions';
import { getAuthorizationStatus } from '../../../../nodes/ExactOnline/auth/authorizationStatus';
import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { NodeAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import {
	connect,
	CREDENTIAL_A,
	CREDENTIAL_B,
	failureOf,
	passTime,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();
let test: OpenedChain;

beforeEach(async () => {
	test = await bench.open();
});

function sourceOf(authorization: Authorization, chain = test.chain): NodeAccessTokenSource {
	return new NodeAccessTokenSource(
		chain,
		authorization,
		async () => await Promise.resolve(authorization),
	);
}

describe('Get Status', () => {
	it('tells identifier, generation, deadlines and the last attempts, and no secret', async () => {
		const authorization = connect(bench.simulator);
		const source = sourceOf(authorization);
		await source.getAccessToken('normal');
		await passTime(bench.simulator, test, authorization, 601);
		await source.getAccessToken('normal');
		const status = await getAuthorizationStatus(source);
		const userId = bench.simulator.world.users[0]!.userId;
		expect(status).toMatchObject({
			identifier: `${authorization.clientId}#${userId}`,
			userName: bench.simulator.world.users[0]!.userName,
			baseUrl: bench.simulator.url,
			state: 'active',
			generation: 2,
			daysUntilIdleDeadline: 29,
			owner: { credentialName: 'Exact Online A', otherInstance: false },
			attempts: [{ kind: 'refresh', outcome: 'saved', generation: 1, pid: process.pid }],
		});
		expect(Date.parse(String(status.nextRefreshFrom))).toBeGreaterThan(Date.now() + 560_000);
		const live = bench.simulator.liveRefreshToken(authorization.clientId, userId)!;
		const text = JSON.stringify(status);
		for (const secret of [
			live,
			authorization.pair.accessToken,
			authorization.pair.refreshToken,
			authorization.clientSecret,
		]) {
			expect(text).not.toContain(secret);
		}
	});

	afterEach(() => {
		delete process.env.N8N_EXACTONLINE_DOCUWARE_SHOW_REGISTRATIONS;
	});

	it('lists the identities registered from this n8n where an administrator allows it, and not those of another', async () => {
		const own = connect(bench.simulator, CREDENTIAL_A, { user: 0 });
		const second = connect(bench.simulator, CREDENTIAL_B, { user: 1 });
		const elsewhere = connect(
			bench.simulator,
			{ ...CREDENTIAL_A, instanceId: 'other' },
			{ user: 2 },
		);
		for (const one of [own, second, elsewhere]) await sourceOf(one).getAccessToken('normal');
		const silent = await getAuthorizationStatus(sourceOf(own));
		expect(silent).not.toHaveProperty('registeredIdentities');
		expect(JSON.stringify(silent)).not.toContain(test.vault.database.location);
		process.env.N8N_EXACTONLINE_DOCUWARE_SHOW_REGISTRATIONS = 'true';
		const { registeredIdentities, vault } = await getAuthorizationStatus(sourceOf(own));
		expect(registeredIdentities).toMatchObject([
			{ credentialName: 'Exact Online A', state: 'active', daysUntilIdleDeadline: 29 },
			{ credentialName: 'B' },
		]);
		expect(vault).toMatchObject({ location: test.vault.database.location });
	});

	it('names no owner where owners are hidden', async () => {
		const hiding = new TokenChain(test.vault, exactChainPolicy, {
			ownerAlways: true,
			ownerFromHook: false,
		});
		const status = await getAuthorizationStatus(sourceOf(connect(bench.simulator), hiding));
		expect(JSON.stringify(status)).not.toContain('Exact Online A');
	});
});

it('Keep Alive refreshes when a refresh is due, once per window', async () => {
	const authorization = connect(bench.simulator);
	const source = sourceOf(authorization);
	expect(await keepAlive(source)).toMatchObject({ refreshed: false, generation: 1 });
	await passTime(bench.simulator, test, authorization, 25 * 24 * 60 * 60);
	expect(await keepAlive(source)).toMatchObject({ refreshed: true, generation: 2 });
	expect(await keepAlive(source)).toMatchObject({ refreshed: false, generation: 2 });
	expect(bench.simulator.counters.tokenPosts).toBe(1);
});

it('Keep Alive waits for a slow token endpoint, although the present token is good', async () => {
	bench.simulator.configure({ refreshWindowFraction: 0.95 });
	const authorization = connect(bench.simulator);
	const source = sourceOf(authorization);
	await keepAlive(source);
	await passTime(bench.simulator, test, authorization, 575);
	bench.simulator.configure({ tokenDelayMs: 1_500 });
	expect(await keepAlive(source)).toMatchObject({ refreshed: true, generation: 2 });
});

it('Refresh Now says before the window when it opens, and refreshes in it', async () => {
	bench.simulator.configure({ refreshWindowFraction: 0.95 });
	const authorization = connect(bench.simulator);
	const source = sourceOf(authorization);
	await source.getAccessToken('normal');
	const error = await failureOf(refreshNow(source));
	expect(error).toMatchObject({ code: 'EXACT_TOO_EARLY', retryable: true });
	expect(error.retryAt).toBeGreaterThan(Date.now() + 500_000);
	expect(bench.simulator.counters.tokenPosts).toBe(0);
	await passTime(bench.simulator, test, authorization, 571);
	expect(await refreshNow(source)).toMatchObject({ refreshed: true, generation: 2 });
});

it('Refresh Now sends one more probe of a chain in doubt, because a person asks for it', async () => {
	bench.simulator.configure({ grace: 'untilNewIsUsed' });
	const authorization = connect(bench.simulator);
	const source = sourceOf(authorization);
	await source.getAccessToken('normal');
	await passTime(bench.simulator, test, authorization, 601);
	bench.simulator.faults.token.push({ kind: 'reset', times: 2 });
	expect(await failureOf(source.getAccessToken('normal'))).toMatchObject({
		code: 'EXACT_TOKEN_IN_DOUBT',
		retryable: true,
	});
	expect(await refreshNow(source)).toMatchObject({ refreshed: true, generation: 2 });
	expect(bench.simulator.counters.tokenPosts).toBe(3);
});

it('Release Registration lets the next credential in; Take Over Registration changes places', async () => {
	const a = connect(bench.simulator, CREDENTIAL_A);
	await sourceOf(a).getAccessToken('normal');
	await passTime(bench.simulator, test, a, 601);
	await sourceOf(a).getAccessToken('normal');
	const b = connect(bench.simulator, CREDENTIAL_B);
	await failureOf(sourceOf(b).getAccessToken('normal'));
	expect(await releaseRegistration(sourceOf(a))).toMatchObject({
		released: true,
		formerOwner: 'Exact Online A',
	});
	await sourceOf(b).getAccessToken('normal');
	// From its own pair; the registration is its as soon as the service has accepted that.
	await passTime(bench.simulator, test, a, 601);
	await sourceOf(b).getAccessToken('normal');
	expect(await failureOf(sourceOf(a).getAccessToken('normal'))).toMatchObject({
		code: 'EXACT_DUPLICATE_IDENTIFIER',
	});
	const origin = { workflowId: 'workflow-7', executionId: '42' };
	expect(await takeOverRegistration(sourceOf(a), undefined, origin)).toMatchObject({
		takenOver: true,
		owner: 'Exact Online A',
	});
	await sourceOf(a).getAccessToken('normal');
	await failureOf(sourceOf(b).getAccessToken('normal'));
	const { attempts } = await getAuthorizationStatus(sourceOf(a));
	const events = (attempts as IDataObject[]).filter(({ outcome }) => outcome === 'noted');
	expect(events).toMatchObject([
		{ kind: 'takeOver', outcome: 'noted', detail: 'workflow workflow-7, execution 42' },
		{ kind: 'release', outcome: 'noted', detail: 'workflow unknown, execution unknown' },
	]);
});

it('Take Over Registration by a credential that was refused is carried out once its log-in is accepted', async () => {
	const a = connect(bench.simulator, CREDENTIAL_A);
	await sourceOf(a).getAccessToken('normal');
	const b = connect(bench.simulator, CREDENTIAL_B);
	await failureOf(sourceOf(b).getAccessToken('normal'));
	const origin = { workflowId: 'workflow-8', executionId: '43' };
	expect(await takeOverRegistration(sourceOf(b), undefined, origin)).toMatchObject({
		takenOver: false,
		pending: true,
	});
	// Its own pair is good until then; after that the service decides.
	await sourceOf(b).getAccessToken('normal');
	await passTime(bench.simulator, test, b, 601);
	await sourceOf(b).getAccessToken('normal');
	expect(await failureOf(sourceOf(a).getAccessToken('normal'))).toMatchObject({
		code: 'EXACT_DUPLICATE_IDENTIFIER',
	});
	const status = await getAuthorizationStatus(sourceOf(b));
	expect(status.owner).toMatchObject({ credentialName: 'B' });
	const events = (status.attempts as IDataObject[]).filter(({ outcome }) => outcome === 'noted');
	expect(events).toMatchObject([{ kind: 'takeOver', detail: 'workflow workflow-8, execution 43' }]);
});

describe('a cancel', () => {
	const REASON = new Error('The execution was cancelled');
	const calls = { getAuthorizationStatus, keepAlive, releaseRegistration, takeOverRegistration };

	it.each(Object.entries(calls))('releases %s at once', async (_name, call) => {
		const hold = bench.simulator.hold('apiReceived');
		const controller = new AbortController();
		const asked = call(sourceOf(connect(bench.simulator)), controller.signal);
		const held = await hold.waiting();
		controller.abort(REASON);
		await expect(asked).rejects.toBe(REASON);
		held.release();
	});

	it('before the identity is known leaves its registration as it is', async () => {
		const authorization = connect(bench.simulator);
		const hold = bench.simulator.hold('apiReceived');
		const controller = new AbortController();
		const asked = releaseRegistration(sourceOf(authorization), controller.signal);
		const held = await hold.waiting();
		controller.abort(REASON);
		await expect(asked).rejects.toBe(REASON);
		held.release();
		await test.chain.resolve(authorization);
		const status = await getAuthorizationStatus(sourceOf(authorization));
		expect(status.owner).toMatchObject({ credentialName: 'Exact Online A' });
	});

	it('of a take-over before the identity is known leaves the owner registered', async () => {
		const owner = connect(bench.simulator);
		await sourceOf(owner).getAccessToken('normal');
		const second = connect(bench.simulator, CREDENTIAL_B);
		const hold = bench.simulator.hold('apiReceived');
		const controller = new AbortController();
		const asked = takeOverRegistration(sourceOf(second), controller.signal);
		const held = await hold.waiting();
		controller.abort(REASON);
		await expect(asked).rejects.toBe(REASON);
		held.release();
		// Joins the identification that goes on, so that nothing of it is under way any more.
		const refused = await failureOf(test.chain.resolve(second));
		expect(refused.code).toBe('EXACT_DUPLICATE_IDENTIFIER');
		const status = await getAuthorizationStatus(sourceOf(owner));
		expect(status.owner).toMatchObject({ credentialName: 'Exact Online A' });
	});
});
