import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { besideAnotherRecord } from '../shared/vault/support/holdRecord';
import { connect } from './support/connect';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

describe('what a session writes, while a write of another record is open (PostgreSQL)', () => {
	const bench = useDocuWare('postgres');

	it('does not wait for it: log-on, refusal, token, revival, force, log-off, Forget', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 5 });
		const { database } = await openVault();
		await besideAnotherRecord(database, async () => {
			const wrong = await sessionFor(passwordRun(simulator, { password: 'a wrong one' }));
			await expect(wrong.request(GET)).rejects.toMatchObject({ code: 'DOCUWARE_WRONG_PASSWORD' });
			const session = await sessionFor(passwordRun(simulator));
			await session.logOn();
			await session.createLoginToken();
			simulator.revokeSessions();
			expect((await session.request(GET)).status).toBe(200);
			await session.logOn({ force: true });
			await session.secret();
			await session.logOff();
			await session.logOn();
			await session.forget({ force: true });
			await session.release();
		});
		expect(simulator.counters.logOns.token).toBeGreaterThan(0);
	});

	it('nor do the tokens of an app registration, their address and a refresh out of turn', async () => {
		const simulator = await bench.simulator({ version: '7.12', autoConsent: 'api' });
		const run = await connect(simulator);
		const { database } = await openVault();
		await besideAnotherRecord(database, async () => {
			const session = await sessionFor(run);
			expect((await session.request(GET)).status).toBe(200);
			await session.logOn({ force: true });
		});
		expect(simulator.counters.grants.refresh_token).toBe(1);
	});
});
