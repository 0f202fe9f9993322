import type { SwitchChanges } from '../../simulators/DocuWare';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { failureOf } from './support/outcomes';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

describe('a log-on without Organization on a server with several', () => {
	const bench = useDocuWare();
	const start = async (switches: SwitchChanges) =>
		await bench.simulator({ version: '7.10', multiOrganization: true, ...switches });

	it('that refuses it without a reason: the error names the field beside the password', async () => {
		const simulator = await start({ organizationsInPublic: false });
		const failure = await failureOf(passwordRun(simulator));
		expect(failure.code).toBe('DOCUWARE_WRONG_PASSWORD');
		expect(failure.repair).toMatch(/Organization is empty .* several organizations .* fill it in/);
		// Whether the password is right is not found out by a second log-on.
		expect(simulator.counters.requests['POST Account/Logon']).toBe(1);
		expect(simulator.counters.grantErrors).toEqual({});
		expect(simulator.counters.grants.password).toBe(0);
		const named = await failureOf(passwordRun(simulator, { organization: 'X', password: 'no' }));
		expect(named.repair).not.toContain('Organization is empty');
	});

	it('that says so: the error has the words and names the field, and a name lets in at once', async () => {
		const simulator = await start({ missingOrganization: 'said' });
		const failure = await failureOf(passwordRun(simulator));
		expect(failure).toMatchObject({
			code: 'DOCUWARE_ORGANIZATION_UNKNOWN',
			message: expect.stringContaining('The organization is missing.'),
			repair: expect.stringContaining('fill in Organization'),
		});
		const later = await failureOf(passwordRun(simulator));
		expect(later.message).toContain('nothing was sent since');
		const named = passwordRun(simulator, { organization: 'peters ENGINEERING' });
		expect((await (await sessionFor(named)).request(GET)).status).toBe(200);
	});

	it('that tells its organizations to everybody: the error lists them', async () => {
		const simulator = await start({ organizationsInPublic: true });
		for (const organization of ['', 'Peters']) {
			const failure = await failureOf(passwordRun(simulator, { organization }));
			expect(failure.code).toBe('DOCUWARE_ORGANIZATION_UNKNOWN');
			expect(failure.repair).toContain('Peters Engineering, Peters Logistics');
		}
		const again = await failureOf(passwordRun(simulator));
		expect(again.repair).toContain('Peters Engineering, Peters Logistics');
		expect(simulator.counters.requests['POST Account/Logon']).toBe(2);
		expect(simulator.counters.grants.password).toBe(0);
		const wrong = { organization: 'Peters Engineering', password: 'wrong' };
		expect((await failureOf(passwordRun(simulator, wrong))).code).toBe('DOCUWARE_WRONG_PASSWORD');
	});
});
