import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type {
	AccessToken,
	Authorization,
	ChainPolicy,
	TokenAnswer,
} from '../../../../nodes/shared/tokenChain/types';
import {
	CREDENTIAL_A,
	failureOf,
	forgetMemory,
	passTimeInMemory,
	passTimeInVault,
} from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';

const MINUTE = 60;

let test: FaultyVault;
let chain: TokenChain;
/** What Exact Online has issued: the age of the newest pair by its clock, in seconds. */
let age: number;
let issued: number;
let posts: { granted: number; tooEarly: number };
let askedWhose: number;
/** The API refuses every token, whatever its age. */
let refusesAll: boolean;

/** The service with one chain, which knows how old its tokens are. */
const policy: ChainPolicy = {
	...exactChainPolicy,
	async requestTokens(_client, refreshToken): Promise<TokenAnswer> {
		const receivedAt = performance.now();
		if (refreshToken !== `refresh-${issued}`) {
			const said = { code: 'EXACT_OLD_REFRESH_TOKEN', detail: 'Old refresh token used.' };
			return await Promise.resolve({ kind: 'lost', showsIssued: true, ...said });
		}
		if (age < 570) {
			posts.tooEarly += 1;
			const said = { code: 'EXACT_TOO_EARLY', detail: 'access_token not expired' };
			return await Promise.resolve({ kind: 'tooEarly', showsIssued: true, ...said });
		}
		posts.granted += 1;
		issued += 1;
		age = 0;
		const pair = {
			accessToken: `access-${issued}`,
			refreshToken: `refresh-${issued}`,
			lifeMs: 600_000,
		};
		return { kind: 'granted', pair, requestedAt: receivedAt, receivedAt };
	},
	async whoAmI(_client, accessToken) {
		askedWhose += 1;
		return await Promise.resolve(
			isTaken(accessToken) ? { userId: 'user', userName: null } : 'unauthorized',
		);
	},
};

function isTaken(accessToken: string): boolean {
	return !refusesAll && accessToken === `access-${issued}` && age < 600;
}

beforeEach(async () => {
	test = await openFaultyVault();
	chain = new TokenChain(test.vault, policy, { ownerAlways: false, ownerFromHook: false });
	age = 0;
	issued = 1;
	posts = { granted: 0, tooEarly: 0 };
	askedWhose = 0;
	refusesAll = false;
});

afterEach(async () => {
	forgetMemory();
	await test.vault.close();
});

/** A log-in that is so old, noted by a clock that is so many minutes ahead of this process's. */
function connected(ageSeconds: number, aheadMinutes: number | null): Authorization {
	age = ageSeconds;
	const issuedAt = Date.now() - ageSeconds * 1000 + (aheadMinutes ?? 0) * MINUTE * 1000;
	return {
		host: 'https://host',
		clientId: 'app',
		clientSecret: 'secret',
		pair: {
			accessToken: `access-${issued}`,
			refreshToken: `refresh-${issued}`,
			lifeMs: 600_000,
		},
		issuedAt: aheadMinutes === null ? null : issuedAt,
		ignoreSslIssues: false,
		presenter: CREDENTIAL_A,
	};
}

async function passTime(seconds: number): Promise<void> {
	age += seconds;
	await passTimeInVault(test.vault, seconds);
	passTimeInMemory(seconds);
}

/** One call of a node: a token, the API, and where that refuses it, once more with another token. */
async function call(authorization: Authorization): Promise<'taken' | 'refused'> {
	const token = await chain.getToken(authorization, 'normal');
	if (isTaken(token.accessToken)) return 'taken';
	const other: AccessToken | undefined = await chain.replaceRefused(authorization, token, 'normal');
	return other !== undefined && isTaken(other.accessToken) ? 'taken' : 'refused';
}

const OFF_BY = [-12, -5, 5, 12];

describe.each(OFF_BY)('a log-in noted by a clock that is %i minutes ahead', (ahead) => {
	it.each([601, 660, 3_600])('is used first after its token has ended (%i s)', async (seconds) => {
		await expect(call(connected(seconds, ahead))).resolves.toBe('taken');
		expect(posts).toEqual({ granted: 1, tooEarly: 0 });
		expect(askedWhose).toBeLessThanOrEqual(2);
	});

	it.each([180, 400])('and then, from %i s on, in every minute: no call fails', async (seconds) => {
		const authorization = connected(seconds, ahead);
		for (let minutes = 0; minutes < 25; minutes += 1) {
			await expect(call(authorization)).resolves.toBe('taken');
			await passTime(MINUTE);
		}
		expect(posts.granted).toBeLessThanOrEqual(3);
		// By the clock that is behind, a token looks older than it is: that is asked once.
		expect(posts.tooEarly).toBeLessThanOrEqual(ahead < 0 ? 2 : 0);
	});
});

describe.each(OFF_BY)(
	'a log-in that was done anew, noted by a clock that is %i minutes ahead',
	(ahead) => {
		it('goes on over the end of its token, whoever has used it before', async () => {
			await call(connected(100, 0));
			issued += 1;
			const anew = connected(400, ahead);
			await expect(call(anew)).resolves.toBe('taken');
			// One that was asked for once is not asked for again within a token life.
			await passTime(ahead > 0 ? 250 : 650);
			await expect(call(anew)).resolves.toBe('taken');
			expect(posts.granted).toBe(1);
		});

		it('is asked for once where it is refused for another reason, and stays in use', async () => {
			await call(connected(100, 0));
			issued += 1;
			const anew = connected(180, Math.max(ahead, 0));
			await call(anew);
			refusesAll = true;
			for (let calls = 0; calls < 5; calls += 1) {
				await expect(call(anew)).resolves.toBe('refused');
				await passTime(MINUTE);
			}
			expect(posts).toEqual({ granted: 0, tooEarly: 1 });
			refusesAll = false;
			await expect(call(anew)).resolves.toBe('taken');
		});
	},
);

describe.each([0, 5, 12, null])('a young token (its clock %s minutes ahead)', (ahead) => {
	it('that is refused for another reason is asked for once, and stays in use', async () => {
		const authorization = connected(180, ahead);
		await call(authorization);
		refusesAll = true;
		for (let calls = 0; calls < 5; calls += 1) {
			await expect(call(authorization)).resolves.toBe('refused');
		}
		expect(posts).toEqual({ granted: 0, tooEarly: 1 });
		refusesAll = false;
		await expect(call(authorization)).resolves.toBe('taken');
	});

	it('costs at most two refusals, however long the API refuses it', async () => {
		const authorization = connected(120, ahead);
		await call(authorization);
		refusesAll = true;
		for (let passed = 0; passed < 400; passed += 20) {
			await expect(call(authorization)).resolves.toBe('refused');
			await passTime(20);
		}
		expect(posts).toEqual({ granted: 0, tooEarly: 2 });
	});

	it('by many callers at once: one request', async () => {
		const authorization = connected(180, ahead);
		await call(authorization);
		refusesAll = true;
		const calls = Array.from({ length: 20 }, async () => await call(authorization));
		expect(new Set(await Promise.all(calls))).toEqual(new Set(['refused']));
		expect(posts).toEqual({ granted: 0, tooEarly: 1 });
	});

	it('whose user the service does not name yet is asked about again, and is good then', async () => {
		const authorization = connected(5, ahead);
		refusesAll = true;
		for (let calls = 0; calls < 4; calls += 1) {
			expect(await failureOf(call(authorization))).toMatchObject({ code: 'EXACT_UNAUTHORIZED' });
		}
		expect(posts).toEqual({ granted: 0, tooEarly: 1 });
		refusesAll = false;
		await expect(call(authorization)).resolves.toBe('taken');
	});
});

it('the age of a token that this package has fetched is no claim: a 401 to a young one sends nothing', async () => {
	const authorization = connected(700, 0);
	await call(authorization);
	refusesAll = true;
	await expect(call(authorization)).resolves.toBe('refused');
	expect(posts).toEqual({ granted: 1, tooEarly: 0 });
});
