import type { AccessToken, Authorization } from '../../../../nodes/shared/tokenChain/types';
import { readSpills } from '../../../../nodes/shared/vault/spending/spill';
import { connect, CREDENTIAL_B, passTime } from '../../../support/chain/chainFixture';
import type { ChainProcess } from '../../../support/chain/chainProcess';
import type { OpenedChain } from '../../../support/chain/chainStore';
import { useChain } from '../../../support/chain/useChain';
import { until } from '../../../support/until';

const bench = useChain();

/** What waits for the holder, in this process. */
let waiter: OpenedChain;

beforeEach(async () => {
	waiter = await bench.open();
	// No grace: whoever spends an old token ends the chain.
	bench.simulator.configure({ tooEarlyCheckedFirst: false });
});

/**
 * One process gets a new pair and is killed between its spill and its save, while this one waits for the lease,
 * before which it has looked for spills.
 */
async function takenOver(authorization: Authorization): Promise<AccessToken> {
	const [holder, locker] = [await bench.start(), await bench.start()];
	const dying = await held(holder, authorization);
	const queued = jest.spyOn(waiter.vault, 'withLease');
	const token = waiter.chain.getToken(authorization, 'normal');
	await until(() => queued.mock.calls.some(([name]) => name.startsWith('record:')));
	await locker.sql('BEGIN IMMEDIATE');
	dying.release();
	await until(async () => {
		const found = await readSpills([bench.store.spillFolder], waiter.vault.vaultId);
		return found.length === 1;
	});
	await holder.signal('SIGKILL');
	await locker.sql('ROLLBACK');
	return await token;
}

/** A refresh that Exact has granted, before its answer goes out. */
async function held(holder: ChainProcess, authorization: Authorization) {
	const hold = bench.simulator.hold('tokenProcessed');
	const refreshed = holder.getToken(authorization);
	refreshed.catch(() => undefined);
	return await hold.waiting();
}

// Red before: only who began to wait looked for spills, so that the old token was spent once more.
describe('whoever takes the lease over from a process that died after it had its new pair on the disk', () => {
	it('brings that pair in and sends nothing', async () => {
		const authorization = await bench.expiredConnection();
		await expect(takenOver(authorization)).resolves.toMatchObject({ generation: 2 });
		const { tokenPosts, oldTokenUses } = bench.simulator.counters;
		expect({ tokenPosts, oldTokenUses }).toEqual({ tokenPosts: 1, oldTokenUses: 0 });
	});

	// Red before: such a spill was left to its writer for 30 s, longer than a lease goes on without a heartbeat.
	it('does so where nobody can see whether that process lives, once its lease has run out', async () => {
		const authorization = await bench.expiredConnection();
		const holder = await bench.start({ killAt: 'saving', isUnseen: true });
		await expect(holder.getToken(authorization)).rejects.toThrow();
		await holder.exited;
		const token = waiter.chain.getToken(authorization, 'normal');
		await expect(token).resolves.toMatchObject({ generation: 2 });
		const { tokenPosts, oldTokenUses } = bench.simulator.counters;
		expect({ tokenPosts, oldTokenUses }).toEqual({ tokenPosts: 1, oldTokenUses: 0 });
	});

	it('does so for a pair that stands beside the record', async () => {
		await bench.expiredConnection();
		const newcomer = connect(bench.simulator, { ...CREDENTIAL_B, duplicatePolicy: 'share' });
		await waiter.chain.getToken(newcomer, 'normal');
		await passTime(bench.simulator, waiter, newcomer, 601);
		const { tokenPosts: before } = bench.simulator.counters;
		await expect(takenOver(newcomer)).resolves.toMatchObject({ accessToken: expect.any(String) });
		const { tokenPosts, oldTokenUses } = bench.simulator.counters;
		expect({ tokenPosts, oldTokenUses }).toEqual({ tokenPosts: before + 1, oldTokenUses: 0 });
	});
});
