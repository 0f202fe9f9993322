import { chainMemory } from '../../../../nodes/shared/tokenChain/memory';
import type { TokenPair } from '../../../../nodes/shared/tokenChain/types';
import type { ExactOnlineSwitches } from '../../../simulators/ExactOnline/switches';
import { connect, failureOf, forgetMemory, passTime } from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

const bench = useChain();
let opened: OpenedChain;

beforeEach(async () => {
	opened = await bench.open();
});

type Connected = ReturnType<typeof connect>;

async function token(authorization: Connected) {
	return await opened.chain.getToken(authorization, 'normal');
}

function posts(): number {
	return bench.simulator.counters.tokenPosts;
}

/** Lets an authorization's access token end, in use before or not. */
async function ended(): Promise<Connected> {
	const authorization = connect(bench.simulator);
	await token(authorization);
	await passTime(bench.simulator, opened, authorization, 601);
	return authorization;
}

async function outcomes(authorization: Connected): Promise<string[]> {
	const { attempts } = await opened.chain.status(authorization, 10);
	return attempts.map(({ outcome }) => outcome).reverse();
}

describe('a pair was issued and did not arrive', () => {
	const readings: Array<ExactOnlineSwitches['refreshAnswer']> = [
		'gatewayFault',
		'noRefreshToken',
		'emptyRefreshToken',
	];

	it.each(readings)(
		'%s: the live pair stays, one probe, and the next window heals',
		async (reading) => {
			bench.simulator.configure({ grace: 'untilNewIsUsed', refreshAnswer: reading });
			const authorization = await ended();
			const error = await failureOf(token(authorization));
			expect(error).toMatchObject({ code: 'EXACT_TOKEN_IN_DOUBT', retryable: true });
			expect(error.retryAt).toBeGreaterThan(Date.now() + 500_000);
			const { view } = await opened.chain.status(authorization, 1);
			const kept = opened.vault.openSecret(view.record) as TokenPair;
			expect(kept.refreshToken).toBe(authorization.pair.refreshToken);
			await failureOf(token(authorization));
			expect(await outcomes(authorization)).toEqual(['unknown', 'tooEarly']);
			bench.simulator.configure({ refreshAnswer: 'pair' });
			await passTime(bench.simulator, opened, authorization, 601);
			await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
			expect(posts()).toBe(3);
		},
	);

	it('at the very first use of a log-in: the text says what the attempts know', async () => {
		bench.simulator.configure({ tooEarlyCheckedFirst: false });
		const connected = connect(bench.simulator);
		const user = bench.simulator.world.users[0]!.userId;
		bench.simulator.ageChain(connected.clientId, user, 700);
		bench.simulator.faults.token.push({ kind: 'lostAnswer' });
		const authorization = { ...connected, issuedAt: Date.now() - 700_000 };
		const error = await failureOf(token(authorization));
		expect(error.code).toBe('EXACT_OLD_REFRESH_TOKEN');
		expect(error.message).toContain('in an answer that never arrived here (token request of 20');
		expect(error.message).not.toContain('vault');
		expect(error.repair).toContain('press Connect');
	});
});

describe('nothing was done, and the answer does not prove it', () => {
	it.each([
		['proxyPage', 'doubtful'],
		['unknownRefusal', 'doubtful'],
		['badCode', 'doubtful'],
	])('%s: one probe brings the pair', async (name, outcome) => {
		const authorization = await ended();
		bench.simulator.faults.token.push({ kind: 'answer', name });
		await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
		expect(posts()).toBe(2);
		const { attempts } = await opened.chain.status(authorization, 10);
		expect(attempts.map((one) => [one.kind, one.outcome])).toEqual([
			['probe', 'saved'],
			['refresh', outcome],
		]);
	});

	it('and a page that speaks of a refresh token that expired ends no chain', async () => {
		const authorization = await ended();
		const html = '<html><body>Blocked. Has your refresh token expired?</body></html>';
		bench.simulator.faults.token.push({ kind: 'html', status: 403, html, times: Infinity });
		expect(await failureOf(token(authorization))).toMatchObject({ retryable: true });
		bench.simulator.faults.token.clear();
		await passTime(bench.simulator, opened, authorization, 601);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
	});

	it.each([400, 401])(
		'and a page (%i) at the first refresh of a new log-in does not set that aside',
		async (status) => {
			const first = await ended();
			await token(first);
			const again = connect(bench.simulator);
			await token(again);
			await passTime(bench.simulator, opened, again, 601);
			forgetMemory();
			const html = '<html><body>Bad Request</body></html>';
			bench.simulator.faults.token.push({ kind: 'html', status, html });
			expect(await failureOf(token(again))).toMatchObject({ retryable: true });
			await passTime(bench.simulator, opened, again, 601);
			await expect(token(again)).resolves.toMatchObject({ generation: 3 });
		},
	);

	it('again and again: one probe per window, never more than the service forgives', async () => {
		const authorization = await ended();
		bench.simulator.faults.token.push({ kind: 'answer', name: 'proxyPage', times: Infinity });
		for (let window = 0; window < 12; window += 1) {
			expect(await failureOf(token(authorization))).toMatchObject({ retryable: true });
			// However many answers tell nothing, it is not said to be intact, and what helps is named.
			expect(await failureOf(token(authorization))).toMatchObject({
				code: 'EXACT_TOKEN_IN_DOUBT',
				repair: expect.stringContaining('press Connect'),
			});
			await passTime(bench.simulator, opened, authorization, 601);
		}
		// Two hours: four in each, two of six are kept for a person.
		expect(posts()).toBe(8);
		bench.simulator.faults.token.clear();
		await passTime(bench.simulator, opened, authorization, 3_600);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
	});
});

describe('limits of requests', () => {
	it('wrong client secrets together cost three refusals in a token life', async () => {
		const authorization = await ended();
		for (const clientSecret of ['wrong 1', 'wrong 2', 'wrong 3', 'wrong 4', 'wrong 5']) {
			await failureOf(token({ ...authorization, clientSecret }));
		}
		expect(posts()).toBe(3);
		expect(await failureOf(token(authorization))).toMatchObject({
			code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
			retryable: true,
		});
		await passTime(bench.simulator, opened, authorization, 601);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
	});
});

describe('"too early"', () => {
	it('never comes twice without a pause, and no ended token is handed out meanwhile', async () => {
		bench.simulator.configure({ tooEarlyCheckedFirst: true, replacedLogInAnswer: 'oldToken' });
		const authorization = connect(bench.simulator);
		await token(authorization);
		await passTime(bench.simulator, opened, authorization, 571);
		// Somebody else logs in with the same app and user; nobody here sees it.
		connect(bench.simulator);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 1 });
		await expect(token(authorization)).resolves.toMatchObject({ generation: 1 });
		expect(posts()).toBe(1);
		await passTime(bench.simulator, opened, authorization, 31);
		const error = await failureOf(token(authorization));
		expect(error).toMatchObject({ code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE', retryable: true });
		expect(error.retryAt).toBeGreaterThan(Date.now() + 500_000);
		for (let again = 0; again < 5; again += 1) await failureOf(token(authorization));
		expect(posts()).toBe(2);
		await passTime(bench.simulator, opened, authorization, 571);
		const lost = await failureOf(token(authorization));
		expect(lost.code).toBe('EXACT_OLD_REFRESH_TOKEN');
		expect(lost.repair).toContain('has not run since, run it once');
		expect(lost.repair).toContain('press Connect');
	});

	it('after a 401 ends the use of that token in this process', async () => {
		const authorization = connect(bench.simulator);
		await token(authorization);
		await passTime(bench.simulator, opened, authorization, 601);
		// Against the store's clock, which may have jumped, the service is believed.
		bench.simulator.ageChain(authorization.clientId, bench.simulator.world.users[0]!.userId, -400);
		const believed = await token(authorization);
		expect(believed.generation).toBe(1);
		await failureOf(opened.chain.replaceRefused(authorization, believed, 'normal'));
		await failureOf(token(authorization));
		await failureOf(token(authorization));
		expect(posts()).toBe(1);
	});
});

it('a run without a usable token waits at most 20 s for an answer, which is kept', async () => {
	const authorization = await ended();
	const hold = bench.simulator.hold('tokenReceived');
	const asked = failureOf(token(authorization));
	const held = await hold.waiting();
	const error = await asked;
	expect(error).toMatchObject({ code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE', retryable: true });
	expect(error.retryAt).toBeGreaterThan(Date.now());
	held.release();
	await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
	expect(posts()).toBe(1);
}, 40_000);

describe('a caller whose token is good', () => {
	it('is not held up by a slow token endpoint, which refreshes in the background', async () => {
		bench.simulator.configure({ refreshWindowFraction: 0.95 });
		const authorization = connect(bench.simulator);
		await token(authorization);
		await passTime(bench.simulator, opened, authorization, 575);
		const hold = bench.simulator.hold('tokenReceived');
		await expect(token(authorization)).resolves.toMatchObject({ generation: 1 });
		await expect(token(authorization)).resolves.toMatchObject({ generation: 1 });
		const held = await hold.waiting();
		held.release();
		const renewed = opened.chain.renewWhereDue(authorization);
		await expect(renewed).resolves.toMatchObject({ generation: 2 });
		await expect(token(authorization)).resolves.toMatchObject({ generation: 2 });
		expect(posts()).toBe(1);
	});

	it('is not held up by a store that is silent', async () => {
		const authorization = connect(bench.simulator);
		await token(authorization);
		for (const known of chainMemory().authorizations.values()) known.checkUntil = -Infinity;
		const silence = new Promise<never>(() => undefined);
		const read = jest.spyOn(opened.vault.database, 'read').mockReturnValue(silence);
		const write = jest.spyOn(opened.vault.database, 'write').mockReturnValue(silence);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 1 });
		await passTimeInMemory(575_000);
		await expect(token(authorization)).resolves.toMatchObject({ generation: 1 });
		read.mockRestore();
		write.mockRestore();
		forgetMemory();
	});
});

/** As `passTime`, where the store does not answer. */
async function passTimeInMemory(ms: number): Promise<void> {
	for (const held of chainMemory().tokens.values()) {
		if (held.requestedAt !== null) held.requestedAt -= ms;
		if (held.receivedAt !== null) held.receivedAt -= ms;
	}
}
