import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';
import { discoverServer } from '../../../nodes/DocuWare/auth/wire/serverDiscovery';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { DocuWareSimulator, selfSignedCertificate } from '../../simulators/DocuWare';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

describe('what a server says of itself', () => {
	const bench = useDocuWare();

	// It names the address that passwords go to: whoever stands in between would name his own.
	it('over a certificate that nobody has checked is not believed by a credential that checks it', async () => {
		const simulator = await DocuWareSimulator.start({ tls: selfSignedCertificate() });
		try {
			const unchecked = passwordRun(simulator, { ignoreSslIssues: true });
			expect((await (await sessionFor(unchecked)).request(GET)).status).toBe(200);
			const strict = readPasswordAccount(passwordRun(simulator).credential);
			await expect(discoverServer(await openVault(), strict)).rejects.toMatchObject({
				message: expect.stringMatching(/certificate/i),
			});
			await bench.restart();
			await expect(discoverServer(await openVault(), strict)).rejects.toMatchObject({
				message: expect.stringMatching(/certificate/i),
			});
		} finally {
			await simulator.close();
		}
	});

	it.each([503, 429])(
		'with HTTP %i about its Identity Service is no fact: the next run asks again',
		async (status) => {
			const simulator = await bench.simulator({ version: '7.12' });
			const where = { tags: { route: 'Home/IdentityServiceInfo' } };
			simulator.faults.push({ kind: 'status', status, where });
			await expect((await sessionFor(passwordRun(simulator))).request(GET)).rejects.toMatchObject({
				retryable: true,
			});
			const answer = await (await sessionFor(passwordRun(simulator))).request(GET);
			expect(answer.status).toBe(200);
		},
	);

	it('with HTTP 500 about it does not stop a log-on that needs none', async () => {
		const simulator = await bench.simulator({ version: '7.7' });
		const where = { tags: { route: 'Home/IdentityServiceInfo' } };
		simulator.faults.push({ kind: 'status', status: 500, where });
		expect((await (await sessionFor(passwordRun(simulator))).request(GET)).status).toBe(200);
		expect(simulator.counters.logOns.password).toBe(1);
	});
});
