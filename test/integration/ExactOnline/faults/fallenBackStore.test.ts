import { readdir } from 'node:fs/promises';

import type { Authorization } from '../../../../nodes/shared/tokenChain/types';
import { query } from '../../../../nodes/shared/vault/database/transaction';
import type { VaultRecord } from '../../../../nodes/shared/vault/rows/records';
import { listRecords, updateRecord } from '../../../../nodes/shared/vault/rows/records';
import { rivalsOf } from '../../../../nodes/shared/vault/rows/rivals';
import { TABLES } from '../../../../nodes/shared/vault/rows/schema';
import {
	forgetSave,
	rememberedSave,
	rememberSave,
} from '../../../../nodes/shared/vault/spending/lastSecrets';
import {
	connect,
	forgetMemory,
	passTime,
	passTimeInVault,
} from '../../../support/chain/chainFixture';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';

/** The access token has ended. */
const OVER_SECONDS = 601;

const bench = useChain();
let opened: OpenedChain;
let authorization: Authorization;

beforeEach(async () => {
	opened = await bench.open();
	authorization = connect(bench.simulator);
	await opened.chain.getToken(authorization, 'normal');
});

async function stored(): Promise<VaultRecord> {
	const [record] = await opened.vault.read(() => listRecords('exactonline'));
	return record!;
}

/** The next refresh in this process. @returns its access token */
async function refresh(): Promise<string> {
	await passTime(bench.simulator, opened, authorization, OVER_SECONDS);
	return (await opened.chain.getToken(authorization, 'normal')).accessToken;
}

/** A process refreshes and is killed once the answer is on its disk, but not saved. */
async function refreshAndDie(): Promise<void> {
	await passTime(bench.simulator, opened, authorization, OVER_SECONDS);
	const worker = await bench.start({ killAt: 'saving' });
	await expect(worker.getToken(authorization)).rejects.toThrow();
	forgetMemory();
}

/** The store is at an earlier state again; it knows nothing of what came after. */
async function fallBackTo(record: VaultRecord): Promise<void> {
	await opened.vault.write(function* () {
		yield* updateRecord(record);
		yield* query(`DELETE FROM ${TABLES.attempt} WHERE generation >= $1`, [record.generation]);
	});
	forgetMemory();
}

async function rivals() {
	const { id } = await stored();
	return await opened.vault.read(() => rivalsOf(id));
}

async function secretNow(): Promise<unknown> {
	return opened.vault.openSecret(await stored());
}

async function keptFiles(): Promise<string[]> {
	return (await readdir(bench.store.spillFolder)).filter((name) => name.endsWith('.kept'));
}

describe('a store that fell back to an earlier state', () => {
	it('gets the pair again that this process received last, and keeps its own beside', async () => {
		await passTime(bench.simulator, opened, authorization, OVER_SECONDS);
		const earlier = await stored();
		const { accessToken } = await opened.chain.getToken(authorization, 'normal');
		await fallBackTo(earlier);
		await expect(opened.chain.getToken(authorization, 'normal')).resolves.toMatchObject({
			accessToken,
			generation: 3,
		});
		expect(await rivals()).toMatchObject([{ origin: 'healed', state: 'waiting' }]);
		expect(bench.simulator.counters).toMatchObject({ tokenPosts: 1, oldTokenUses: 0 });
		// The chain goes on from there.
		await refresh();
		expect(bench.simulator.counters).toMatchObject({ refreshesGranted: 2, oldTokenUses: 0 });
	});

	it('gets the newest pair also after a process that remembers an earlier one came first', async () => {
		// Where "too early" is checked first, it says that the earlier token is good.
		bench.simulator.configure({ tooEarlyCheckedFirst: false });
		const { vaultId } = opened.vault;
		const earlier = await stored();
		const remembered = async () => {
			await refresh();
			return rememberedSave(vaultId, earlier.id)!;
		};
		const [ofFirst, ofSecond] = [await remembered(), await remembered()];
		const { accessToken } = await opened.chain.getToken(authorization, 'normal');
		await fallBackTo(earlier);
		await passTimeInVault(opened.vault, 2 * OVER_SECONDS);
		rememberSave(vaultId, ofFirst);
		await expect(opened.chain.getToken(authorization, 'normal')).rejects.toThrow();
		// The other process, which has saved the pair that came after.
		forgetMemory();
		rememberSave(vaultId, ofSecond);
		await expect(opened.chain.getToken(authorization, 'normal')).resolves.toMatchObject({
			accessToken,
		});
		expect(await stored()).toMatchObject({ state: 'active' });
	});

	it('gets a spilled pair too that is newer than what it holds', async () => {
		const earlier = await stored();
		await refresh();
		await refreshAndDie();
		const { id } = await stored();
		await fallBackTo(earlier);
		forgetSave(opened.vault.vaultId, id);
		await opened.vault.replayUnsaved(id);
		const { userId } = bench.simulator.world.users[0]!;
		const live = bench.simulator.liveRefreshToken(authorization.clientId, userId);
		expect(await secretNow()).toMatchObject({ refreshToken: live });
		expect(await stored()).toMatchObject({ generation: 4, state: 'active' });
		await expect(opened.chain.getToken(authorization, 'normal')).resolves.toMatchObject({
			generation: 4,
		});
		expect(bench.simulator.counters.oldTokenUses).toBe(0);
	});

	it('keeps what it holds where that arrived later, and the spilled pair beside', async () => {
		await refreshAndDie();
		const own = await stored();
		await fallBackTo({
			...own,
			generation: 9,
			receivedAt: Date.now() + 60_000,
			sealed: reseal(own, 9),
		});
		const before = await secretNow();
		await opened.vault.replayUnsaved(own.id);
		expect(await secretNow()).toEqual(before);
		expect(await rivals()).toMatchObject([{ origin: 'healed', state: 'waiting' }]);
		expect(await keptFiles()).toEqual([]);
	});

	it.each([
		['a reconnect', { originAt: 1 }],
		['Release', { owner: null }],
		[
			'Take Over',
			{ owner: { credentialId: 'other', credentialName: null, instanceId: null, since: 1 } },
		],
	])('is not healed over %s, and the spill is kept under another name', async (_what, change) => {
		await refresh();
		await refreshAndDie();
		const record = await stored();
		const changed = { ...record, generation: 1, sealed: reseal(record, 1), ...change };
		await fallBackTo(changed);
		await opened.vault.replayUnsaved(record.id);
		await expect(opened.vault.heal(changed)).resolves.toBe(false);
		expect(await stored()).toEqual(changed);
		expect(await rivals()).toEqual([]);
		expect(await keptFiles()).toHaveLength(1);
	});

	function reseal(record: VaultRecord, generation: number): string {
		return opened.vault.sealSecret(record.id, generation, opened.vault.openSecret(record));
	}
});

it('a spill that is provably older than what the store holds is removed', async () => {
	await refreshAndDie();
	const { id } = await stored();
	// Another host did not see the spill: its probe and the refresh after it brought newer pairs.
	await opened.vault.write(function* () {
		yield* query(`UPDATE ${TABLES.record} SET generation = generation + 2 WHERE id = $1`, [id]);
		yield* query(
			`INSERT INTO ${TABLES.attempt}
				(id, record_id, identity, generation, kind, spent_fingerprint, holder, started_at, outcome)
			SELECT 'later', record_id, identity, generation + 1, kind, 'x', holder, started_at + 60000, 'saved'
			FROM ${TABLES.attempt} WHERE record_id = $1 AND outcome = 'open'`,
			[id],
		);
	});
	const before = await stored();
	await opened.vault.replayUnsaved(id);
	expect(await stored()).toEqual(before);
	expect(await keptFiles()).toEqual([]);
	expect(await rivals()).toEqual([]);
});
