import { operation, useNode } from './support/nodeFixture';

const { start } = useNode();

const session = (name: string, parameters = {}) => operation('session', name, parameters);
const listCabinets = operation('fileCabinet', 'getAll', { returnAll: true });

/** Nodes of one workflow run; a session counts as in use for a while after the last node of a run. */
const inOneExecution = { executionId: 'one' };

describe('the resource Session', () => {
	it('goes round: log on, work, login token, log off, token log-on, work', async () => {
		const { run, simulator } = await start({ concurrentLicences: 1 });
		const opened = await run(session('logOn'), inOneExecution);
		expect(opened.items[0]?.json).toMatchObject({
			state: 'open',
			wayIn: 'cookie',
			openedBy: 'password',
			serverVersion: '7.10.0.241',
		});
		await run(listCabinets, inOneExecution);
		const token = await run(session('createLoginToken'), inOneExecution);
		expect(token.items[0]?.json).toMatchObject({ created: true, usage: 'Multi' });
		const closed = await run(session('logOff', { createTokenFirst: false }), inOneExecution);
		expect(closed.items[0]?.json).toMatchObject({ loggedOff: true, state: 'none' });
		const again = await run(session('tokenLogOn'), inOneExecution);
		expect(again.items[0]?.json).toMatchObject({ state: 'open', openedBy: 'loginToken' });
		await run(listCabinets, inOneExecution);
		const { logOns, loginTokens, unauthorized } = simulator.counters;
		expect(logOns).toEqual({ password: 1, token: 1 });
		expect(loginTokens).toMatchObject({ made: 1, used: 1, inUrl: 0 });
		expect(unauthorized.licence).toBe(0);
	});

	it('makes a token before the log-off by itself and comes back with it', async () => {
		const { run, simulator } = await start({ concurrentLicences: 1 });
		await run(session('logOn'), inOneExecution);
		const closed = await run(session('logOff'), inOneExecution);
		expect(closed.items[0]?.json).toMatchObject({ loggedOff: true, loginTokenCreated: true });
		await run(listCabinets, inOneExecution);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
	});

	it('passes a session on by its reference', async () => {
		const { run, simulator } = await start({ concurrentLicences: 1 });
		const opened = await run(session('logOn'));
		const reference = { sessionSource: 'reference' };
		const items = opened.items.map(({ json }) => ({ json }));
		const work = await run({ ...listCabinets, ...reference }, { items });
		expect(work.items).toHaveLength(2);
		const status = await run({ ...session('getStatus'), ...reference }, { items });
		expect(status.items[0]?.json).toMatchObject({ state: 'open', generation: 1 });
		expect(simulator.counters.logOns.password).toBe(1);
	});

	it('works as another user with a given token, and leaves the own session alone', async () => {
		const { run, simulator, credential } = await start({ concurrentLicences: 2 });
		const made = await run(session('createLoginToken', { includeSecret: true }), {
			credentials: credential({ userName: 'peggy.jenkins', password: 'correct horse' }),
		});
		const token = String(made.items[0]?.json.loginToken);
		expect(token).toMatch(/\S{10,}/);
		const opened = await run(session('tokenLogOn', { tokenSource: 'given', token }));
		const denied = run(
			operation('customApiCall', 'call', {
				path: 'FileCabinets/4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20',
				sessionSource: 'reference',
			}),
			{ items: opened.items.map(({ json }) => ({ json })) },
		);
		await expect(denied).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_FORBIDDEN]'),
		});
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
		expect(JSON.stringify(opened.items)).not.toContain(token);
	});

	it('refuses a reference that was made up', async () => {
		const { run } = await start();
		const made = run(
			{ ...listCabinets, sessionSource: 'reference' },
			{
				items: [{ json: { sessionReference: 'dws1.some-record.some-digest' } }],
			},
		);
		await expect(made).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_SESSION_UNKNOWN]'),
		});
	});

	it('puts cookies into the output only where asked for, and they are the ones in use', async () => {
		const { run, simulator } = await start({ userAgentBinding: false });
		const silent = await run(session('logOn'));
		expect(JSON.stringify(silent.items)).not.toContain('DWPLATFORMAUTH');
		const outspoken = await run(session('getStatus', { includeSecret: true }));
		const cookie = String(outspoken.items[0]?.json.cookie);
		expect(cookie).toContain('.DWPLATFORMAUTH=');
		const answer = await fetch(`${simulator.url}/DocuWare/Platform/Organizations`, {
			headers: { cookie, accept: 'application/json' },
		});
		expect(answer.status).toBe(200);
	});

	it('does not log off a session that another execution uses, unless forced', async () => {
		const { run, simulator } = await start();
		await run(session('logOn'), inOneExecution);
		const hold = simulator.holds.hold('platform.received', {
			where: { tags: { route: 'FileCabinets' } },
		});
		const other = run(listCabinets, inOneExecution);
		await hold.waiting();
		const left = await run(session('logOff'));
		expect(left.items[0]?.json).toMatchObject({
			loggedOff: false,
			state: 'open',
			otherExecutions: 1,
		});
		await expect(run(session('logOff', { ifOthersUse: 'fail' }))).rejects.toMatchObject({
			message: expect.stringMatching(/1 other execution.*\[DOCUWARE_SESSION_IN_USE\]/),
		});
		const status = await run(session('getStatus'));
		expect(status.items[0]?.json).toMatchObject({ otherExecutions: 1 });
		const forced = await run(session('logOff', { ifOthersUse: 'logOff' }));
		expect(forced.items[0]?.json).toMatchObject({ loggedOff: true });
		hold.release();
		expect((await other).items).toHaveLength(2);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 1 });
	});

	it('of twenty parallel runs of the cycle none fails, and the last one logs off', async () => {
		const { run, simulator } = await start({ concurrentLicences: 1 });
		const cycle = async (executionId: string) => {
			await run(session('logOn'), { executionId });
			expect((await run(listCabinets, { executionId })).items).toHaveLength(2);
			await run(session('createLoginToken'), { executionId });
			await run(session('logOff'), { executionId });
		};
		await Promise.all(Array.from({ length: 20 }, async (_, index) => await cycle(`run-${index}`)));
		expect((await run(session('getStatus'))).items[0]?.json).toMatchObject({ state: 'none' });
		const { logOffs, logOns, licences } = simulator.counters;
		expect(logOffs).toBe(logOns.password + logOns.token);
		expect(licences.refused).toBe(0);
	});

	it('waits in Log Off, too, where the server limits the requests for login tokens', async () => {
		const { run, simulator } = await start();
		await run(session('logOn'), inOneExecution);
		simulator.faults.push({
			kind: 'status',
			status: 429,
			headers: { 'retry-after': '1' },
			where: { tags: { route: 'Organization/LoginToken' } },
		});
		const closed = await run(session('logOff'), inOneExecution);
		expect(closed.items[0]?.json).toMatchObject({ loggedOff: true, loginTokenCreated: true });
		expect(simulator.faults.size).toBe(0);
	});

	it('warns of a life over 28 days and refuses one over 365', async () => {
		const { run } = await start();
		const long = await run(session('createLoginToken', { lifetime: '365.00:00:00' }));
		expect(long.items[0]?.json.warnings).toHaveLength(1);
		expect(long.hints).toHaveLength(1);
		const custom = { lifetime: 'custom', customLifetime: '366.00:00:00' };
		await expect(run(session('createLoginToken', custom))).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_LIFETIME_INVALID]'),
		});
	});

	it('names the missing licence as the cause, not the password', async () => {
		const { run, credential } = await start({ concurrentLicences: 1 });
		await run(session('logOn'));
		const second = run(session('logOn'), {
			credentials: credential({ userName: 'peggy.jenkins', password: 'correct horse' }),
		});
		await expect(second).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_NO_LICENCE]'),
		});
	});

	it('says that a password is wrong', async () => {
		const { run, credential } = await start();
		const wrong = run(session('logOn'), { credentials: credential({ password: 'wrong' }) });
		await expect(wrong).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_WRONG_PASSWORD]'),
			description: expect.stringContaining('credential'),
		});
	});

	it('wants a credential', async () => {
		const { run } = await start();
		await expect(run(session('getStatus'), { credentials: {} })).rejects.toThrow(
			'does not have any credentials',
		);
	});
});
