import { callPlatform, cookiesOf, logOn } from './platformClient';
import { useSimulator } from './useSimulator';

const { start, clock } = useSimulator();

describe('cookie sessions', () => {
	it('need only the session cookie, and all of them by switch', async () => {
		const simulator = await start();
		const cookies = cookiesOf(await logOn(simulator)).split('; ');
		const get = async (names: RegExp): Promise<number> => {
			const cookie = cookies.filter((pair) => names.test(pair)).join('; ');
			return (await callPlatform(simulator, 'GET', 'Organization', { headers: { cookie } })).status;
		};
		expect(await get(/^\.DWPLATFORMAUTH/)).toBe(200);
		simulator.configure({ requiredCookies: 'withBrowserId' });
		expect(await get(/^\.DWPLATFORMAUTH/)).toBe(401);
		expect(await get(/DWPLATFORM/)).toBe(200);
		simulator.configure({ requiredCookies: 'all' });
		expect(await get(/DWPLATFORM/)).toBe(401);
		expect(await get(/./)).toBe(200);
		expect(simulator.counters.unauthorized.missingCookie).toBe(2);
	});

	it('do not come from the empty twin', async () => {
		const simulator = await start();
		const headers = { cookie: '.DWPLATFORMAUTH=' };
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(401);
		expect(simulator.counters.unauthorized.noCredentials).toBe(1);
	});

	it('are remembered with when they were asked for, first used and ended', async () => {
		const simulator = await start();
		const headers = { cookie: cookiesOf(await logOn(simulator)) };
		await logOn(simulator);
		clock.advanceSeconds(1);
		await callPlatform(simulator, 'GET', 'Organization', { headers });
		clock.advanceSeconds(1);
		simulator.revokeSessions();
		const [first, second] = simulator.state.sessions.history;
		const asked = first?.requestedAt ?? 0;
		expect(first).toMatchObject({ createdAt: asked, firstUsedAt: asked + 1_000 });
		expect(first?.endedAt).toBe(asked + 2_000);
		expect(second?.firstUsedAt).toBeUndefined();
	});

	it('end at log-off', async () => {
		const simulator = await start();
		const headers = { cookie: cookiesOf(await logOn(simulator)) };
		expect((await callPlatform(simulator, 'GET', 'Account/Logoff', { headers })).status).toBe(200);
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(401);
		expect((await callPlatform(simulator, 'GET', 'Account/LogOff', { headers })).status).toBe(200);
		expect(simulator.counters).toMatchObject({
			logOffs: 1,
			logOffsWithoutSession: 1,
			requestsWithDeadSession: 1,
			unauthorized: { deadSession: 1 },
		});
	});

	it('take log-off by GET only', async () => {
		const simulator = await start();
		expect((await callPlatform(simulator, 'POST', 'Account/LogOff')).status).toBe(405);
	});

	it('end when an administrator revokes them, of one user or of all', async () => {
		const simulator = await start();
		const api = { cookie: cookiesOf(await logOn(simulator)) };
		const peggy = {
			cookie: cookiesOf(
				await logOn(simulator, { UserName: 'peggy.jenkins', Password: 'correct horse' }),
			),
		};
		expect(simulator.revokeSessions('API')).toBe(1);
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers: api })).status).toBe(
			401,
		);
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers: peggy })).status).toBe(
			200,
		);
		expect(simulator.revokeSessions()).toBe(1);
	});

	it('end after the idle time without a request, by switch', async () => {
		const simulator = await start({ sessionIdleSeconds: 600 });
		const headers = { cookie: cookiesOf(await logOn(simulator)) };
		clock.advanceSeconds(599);
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(200);
		clock.advanceSeconds(600);
		expect(simulator.counters.licences).toMatchObject({ inUse: 0, held: 1 });
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(401);
	});

	it('end when the User-Agent changes, by switch', async () => {
		const simulator = await start();
		const headers = { cookie: cookiesOf(await logOn(simulator)) };
		const other = { ...headers, 'user-agent': 'another/1.0' };
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers: other })).status).toBe(
			200,
		);
		simulator.configure({ userAgentBinding: true });
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers: other })).status).toBe(
			401,
		);
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(401);
		expect(simulator.counters.userAgents).toMatchObject({ 'unit-test/1.0': 2, 'another/1.0': 2 });
	});

	it.each([
		['unauthorized', 401],
		['gone', 410],
		['accepted', 200],
	] as const)('meet %s after an update to 7.11', async (cookiesFrom711, status) => {
		const simulator = await start({ cookiesFrom711 });
		const headers = { cookie: cookiesOf(await logOn(simulator)) };
		simulator.configure({ version: '7.11' });
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(status);
	});
});
