import type { ICredentialDataDecryptedObject, ICredentialTestFunctions } from 'n8n-workflow';

import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';
import { testDocuWareCredential } from '../../../nodes/DocuWare/auth/credentialTests';
import { discoverServer, rememberServer } from '../../../nodes/DocuWare/auth/wire/serverDiscovery';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { DocuWareSimulator, selfSignedCertificate } from '../../simulators/DocuWare';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { until } from '../../support/until';
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

	const INFO = { tags: { route: 'Home/IdentityServiceInfo' } };
	afterEach(() => jest.restoreAllMocks());

	const askedOf = (simulator: DocuWareSimulator) =>
		simulator.counters.requests['GET Home/IdentityServiceInfo'] ?? 0;

	it.each([
		['a page', { kind: 'html', status: 200 }],
		['a 404 of a version that has one', { kind: 'status', status: 404 }],
		['a 403', { kind: 'status', status: 403 }],
	] as const)('with %s about its Identity Service is no fact', async (_name, fault) => {
		const simulator = await bench.simulator({ version: '7.10' });
		simulator.faults.push({ ...fault, where: INFO });
		const run = passwordRun(simulator, { wayIn: 'identityService' });
		await expect((await sessionFor(run)).request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_SERVER_UNAVAILABLE',
			retryable: true,
		});
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
	});

	it.each([
		['a page', { kind: 'html', status: 200 }],
		['a 401 of a proxy', { kind: 'status', status: 401 }],
		['a 404 of a proxy', { kind: 'status', status: 404, body: '404 page not found' }],
	] as const)('with %s about its OpenID addresses is no fact', async (_name, fault) => {
		const simulator = await bench.simulator({ version: '7.12' });
		const account = readPasswordAccount(passwordRun(simulator).credential);
		simulator.faults.push({ ...fault, where: { path: 'openid-configuration$' } });
		const vault = await openVault();
		const { identityService } = await discoverServer(vault, account);
		expect(identityService?.tokenEndpoint).toMatch(/connect\/token$/);
		await discoverServer(vault, account);
		await discoverServer(vault, account);
		expect(askedOf(simulator)).toBe(2);
	});

	it('is asked for again after a day, in the background; a passing fault leaves it as it was', async () => {
		const simulator = await bench.simulator({ version: '7.7' });
		const account = readPasswordAccount(passwordRun(simulator).credential);
		const vault = await openVault();
		const begun = Date.now();
		const later = (ms: number) => jest.spyOn(Date, 'now').mockReturnValue(begun + ms);
		later(0);
		const facts = await discoverServer(vault, account);
		expect(facts.identityService).toBeNull();
		expect((await discoverServer(vault, account)).askedAt).toBe(facts.askedAt);
		later(86_400_000 - 60_000);
		await discoverServer(vault, account);
		expect(askedOf(simulator)).toBe(1);
		simulator.configure({ version: '7.10' });
		simulator.faults.push({ kind: 'status', status: 503, where: INFO });
		later(86_400_000);
		expect((await discoverServer(vault, account)).version).toBe(facts.version);
		await until(() => simulator.faults.size === 0);
		// It is left alone for a minute.
		later(86_400_000 + 59_000);
		await discoverServer(vault, account);
		expect((await discoverServer(vault, account)).askedAt).toBe(begun + 60_000);
		expect(askedOf(simulator)).toBe(2);
		later(86_400_000 + 61_000);
		await discoverServer(vault, account);
		await until(async () => (await discoverServer(vault, account)).identityService !== null);
		expect(askedOf(simulator)).toBe(3);
	});

	it('is asked for again before an error is thrown, and by a credential test', async () => {
		const simulator = await bench.simulator({ version: '7.7' });
		const run = passwordRun(simulator, { wayIn: 'identityService' });
		const account = readPasswordAccount(run.credential);
		const facts = await discoverServer(await openVault(), account);
		await rememberServer(await openVault(), account, { ...facts, askedAt: Date.now() - 60_000 });
		simulator.configure({ version: '7.10' });
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
		expect(askedOf(simulator)).toBe(2);
		const type = run.credentialType;
		const other = { userName: 'peggy.jenkins', password: 'correct horse' };
		const data = { ...run.credential, ...other } as ICredentialDataDecryptedObject;
		const tested = { id: '1', name: 'test', type, data };
		const context = {} as ICredentialTestFunctions;
		expect((await testDocuWareCredential.call(context, tested)).status).toBe('OK');
		expect(askedOf(simulator)).toBe(3);
	});

	it('is asked for again before an error is thrown, where the clock was ahead when it said so', async () => {
		const simulator = await bench.simulator({ version: '7.7' });
		const run = passwordRun(simulator, { wayIn: 'identityService' });
		const account = readPasswordAccount(run.credential);
		const facts = await discoverServer(await openVault(), account);
		await rememberServer(await openVault(), account, { ...facts, askedAt: Date.now() + 3_600_000 });
		simulator.configure({ version: '7.10' });
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
	});

	it('is asked for again, in the background, where the clock was ahead when it said so', async () => {
		const simulator = await bench.simulator({ version: '7.10' });
		const account = readPasswordAccount(passwordRun(simulator).credential);
		const vault = await openVault();
		const begun = Date.now();
		await discoverServer(vault, account);
		jest.spyOn(Date, 'now').mockReturnValue(begun - 3_600_000);
		await discoverServer(vault, account);
		await until(() => askedOf(simulator) === 2);
		await until(async () => (await discoverServer(vault, account)).askedAt === Date.now());
		await discoverServer(vault, account);
		expect(askedOf(simulator)).toBe(2);
	});

	it('stays for a credential test where the server answers with a passing fault', async () => {
		const simulator = await bench.simulator({ version: '7.10', concurrentLicences: 9 });
		const test = async (userName: string, password: string) => {
			const changes = { wayIn: 'identityService', userName, password };
			const { credential: data } = passwordRun(simulator, changes);
			return await testDocuWareCredential.call({} as never, { data } as never);
		};
		const api = simulator.world.users[0]!;
		const description = { kind: 'status', status: 503, where: { path: 'Platform/?$' } } as const;
		simulator.faults.push(description);
		expect((await test(api.name, api.password)).message).toContain('SERVER_UNAVAILABLE');
		expect(await test(api.name, api.password)).toMatchObject({ status: 'OK' });
		simulator.faults.push(description);
		expect(await test('peggy.jenkins', 'correct horse')).toMatchObject({ status: 'OK' });
		simulator.faults.push({ kind: 'status', status: 503, where: INFO });
		expect(await test('trusted.service', 'trust me')).toMatchObject({ status: 'OK' });
		expect(simulator.faults.size).toBe(0);
	});

	it('without a version does not make the 404 of a proxy a clear no', async () => {
		const simulator = await bench.simulator({ version: '7.10' });
		const description = { Links: [{ rel: 'login', href: '/DocuWare/Platform/Account/Logon' }] };
		const where = { path: 'Platform/?$' };
		const body = JSON.stringify(description);
		simulator.faults.push({ kind: 'status', status: 200, body, where });
		simulator.faults.push({ kind: 'status', status: 404, where: INFO });
		const run = passwordRun(simulator, { wayIn: 'identityService' });
		await expect((await sessionFor(run)).request(GET)).rejects.toMatchObject({ retryable: true });
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
	});

	it('is not kept where its log-on is gone and it does not tell what there is instead', async () => {
		const simulator = await bench.simulator({ version: '7.10' });
		const gone = {
			kind: 'status',
			status: 410,
			where: { tags: { route: 'Account/Logon' } },
		} as const;
		simulator.faults.push(gone, { kind: 'status', status: 503, where: INFO, skip: 1 });
		const run = passwordRun(simulator);
		await expect((await sessionFor(run)).request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_SERVER_UNAVAILABLE',
			retryable: true,
		});
		expect(simulator.faults.size).toBe(0);
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
	});

	it('is asked for again where the answer to a log-on tells another version', async () => {
		const simulator = await bench.simulator({ version: '7.7', concurrentLicences: 9 });
		const run = passwordRun(simulator);
		const account = readPasswordAccount(run.credential);
		expect((await discoverServer(await openVault(), account)).identityService).toBeNull();
		simulator.configure({ version: '7.10' });
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
		expect(await discoverServer(await openVault(), account)).toMatchObject({
			version: expect.stringMatching(/^7\.10/),
			identityService: { url: simulator.identityUrl },
		});
	});

	it('is asked for once more where nobody answers at the address that it had named', async () => {
		const simulator = await bench.simulator({ version: '7.12' });
		const run = passwordRun(simulator);
		const account = readPasswordAccount(run.credential);
		const facts = await discoverServer(await openVault(), account);
		const gone = 'http://127.0.0.1:9/identity';
		await rememberServer(await openVault(), account, {
			...facts,
			askedAt: Date.now() - 60_000,
			identityService: { url: gone, tokenEndpoint: `${gone}/connect/token` },
		});
		expect((await (await sessionFor(run)).request(GET)).status).toBe(200);
		expect(askedOf(simulator)).toBe(2);
	});

	it('is asked for once more only, where what it says then is not certain', async () => {
		const simulator = await bench.simulator({ version: '7.12' });
		const run = passwordRun(simulator);
		const account = readPasswordAccount(run.credential);
		const facts = await discoverServer(await openVault(), account);
		const gone = 'http://127.0.0.1:9/identity';
		await rememberServer(await openVault(), account, {
			...facts,
			askedAt: Date.now() - 60_000,
			identityService: { url: gone, tokenEndpoint: `${gone}/connect/token` },
		});
		const where = { path: 'openid-configuration$' };
		simulator.faults.push({ kind: 'status', status: 503, where, times: 3 });
		await expect((await sessionFor(run)).request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_IDENTITY_SERVICE_UNREACHABLE',
		});
		expect(askedOf(simulator)).toBe(2);
	});
});
