import { authenticateRequest, preAuthenticate } from '../../../nodes/DocuWare/auth/httpRequestHook';
import { preAuthenticateOAuth2 } from '../../../nodes/DocuWare/auth/preAuthenticationHook';
import { readPasswordAccount } from '../../../nodes/DocuWare/auth/account/credentialData';
import { probeSession, sessionProofOf } from '../../../nodes/DocuWare/auth/wire/sessionProbe';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { connect, oauth2Run } from './support/connect';
import { passwordRun } from './support/credentials';
import { sessionFor } from './support/fakeNode';
import { testCredential } from './support/outcomes';
import { until } from '../../support/until';
import { useDocuWare } from './support/useDocuWare';

const CABINETS = { method: 'GET', url: 'FileCabinets' } as const;

const bench = useDocuWare();

async function tokenOf({ credential }: { credential: object }): Promise<unknown> {
	const { oauthTokenData } = await preAuthenticateOAuth2({ ...credential } as never);
	return oauthTokenData.access_token;
}

describe.each([false, true])('where Organizations is listed to everybody: %s', (isPublic) => {
	const start = async (version: '7.10' | '7.12' = '7.10') =>
		await bench.simulator({
			version,
			organizationsInPublic: isPublic,
			concurrentLicences: 9,
			autoConsent: 'api',
		});

	it('a dead session is noticed, and another one begun', async () => {
		const simulator = await start();
		const session = await sessionFor(passwordRun(simulator));
		expect((await session.request(CABINETS)).status).toBe(200);
		simulator.revokeSessions();
		expect((await session.request(CABINETS)).status).toBe(200);
		expect(simulator.counters.logOns.password).toBe(2);
	});

	it('a living session stays where a refusal was about the request', async () => {
		const simulator = await start();
		const session = await sessionFor(passwordRun(simulator));
		expect((await session.request(CABINETS)).status).toBe(200);
		simulator.faults.push({ kind: 'status', status: 401 });
		expect((await session.request(CABINETS)).status).toBe(401);
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it('the credential test does not call a dead session connected', async () => {
		const simulator = await start();
		const test = async () => await testCredential(passwordRun(simulator));
		expect(await test()).toMatchObject({
			status: 'OK',
			message: expect.stringContaining('(Peters Engineering)') as unknown,
		});
		simulator.revokeSessions();
		expect((await test()).status).toBe('OK');
		expect(simulator.counters.logOns.password).toBe(2);
	});

	it('the credential test says so where the server fails, although the session is open', async () => {
		const simulator = await start();
		const run = passwordRun(simulator);
		expect((await testCredential(run)).status).toBe('OK');
		simulator.faults.push({ kind: 'status', status: 503, times: Infinity });
		expect((await testCredential(run)).message).toContain('DOCUWARE_SERVER_ERROR');
	});

	it('the HTTP Request node gets another session after an error', async () => {
		const simulator = await start();
		const credential = passwordRun(simulator).credential as never;
		const url = `${simulator.url}/DocuWare/Platform/FileCabinets`;
		await authenticateRequest('docuWareApi', credential, { url });
		expect(await preAuthenticate('docuWareApi', credential)).toEqual({});
		simulator.revokeSessions();
		expect(await preAuthenticate('docuWareApi', credential)).toEqual({ sessionGeneration: '2' });
	});

	it('the HTTP Request node gets another token for a dead one', async () => {
		const simulator = await start('7.12');
		const app = simulator.world.apps[2]!;
		const run = oauth2Run(simulator, {
			grantType: 'clientCredentials',
			clientId: app.clientId,
			clientSecret: app.clientSecrets[0],
		});
		expect((await (await sessionFor(run)).request(CABINETS)).status).toBe(200);
		simulator.state.accessTokens.clear();
		await tokenOf(run);
		expect(simulator.counters.grants.client_credentials).toBe(2);
	});

	it.each(['Organizations', ''])(
		'a wrong server that answers GET /%s binds no authorization',
		async (url) => {
			const [right, wrong] = [await start('7.12'), await start('7.12')];
			const run = await connect(right);
			const credential = { ...run.credential, platformUrl: wrong.url };
			const elsewhere = await sessionFor({ ...run, credential });
			const isShown = url === '' || isPublic;
			expect((await elsewhere.request({ method: 'GET', url })).status).toBe(isShown ? 200 : 401);
			await tokenOf({ credential });
			expect((await (await sessionFor(run)).request(CABINETS)).status).toBe(200);
			await expect(elsewhere.request(CABINETS)).rejects.toMatchObject({
				code: 'DOCUWARE_ADDRESS_CHANGED',
			});
		},
	);
});

describe('what a proxy says in place of DocuWare', () => {
	const PROXY = { status: 401, headers: { 'www-authenticate': 'Basic realm="intranet"' } } as const;
	const SINGLE_SIGN_ON = {
		status: 302,
		headers: { location: 'https://sso.example/Login' },
	} as const;

	const NO_SCHEME = [
		['a refusal in plain text', { status: 401, body: 'Unauthorized' }],
		['a refusal without words', { status: 401, body: '' }],
		['a page that refuses', { status: 401, body: '<h1>401 Authorization Required</h1>' }],
		['a refusal in JSON', { status: 401, body: '{"error":"unauthorized"}' }],
	] as const;

	// Red before for those without a scheme: the session was forgotten, and the password sent.
	it.each([
		['a log-in of its own', PROXY],
		['a log-in of its own, in plain text', { ...PROXY, body: '401 Unauthorized' }],
		['a redirect to a log-in elsewhere', SINGLE_SIGN_ON],
		...NO_SCHEME,
	] as const)('(%s) costs no session', async (_what, answer) => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		expect((await session.request(CABINETS)).status).toBe(200);
		simulator.faults.push({ kind: 'status', ...answer, times: Infinity });
		expect((await session.request(CABINETS)).status).toBe(answer.status);
		simulator.faults.clear();
		expect((await session.request(CABINETS)).status).toBe(200);
		expect(simulator.counters.logOns.password).toBe(1);
	});

	const PAGE = {
		status: 200,
		headers: { 'content-type': 'text/html' },
		body: '<p>Back soon</p>',
	} as const;
	const MAINTENANCE = {
		status: 200,
		headers: { 'content-type': 'application/json' },
		body: '{"status":"maintenance"}',
	} as const;
	const ANSWERS = [
		['a log-in of its own', PROXY],
		['a redirect to a log-in elsewhere', SINGLE_SIGN_ON],
		['a page', PAGE],
		['a page of maintenance in JSON', MAINTENANCE],
		...NO_SCHEME,
	] as const;

	// Red before: a redirect and a page were log-offs, and a live session was forgotten.
	it.each(
		ANSWERS.flatMap(([what, answer]) =>
			[true, false].map((first) => [what, first, answer] as const),
		),
	)(
		'(%s) ends none in Log Off (a login token first: %s)',
		async (_what, createTokenFirst, answer) => {
			const simulator = await bench.simulator();
			const session = await sessionFor(passwordRun(simulator));
			await session.logOn();
			simulator.faults.push({ kind: 'status', ...answer, times: Infinity });
			await expect(session.logOff({ createTokenFirst })).rejects.toMatchObject({
				code: createTokenFirst ? 'DOCUWARE_LOGIN_TOKEN_FAILED' : 'DOCUWARE_LOGOFF_FAILED',
			});
			simulator.faults.clear();
			expect((await session.status()).state).toBe('open');
			expect((await session.logOff()).loggedOff).toBe(true);
			expect(simulator.counters.logOns.password).toBe(1);
		},
	);

	// What the body of DocuWare's own answer looks like is not known; where it may be a page, the server is asked.
	it.each(ANSWERS.slice(1))('(%s) after a log-off hides none', async (_what, answer) => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		const where = { tags: { route: 'Account/LogOff' } };
		simulator.faults.push({ kind: 'status', ...answer, when: 'afterProcessing', where });
		expect((await session.logOff({ createTokenFirst: false })).loggedOff).toBe(true);
		expect(simulator.faults.size).toBe(0);
		expect((await session.status()).state).toBe('none');
	});
});

describe('an answer at the place that proves a session', () => {
	const json = (status: number, body: string) =>
		({ kind: 'status', status, body, headers: { 'content-type': 'application/json' } }) as const;

	// Red before: whatever was no page had a session live.
	it.each([
		['a page of maintenance in JSON', json(200, '{"status":"maintenance"}'), 'unknown'],
		['nothing', json(200, ''), 'unknown'],
		['a filter in JSON', json(403, '{"error":"blocked"}'), 'unknown'],
		['a missing right', json(403, '{"Message":"No right."}'), 'alive'],
		['the list', undefined, 'alive'],
	])('(%s) is taken for what it is', async (_what, fault, life) => {
		const simulator = await bench.simulator({ version: '7.12', organizationsInPublic: false });
		const run = passwordRun(simulator);
		const account = readPasswordAccount(run.credential);
		const session = await sessionFor(run);
		await session.logOn();
		const shown = await session.secret();
		const accessToken = shown && 'accessToken' in shown ? shown.accessToken : '';
		const credential = { kind: 'bearer', accessToken } as const;
		const vault = await openVault();
		expect(await sessionProofOf(vault, account)).toBe('Organizations');
		if (fault !== undefined) simulator.faults.push(fault);
		expect(await probeSession(vault, account, credential)).toBe(life);
		expect(simulator.faults.size).toBe(0);
	});
});

describe('what proves a session at a server', () => {
	afterEach(() => jest.restoreAllMocks());

	it('is found out once, for all processes and a day; a passing fault is no fact', async () => {
		const simulator = await bench.simulator({ organizationsInPublic: false });
		const account = readPasswordAccount(passwordRun(simulator).credential);
		const asked = () => simulator.counters.requests['GET Organizations'] ?? 0;
		const proof = async () => await sessionProofOf(await openVault(), account);
		simulator.faults.push({ kind: 'status', status: 503 });
		expect(await proof()).toBeUndefined();
		expect(await Promise.all([proof(), proof()])).toEqual(['Organizations', 'Organizations']);
		await bench.restart();
		expect(await proof()).toBe('Organizations');
		expect(asked()).toBe(2);
		const now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now + 86_400_000);
		simulator.configure({ organizationsInPublic: true });
		expect(await proof()).toBe('Organizations');
		await until(async () => (await proof()) === 'Organization');
		expect(asked()).toBe(3);
	});

	const NOT_HERE = { kind: 'status', status: 404, times: 3 } as const;
	const json = (body: unknown) =>
		({
			kind: 'status',
			status: 200,
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
			times: 3,
		}) as const;
	const LISTED = json({ FileCabinet: [] });
	const SHUT = {
		kind: 'status',
		status: 401,
		body: 'No',
		times: 2,
		where: { method: 'GET' },
	} as const;

	// Red before: it was a fact for a day that nothing proves a session, and a dead one was kept.
	it.each([
		['404 to everything', NOT_HERE],
		['a page of maintenance in JSON', json({ status: 'maintenance' })],
		['a proxy that refuses in plain text', SHUT],
	] as const)('is not learnt from %s', async (_what, fault) => {
		const simulator = await bench.simulator({ concurrentLicences: 9 });
		const run = passwordRun(simulator);
		const session = await sessionFor(run);
		expect((await session.request(CABINETS)).status).toBe(200);
		simulator.faults.push(fault);
		const account = readPasswordAccount(run.credential);
		expect(await sessionProofOf(await openVault(), account)).toBeUndefined();
		expect(simulator.faults.size).toBe(0);
		simulator.revokeSessions();
		expect((await session.request(CABINETS)).status).toBe(200);
		expect(simulator.counters.logOns.password).toBe(2);
	});

	it('is nothing where everything was listed to everybody, and that is a fact', async () => {
		const simulator = await bench.simulator({ organizationsInPublic: false });
		const account = readPasswordAccount(passwordRun(simulator).credential);
		simulator.faults.push(LISTED);
		for (let asked = 0; asked < 2; asked += 1) {
			expect(await sessionProofOf(await openVault(), account)).toBeUndefined();
		}
	});

	// Red before: the daily question, in the minute of a restart, put "nothing" in the place of what was known.
	it.each([
		['404 to everything', NOT_HERE],
		['a list to everybody', LISTED],
	])('stays where the server is asked again and answers with %s', async (_what, fault) => {
		const simulator = await bench.simulator({ organizationsInPublic: false });
		const account = readPasswordAccount(passwordRun(simulator).credential);
		const proof = async () => await sessionProofOf(await openVault(), account);
		expect(await proof()).toBe('Organizations');
		const begun = Date.now();
		const later = (ms: number) => jest.spyOn(Date, 'now').mockReturnValue(begun + ms);
		simulator.faults.push(fault);
		later(86_400_000);
		expect(await proof()).toBe('Organizations');
		await until(() => simulator.faults.size === 0);
		// The next question, a minute later, shows that the answer to this one has put nothing in its place.
		simulator.configure({ organizationsInPublic: true });
		later(86_400_000 + 61_000);
		expect(await proof()).toBe('Organizations');
		await until(async () => (await proof()) === 'Organization');
	});
});
