import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { DocuWareApi } from '../../../credentials/DocuWareApi.credentials';
import { DocuWareSimulator, selfSignedCertificate } from '../../simulators/DocuWare';
import { oauth2Run } from './support/connect';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { sessionFor, type FakeRun } from './support/fakeNode';
import { failureOf, testCredential } from './support/outcomes';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

/** A name that is known inside the network of the DocuWare server alone. */
const INTERNAL = 'https://dw-internal.invalid/DocuWare/Identity';

const SWITCHES = {
	version: '7.12',
	namedIdentityService: INTERNAL,
	concurrentLicences: 9,
} as const;

async function statusOf(run: FakeRun): Promise<number> {
	return (await (await sessionFor(run)).request(GET)).status;
}

describe('an Identity Service that the server calls by a name of its own network', () => {
	const bench = useDocuWare();
	const start = async () => await bench.simulator(SWITCHES);

	it.each([
		['a name that nobody resolves', INTERNAL],
		['an unencrypted one', 'http://dw-internal/DocuWare/Identity'],
		['a port where nobody listens', 'http://127.0.0.1:9/DocuWare/Identity'],
	])('by %s: the error names both addresses and the field that cures it', async (_what, named) => {
		const simulator = await bench.simulator({ ...SWITCHES, namedIdentityService: named });
		const failure = await failureOf(passwordRun(simulator));
		expect(failure).toMatchObject({
			code: 'DOCUWARE_IDENTITY_SERVICE_UNREACHABLE',
			repair: expect.stringContaining('"Identity Service URL"'),
		});
		expect(failure.message).toContain(`${simulator.url}/DocuWare/Platform`);
		expect(failure.message).toContain(named);
		const tested = await testCredential(passwordRun(simulator));
		expect(tested.status).toBe('Error');
		expect(tested.message).toContain(named);
		expect(tested.message).toContain('"Identity Service URL"');
	});

	it('is reached at the address that the credential names, by each kind of credential', async () => {
		const simulator = await start();
		const typed = { identityServiceUrl: `${simulator.identityUrl}/.well-known/x` };
		expect(await statusOf(passwordRun(simulator, typed))).toBe(200);
		expect(await statusOf(tokenRun(simulator, issueLoginToken(simulator), typed))).toBe(200);
		const session = await sessionFor(oauth2Run(simulator, { grantType: 'clientCredentials' }));
		const given = await session.tokenLogOn({ token: issueLoginToken(simulator), usage: 'Multi' });
		expect((await given.request(GET)).status).toBe(200);
		expect((await testCredential(passwordRun(simulator, typed))).status).toBe('OK');
		const loginToken = issueLoginToken(simulator);
		expect((await testCredential(tokenRun(simulator, loginToken, typed))).status).toBe('OK');
		const signed = await new DocuWareApi().authenticate(
			passwordRun(simulator, typed).credential as ICredentialDataDecryptedObject,
			{ url: `${simulator.url}/DocuWare/Platform/Organizations` },
		);
		expect(signed.headers).toMatchObject({ Authorization: expect.stringMatching(/^Bearer /) });
		expect(simulator.counters.grants).toMatchObject({ password: 1, dwtoken: 3 });
	});

	it.each([403, 404])(
		'cures too where a proxy keeps back what the server says (%i), and the error says so',
		async (status) => {
			const simulator = await bench.simulator({ version: '7.12' });
			const where = { tags: { route: 'Home/IdentityServiceInfo' } };
			simulator.faults.push({ kind: 'status', status, where, times: Infinity });
			expect(await failureOf(passwordRun(simulator))).toMatchObject({
				code: 'DOCUWARE_SERVER_UNAVAILABLE',
				repair: expect.stringContaining('"Identity Service URL"'),
			});
			const typed = { identityServiceUrl: simulator.identityUrl };
			expect(await statusOf(passwordRun(simulator, typed))).toBe(200);
		},
	);

	it('is of no use to a credential that does not name it: neither address nor session', async () => {
		const simulator = await start();
		const typed = { identityServiceUrl: simulator.identityUrl };
		expect(await statusOf(passwordRun(simulator, typed))).toBe(200);
		const plain = passwordRun(simulator);
		expect((await failureOf(plain)).code).toBe('DOCUWARE_IDENTITY_SERVICE_UNREACHABLE');
		await bench.restart();
		expect((await failureOf(plain)).code).toBe('DOCUWARE_IDENTITY_SERVICE_UNREACHABLE');
		expect(simulator.counters.grants.password).toBe(1);
		expect(await statusOf(passwordRun(simulator, typed))).toBe(200);
		expect(simulator.counters.grants.password).toBe(1);
	});

	it('gets the password at the address that the credential names alone', async () => {
		const [simulator, other] = [await bench.simulator({ version: '7.12' }), await start()];
		const typed = { identityServiceUrl: other.identityUrl };
		const failure = await failureOf(passwordRun(simulator, { ...typed, password: 'wrong' }));
		expect(failure.code).toBe('DOCUWARE_WRONG_PASSWORD');
		expect(simulator.counters.grantErrors).toEqual({});
		// The document of that service names a token endpoint at another host, which is not asked.
		expect(other.counters.grantErrors).toEqual({ invalid_grant: 1 });
		// What one address refuses is no refusal at another.
		expect(await statusOf(passwordRun(simulator))).toBe(200);
	});

	it('named in vain by the credential: the error says which address is meant', async () => {
		const simulator = await bench.simulator({ version: '7.12' });
		const identityServiceUrl = 'http://127.0.0.1:9/typed';
		const failure = await failureOf(passwordRun(simulator, { identityServiceUrl }));
		expect(failure).toMatchObject({
			code: 'DOCUWARE_IDENTITY_SERVICE_UNREACHABLE',
			message: expect.stringContaining(identityServiceUrl),
			repair: expect.stringContaining('"Identity Service URL"'),
		});
	});

	it.each(['acme', 'ftp://id.example', 'https://user:word@id.example', 'https://1.2.3/id'])(
		'is not taken as %s',
		async (identityServiceUrl) => {
			const simulator = await start();
			await expect(
				sessionFor(passwordRun(simulator, { identityServiceUrl })),
			).rejects.toMatchObject({
				code: 'DOCUWARE_CREDENTIAL_INVALID',
				message: expect.stringContaining('Identity Service URL'),
			});
		},
	);

	it('is checked as any other target of requests: unencrypted only where that is allowed', async () => {
		const simulator = await bench.simulator({ version: '7.12' });
		const identityServiceUrl = 'http://id.invalid/id';
		const failure = await failureOf(passwordRun(simulator, { identityServiceUrl }));
		expect(failure.message).toContain('is not encrypted');
		expect(failure.repair).toContain('Allow Unencrypted Connection');
	});

	it.each(['credential', 'server'])(
		'that the SSRF protection blocks is not asked, named by the %s',
		async (by) => {
			const [blocked, env] = ['http://127.0.0.2:9/DocuWare/Identity', { ...process.env }];
			const simulator = await bench.simulator({
				version: '7.12',
				...(by === 'server' && { namedIdentityService: blocked }),
			});
			process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';
			process.env.N8N_SSRF_ALLOWED_IP_RANGES = '127.0.0.1/32';
			try {
				const typed = by === 'credential' ? { identityServiceUrl: blocked } : {};
				const failure = await failureOf(passwordRun(simulator, typed));
				expect(failure.code).toBe('DOCUWARE_IDENTITY_SERVICE_UNREACHABLE');
				expect(failure.message).toContain('SSRF protection');
				expect(failure.repair).toContain('N8N_SSRF_ALLOWED');
			} finally {
				process.env = env;
			}
		},
	);

	it.each([
		['404', { kind: 'status', status: 404 }, 404],
		['a page', { kind: 'html', status: 200 }, 200],
	] as const)(
		'where something else answers with %s: the error names its address',
		async (_what, fault, status) => {
			const simulator = await bench.simulator({ version: '7.12' });
			simulator.faults.push({ ...fault, where: { path: 'connect/token$' }, times: 9 });
			const failure = await failureOf(passwordRun(simulator));
			expect(failure).toMatchObject({
				code: 'DOCUWARE_LOGON_FAILED',
				httpStatus: status,
				message: expect.stringContaining(simulator.identityUrl),
				repair: expect.stringContaining('"Identity Service URL"'),
			});
		},
	);

	it('plays no part where the way in is the cookie log-on', async () => {
		const simulator = await bench.simulator({ version: '7.10' });
		const changes = { wayIn: 'cookie', identityServiceUrl: 'left from before' };
		expect(await statusOf(passwordRun(simulator, changes))).toBe(200);
	});
});

describe('an Identity Service with less protection than the server', () => {
	const bench = useDocuWare();

	it('gets no password: the error names both addresses and the cure', async () => {
		const named = 'http://127.0.0.1:9/DocuWare/Identity';
		const simulator = await DocuWareSimulator.start({
			tls: selfSignedCertificate(),
			switches: { ...SWITCHES, namedIdentityService: named },
		});
		try {
			const run = passwordRun(simulator, { ignoreSslIssues: true });
			for (const wayIn of ['automatic', 'identityService']) {
				run.credential.wayIn = wayIn;
				const failure = await failureOf(run);
				expect(failure.code).toBe('DOCUWARE_IDENTITY_SERVICE_UNREACHABLE');
				expect(failure.message).toContain(named);
				expect(failure.message).toContain(simulator.url);
				expect(failure.repair).toContain('"Identity Service URL"');
			}
			run.credential.identityServiceUrl = simulator.identityUrl;
			expect(await statusOf(run)).toBe(200);
		} finally {
			await simulator.close();
		}
		await bench.restart();
	});
});
