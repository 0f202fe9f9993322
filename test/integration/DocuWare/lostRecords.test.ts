import { DocuWareApi } from '../../../credentials/DocuWareApi.credentials';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { codeOf } from './support/outcomes';
import { useDocuWare } from './support/useDocuWare';

/** As a standby that takes over without the last transactions, or an older dump under a running n8n. */
async function loseRecords(): Promise<void> {
	const vault = await openVault();
	await vault.write(() => query(`DELETE FROM ${TABLES.record}`));
}

// Red before: each later execution of the process was told that the session has ended, and Log On as well.
describe('a store that has lost the record of a session', () => {
	const bench = useDocuWare();

	it('costs no log-on where a process remembers the cookies', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 1 });
		const run = () => passwordRun(simulator, { licenceWaitSeconds: 0 });
		expect(await codeOf(run())).toBe('200');
		await loseRecords();
		const session = await sessionFor(run());
		expect((await session.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
		expect(await session.status()).toMatchObject({ state: 'open', wayIn: 'cookie' });
		expect(await session.secret()).toMatchObject({ cookie: expect.any(String) as string });
		await bench.restart();
		expect(await codeOf(run())).toBe('200');
		expect(simulator.counters.logOns.password).toBe(1);
		await (await sessionFor(run())).logOff({ createTokenFirst: false, force: true });
		expect(simulator.counters.logOffs).toBe(1);
	});

	it('costs one log-on, for all that run then, where the session is a bearer token', async () => {
		const simulator = await bench.simulator({ version: '7.12' });
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		await loseRecords();
		const runs = [1, 2, 3].map(async () => await codeOf(passwordRun(simulator)));
		expect(await Promise.all(runs)).toEqual(['200', '200', '200']);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		expect(simulator.counters.grants.password).toBe(2);
	});

	it('begins anew where the session has ended as well', async () => {
		const simulator = await bench.simulator();
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		await loseRecords();
		simulator.revokeSessions();
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		expect(simulator.counters.logOns.password).toBe(2);
	});

	it('is made good by Log On with Force and by the HTTP Request node too', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 9 });
		const run = passwordRun(simulator);
		const request = { url: `${simulator.url}/DocuWare/Platform/Organizations` };
		const credential = run.credential as Parameters<DocuWareApi['authenticate']>[0];
		const sign = async () => await new DocuWareApi().authenticate(credential, { ...request });
		const { headers } = await sign();
		await loseRecords();
		expect((await sign()).headers).toEqual(headers);
		await loseRecords();
		await (await sessionFor(run)).logOn({ force: true });
		expect(await codeOf(run)).toBe('200');
		expect(simulator.counters.logOns.password).toBe(2);
	});
});
