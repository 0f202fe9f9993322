import { pairOf, SimulatorClient } from './simulatorClient';

let client: SimulatorClient;

beforeEach(async () => {
	client = await SimulatorClient.start();
});

afterEach(async () => {
	await client.close();
});

test('tells where it is, its apps, users and state', async () => {
	const info = (await client.control('GET', '')).json;
	expect(info).toMatchObject({ tokenUrl: client.simulator.tokenUrl, divisions: { length: 75 } });
	client.logIn();
	expect((await client.control('GET', 'chains')).json).toEqual(client.simulator.chains());
	expect((await client.control('GET', 'switches')).json).toEqual(client.simulator.switches);
	expect((await client.control('GET', 'nothing')).status).toBe(404);
});

test('connects, changes switches, makes older, revokes, counts and resets', async () => {
	const ids = { clientId: client.app().clientId, userId: client.user().userId };
	const connected = pairOf(await client.control('POST', 'connect', ids));
	expect((await client.get('current/Me', connected.accessToken)).status).toBe(200);

	expect((await client.control('POST', 'switches', { grace: 'tenMinutes' })).status).toBe(200);
	expect(client.simulator.switches.grace).toBe('tenMinutes');
	expect((await client.control('POST', 'switches', { gracious: true })).status).toBe(400);

	await client.control('POST', 'age', { ...ids, seconds: 600 });
	const rotated = await client.refresh(connected.refreshToken);
	expect(rotated.status).toBe(200);
	expect((await client.control('GET', 'counters')).json).toMatchObject({ refreshesGranted: 1 });

	await client.control('POST', 'revoke', ids);
	expect((await client.get('current/Me', pairOf(rotated).accessToken)).status).toBe(401);
	await client.control('POST', 'reset', { chains: true });
	expect(client.simulator.counters).toMatchObject({ tokenPosts: 0, apiCalls: 0 });
	expect(client.simulator.chains()).toEqual({});
});

test('plays the person in the browser', async () => {
	const authUrl = new URL(client.simulator.authUrl);
	authUrl.search = new URLSearchParams({
		client_id: client.app().clientId,
		redirect_uri: client.app().redirectUris[0] ?? '',
		response_type: 'code',
		state: 's1',
	}).toString();
	const { userId } = client.user(1);
	const answer = await client.control('POST', 'connect', { authUrl: authUrl.href, userId });
	const location = new URL((answer.json as { location: string }).location);
	expect(location.searchParams.get('state')).toBe('s1');
	expect(location.searchParams.get('code')).toContain('!');
});

test('queues and clears faults', async () => {
	const fault = {
		kind: 'answer',
		name: 'brokenChain',
		where: { tags: { grantType: 'refresh_token' } },
	};
	expect((await client.control('POST', 'faults/token', fault)).json).toEqual({ waiting: 1 });
	expect((await client.refresh('x')).text).toContain('chainId');
	await client.control('POST', 'faults/api', { faults: [{ kind: 'reset' }, { kind: 'html' }] });
	expect(client.simulator.faults.api.size).toBe(2);
	await client.control('DELETE', 'faults/api');
	expect(client.simulator.faults.api.size).toBe(0);
	expect((await client.control('POST', 'faults/api', { kind: 'odd' })).status).toBe(400);
});

test('holds, waits, releases and drops', async () => {
	const { refreshToken } = client.logIn();
	client.clock.advanceSeconds(570);
	const point = { point: 'tokenReceived', times: 2 };
	const { id } = (await client.control('POST', 'holds', point)).json as { id: string };
	const nobody = await client.control('GET', `holds/${id}/waiting?timeoutMs=1`);
	expect(nobody.status).toBe(204);

	const waiting = client.control('GET', `holds/${id}/waiting`);
	const first = client.refresh(refreshToken);
	const caught = (await waiting).json as { id: string; request: { tags: unknown } };
	expect(caught.request.tags).toMatchObject({ standing: 'live' });
	expect(JSON.stringify(caught)).not.toContain(refreshToken);
	await client.control('POST', `holds/${id}/release`, { heldId: caught.id });
	expect((await first).status).toBe(200);

	const second = client.refresh(refreshToken);
	second.catch(() => undefined);
	await client.control('GET', `holds/${id}/waiting`);
	await client.control('POST', `holds/${id}/drop`);
	await expect(second).rejects.toThrow();
	expect((await client.control('POST', 'holds', { point: 'nowhere' })).status).toBe(400);
});

test('the log remembers requests without their secrets', async () => {
	const { accessToken, refreshToken } = client.logIn();
	await client.get('current/Me', accessToken);
	await client.refresh(refreshToken);
	const { text, json } = await client.control('GET', 'log');
	expect(json).toMatchObject([
		{ method: 'GET', path: '/api/v1/current/Me', status: 200, processed: true },
		{ method: 'POST', path: '/api/oauth2/token', status: 400, processed: true },
	]);
	for (const secret of [accessToken, refreshToken, client.app().clientSecret]) {
		expect(text).not.toContain(secret);
	}
});
