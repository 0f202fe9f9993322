import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { readSpills, spillFolders } from '../../../nodes/shared/vault/spending/spill';
import type { DocuWareSimulator } from '../../simulators/DocuWare';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { isHeldBack } from './support/nextLooks';
import { until } from '../../support/until';
import { useDocuWare } from './support/useDocuWare';

const LOG_OFF_WHEN_IDLE = { sessionPolicy: 'logOffWhenIdle', idleSeconds: 0 } as const;

describe('a process that is killed in the run of a credential that keeps the session', () => {
	const bench = useDocuWare();

	// Red before: only the end of the run left the mark, so the session was logged off.
	it('has left the mark that holds it against the idle log-off of another credential', async () => {
		const simulator = await bench.simulator();
		const worker = await bench.worker();
		const work = { run: passwordRun(simulator), requests: 11, parallel: 1, pauseAfter: 10 };
		const killed = worker.call(work).catch(() => 'killed');
		await worker.progressed(10);
		await worker.end('SIGKILL');
		expect(await killed).toBe('killed');
		const session = await sessionFor({
			...passwordRun(simulator, LOG_OFF_WHEN_IDLE),
			credentialId: 'idler',
		});
		expect((await session.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
		await session.release();
		await until(() => isHeldBack() || simulator.counters.logOffs > 0);
		expect(simulator.counters).toMatchObject({ logOns: { password: 1, token: 0 }, logOffs: 0 });
	});
});

describe('a process that is killed with a new session that it has on the disk alone', () => {
	const bench = useDocuWare();

	/** @param meanwhile what is done while DocuWare has opened the session and has not answered yet */
	async function killedAtItsSpill(
		simulator: DocuWareSimulator,
		meanwhile: () => Promise<unknown> = async () => await Promise.resolve(),
	): Promise<void> {
		const run = passwordRun(simulator);
		const at = { where: { tags: { route: 'Account/Logon' } } };
		const hold = simulator.holds.hold('platform.processed', at);
		const worker = await bench.worker();
		const killed = worker.call({ run, requests: 1, parallel: 1 }).catch(() => 'killed');
		const held = await hold.waiting();
		const vault = await openVault();
		await meanwhile();
		const other = new DatabaseSync(join(bench.store.folder, 'vault.sqlite'), { timeout: 5_000 });
		try {
			other.exec('BEGIN IMMEDIATE');
			held.release();
			const folders = spillFolders(process.env);
			await until(async () => (await readSpills(folders, vault.vaultId)).length === 1);
			await worker.end('SIGKILL');
			expect(await killed).toBe('killed');
		} finally {
			other.close();
		}
	}

	// Red before: only who began to wait looked for spills, so that a second session was begun and nobody ended the first.
	it('leaves it to the one that waits, and that one logs on no more', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 9 });
		const session = await sessionFor(passwordRun(simulator));
		let answer: Promise<{ status: number }> | undefined;
		await killedAtItsSpill(simulator, async () => {
			const queued = jest.spyOn(await openVault(), 'withLease');
			answer = session.request({ method: 'GET', url: 'Organizations' });
			await until(() => queued.mock.calls.length > 0);
		});
		expect((await answer)?.status).toBe(200);
		await session.release();
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
		expect(simulator.state.sessions.all()).toHaveLength(1);
	});

	// Red before: brought in after the refusal, it was taken for the one new session that a request may cost.
	it('leaves one that has ended meanwhile to a request, which logs on all the same', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 9 });
		const session = await sessionFor(passwordRun(simulator));
		const status = async () =>
			(await session.request({ method: 'GET', url: 'FileCabinets' })).status;
		expect(await status()).toBe(200);
		expect(simulator.revokeSessions()).toBe(1);
		await killedAtItsSpill(simulator);
		expect(simulator.revokeSessions()).toBe(1);
		expect(await status()).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 3, token: 0 });
		await session.release();
	});

	// Red before: neither looked for spills, so that the session went on booking its licence and nobody knew it.
	it.each(['forget', 'logOff'] as const)('leaves it to %s, which ends it', async (end) => {
		const simulator = await bench.simulator();
		await killedAtItsSpill(simulator);
		const session = await sessionFor(passwordRun(simulator));
		await expect(session[end]()).resolves.toMatchObject({ loggedOff: true });
		expect(simulator.counters).toMatchObject({ logOns: { password: 1, token: 0 }, logOffs: 1 });
		await expect((await openVault()).replayUnsaved()).resolves.toBe(false);
		expect(await readSpills(spillFolders(process.env), (await openVault()).vaultId)).toEqual([]);
	});
});

describe('one execution with a credential that keeps the session and one that does not', () => {
	const bench = useDocuWare();

	// Red before: whichever ended last left its policy alone, and its idle log-off ended the session.
	it('keeps it, whichever comes first and whichever ends last', async () => {
		const simulator = await bench.simulator();
		const keeps = passwordRun(simulator);
		const idles = { ...passwordRun(simulator, LOG_OFF_WHEN_IDLE), credentialId: 'idler' };
		const { executionId } = keeps;
		const idler = await sessionFor({ ...idles, executionId });
		await idler.request({ method: 'GET', url: 'Organizations' });
		const keeper = await sessionFor(keeps);
		await keeper.request({ method: 'GET', url: 'Organizations' });
		await keeper.release();
		await idler.release();
		await until(() => isHeldBack() || simulator.counters.logOffs > 0);
		expect(simulator.counters).toMatchObject({ logOns: { password: 1, token: 0 }, logOffs: 0 });
	});
});
