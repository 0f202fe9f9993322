import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { sessionFor } from './support/fakeNode';
import { passwordRun } from './support/credentials';
import { useDocuWare } from './support/useDocuWare';

const GET = { method: 'GET', url: 'Organization' } as const;

describe('making a login token', () => {
	const bench = useDocuWare();

	it.each([
		['organization', 'POST Organization/LoginToken'],
		['organizations', 'POST Organizations/LoginToken'],
		['organizationById', 'POST Organizations/{organizationId}/LoginToken'],
		['link', 'POST Organizations/{organizationId}/Links/LoginToken'],
	] as const)('works where only the path %s is served, and remembers it', async (path, route) => {
		const loginTokenPaths = {
			organization: false,
			organizations: false,
			organizationById: false,
			link: false,
			[path]: true,
		};
		const simulator = await bench.simulator({ loginTokenPaths });
		const session = await sessionFor(passwordRun(simulator));
		await session.createLoginToken();
		await session.createLoginToken();
		expect(simulator.counters.loginTokens.made).toBe(2);
		expect(simulator.counters.requests[route]).toBe(2);
		const tried = Object.entries(simulator.counters.requests).filter(([name]) =>
			name.endsWith('LoginToken'),
		);
		// Each path that is not served was tried once, none after the first success.
		expect(tried.filter(([name]) => name !== route).every(([, count]) => count === 1)).toBe(true);
	});

	it('tries the paths that clients use before those that stand in a text alone', async () => {
		const simulator = await bench.simulator({
			loginTokenPaths: { organization: false, organizationById: false, organizations: false },
		});
		await (await sessionFor(passwordRun(simulator))).createLoginToken();
		const tried = Object.keys(simulator.counters.requests).filter((name) =>
			name.endsWith('LoginToken'),
		);
		expect(tried).toEqual([
			'POST Organization/LoginToken',
			'POST Organizations/{organizationId}/LoginToken',
			'POST Organizations/LoginToken',
			'POST Organizations/{organizationId}/Links/LoginToken',
		]);
	});

	const TERMS = /lifetime and the target products/;

	it.each([
		['serves no path for it', 404, '', undefined, /Create Login Token First/],
		['answers with a page', 200, '<html><p>Welcome</p></html>', undefined, /no proxy/],
		['is not available', 503, '', undefined, /Run again/],
		['refuses', 422, '{"Message":"Lifetime is not valid"}', TERMS, TERMS],
	])(
		'where the server %s is told so, with what helps',
		async (_what, status, body, terms, repair) => {
			const simulator = await bench.simulator();
			const session = await sessionFor(passwordRun(simulator));
			await session.logOn();
			const where = { method: 'POST', path: 'LoginToken$' };
			simulator.faults.push({ kind: 'status', status, body, where, times: 4 });
			const failure = (await session
				.createLoginToken()
				.catch((error: unknown) => error)) as Error & {
				repair: string;
			};
			expect(failure).toMatchObject({ code: 'DOCUWARE_LOGIN_TOKEN_FAILED' });
			expect(failure.repair).toMatch(repair);
			if (terms === undefined) expect(failure.repair).not.toMatch(TERMS);
		},
	);

	it.each([
		['keep', false],
		['logOffWhenIdle', true],
	])(
		'where no path is served, says to keep the session only where it is not: %s',
		async (sessionPolicy, says) => {
			const simulator = await bench.simulator();
			const session = await sessionFor(passwordRun(simulator, { sessionPolicy }));
			await session.logOn();
			const where = { method: 'POST', path: 'LoginToken$' };
			simulator.faults.push({ kind: 'status', status: 404, where, times: 8 });
			for (const ask of [() => session.createLoginToken(), () => session.logOff()]) {
				const failure: unknown = await ask().catch((error: unknown) => error);
				const { code, repair } = failure as { code: string; repair: string };
				expect(code).toBe('DOCUWARE_LOGIN_TOKEN_FAILED');
				expect(repair.includes('Session Policy')).toBe(says);
			}
		},
	);

	it.each(['plain', 'quoted', 'padded', 'braced', 'object'] as const)(
		'reads a %s answer',
		async (loginTokenAnswer) => {
			const simulator = await bench.simulator({ loginTokenAnswer });
			const session = await sessionFor(passwordRun(simulator));
			const { token } = await session.createLoginToken();
			expect(simulator.state.loginTokens.all().map(({ value }) => value)).toEqual([token]);
		},
	);

	it('warns above 28 days and refuses above 365', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		expect((await session.createLoginToken({ lifetime: '29' })).warnings).toHaveLength(1);
		await expect(session.createLoginToken({ lifetime: '366' })).rejects.toMatchObject({
			code: 'DOCUWARE_LIFETIME_INVALID',
		});
		expect(simulator.counters.loginTokens.made).toBe(1);
	});

	it('works with a bearer token too', async () => {
		const simulator = await bench.simulator({ version: '7.11' });
		const session = await sessionFor(passwordRun(simulator));
		const made = await session.createLoginToken({ usage: 'Single', lifetime: '00:30:00' });
		expect(made).toMatchObject({ usage: 'Single', lifetimeMs: 1_800_000, warnings: [] });
	});
});

describe('a login token, where the password has changed meanwhile', () => {
	const bench = useDocuWare();

	it('is not made by the session that another process has begun with the new one', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		simulator.world.users[0]!.password = 'the new one';
		const worker = await bench.worker();
		await worker.call({ run: passwordRun(simulator), requests: 1, parallel: 1 });
		expect(simulator.counters.logOns.password).toBe(2);
		const looks = jest.spyOn(await openVault(), 'read');
		await expect(session.createLoginToken()).rejects.toMatchObject({
			code: 'DOCUWARE_WRONG_PASSWORD',
		});
		expect(simulator.counters.loginTokens.made).toBe(0);
		// What this process remembers is dropped, not asked for over and over.
		expect(looks.mock.calls.length).toBeLessThan(20);
	});

	it('begins no session of the new one where it was asked for with the old one', async () => {
		const simulator = await bench.simulator({ loginTokenPaths: { organization: true } });
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		const hold = simulator.holds.hold('platform.processed', {
			where: { tags: { route: 'Organization/LoginToken' } },
		});
		const made = session.createLoginToken();
		const held = await hold.waiting();
		simulator.world.users[0]!.password = 'the new one';
		const present = await sessionFor(passwordRun(simulator));
		await present.request(GET);
		held.release();
		expect((await made).token).toBeDefined();
		await present.logOff({ createTokenFirst: false, force: true });
		await expect(present.tokenLogOn()).rejects.toMatchObject({ code: 'DOCUWARE_NO_LOGIN_TOKEN' });
		expect(simulator.counters.logOns).toEqual({ password: 2, token: 0 });
	});
});

describe('coming back with a login token', () => {
	const bench = useDocuWare();

	it('uses the newest one of the vault after a log-off', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 1, timeScale: 1 / 60 });
		const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
		await session.logOn();
		await session.createLoginToken();
		await session.logOff();
		const back = await session.tokenLogOn();
		expect(await back.status()).toMatchObject({ state: 'open', openedBy: 'loginToken' });
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
		expect(simulator.counters.licences.refused).toBe(0);
	});

	it('is not tried with a token for another product', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		await session.createLoginToken();
		await session.createLoginToken({ targetProducts: ['WebClient'] });
		await session.logOff({ createTokenFirst: false });
		expect((await session.logOn()).openedBy).toBe('loginToken');
		expect(simulator.counters.loginTokens).toMatchObject({ made: 2, used: 1, refused: 0 });
	});

	it('never uses a single one twice, and falls back to a log-on', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.createLoginToken({ usage: 'Single' });
		await session.logOff({ createTokenFirst: false });
		await session.request(GET);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
		simulator.revokeSessions();
		await session.request(GET);
		expect(simulator.counters.logOns).toEqual({ password: 2, token: 1 });
		expect(simulator.counters.loginTokens.reusedSingle).toBe(0);
		await session.logOff({ createTokenFirst: false });
		await expect(session.tokenLogOn()).rejects.toMatchObject({ code: 'DOCUWARE_NO_LOGIN_TOKEN' });
	});

	it('falls back to a log-on where the server refuses the token', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		await session.logOff();
		simulator.state.loginTokens.clear();
		expect((await session.request(GET)).status).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 2, token: 0 });
		expect(simulator.counters.loginTokens.refused).toBe(1);
	});

	it('by the newest one alone ends where the server refuses it, and does not say to put another in its place', async () => {
		const simulator = await bench.simulator();
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		await session.logOff();
		simulator.state.loginTokens.clear();
		const refused: unknown = await session.tokenLogOn().catch((error: unknown) => error);
		expect(refused).toMatchObject({
			code: 'DOCUWARE_TOKEN_REFUSED',
			repair: 'Run Session > Log On, or Session > Create Login Token for a new one.',
		});
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	});

	it('takes a token that somebody hands over, and passes on a reference to that session', async () => {
		const simulator = await bench.simulator();
		const peggy = passwordRun(simulator, { userName: 'peggy.jenkins', password: 'correct horse' });
		const { token } = await (await sessionFor(peggy)).createLoginToken();
		const handed = await (await sessionFor(passwordRun(simulator))).tokenLogOn({ token });
		const { sessionReference } = await handed.status();
		const later = await sessionFor(passwordRun(simulator), {
			sessionReference: sessionReference ?? '',
		});
		expect((await later.request(GET)).status).toBe(200);
		expect(await later.status()).toMatchObject({ state: 'open', openedBy: 'loginToken' });
		simulator.revokeSessions();
		expect((await later.request(GET)).status).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 2 });
	});
});

describe('a session reference', () => {
	const bench = useDocuWare();

	it('to the own session of a credential is that session', async () => {
		const simulator = await bench.simulator();
		const run = passwordRun(simulator);
		const { sessionReference } = await (await sessionFor(run)).logOn();
		const later = await sessionFor(run, { sessionReference: sessionReference ?? '' });
		simulator.revokeSessions();
		expect((await later.request(GET)).status).toBe(200);
	});

	it('serves no other credential of that server', async () => {
		const simulator = await bench.simulator();
		const { sessionReference } = await (await sessionFor(passwordRun(simulator))).logOn();
		const other = passwordRun(simulator, {
			userName: 'peggy.jenkins',
			password: 'correct horse',
		});
		await expect(
			sessionFor(other, { sessionReference: sessionReference ?? '' }),
		).rejects.toMatchObject({ code: 'DOCUWARE_SESSION_UNKNOWN' });
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it.each(['dws1.made.up', 'dws2.made.up', 'nonsense', 'dws2..', 'dws2.a.b.c'])(
		'is refused where it is "%s"',
		async (text) => {
			const simulator = await bench.simulator();
			await expect(
				sessionFor(passwordRun(simulator), { sessionReference: text }),
			).rejects.toMatchObject({ code: 'DOCUWARE_SESSION_UNKNOWN' });
		},
	);

	it('is refused at another server', async () => {
		const [one, other] = [await bench.simulator(), await bench.simulator()];
		const { sessionReference } = await (await sessionFor(passwordRun(one))).logOn();
		await expect(
			sessionFor(passwordRun(other), { sessionReference: sessionReference ?? '' }),
		).rejects.toMatchObject({ code: 'DOCUWARE_SESSION_UNKNOWN' });
	});
});
