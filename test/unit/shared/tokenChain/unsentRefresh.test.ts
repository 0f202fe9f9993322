import { exactChainPolicy } from '../../../../nodes/ExactOnline/auth/chainPolicy';
import { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization, ChainPolicy } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { forgetMemory } from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';

let test: FaultyVault;
let chain: TokenChain;
/** The refresh tokens that have left. */
let sent: string[];
/** Told before each token request; true: the request does not leave. */
let staysHere: () => boolean;

const authorization: Authorization = {
	host: 'https://host',
	clientId: 'app',
	clientSecret: 'secret',
	pair: { accessToken: 'access-1', refreshToken: 'refresh-1', lifeMs: 600_000 },
	issuedAt: Date.now() - 601_000,
	ignoreSslIssues: false,
	presenter: {
		credentialId: 'credential',
		credentialName: null,
		instanceId: 'instance',
		duplicatePolicy: 'refuse',
	},
};

beforeEach(async () => {
	test = await openFaultyVault();
	sent = [];
	staysHere = () => false;
	const policy: ChainPolicy = {
		...exactChainPolicy,
		requestTokens: async (_client, refreshToken) => {
			if (staysHere()) return { kind: 'notSent', code: 'HTTP_CONNECT', detail: 'no connection' };
			sent.push(refreshToken);
			const now = performance.now();
			const next = sent.length + 1;
			return await Promise.resolve({
				kind: 'granted',
				pair: { accessToken: `access-${next}`, refreshToken: `refresh-${next}`, lifeMs: 600_000 },
				requestedAt: now,
				receivedAt: now,
			});
		},
		whoAmI: async () => await Promise.resolve({ userId: 'user', userName: null }),
	};
	chain = new TokenChain(test.vault, policy, { ownerAlways: false, ownerFromHook: false });
});

afterEach(async () => {
	forgetMemory();
	test.database.away = false;
	await test.vault.close();
});

async function attempts(): Promise<unknown[]> {
	return await test.vault.read(() =>
		query(`SELECT kind, outcome FROM ${TABLES.attempt} ORDER BY started_at, generation`),
	);
}

it.each([false, true])(
	'a refresh whose begin was not answered puts nothing in doubt (outage after it: %s)',
	async (goesAwayWithIt) => {
		test.database.goesAwayWithIt = goesAwayWithIt;
		test.database.loseCommitOf = `INSERT INTO ${TABLES.attempt}`;
		await expect(chain.getToken(authorization, 'normal')).rejects.toMatchObject({
			code: 'VAULT_UNAVAILABLE',
		});
		expect(sent).toEqual([]);
		test.database.away = false;
		await expect(chain.getToken(authorization, 'normal')).resolves.toMatchObject({
			accessToken: 'access-2',
			generation: 2,
		});
		expect(sent).toEqual(['refresh-1']);
		expect(await attempts()).toEqual([
			{ kind: 'refresh', outcome: 'notSent' },
			{ kind: 'refresh', outcome: 'saved' },
		]);
	},
);

it('a refresh that never left is told to the store before the next one is decided', async () => {
	let requests = 0;
	staysHere = () => {
		requests += 1;
		if (requests > 1) return false;
		test.database.loseNextCommit = 'rolledBack';
		return true;
	};
	await expect(chain.getToken(authorization, 'normal')).resolves.toMatchObject({
		accessToken: 'access-2',
	});
	expect(await attempts()).toEqual([
		{ kind: 'refresh', outcome: 'notSent' },
		{ kind: 'refresh', outcome: 'saved' },
	]);
});
