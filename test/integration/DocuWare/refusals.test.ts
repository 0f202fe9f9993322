import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ICredentialTestFunctions } from 'n8n-workflow';

import {
	testDocuWareCredential,
	testLoginTokenCredential,
} from '../../../nodes/DocuWare/auth/credentialTests';
import type { ConnectorError } from '../../../nodes/shared/errors';
import { isConnectorError } from '../../../nodes/shared/errors';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { DocuWareSimulator, selfSignedCertificate } from '../../simulators/DocuWare';
import type { FakeRun } from './support/fakeNode';
import { sessionFor } from './support/fakeNode';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organizations' } as const;

/** A credential that names its organization: the log-on does not ask for the name. */
const NAMED = { organization: 'Peters Engineering' };

async function codeOf(run: FakeRun): Promise<string> {
	const session = await sessionFor(run);
	return await session.request(GET).then(
		({ status }) => String(status),
		(error: unknown) => (isConnectorError(error) ? error.code : String(error)),
	);
}

async function failureOf(run: FakeRun): Promise<ConnectorError> {
	const session = await sessionFor(run);
	const failure: unknown = await session.request(GET).catch((error: unknown) => error);
	if (!isConnectorError(failure)) throw new Error('the request did not fail');
	return failure;
}

async function test(run: FakeRun) {
	const credential = { id: '1', name: 'test', type: run.credentialType, data: run.credential };
	const tested = { ...credential } as Parameters<typeof testDocuWareCredential>[0];
	const context = {} as ICredentialTestFunctions;
	return run.credentialType === 'docuWareApi'
		? await testDocuWareCredential.call(context, tested)
		: await testLoginTokenCredential.call(context, tested);
}

describe('a wrong password beside a right one', () => {
	const bench = useDocuWare();

	it('never gets the session of the right one, is sent once, and harms nobody', async () => {
		const simulator = await bench.simulator();
		const right = await sessionFor(passwordRun(simulator));
		await right.request(GET);
		const wrong = passwordRun(simulator, { password: 'not the password' });
		expect(await codeOf(wrong)).toBe('DOCUWARE_WRONG_PASSWORD');
		await bench.restart();
		expect(await codeOf(passwordRun(simulator, { password: 'not the password' }))).toBe(
			'DOCUWARE_WRONG_PASSWORD',
		);
		expect(simulator.counters.unauthorized.badCredentials).toBe(1);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it('is tried again by a credential test, which clears the refusal', async () => {
		const simulator = await bench.simulator();
		const user = simulator.world.users[0]!;
		const { password } = user;
		user.password = 'something else';
		const run = passwordRun(simulator, { password });
		expect(await codeOf(run)).toBe('DOCUWARE_WRONG_PASSWORD');
		user.password = password;
		expect(await codeOf(run)).toBe('DOCUWARE_WRONG_PASSWORD');
		const result = await test(run);
		expect(result.status).toBe('OK');
		expect(result.message).toContain('Peters Engineering');
		expect(await codeOf(run)).toBe('200');
	});

	it('lets a changed password in with a session of its own', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 9 });
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		simulator.world.users[0]!.password = 'a new password';
		expect(await codeOf(passwordRun(simulator, { password: 'a new password' }))).toBe('200');
		expect(await codeOf(passwordRun(simulator, { password: 'P&ters+Müller 100%' }))).toBe(
			'DOCUWARE_WRONG_PASSWORD',
		);
		expect(await codeOf(passwordRun(simulator, { password: 'a new password' }))).toBe('200');
		expect(simulator.counters.logOns.password).toBe(2);
	});
});

/** Moves what is remembered of refusals into the past, in milliseconds. */
async function letRefusalsAge(ms: number): Promise<void> {
	const vault = await openVault();
	await vault.write(function* () {
		const rows = yield* query(
			`SELECT name, value FROM ${TABLES.item} WHERE scope = 'docuware refused log-on'`,
		);
		for (const { name, value } of rows) {
			const { at, personAt, ...refusal } = JSON.parse(String(value)) as Record<string, number>;
			const aged = { ...refusal, at: at! - ms, personAt: personAt && personAt - ms };
			yield* query(`UPDATE ${TABLES.item} SET value = $1 WHERE name = $2`, [
				JSON.stringify(aged),
				String(name),
			]);
		}
	});
}

const MINUTE = 60_000;

describe('a refused log-on', () => {
	const bench = useDocuWare();
	const where = { tags: { route: 'Account/Logon' } };
	const logOnsOf = (simulator: DocuWareSimulator) =>
		simulator.counters.requests['POST Account/Logon'] ?? 0;

	it.each([
		['without a reason', { status: 401, body: '' }, [5, 15, 60, 60]],
		['for a lock', { status: 401, body: '{"Message":"The user is locked."}' }, [1, 5, 15, 15]],
		['by a redirect', { status: 302, headers: { location: 'https://sso.example/' } }, [1, 5, 15]],
	])('%s is tried again after its pauses, once each', async (_name, refusal, minutes) => {
		const simulator = await bench.simulator();
		simulator.faults.push({ kind: 'status', where, times: minutes.length + 1, ...refusal });
		for (const [index, pause] of minutes.entries()) {
			await Promise.all([1, 2, 3].map(async () => await codeOf(passwordRun(simulator))));
			expect(logOnsOf(simulator)).toBe(index + 1);
			await letRefusalsAge(pause * MINUTE - 30_000);
			await bench.restart();
			const told = await failureOf(passwordRun(simulator));
			expect(told.message).toContain('nothing was sent since');
			expect(told.repair).toMatch(/again at \d{4}-\d\d-\d\dT/);
			expect(logOnsOf(simulator)).toBe(index + 1);
			await letRefusalsAge(30_000);
		}
		await codeOf(passwordRun(simulator));
		await letRefusalsAge(60 * MINUTE);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		// The refusal is forgotten: a later one begins with the first pause.
		simulator.revokeSessions();
		simulator.state.loginTokens.clear();
		expect(await codeOf(passwordRun(simulator))).toBe('200');
	});

	it('in so many words is tried again when the password changes', async () => {
		const simulator = await bench.simulator();
		const body = '{"Message":"User name or password is incorrect."}';
		simulator.faults.push({ kind: 'status', status: 401, body, where });
		expect(await failureOf(passwordRun(simulator))).toMatchObject({
			code: 'DOCUWARE_WRONG_PASSWORD',
			message: expect.stringContaining('is incorrect'),
		});
		await letRefusalsAge(24 * 60 * MINUTE);
		expect(await codeOf(passwordRun(simulator))).toBe('DOCUWARE_WRONG_PASSWORD');
		expect(logOnsOf(simulator)).toBe(1);
		simulator.world.users[0]!.password = 'another';
		expect(await codeOf(passwordRun(simulator, { password: 'another' }))).toBe('200');
	});

	it('is no wrong password where the words give another reason', async () => {
		const simulator = await bench.simulator();
		const body = '{"Message":"A verification code is required."}';
		simulator.faults.push({ kind: 'status', status: 401, body, where });
		expect(await failureOf(passwordRun(simulator))).toMatchObject({
			code: 'DOCUWARE_LOGON_REFUSED',
			message: expect.stringContaining('A verification code is required.'),
			repair: expect.stringContaining('app registration'),
			retryAt: expect.any(Number),
		});
	});

	it.each([
		['in the text', { body: '{"Message":"The license of this DocuWare system has expired."}' }],
		['in a header', { body: '', headers: { reason: 'LicenseExpired' } }],
	])('for a licence that has expired, %s, is about renewing it', async (_where, answer) => {
		const simulator = await bench.simulator();
		simulator.faults.push({ kind: 'status', status: 401, where, ...answer });
		const failure = await failureOf(passwordRun(simulator));
		expect(failure.code).toBe('DOCUWARE_LOGON_REFUSED');
		expect(failure.message).toMatch(/licen[cs]e/i);
		expect(failure.repair).toMatch(/renew/);
		expect(failure.repair).not.toMatch(/two minutes|new password|Wait for a Licence/);
		expect(logOnsOf(simulator)).toBe(1);
	});

	it('of a request for a licence that has expired costs no log-on', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 9 });
		const run = passwordRun(simulator, NAMED);
		const session = await sessionFor(run);
		await session.logOn();
		const body = '{"Message":"License expired"}';
		const route = 'Organizations';
		simulator.faults.push({ kind: 'status', status: 401, body, where: { tags: { route } } });
		expect((await session.request(GET)).status).toBe(401);
		expect(simulator.faults.size).toBe(0);
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it('is tried before by the credential test and Force, once a minute at most', async () => {
		const simulator = await bench.simulator();
		simulator.faults.push({ kind: 'status', status: 401, body: '', where, times: 3 });
		const run = passwordRun(simulator);
		expect(await codeOf(run)).toBe('DOCUWARE_WRONG_PASSWORD');
		const forced = async () => await (await sessionFor(run)).logOn({ force: true });
		await expect(forced()).rejects.toMatchObject({ code: 'DOCUWARE_WRONG_PASSWORD' });
		expect(logOnsOf(simulator)).toBe(2);
		expect((await test(run)).message).toContain('nothing was sent since');
		await expect(forced()).rejects.toMatchObject({ code: 'DOCUWARE_WRONG_PASSWORD' });
		expect(logOnsOf(simulator)).toBe(2);
		await letRefusalsAge(MINUTE);
		expect((await test(run)).status).toBe('Error');
		expect(logOnsOf(simulator)).toBe(3);
		await letRefusalsAge(MINUTE);
		expect((await test(run)).status).toBe('OK');
	});

	it('by the Identity Service, while the licence is booked, costs one question', async () => {
		const simulator = await bench.simulator({
			concurrentLicences: 1,
			licenceCheck: 'beforePassword',
		});
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		const wrong = passwordRun(simulator, { password: 'wrong', licenceWaitSeconds: 30 });
		expect(await codeOf(wrong)).toBe('DOCUWARE_WRONG_PASSWORD');
		expect(simulator.counters.grantErrors.invalid_grant).toBe(1);
	});

	it('for a lock leaves the login token of the vault for the next time', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 1 });
		const session = await sessionFor(passwordRun(simulator));
		await session.createLoginToken();
		await session.logOff({ createTokenFirst: false });
		const body = '{"Message":"The user is locked."}';
		const route = 'Account/TokenLogOn';
		simulator.faults.push({ kind: 'status', status: 401, body, where: { tags: { route } } });
		expect(await codeOf(passwordRun(simulator))).toBe('DOCUWARE_LOGON_REFUSED');
		await letRefusalsAge(MINUTE);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
	});
});

describe('a password that was changed while its session holds the only licence', () => {
	const bench = useDocuWare();

	it('goes on with that session once the Identity Service has confirmed it', async () => {
		const switches = { concurrentLicences: 1, licenceCheck: 'afterPassword' } as const;
		const simulator = await bench.simulator(switches);
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		simulator.world.users[0]!.password = 'a new password';
		const changed = { password: 'a new password', licenceWaitSeconds: 0 };
		expect(await codeOf(passwordRun(simulator, changed))).toBe('200');
		await bench.restart();
		expect(await codeOf(passwordRun(simulator, changed))).toBe('200');
		expect(simulator.counters.logOns.password).toBe(1);
		expect(simulator.counters.licences.refused).toBe(1);
		expect(await codeOf(passwordRun(simulator, { password: 'wrong', licenceWaitSeconds: 0 }))).toBe(
			'DOCUWARE_WRONG_PASSWORD',
		);
	});

	it('cannot be confirmed where there is no Identity Service, and the licence is missed', async () => {
		const simulator = await bench.simulator({ version: '7.7', concurrentLicences: 1 });
		expect(await codeOf(passwordRun(simulator))).toBe('200');
		simulator.world.users[0]!.password = 'a new password';
		const changed = { password: 'a new password', licenceWaitSeconds: 0 };
		expect(await codeOf(passwordRun(simulator, changed))).toBe('DOCUWARE_NO_LICENCE');
	});
});

describe('bad input', () => {
	const bench = useDocuWare();

	it('names an organization that the server does not know', async () => {
		const simulator = await bench.simulator();
		expect(await codeOf(passwordRun(simulator, { organization: 'Nobody Ltd' }))).toBe(
			'DOCUWARE_ORGANIZATION_UNKNOWN',
		);
		expect(await codeOf(passwordRun(simulator, { organization: 'peters ENGINEERING' }))).toBe(
			'200',
		);
	});

	it('names a server that is no DocuWare', async () => {
		const server = createServer((_request, response) => response.end('<html>hello</html>'));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const simulator = await bench.simulator();
		const run = passwordRun(simulator, { platformUrl: `http://127.0.0.1:${port}` });
		expect(await codeOf(run)).toBe('DOCUWARE_NOT_A_DOCUWARE_SERVER');
		server.close();
	});

	const FILTER = '<html><body><h1>Access denied</h1><p>Rule 42</p></body></html>';
	const HTTPS = '<html><body>The plain HTTP request was sent to HTTPS port</body></html>';
	const PROXY = { 'www-authenticate': 'Basic realm="intranet"' };

	it.each([
		['an IP filter', { status: 403, body: FILTER }, 'DOCUWARE_FORBIDDEN', /IP filter/],
		['a port for https', { status: 400, body: HTTPS }, 'DOCUWARE_BAD_REQUEST', /Write https:/],
		[
			'a proxy with a log-in of its own',
			{ status: 401, body: '<h1>Authorization Required</h1>', headers: PROXY },
			'DOCUWARE_NOT_A_DOCUWARE_SERVER',
			/proxy or web server before DocuWare asks for a log-in of its own/,
		],
	])(
		'meets %s at the first question, and is told what helps there',
		async (_what, answer, code, repair) => {
			const simulator = await bench.simulator();
			const where = { path: '/DocuWare/Platform$' };
			simulator.faults.push({ kind: 'status', where, ...answer });
			const failure = await failureOf(passwordRun(simulator));
			expect(failure.code).toBe(code);
			expect(failure.repair).toMatch(repair);
			expect(simulator.faults.size).toBe(0);
		},
	);

	it.each([
		['Account/Logon', '7.10'],
		['connect/token', '7.12'],
	] as const)(
		'meets an IP filter at %s, which says nothing of the password',
		async (path, version) => {
			const simulator = await bench.simulator({ version });
			const where = { path: `${path}$` };
			simulator.faults.push({ kind: 'status', status: 403, body: FILTER, where });
			const failure = await failureOf(passwordRun(simulator));
			expect(failure).toMatchObject({
				code: 'DOCUWARE_LOGON_FAILED',
				message: expect.stringContaining('Access denied'),
				repair: expect.stringContaining('IP filter'),
			});
		},
	);

	it('meets a certificate it does not know, unless SSL issues are ignored', async () => {
		const simulator = await DocuWareSimulator.start({ tls: selfSignedCertificate() });
		try {
			expect(await codeOf(passwordRun(simulator))).toBe('HTTP_TLS_ERROR');
			expect((await test(passwordRun(simulator))).message).toMatch(
				/certificate of .* was not accepted.*NODE_EXTRA_CA_CERTS.*"Ignore SSL Issues \(Insecure\)"/,
			);
			expect(await codeOf(passwordRun(simulator, { ignoreSslIssues: true }))).toBe('200');
		} finally {
			await simulator.close();
		}
	});

	it('meets an expired login token, and a single one that was used', async () => {
		const simulator = await bench.simulator();
		const expired = issueLoginToken(simulator, 'Multi', -1);
		expect(await codeOf(tokenRun(simulator, expired))).toBe('DOCUWARE_TOKEN_REFUSED');
		expect(await codeOf(tokenRun(simulator, expired))).toBe('DOCUWARE_TOKEN_REFUSED');
		expect(simulator.counters.loginTokens.refused).toBe(1);
		const single = issueLoginToken(simulator, 'Single');
		const run = tokenRun(simulator, single, { usage: 'Single' });
		expect(await codeOf(run)).toBe('200');
		simulator.revokeSessions();
		expect(await codeOf(run)).toBe('DOCUWARE_TOKEN_USED');
		expect(simulator.counters.loginTokens.reusedSingle).toBe(0);
		expect((await test(run)).message).toContain('DOCUWARE_TOKEN_USED');
	});

	it('never sends a single token twice, although the answer to the first try was lost', async () => {
		const simulator = await bench.simulator();
		const run = tokenRun(simulator, issueLoginToken(simulator, 'Single'), { usage: 'Single' });
		simulator.faults.push({ kind: 'lostAnswer', where: { tags: { route: 'Account/TokenLogOn' } } });
		expect(await codeOf(run)).toBe('HTTP_CONNECTION_LOST');
		expect(await codeOf(run)).toBe('DOCUWARE_TOKEN_USED');
		expect(simulator.counters.requests['POST Account/TokenLogOn']).toBe(1);
	});

	it('meets a server that refuses every new session, and stops logging on', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 5 });
		simulator.faults.push({
			kind: 'status',
			status: 401,
			times: Infinity,
			where: { tags: { route: 'Organizations' } },
		});
		expect(await codeOf(passwordRun(simulator))).toBe('DOCUWARE_SESSION_REFUSED');
		expect(simulator.counters.logOns.password).toBe(2);
	});

	it.each([
		['Account/Logon', 'POST', 'DOCUWARE_LOGON_REFUSED'],
		['Account/LogOff', 'GET', '200'],
	])('follows no redirect of %s', async (route, method, code) => {
		const [simulator, elsewhere] = [await bench.simulator(), await bench.simulator()];
		simulator.faults.push({
			kind: 'redirect',
			location: `${elsewhere.url}/DocuWare/Platform/Organizations`,
			where: { method, tags: { route } },
		});
		const run = passwordRun(simulator);
		expect(await codeOf(run)).toBe(code);
		if (code === '200') await (await sessionFor(run)).logOff();
		expect(simulator.faults.size).toBe(0);
		expect(elsewhere.counters.requests).toEqual({});
	});

	it('meets a log-on without cookies', async () => {
		const simulator = await bench.simulator({ logonWithoutCookies: true });
		expect(await codeOf(passwordRun(simulator))).toBe('DOCUWARE_NO_COOKIES');
	});

	it('is never sent to another host', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		for (const url of ['https://example.com/', '//example.com/x', 'http://127.0.0.1:1/']) {
			await expect(session.request({ method: 'GET', url })).rejects.toMatchObject({
				code: 'DOCUWARE_FOREIGN_HOST',
			});
		}
		expect(simulator.counters.requests).toEqual({});
	});

	it('says how many requests a minute DocuWare allows only after waiting', async () => {
		const simulator = await bench.simulator({
			perMinuteLimits: { organizations: 1 },
			timeScale: 1 / 60,
			throttleDelaySeconds: 0,
		});
		const session = await sessionFor(passwordRun(simulator, NAMED));
		expect((await session.request(GET)).status).toBe(200);
		expect((await session.request(GET)).status).toBe(200);
		expect(simulator.counters.throttled).toBe(1);
	});

	it.each([
		['Account/Logon', '0', '200', 2],
		['Account/Logon', '86400', 'DOCUWARE_THROTTLED', 1],
		['Organizations', '0', '200', 2],
		['Organizations', '86400', 'DOCUWARE_THROTTLED', 1],
	])(
		'meets the limit of requests at %s and is told to wait %s s: %s',
		async (route, seconds, code, sent) => {
			const simulator = await bench.simulator();
			simulator.faults.push({
				kind: 'status',
				status: 429,
				headers: { 'retry-after': seconds },
				where: { tags: { route } },
			});
			expect(await codeOf(passwordRun(simulator, NAMED))).toBe(code);
			const method = route === 'Organizations' ? 'GET' : 'POST';
			expect(simulator.counters.requests[`${method} ${route}`]).toBe(sent);
		},
	);
});
