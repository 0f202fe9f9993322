import { SimulatorClient } from './simulatorClient';

let client: SimulatorClient;
let refreshToken: string;
let accessToken: string;

beforeEach(async () => {
	client = await SimulatorClient.start();
	({ accessToken, refreshToken } = client.logIn());
	client.clock.advanceSeconds(570);
});

afterEach(async () => {
	await client.close();
});

test('a POST held before processing has done nothing, and goes on when released', async () => {
	const hold = client.simulator.hold('tokenReceived');
	const pending = client.refresh(refreshToken);
	const held = await hold.waiting();
	expect(held.request.tags).toMatchObject({
		grantType: 'refresh_token',
		userId: client.user().userId,
		generation: '0',
		standing: 'live',
	});
	expect(client.simulator.counters).toMatchObject({ tokenPosts: 1, refreshesGranted: 0 });
	held.release();
	expect((await pending).status).toBe(200);
});

test('dropped before processing: the chain stands; dropped after it: the answer is lost', async () => {
	const before = client.simulator.hold('tokenReceived');
	const first = client.refresh(refreshToken);
	(await before.waiting()).drop();
	await expect(first).rejects.toThrow();
	expect(client.simulator.liveRefreshToken(client.app().clientId, client.user().userId)).toBe(
		refreshToken,
	);

	const after = client.simulator.hold('tokenProcessed');
	const second = client.refresh(refreshToken);
	const held = await after.waiting();
	expect(client.simulator.counters.refreshesGranted).toBe(1);
	held.drop();
	await expect(second).rejects.toThrow();
	expect((await client.refresh(refreshToken)).status).toBe(401);
});

test('two POSTs of one token race: one wins, the other is old; both are counted as parallel', async () => {
	const hold = client.simulator.hold('tokenReceived', { times: 2 });
	const first = client.refresh(refreshToken);
	const one = await hold.waiting();
	const second = client.refresh(refreshToken);
	const two = await hold.waiting();
	two.release();
	expect((await second).status).toBe(200);
	one.release();
	expect((await first).status).toBe(401);
	expect(client.simulator.counters).toMatchObject({
		maxParallelTokenPosts: 2,
		parallelTokenPosts: 0,
	});
	expect(client.simulator.counters.maxParallelTokenPostsByChain).toEqual({ [client.chain()]: 2 });
});

test('the service goes on with a request whose client has died', async () => {
	const hold = client.simulator.hold('tokenReceived');
	const leaving = new AbortController();
	const { clientId, clientSecret } = client.app();
	const pending = fetch(client.simulator.tokenUrl, {
		method: 'POST',
		signal: leaving.signal,
		body: new URLSearchParams({
			grant_type: 'refresh_token',
			refresh_token: refreshToken,
			client_id: clientId,
			client_secret: clientSecret,
		}),
	});
	const held = await hold.waiting();
	leaving.abort();
	await expect(pending).rejects.toThrow();
	const processed = client.simulator.log.next('processed');
	held.release();
	await processed;
	expect(client.simulator.counters.refreshesGranted).toBe(1);
});

test('traps catch only what meets their condition, and close drops what they hold', async () => {
	const hold = client.simulator.hold('apiProcessed', { where: { path: /crm\/Accounts/ } });
	expect((await client.get('current/Me', accessToken)).status).toBe(200);
	const pending = client.get(`${client.division}/crm/Accounts`, accessToken);
	pending.catch(() => undefined);
	await hold.waiting();
	expect(hold.held).toHaveLength(1);
	await client.close();
	await expect(pending).rejects.toThrow();
});

test('a token that expires while its request is processed answers 401 if the switch says so', async () => {
	const path = `${client.division}/crm/Accounts`;
	const slowly = async (method: string): Promise<number> => {
		const fresh = client.logIn();
		const hold = client.simulator.hold('apiReceived');
		const body = method === 'POST' ? { body: { Name: 'Late' } } : {};
		const pending = client.call(method, path, fresh.accessToken, body);
		const held = await hold.waiting();
		client.clock.advanceSeconds(600);
		held.release();
		return (await pending).status;
	};
	const count = async (): Promise<string> =>
		(await client.get(`${path}/$count`, client.logIn().accessToken)).text;

	expect(await slowly('GET')).toBe(200);
	client.simulator.configure({ tokenMustOutliveRequest: true });
	expect(await slowly('GET')).toBe(401);
	expect(await slowly('POST')).toBe(401);
	expect(await count()).toBe('340');
	client.simulator.configure({ lateWriteTakesEffect: true });
	expect(await slowly('POST')).toBe(401);
	expect(await count()).toBe('341');
	expect(client.simulator.counters).toMatchObject({ apiCallsWithExpiredToken: 0, unauthorized: 3 });
});
