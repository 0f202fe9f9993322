import type { FakeRun } from './support/fakeNode';
import { sessionFor } from './support/fakeNode';
import { connect } from './support/connect';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

const bench = useDocuWare();

/** A connection whose client secret the Identity Service has accepted, and a copy of it with another one. */
async function provedAndCopy(secret: string) {
	const simulator = await bench.simulator({
		version: '7.12',
		autoConsent: 'api',
		concurrentLicences: 9,
	});
	const proved = await connect(simulator);
	await (await sessionFor(proved)).logOn({ force: true });
	const copy = { ...proved, credential: { ...proved.credential, clientSecret: secret } };
	return { simulator, proved, copy };
}

async function statusOf(run: FakeRun, credentialId: string): Promise<number> {
	return (await (await sessionFor({ ...run, credentialId })).request(GET)).status;
}

describe('an authorization that comes with another client secret than the accepted one', () => {
	it('gets nothing before its own refresh, which a wrong one does not get; the accepted one goes on', async () => {
		const { simulator, proved, copy } = await provedAndCopy('made up');
		const before = simulator.counters.requests['GET Organizations'] ?? 0;
		for (let runs = 0; runs < 2; runs += 1) {
			await expect(statusOf(copy, 'credential-2')).rejects.toMatchObject({
				code: 'DOCUWARE_CLIENT_REFUSED',
			});
		}
		expect(simulator.counters.requests['GET Organizations'] ?? 0).toBe(before);
		// Refused once, it is not sent again.
		expect(simulator.counters.grantErrors.invalid_client).toBe(1);
		expect(await statusOf(proved, 'credential-1')).toBe(200);
		expect(simulator.counters.grants.refresh_token).toBe(1);
	});

	it('is served after one refresh where the app has that secret, too', async () => {
		const { simulator, proved, copy } = await provedAndCopy('rotated');
		simulator.world.apps[0]!.clientSecrets.push('rotated');
		expect(await statusOf(copy, 'credential-2')).toBe(200);
		expect(simulator.counters.grants.refresh_token).toBe(2);
		expect(await statusOf(proved, 'credential-1')).toBe(200);
		expect(await statusOf(copy, 'credential-2')).toBe(200);
		expect(simulator.counters.grants.refresh_token).toBe(2);
	});
});
