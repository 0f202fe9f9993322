import { isConnectorError } from '../../../nodes/shared/errors';
import { query } from '../../../nodes/shared/vault/database/transaction';
import { openVault } from '../../../nodes/shared/vault/place/openVault';
import { TABLES } from '../../../nodes/shared/vault/rows/schema';
import { sessionFor } from './support/fakeNode';
import { counterTable } from './support/counterTable';
import { issueLoginToken, passwordRun, tokenRun } from './support/credentials';
import { naiveRun } from './support/naiveClient';
import { failureOf } from './support/outcomes';
import { ENGINES } from './support/sessionStore';
import { until } from '../../support/until';
import { useDocuWare } from './support/useDocuWare';

const RUNS = 20;

const ROUNDS = 5;

/** One concurrent licence, blocked for two seconds instead of two minutes. */
const ONE_LICENCE = { concurrentLicences: 1, timeScale: 1 / 60 } as const;

const LOG_OFF_WHEN_IDLE = { sessionPolicy: 'logOffWhenIdle', idleSeconds: 0 } as const;

async function codeOf(work: Promise<unknown>): Promise<string> {
	return await work.then(
		() => 'none',
		(error: unknown) => (isConnectorError(error) ? error.code : String(error)),
	);
}

describe.each(ENGINES)('log off when idle, with one licence (%s)', (engine) => {
	const bench = useDocuWare(engine);
	const table = counterTable(`Log off when idle, one licence (${engine})`);

	it('runs twenty times with a log-off after each and never lacks the licence', async () => {
		const simulator = await bench.simulator(ONE_LICENCE);
		for (let run = 1; run <= RUNS; run += 1) {
			const session = await sessionFor(
				passwordRun(simulator, { ...LOG_OFF_WHEN_IDLE, licenceWaitSeconds: 0 }),
			);
			expect((await session.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
			await session.release();
			await until(() => simulator.counters.logOffs === run);
		}
		const { logOns, licences, loginTokens } = simulator.counters;
		expect(logOns).toEqual({ password: 1, token: RUNS - 1 });
		expect(licences).toMatchObject({ refused: 0, maxInUse: 1 });
		table.add(`${RUNS} runs, idle time 0`, simulator);
		expect(loginTokens).toMatchObject({ made: RUNS, used: RUNS - 1, reusedSingle: 0 });
	});

	it('shares it among three processes that come back together after each log-off', async () => {
		const simulator = await bench.simulator(ONE_LICENCE);
		const workers = await Promise.all([bench.worker(), bench.worker(), bench.worker()]);
		const changes = { ...LOG_OFF_WHEN_IDLE, licenceWaitSeconds: 0 };
		for (let round = 1; round <= ROUNDS; round += 1) {
			const results = await Promise.all(
				workers.map(
					async (worker) =>
						await worker.call({
							run: passwordRun(simulator, changes),
							requests: 6,
							parallel: 2,
						}),
				),
			);
			expect(results.flatMap((result) => result.failures)).toEqual([]);
			await until(() => {
				const { logOffs, licences } = simulator.counters;
				return logOffs >= round && licences.inUse === 0;
			});
		}
		const { logOns, licences, loginTokens } = simulator.counters;
		expect(logOns.password).toBe(1);
		expect(licences).toMatchObject({ refused: 0, maxInUse: 1 });
		expect(loginTokens).toMatchObject({ refused: 0, reusedSingle: 0 });
		table.add(`${ROUNDS} rounds of 3 processes, idle time 0`, simulator);
	});

	it('would lack it without the login token: a client that logs on per run fails at once', async () => {
		const simulator = await bench.simulator(ONE_LICENCE);
		const answers: number[] = [];
		for (let run = 0; run < 3; run += 1) answers.push(await naiveRun(simulator));
		expect(answers).toEqual([200, 401, 401]);
		table.add('naive client, a log-on per run', simulator);
	});

	it('survives kill -9 between the token and the log-off, and the next start finds the session', async () => {
		const simulator = await bench.simulator(ONE_LICENCE);
		const worker = await bench.worker();
		const hold = simulator.holds.hold('platform.received', {
			where: { tags: { route: 'Account/LogOff' } },
		});
		const run = passwordRun(simulator, { licenceWaitSeconds: 0 });
		const running = worker
			.call({ run, requests: 1, parallel: 1, logOff: true })
			.catch(() => 'died');
		const held = await hold.waiting();
		expect(simulator.counters.loginTokens.made).toBe(1);
		await worker.end('SIGKILL');
		expect(await running).toBe('died');
		held.drop();
		const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
		expect((await session.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
		table.add('kill -9 between token and log-off', simulator);
	});

	it('survives kill -9 after the log-off was carried out, and comes back by the token', async () => {
		const simulator = await bench.simulator(ONE_LICENCE);
		const worker = await bench.worker();
		const hold = simulator.holds.hold('platform.processed', {
			where: { tags: { route: 'Account/LogOff' } },
		});
		const run = passwordRun(simulator, { licenceWaitSeconds: 0 });
		const running = worker
			.call({ run, requests: 1, parallel: 1, logOff: true })
			.catch(() => 'died');
		const held = await hold.waiting();
		await worker.end('SIGKILL');
		await running;
		held.drop();
		const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
		expect((await session.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
		expect(simulator.counters.licences.refused).toBe(0);
	});

	it('is not kept from logging off by a process that died while using the session', async () => {
		const simulator = await bench.simulator(ONE_LICENCE);
		const worker = await bench.worker();
		const hold = simulator.holds.hold('platform.received', {
			where: { tags: { route: 'Organizations' } },
		});
		const idle = passwordRun(simulator, LOG_OFF_WHEN_IDLE);
		const running = worker.call({ run: idle, requests: 1, parallel: 1 }).catch(() => 'died');
		const held = await hold.waiting();
		await worker.end('SIGKILL');
		await running;
		held.drop();
		const session = await sessionFor(passwordRun(simulator, LOG_OFF_WHEN_IDLE));
		await session.request({ method: 'GET', url: 'Organizations' });
		await session.release();
		await until(() => simulator.counters.logOffs === 1);
	});
});

describe('a missing licence', () => {
	const bench = useDocuWare();

	it.each([
		['en', 'json'],
		['de', 'html'],
	] as const)('is told from a wrong password (%s, %s)', async (serverCulture, body) => {
		const simulator = await bench.simulator({
			concurrentLicences: 0,
			serverCulture,
			licenceRefusalBody: body,
		});
		const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
		expect(await codeOf(session.logOn())).toBe('DOCUWARE_NO_LICENCE');
	});

	it('says that it was waited for only where it was', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 0 });
		for (const licenceWaitSeconds of [0, 1]) {
			const failure = await failureOf(passwordRun(simulator, { licenceWaitSeconds }));
			expect(failure.code).toBe('DOCUWARE_NO_LICENCE');
			expect(/also after waiting \d s/.test(failure.message)).toBe(licenceWaitSeconds > 0);
		}
	});

	it('is no refusal that is remembered: the next run asks again at once', async () => {
		const simulator = await bench.simulator({ concurrentLicences: 0 });
		for (const asked of [1, 2, 3]) {
			const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
			expect(await codeOf(session.logOn())).toBe('DOCUWARE_NO_LICENCE');
			expect(simulator.counters.licences.refused).toBe(asked);
		}
		simulator.configure({ concurrentLicences: 1 });
		const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 0 }));
		expect((await session.logOn()).state).toBe('open');
	});

	it('is waited for until the two minutes after a log-off are over', async () => {
		// Four seconds, in which the other log-on has to come first.
		const simulator = await bench.simulator({ ...ONE_LICENCE, timeScale: 1 / 30 });
		await openVault();
		expect(await naiveRun(simulator)).toBe(200);
		const session = await sessionFor(passwordRun(simulator, { licenceWaitSeconds: 30 }));
		expect((await session.logOn()).state).toBe('open');
		expect(simulator.counters.licences.refused).toBeGreaterThan(0);
	});
});

describe('a licence that is missing after a lost answer', () => {
	const bench = useDocuWare();
	it.each([
		['password', 'Account/Logon'],
		['login token', 'Account/TokenLogOn'],
	])('to a log-on by %s is told with that cause first', async (means, route) => {
		const simulator = await bench.simulator({ ...ONE_LICENCE, timeScale: 1 });
		const fields = { licenceWaitSeconds: 0, wayIn: 'cookie' };
		const run =
			means === 'password'
				? passwordRun(simulator, fields)
				: tokenRun(simulator, issueLoginToken(simulator), fields);
		simulator.faults.push({ kind: 'lostAnswer', where: { tags: { route } } });
		const before = Date.now();
		expect(await failureOf(run)).toMatchObject({ code: 'HTTP_CONNECTION_LOST' });
		await bench.restart();
		const failure = await failureOf(run);
		expect(failure).toMatchObject({ code: 'DOCUWARE_NO_LICENCE' });
		const told =
			/^The answer of a log-on was lost at (\S+), its licence may still be held until (\S+)[:;].*Connections Overview which/;
		const [, lost = '', until = ''] = told.exec(failure.repair) ?? [];
		expect(Math.abs(Date.parse(lost) - before)).toBeLessThan(60_000);
		expect(Date.parse(until) - Date.parse(lost)).toBe(12 * 60_000);
	});

	it('of long ago, or where no answer was lost, is told without', async () => {
		const simulator = await bench.simulator({ ...ONE_LICENCE, timeScale: 1 });
		const run = passwordRun(simulator, { licenceWaitSeconds: 0 });
		const where = { tags: { route: 'Account/Logon' } };
		simulator.faults.push({ kind: 'lostAnswer', where });
		await failureOf(run);
		const vault = await openVault();
		await vault.write(function* () {
			yield* query(`UPDATE ${TABLES.attempt} SET started_at = started_at - 721000`);
		});
		expect((await failureOf(run)).repair).not.toContain('lost');
		const other = await bench.simulator({ concurrentLicences: 0 });
		const failure = await failureOf(passwordRun(other, { licenceWaitSeconds: 0 }));
		expect(failure.repair).not.toContain('lost');
	});
});

describe('log off on demand', () => {
	const bench = useDocuWare();

	it('refuses while another execution uses the session, says how many, and can be forced', async () => {
		const simulator = await bench.simulator();
		const [one, other] = [
			await sessionFor(passwordRun(simulator)),
			await sessionFor(passwordRun(simulator)),
		];
		await other.request({ method: 'GET', url: 'Organizations' });
		await one.request({ method: 'GET', url: 'Organizations' });
		expect((await one.status()).otherExecutions).toBe(1);
		await expect(one.logOff()).rejects.toMatchObject({
			code: 'DOCUWARE_SESSION_IN_USE',
			message: expect.stringContaining('1 other execution uses') as unknown,
		});
		expect(simulator.counters.logOffs).toBe(0);
		const result = await one.logOff({ force: true });
		expect(result).toMatchObject({
			loggedOff: true,
			loginTokenCreated: true,
			status: { state: 'none' },
		});
		expect((await other.request({ method: 'GET', url: 'Organizations' })).status).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
	});

	it.each([{}, { sessionPolicy: 'logOffWhenIdle', idleSeconds: 600 }])(
		'is not refused for those who have released the session (%j)',
		async (fields) => {
			const simulator = await bench.simulator();
			const other = await sessionFor(passwordRun(simulator, fields));
			await other.request({ method: 'GET', url: 'Organizations' });
			await other.release();
			const one = await sessionFor(passwordRun(simulator, fields));
			await one.request({ method: 'GET', url: 'Organizations' });
			expect((await one.status()).otherExecutions).toBe(0);
			expect(await one.logOff()).toMatchObject({ loggedOff: true });
			expect(simulator.counters.logOffs).toBe(1);
		},
	);

	it('leaves the session open where no login token can be made first', async () => {
		const simulator = await bench.simulator({
			loginTokenPaths: {
				organization: false,
				organizations: false,
				organizationById: false,
				link: false,
			},
		});
		const session = await sessionFor(passwordRun(simulator));
		await session.logOn();
		expect(await codeOf(session.logOff())).toBe('DOCUWARE_LOGIN_TOKEN_FAILED');
		expect(simulator.counters.logOffs).toBe(0);
		expect((await session.status()).state).toBe('open');
		expect((await session.logOff({ createTokenFirst: false })).loggedOff).toBe(true);
	});
});
