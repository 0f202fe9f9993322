import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DocuWareSimulator, selfSignedCertificate } from '../../simulators/DocuWare';
import { sessionFor } from './support/fakeNode';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { codeOf, failureOf, testCredential } from './support/outcomes';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organization' } as const;

/** A credential that names its organization: the log-on does not ask for the name. */
const NAMED = { organization: 'Peters Engineering' };

describe('bad input', () => {
	const bench = useDocuWare();

	it('names an organization that the server does not know', async () => {
		const simulator = await bench.simulator({ organizationsInPublic: false });
		const unknown = passwordRun(simulator, { organization: 'Nobody Ltd' });
		expect((await failureOf(unknown)).repair).toContain('test of the credential tells');
		expect((await testCredential(unknown)).message).toContain('DOCUWARE_ORGANIZATION_UNKNOWN');
		expect(await codeOf(unknown)).toBe('DOCUWARE_ORGANIZATION_UNKNOWN');
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
			expect((await testCredential(passwordRun(simulator))).message).toMatch(
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
		expect((await testCredential(run)).message).toContain('DOCUWARE_TOKEN_USED');
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
			where: { path: 'Platform/Organizations?$' },
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
		// A redirect is no word that the session has ended.
		if (code === '200') {
			const loggedOff = (await sessionFor(run)).logOff();
			await expect(loggedOff).rejects.toMatchObject({ code: 'DOCUWARE_LOGOFF_FAILED' });
		}
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
			perMinuteLimits: { organization: 1 },
			// A minute of three seconds, in which the second request has to come.
			timeScale: 1 / 20,
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
		['Organization', '0', '200', 2],
		['Organization', '86400', 'DOCUWARE_THROTTLED', 1],
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
			const method = route === 'Organization' ? 'GET' : 'POST';
			expect(simulator.counters.requests[`${method} ${route}`]).toBe(sent);
		},
	);
});
