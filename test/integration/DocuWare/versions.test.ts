import { Readable } from 'node:stream';

import { isConnectorError } from '../../../nodes/shared/errors';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { counterTable } from './support/counterTable';
import type { FakeRun } from './support/fakeNode';
import { sessionFor } from './support/fakeNode';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { ENGINES } from './support/sessionStore';
import { useDocuWare } from './support/useDocuWare';

const CABINETS = { method: 'GET', url: 'FileCabinets' } as const;

const GET = { method: 'GET', url: 'Organization' } as const;

async function outcomeOf(run: FakeRun): Promise<string> {
	const session = await sessionFor(run);
	try {
		const answer = await session.request(GET);
		return `${answer.status} ${(await session.status()).wayIn}`;
	} catch (error) {
		return isConnectorError(error) ? error.code : String(error);
	}
}

describe('the way in', () => {
	const bench = useDocuWare();

	it.each([
		['6.9', 'automatic', '200 cookie'],
		['6.9', 'identityService', 'DOCUWARE_NO_IDENTITY_SERVICE'],
		['7.7', 'automatic', '200 cookie'],
		['7.10', 'automatic', '200 cookie'],
		['7.10', 'identityService', '200 identityService'],
		['7.11', 'automatic', '200 identityService'],
		['7.11', 'cookie', 'DOCUWARE_COOKIE_LOGON_REMOVED'],
		['7.12', 'automatic', '200 identityService'],
	] as const)('of DocuWare %s with the choice %s is %s', async (version, wayIn, outcome) => {
		const simulator = await bench.simulator({ version });
		expect(await outcomeOf(passwordRun(simulator, { wayIn }))).toBe(outcome);
		expect(simulator.counters.cookiesSentToIdentityHost).toBe(0);
	});

	it('is said in plain words and found out once', async () => {
		const simulator = await bench.simulator({ version: '7.12' });
		const session = await sessionFor(passwordRun(simulator));
		const status = await session.logOn();
		expect(status.wayInReason).toContain('7.12.0.87 has no cookie log-on any more');
		await session.request(GET);
		await bench.restart();
		expect(await outcomeOf(passwordRun(simulator))).toBe('200 identityService');
		expect(simulator.counters.requests['GET Home/IdentityServiceInfo']).toBe(1);
		expect(simulator.counters.grants.password).toBe(1);
	});

	it('has the status in its error that was answered: none without a question, 404 for a 404', async () => {
		const recent = await bench.simulator({ version: '7.12' });
		const asked = await sessionFor(passwordRun(recent, { wayIn: 'cookie' }));
		await expect(asked.request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_COOKIE_LOGON_REMOVED',
			httpStatus: undefined,
		});
		const old = await bench.simulator({ version: '7.7' });
		const where = { tags: { route: 'Account/Logon' } };
		old.faults.push({ kind: 'status', status: 404, where, times: 9 });
		const failed = await sessionFor(passwordRun(old));
		await expect(failed.request(GET)).rejects.toMatchObject({
			code: 'DOCUWARE_LOGON_FAILED',
			httpStatus: 404,
			message: expect.stringContaining('HTTP 404'),
		});
	});

	it('with the built-in client switched off asks for an app registration', async () => {
		const simulator = await bench.simulator({ version: '7.12', builtInClient: false });
		expect(await outcomeOf(passwordRun(simulator))).toBe('DOCUWARE_APP_REGISTRATION_REQUIRED');
	});

	it('of a login token is TokenLogOn, and the dwtoken grant where cookies are gone', async () => {
		const old = await bench.simulator({ version: '7.7' });
		expect(await outcomeOf(tokenRun(old, issueLoginToken(old)))).toBe('200 cookie');
		const recent = await bench.simulator({ version: '7.11' });
		expect(await outcomeOf(tokenRun(recent, issueLoginToken(recent)))).toBe('200 identityService');
		expect(recent.counters.grants.dwtoken).toBe(1);
		expect(old.counters.loginTokens.inUrl + recent.counters.loginTokens.inUrl).toBe(0);
	});

	it('renews a bearer token that has ended, without a 401 and once for all', async () => {
		const simulator = await bench.simulator({ version: '7.11' });
		await (await sessionFor(passwordRun(simulator))).request(GET);
		const vault = await openVault();
		await vault.write(function* () {
			yield* query(`UPDATE ${TABLES.record} SET requested_at = requested_at - 3600000`);
		});
		await bench.restart();
		const session = await sessionFor(passwordRun(simulator));
		const answers = await Promise.all(Array.from({ length: 10 }, () => session.request(GET)));
		expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
		expect(simulator.counters.grants.password).toBe(2);
		expect(simulator.counters.unauthorized.badBearer).toBe(0);
	});
});

describe.each(ENGINES)('a server update from 7.10 to 7.11 (%s)', (engine) => {
	const bench = useDocuWare(engine);
	const table = counterTable(`DocuWare updated from 7.10 to 7.11 in mid-run (${engine})`);

	it.each(['unauthorized', 'gone', 'accepted'] as const)(
		'while two processes run fails no request (old cookies are %s)',
		async (cookiesFrom711) => {
			const simulator = await bench.simulator({ cookiesFrom711 });
			const workers = await Promise.all([bench.worker(), bench.worker()]);
			const progressed = workers[0]!.progressed(10);
			const running = workers.map(
				async (worker) =>
					await worker.call({ run: passwordRun(simulator), requests: 60, parallel: 5 }),
			);
			await progressed;
			simulator.configure({ version: '7.11' });
			const results = await Promise.all(running);
			expect(results.flatMap((result) => result.failures)).toEqual([]);
			expect(results.map((result) => result.done)).toEqual([60, 60]);
			expect(simulator.counters.logOns.password).toBe(1);
			expect(simulator.counters.grants.password).toBe(cookiesFrom711 === 'accepted' ? 0 : 1);
			expect(simulator.counters.cookiesSentToIdentityHost).toBe(0);
			table.add(`old cookies are ${cookiesFrom711}`, simulator);
		},
	);
});

describe('cookies', () => {
	const bench = useDocuWare();

	it.each(['before', 'after', 'none'] as const)(
		'are kept with the empty twin %s the real one',
		async (emptyCookieTwin) => {
			const simulator = await bench.simulator({
				emptyCookieTwin,
				requiredCookies: 'all',
				cookieDomain: 'always',
				userAgentBinding: true,
			});
			expect(await outcomeOf(passwordRun(simulator))).toBe('200 cookie');
			expect(await outcomeOf(passwordRun(simulator))).toBe('200 cookie');
			expect(simulator.counters.logOns.password).toBe(1);
		},
	);
});

describe('a request whose session turns out to be dead', () => {
	const bench = useDocuWare();
	const upload = (body: Buffer | Readable | (() => Promise<Readable>)) => ({
		method: 'POST',
		url: 'FileCabinets/a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10/Documents',
		headers: { 'Content-Type': 'text/plain', 'Content-Disposition': 'file; filename="a.txt"' },
		body,
	});

	it('is sent again with its body, opened anew where it is a stream', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		simulator.revokeSessions();
		let opened = 0;
		const answer = await session.request(
			upload(async () => {
				opened += 1;
				return await Promise.resolve(Readable.from([Buffer.from('text')]));
			}),
		);
		expect(answer.status).toBe(200);
		expect(opened).toBe(2);
		expect(simulator.state.documents.all()[0]?.sections[0]?.content.size).toBe(4);
	});

	it('is not sent again where its body can be read once only', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		simulator.revokeSessions();
		await expect(
			session.request(upload(Readable.from([Buffer.from('text')]))),
		).rejects.toMatchObject({ code: 'DOCUWARE_SESSION_ENDED' });
		expect(simulator.counters.documentsStored).toBe(0);
		expect((await session.request(upload(Buffer.from('text')))).status).toBe(200);
	});

	it('is found out behind the login page that a server shows to browsers', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		simulator.revokeSessions();
		const answer = await session.request({ ...GET, headers: { Accept: '*/*' } });
		expect(answer.status).toBe(200);
	});

	it('costs no log-on where the session lives and the 401 is about the request', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		simulator.faults.push({
			kind: 'status',
			status: 401,
			times: 2,
			where: { tags: { route: 'FileCabinets' } },
		});
		expect((await session.request(CABINETS)).status).toBe(401);
		expect((await session.request(CABINETS)).status).toBe(401);
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it('is not repeated after an error of the server', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		simulator.faults.push({
			kind: 'status',
			status: 500,
			where: { method: 'POST', path: 'Documents' },
		});
		expect((await session.request(upload(Buffer.from('text')))).status).toBe(500);
		expect(simulator.counters.documentsStored).toBe(0);
	});
});
