import type { TokenChain } from '../../../../nodes/shared/tokenChain/tokenChain';
import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import { DEFAULT_LEASE_TIMING } from '../../../../nodes/shared/vault/leaseHolding';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import { forgetMemory, passTimeInVault } from '../../../support/chain/chainFixture';
import type { FaultyVault } from '../vault/spending/support/faultyVault';
import { openFaultyVault } from '../vault/spending/support/faultyVault';
import { LIFE } from './support/chainFacts';
import { chainOn, connected, granted } from './support/fakeService';

let test: FaultyVault;
let chain: TokenChain;
/** The refresh tokens that have left. */
let sent: string[];
/** Told before each token request; true: the request does not leave. */
let staysHere: () => boolean;

const authorization = connected('1', { issuedAt: Date.now() - LIFE - 1_000 });

beforeEach(async () => {
	test = await openFaultyVault();
	sent = [];
	staysHere = () => false;
	chain = chainOn(test.vault, {
		requestTokens: async (_client, refreshToken) => {
			if (staysHere()) return { kind: 'notSent', code: 'HTTP_CONNECT', detail: 'no connection' };
			sent.push(refreshToken);
			return await Promise.resolve(granted(String(sent.length + 1)));
		},
	});
});

afterEach(async () => {
	jest.restoreAllMocks();
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

describe('a process that stands still between the attempt and its request', () => {
	/** More than a third of the lease. */
	const LONG_MS = DEFAULT_LEASE_TIMING.leaseMs / 3 + 1_000;

	/** How often a lease was taken between that and the request. */
	let leases: number;

	/** Once, when the next attempt stands written down. As while the machine sleeps: only the wall clock goes on. */
	function standStillAtNextAttempt(): void {
		const realNow = Date.now;
		const holds = (statements: readonly string[], begin: string) =>
			statements.some((sql) => sql.trimStart().startsWith(begin));
		leases = 0;
		let stood = false;
		test.database.onWritten = (statements) => {
			if (stood && sent.length === 0 && holds(statements, `INSERT INTO ${TABLES.lease}`))
				leases += 1;
			if (stood || !holds(statements, `INSERT INTO ${TABLES.attempt}`)) return;
			stood = true;
			jest.spyOn(Date, 'now').mockImplementation(() => realNow() + LONG_MS);
		};
	}

	it('sends nothing, closes the attempt, queues again, and then has its token', async () => {
		standStillAtNextAttempt();
		await expect(chain.getToken(authorization, 'normal')).resolves.toMatchObject({
			accessToken: 'access-2',
			generation: 2,
		});
		expect(sent).toEqual(['refresh-1']);
		expect(leases).toBe(1);
		expect(await attempts()).toEqual([
			{ kind: 'refresh', outcome: 'notSent' },
			{ kind: 'refresh', outcome: 'saved' },
		]);
	});

	it('does the same with the pair of a newcomer that stands beside the record', async () => {
		const issuedAt = Date.now();
		await chain.getToken({ ...authorization, issuedAt }, 'normal');
		const newcomer: Authorization = {
			...authorization,
			pair: { accessToken: 'its access', refreshToken: 'its refresh', lifeMs: LIFE },
			issuedAt,
			presenter: { ...authorization.presenter, credentialId: 'another', duplicatePolicy: 'share' },
		};
		await expect(chain.getToken(newcomer, 'normal')).resolves.toMatchObject({
			accessToken: 'its access',
		});
		await passTimeInVault(test.vault, 601);
		forgetMemory();
		standStillAtNextAttempt();
		await expect(chain.getToken(newcomer, 'normal')).resolves.toMatchObject({
			accessToken: 'access-2',
		});
		expect(sent).toEqual(['its refresh']);
		expect(leases).toBe(1);
		expect(await attempts()).toEqual([
			{ kind: 'rival', outcome: 'notSent' },
			{ kind: 'rival', outcome: 'saved' },
		]);
	});
});
