import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { forgetAuthorizations } from '../../../../nodes/shared/tokenChain/authorizationMemory';
import type { AccessToken, Authorization } from '../../../../nodes/shared/tokenChain/types';
import { listRecords } from '../../../../nodes/shared/vault/rows/records';
import { readSpills } from '../../../../nodes/shared/vault/spending/spill';
import {
	connect,
	CREDENTIAL_A,
	failureOf,
	forgetMemory,
	passTimeInMemory,
	passTimeInVault,
} from '../../../support/chain/chainFixture';
import type { ChainStores, OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';
import type { StandbyPair } from '../../../support/postgres/standbyPair';
import { describeFailOver, startStandbyPair } from '../../../support/postgres/standbyPair';

/** The access token has ended. */
const OVER_SECONDS = 601;

/** A standby is promoted for good, so each test has servers of its own. */
let servers: StandbyPair;

async function startFailOverStores(): Promise<ChainStores> {
	return await Promise.resolve({
		postgres: undefined,
		async create() {
			const folder = await mkdtemp(join(tmpdir(), 'chain-store-'));
			servers = await startStandbyPair();
			return {
				location: { engine: 'postgres', url: await servers.createDatabase() },
				spillFolder: join(folder, 'spill'),
				async close() {
					await servers.close();
					await rm(folder, { recursive: true, force: true });
				},
			};
		},
		close: async () => await Promise.resolve(),
	});
}

describeFailOver('a primary that fails', () => {
	const bench = useChain(startFailOverStores);
	let opened: OpenedChain;
	let authorizations: Authorization[];

	beforeEach(async () => {
		opened = await bench.open();
		authorizations = [0, 1, 2].map((user) =>
			connect(bench.simulator, { ...CREDENTIAL_A, credentialId: `credential-${user}` }, { user }),
		);
		for (const authorization of authorizations) await tokenOf(authorization);
	});

	async function tokenOf(authorization: Authorization): Promise<AccessToken> {
		return await opened.chain.getToken(authorization, 'normal');
	}

	async function allTokens(): Promise<AccessToken[]> {
		const tokens: AccessToken[] = [];
		for (const authorization of authorizations) tokens.push(await tokenOf(authorization));
		return tokens;
	}

	async function tokensEnd(): Promise<void> {
		const { simulator } = bench;
		for (const chain of Object.keys(simulator.chains())) {
			const [clientId, userId] = chain.split('#') as [string, string];
			simulator.ageChain(clientId, userId, OVER_SECONDS);
		}
		await passTimeInVault(opened.vault, OVER_SECONDS);
		passTimeInMemory(OVER_SECONDS);
	}

	async function spills(): Promise<number> {
		return (await readSpills([bench.store.spillFolder], opened.vault.vaultId)).length;
	}

	async function generations(): Promise<number[]> {
		const records = await opened.vault.read(() => listRecords('exactonline'));
		return records.map(({ generation }) => generation);
	}

	/** Refreshes of which the standby learns nothing. */
	async function refreshUnseen(): Promise<AccessToken[]> {
		await tokensEnd();
		await servers.caughtUp();
		await servers.stopFollowing();
		return await allTokens();
	}

	/** The address leads to the standby, and it takes writes. */
	async function failOver(): Promise<void> {
		await servers.crashPrimary();
		servers.leadToStandby();
		await servers.promote();
	}

	/** Every chain goes on here and in another process, each with one refresh more. */
	async function expectAllAlive(): Promise<void> {
		const { refreshesGranted } = bench.simulator.counters;
		await tokensEnd();
		const tokens = await allTokens();
		const other = await bench.start();
		for (const [index, authorization] of authorizations.entries()) {
			const { accessToken } = tokens[index]!;
			await expect(other.getToken(authorization)).resolves.toMatchObject({ accessToken });
		}
		expect(bench.simulator.counters.refreshesGranted).toBe(
			refreshesGranted + authorizations.length,
		);
	}

	it('costs nothing where the standby has everything, also with a token request under way', async () => {
		const [asking, due, waiting] = authorizations as [Authorization, Authorization, Authorization];
		await tokensEnd();
		const hold = bench.simulator.hold('tokenProcessed');
		const answered = tokenOf(asking);
		const held = await hold.waiting();
		await servers.caughtUp();
		await servers.crashPrimary();
		held.release();
		// The answer is on the disk alone, and nobody else spends anything meanwhile.
		expect(await failureOf(tokenOf(due))).toMatchObject({ retryable: true });
		expect(await spills()).toBe(1);
		servers.leadToStandby();
		expect(await failureOf(tokenOf(waiting))).toMatchObject({ retryable: true });
		expect(bench.simulator.counters.tokenPosts).toBe(1);
		await servers.promote();
		await expect(answered).resolves.toMatchObject({ generation: 2 });
		expect((await allTokens()).map(({ generation }) => generation)).toEqual([2, 2, 2]);
		expect(await spills()).toBe(0);
		await expectAllAlive();
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 6, oldTokenUses: 0 });
	});

	it('costs nothing where the standby is behind and the process that saved still runs', async () => {
		const before = await refreshUnseen();
		await failOver();
		expect(await generations()).toEqual([1, 1, 1]);
		// The tokens are good for some time yet; no request is due.
		await expect(allTokens()).resolves.toEqual(before);
		await expectAllAlive();
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 6, oldTokenUses: 0 });
	});

	it('costs nothing either where only a process still runs that has used the pair', async () => {
		const other = await bench.start();
		const tokens = await refreshUnseen();
		for (const [index, authorization] of authorizations.entries()) {
			const { accessToken } = tokens[index]!;
			await expect(other.getToken(authorization)).resolves.toMatchObject({ accessToken });
		}
		await failOver();
		await tokensEnd();
		await other.passTime(OVER_SECONDS);
		for (const authorization of authorizations) {
			await expect(other.getToken(authorization)).resolves.toMatchObject({ generation: 4 });
		}
		expect(bench.simulator.counters).toMatchObject({ refreshesGranted: 6, oldTokenUses: 0 });
	});

	it('costs one request with an old token where a process comes first that does not know the pair', async () => {
		const [first] = await refreshUnseen();
		await failOver();
		const [authorization] = authorizations as [Authorization];
		const other = await bench.start();
		expect(await failureOf(other.getToken(authorization))).toMatchObject({
			code: 'EXACT_OLD_REFRESH_TOKEN',
		});
		expect(bench.simulator.counters.oldTokenUses).toBe(1);
		// As it asks the store every 30 seconds.
		forgetAuthorizations();
		const { accessToken } = await tokenOf(authorization);
		expect(accessToken).toBe(first!.accessToken);
		await expect(other.getToken(authorization)).resolves.toMatchObject({ accessToken });
		await expectAllAlive();
		expect(bench.simulator.counters.oldTokenUses).toBe(1);
	});

	it('needs Connect once where the standby is behind and the process that saved is gone', async () => {
		const [authorization] = authorizations as [Authorization];
		await refreshUnseen();
		await failOver();
		forgetMemory();
		const other = await bench.start();
		expect(await failureOf(other.getToken(authorization))).toMatchObject({
			code: 'EXACT_OLD_REFRESH_TOKEN',
		});
		const again = connect(bench.simulator, authorization.presenter);
		const { accessToken } = again.pair;
		await expect(other.getToken(again)).resolves.toMatchObject({ accessToken });
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 4, oldTokenUses: 1 });
	});

	it('is over with the first try after the standby takes writes, whatever connections stand', async () => {
		await servers.caughtUp();
		await tokensEnd();
		await servers.caughtUp();
		await servers.crashPrimary();
		servers.leadToStandby();
		expect(await failureOf(tokenOf(authorizations[0]!))).toMatchObject({
			code: 'VAULT_READ_ONLY',
			retryable: true,
		});
		expect(bench.simulator.counters.tokenPosts).toBe(0);
		const [{ connections } = {}] = await servers.onStandby(
			"SELECT count(*)::int AS connections FROM pg_stat_activity WHERE application_name LIKE 'n8n%'",
		);
		expect(connections).toBeGreaterThan(0);
		await servers.promote();
		expect((await allTokens()).map(({ generation }) => generation)).toEqual([2, 2, 2]);
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 3, oldTokenUses: 0 });
	});
});
