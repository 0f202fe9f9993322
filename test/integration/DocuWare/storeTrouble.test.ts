import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

import { sessionFor } from './support/fakeNode';
import { passwordRun } from './support/credentials';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

describe('a vault that is locked by another process', () => {
	const bench = useDocuWare();

	it('does not stop those who have the session in memory', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.request(GET);
		const other = new DatabaseSync(join(bench.store.folder, 'vault.sqlite'));
		other.exec('BEGIN IMMEDIATE');
		try {
			const next = await sessionFor(passwordRun(simulator));
			expect((await next.request(GET)).status).toBe(200);
		} finally {
			other.exec('ROLLBACK');
			other.close();
		}
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it('holds none of them up, request after request, not even at the end of a run', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.request(GET);
		const other = new DatabaseSync(join(bench.store.folder, 'vault.sqlite'));
		other.exec('BEGIN IMMEDIATE');
		try {
			// Each waits as long as the store is given to answer, were it waited for.
			for (let runs = 0; runs < 8; runs += 1) {
				const next = await sessionFor(passwordRun(simulator));
				expect((await next.request(GET)).status).toBe(200);
				await next.release();
			}
		} finally {
			other.exec('ROLLBACK');
			other.close();
		}
		expect(simulator.counters.logOns.password).toBe(1);
	}, 12_000);

	it('loses no session that was opened meanwhile', async () => {
		const simulator = await bench.simulator();
		const hold = simulator.holds.hold('platform.processed', {
			where: { tags: { route: 'Account/Logon' } },
		});
		const session = await sessionFor(passwordRun(simulator));
		const asked = session.request(GET);
		const held = await hold.waiting();
		const other = new DatabaseSync(join(bench.store.folder, 'vault.sqlite'));
		other.exec('BEGIN IMMEDIATE');
		held.release();
		await expect(asked).rejects.toMatchObject({ code: 'VAULT_SAVE_FAILED' });
		other.exec('ROLLBACK');
		other.close();
		expect((await session.request(GET)).status).toBe(200);
		expect(simulator.counters.logOns.password).toBe(1);
	});
});
