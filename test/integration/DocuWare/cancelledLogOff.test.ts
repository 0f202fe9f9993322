import { proofOf } from '../../../nodes/DocuWare/auth/account/sessionAccount';
import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';
import { closeSession } from '../../../nodes/DocuWare/auth/lifecycle/sessionClosing';
import { SessionKeeper } from '../../../nodes/DocuWare/auth/lifecycle/sessionKeeper';
import { readSession } from '../../../nodes/DocuWare/auth/record/sessionRecord';
import { recordLease, readLease } from '../../../nodes/shared/vault/rows/leases';
import { docuWareSession } from '../../../nodes/DocuWare/auth/session/docuWareSession';
import { vaultSource } from '../../../nodes/DocuWare/auth/session/vaultSource';
import { openUse } from '../../../nodes/DocuWare/auth/record/sessionUses';
import { readEncryptionKey } from '../../../nodes/shared/vault/encryptionKey';
import { vaultLocation } from '../../../nodes/shared/vault/place/location';
import { openDatabase } from '../../../nodes/shared/vault/place/openDatabase';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { latestAttempts } from '../../../nodes/shared/vault/rows/attempts';
import { Sealer } from '../../../nodes/shared/vault/sealing';
import { Vault } from '../../../nodes/shared/vault/vault';
import type { DocuWareSimulator } from '../../simulators/DocuWare';
import type { DatabaseWatcher } from '../../support/chain/watchedDatabase';
import { WatchedDatabase } from '../../support/chain/watchedDatabase';
import { deferred } from '../../support/deferred';
import { counterTable } from './support/counterTable';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

const REASON = new Error('The execution was cancelled');

describe('a cancelled log-off', () => {
	const bench = useDocuWare();
	const table = counterTable('Cancelled log-offs');

	/** The account's record in a vault, with its session open. */
	const openIn = async (vault: Vault, simulator: DocuWareSimulator) => {
		const account = readPasswordAccount(passwordRun(simulator).credential);
		const keeper = await SessionKeeper.create(vault, account);
		await keeper.obtain(openUse(vault, keeper.recordId, 'run-1'));
		return keeper;
	};

	/** Kind and outcome of the attempts, once nobody holds the lease any more; then it must be free. */
	const attemptsAfter = async (vault: Vault, recordId: string) => {
		await vault.withLease(recordLease(recordId), { waitMs: 20_000 }, async () => {});
		expect(await vault.read(() => readLease(recordLease(recordId)))).toBeUndefined();
		const attempts = await vault.read(() => latestAttempts(recordId, 10));
		return attempts.map(({ kind, outcome }) => `${kind} ${outcome}`).sort();
	};

	/** Another opening of the store, as another process has it. */
	const ownVault = async (watcher: DatabaseWatcher = {}) =>
		await Vault.open(
			new WatchedDatabase(await openDatabase(vaultLocation(process.env), process.env), watcher),
			new Sealer(await readEncryptionKey(process.env)),
			process.env,
		);

	const stateOf = async (vault: Vault, recordId: string) =>
		(await readSession(vault, recordId))?.meta.state;

	it('ends at once while another holds the lease, and sends nothing when that one is done', async () => {
		const simulator = await bench.simulator();
		const vault = await openVault();
		const { account, recordId } = await openIn(vault, simulator);
		const ours = await ownVault();
		const session = docuWareSession(await vaultSource(ours, account, 'run-2'));
		const { requests } = structuredClone(simulator.counters);
		const other = deferred();
		const held = deferred();
		const holding = vault.withLease(recordLease(recordId), { waitMs: 5_000 }, async () => {
			held.resolve();
			await other.promise;
		});
		await held.promise;
		const controller = new AbortController();
		const loggingOff = session.logOff({ force: true, signal: controller.signal });
		controller.abort(REASON);
		await expect(loggingOff).rejects.toBe(REASON);
		// A vault closes only when nobody in it holds a lease or waits for one.
		await ours.close();
		other.resolve();
		await holding;
		expect(await attemptsAfter(vault, recordId)).toEqual(['logon saved']);
		expect(simulator.counters.requests).toEqual(requests);
		expect(simulator.counters).toMatchObject({ logOffs: 0, loginTokens: { made: 0 } });
		expect(await stateOf(vault, recordId)).toBe('open');
		table.add('while another holds the lease', simulator);
	});

	it('keeps the login token that is under way, and the session', async () => {
		const simulator = await bench.simulator();
		const vault = await openVault();
		const { recordId } = await openIn(vault, simulator);
		const session = await sessionFor(passwordRun(simulator));
		const hold = simulator.holds.hold('platform.received', {
			where: { tags: { route: 'Organization/LoginToken' } },
		});
		const controller = new AbortController();
		const loggingOff = session.logOff({ force: true, signal: controller.signal });
		const request = await hold.waiting();
		controller.abort(REASON);
		await expect(loggingOff).rejects.toBe(REASON);
		request.release();
		expect(await attemptsAfter(vault, recordId)).toEqual(['loginToken saved', 'logon saved']);
		expect(simulator.counters).toMatchObject({ logOffs: 0, loginTokens: { made: 1 } });
		expect(await session.status()).toMatchObject({
			state: 'open',
			loginTokenExpiresAt: expect.any(String) as unknown,
		});
		expect((await session.request(GET)).status).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
		table.add('while the login token is made', simulator);
	});

	it('that was cancelled before ends with the reason and leaves no failure unhandled', async () => {
		const simulator = await bench.simulator();
		const vault = await openVault();
		const { recordId } = await openIn(vault, simulator);
		const session = await sessionFor(passwordRun(simulator));
		const loggingOff = session.logOff({ force: true, signal: AbortSignal.abort(REASON) });
		await expect(loggingOff).rejects.toBe(REASON);
		// Node tells of an unhandled rejection after the turn of the loop, and the runner then fails this.
		await new Promise(setImmediate);
		expect(await attemptsAfter(vault, recordId)).toEqual(['logon saved']);
		expect(simulator.counters).toMatchObject({ logOffs: 0, loginTokens: { made: 0 } });
		expect(await stateOf(vault, recordId)).toBe('open');
	});

	it.each([true, false])('sends nothing after the lease came (token first: %s)', async (first) => {
		const simulator = await bench.simulator();
		const vault = await openVault();
		const { account, recordId } = await openIn(vault, simulator);
		const controller = new AbortController();
		const closing = closeSession(vault, account, recordId, {
			createTokenFirst: first,
			proof: proofOf(vault, account, recordId),
			hinders: () => {
				controller.abort(REASON);
				return false;
			},
			waitMs: 5_000,
			signal: controller.signal,
		});
		await expect(closing).rejects.toBe(REASON);
		expect(await attemptsAfter(vault, recordId)).toEqual(['logon saved']);
		expect(simulator.counters).toMatchObject({ logOffs: 0, loginTokens: { made: 0 } });
		expect(await stateOf(vault, recordId)).toBe('open');
	});

	it.each([
		[true, 'loginToken notSent'],
		[false, 'logOff notSent'],
	])('sends nothing after its attempt row (token first: %s)', async (createTokenFirst, row) => {
		const simulator = await bench.simulator();
		const controller = new AbortController();
		let isArmed = false;
		const vault = await ownVault({ committed: () => isArmed && controller.abort(REASON) });
		try {
			const { account, recordId } = await openIn(vault, simulator);
			isArmed = true;
			const closing = closeSession(vault, account, recordId, {
				createTokenFirst,
				proof: proofOf(vault, account, recordId),
				hinders: () => false,
				waitMs: 5_000,
				signal: controller.signal,
			});
			await expect(closing).rejects.toBe(REASON);
			expect(await attemptsAfter(vault, recordId)).toEqual([row, 'logon saved'].sort());
			expect(simulator.counters).toMatchObject({ logOffs: 0, loginTokens: { made: 0 } });
			expect(await stateOf(vault, recordId)).toBe('open');
		} finally {
			await vault.close();
		}
	});
});
