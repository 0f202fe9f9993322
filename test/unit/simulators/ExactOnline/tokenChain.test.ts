import { chainKey } from '../../../simulators/ExactOnline';
import { pairOf, read, SimulatorClient } from './simulatorClient';

let client: SimulatorClient;

beforeEach(async () => {
	client = await SimulatorClient.start();
});

afterEach(async () => {
	await client.close();
});

test('a refresh before 570 s is too early and changes nothing', async () => {
	const { refreshToken } = client.logIn();
	client.clock.advanceSeconds(569.9);
	const early = await client.refresh(refreshToken);
	expect(early.status).toBe(400);
	expect(early.json).toEqual({
		error: 'access_denied',
		error_description: 'Rate limit exceeded: access_token not expired',
	});
	expect(early.headers.get('reason')).toBe(
		'TooEarlyToRefreshTokens: Rate limit exceeded: access_token not expired',
	);
	client.clock.advanceSeconds(0.1);
	expect((await client.refresh(refreshToken)).status).toBe(200);
	expect(client.simulator.counters).toMatchObject({ tooEarly: 1, refreshesGranted: 1 });
});

test('the window counts from the last issue and scales with the life', async () => {
	client.simulator.configure({ accessTokenLifeSeconds: 2 });
	const first = client.logIn();
	client.clock.advanceSeconds(1.9);
	const second = await client.refresh(first.refreshToken);
	expect((second.json as Record<string, string>)['expires_in']).toBe('2');
	client.clock.advanceSeconds(1.89);
	expect((await client.refresh(pairOf(second).refreshToken)).status).toBe(400);
	client.clock.advanceSeconds(0.01);
	expect((await client.refresh(pairOf(second).refreshToken)).status).toBe(200);
});

test('too early in the words of the knowledge base', async () => {
	client.simulator.configure({ tooEarlyStatus: 401 });
	const answer = await client.refresh(client.logIn().refreshToken);
	expect(answer.status).toBe(401);
	expect(answer.headers.get('reason')).toBe('Access Token not expired');
});

test('every refresh rotates, and the token spent is old at once', async () => {
	const first = client.logIn();
	client.clock.advanceSeconds(600);
	const second = pairOf(await client.refresh(first.refreshToken));
	expect(second.refreshToken).not.toBe(first.refreshToken);
	expect(client.simulator.liveRefreshToken(client.app().clientId, client.user().userId)).toBe(
		second.refreshToken,
	);
	const old = await client.refresh(first.refreshToken);
	expect(old.status).toBe(401);
	expect(old.json).toEqual({
		error: 'unauthorized_client',
		error_description: 'Old refresh token used.',
	});
	client.simulator.configure({ oldTokenStatus: 400 });
	expect((await client.refresh(first.refreshToken)).status).toBe(400);
	expect(client.simulator.counters).toMatchObject({ oldTokenUses: 2, graceUses: 0 });
});

test('an old token that comes early is told "too early" if that is checked first', async () => {
	const first = client.logIn();
	client.clock.advanceSeconds(600);
	await client.refresh(first.refreshToken);
	client.simulator.configure({ tooEarlyCheckedFirst: true });
	expect((await client.refresh(first.refreshToken)).json).toMatchObject({ error: 'access_denied' });
	client.clock.advanceSeconds(600);
	expect((await client.refresh(first.refreshToken)).json).toMatchObject({
		error: 'unauthorized_client',
	});
});

test('a new log-in kills the older refresh tokens of that app and user only', async () => {
	const older = client.logIn();
	const otherApp = client.logIn(1, 0);
	const otherUser = client.logIn(0, 1);
	const newer = client.logIn();
	client.clock.advanceSeconds(570);
	expect((await client.refresh(older.refreshToken)).json).toMatchObject({
		error_description: 'Old refresh token used.',
	});
	expect((await client.refresh(newer.refreshToken)).status).toBe(200);
	expect((await client.refresh(otherApp.refreshToken, 1)).status).toBe(200);
	expect((await client.refresh(otherUser.refreshToken)).status).toBe(200);
	expect((await client.get('current/Me', older.accessToken)).status).toBe(200);
});

test('a refresh token unused for 30 days has expired, and the answer says when', async () => {
	const { refreshToken } = client.logIn();
	client.clock.advanceSeconds(30 * 86_400);
	const answer = await client.refresh(refreshToken);
	expect(answer.status).toBe(400);
	expect(answer.json).toEqual({
		error: 'invalid_request',
		error_description:
			'The refresh token expired at 12/22/2026 12:00:00 PM and it is now 12/22/2026 12:00:00 PM.',
	});
	expect(client.simulator.chains()[client.chain()]?.alive).toBe(false);
});

test('an unknown, foreign or revoked refresh token has no chain', async () => {
	const broken = {
		error: 'invalid_grant',
		error_description: 'Token is not allowed, because of invalid or empty chainId',
	};
	const { accessToken, refreshToken } = client.logIn();
	client.clock.advanceSeconds(570);
	expect((await client.refresh('stampNL001.never-issued')).json).toEqual(broken);
	expect((await client.refresh(refreshToken, 1)).json).toEqual(broken);
	client.simulator.revoke(client.app().clientId, client.user().userId);
	expect((await client.refresh(refreshToken)).json).toEqual(broken);
	expect((await client.get('current/Me', accessToken)).status).toBe(401);
	expect(client.simulator.counters.tokenErrors).toEqual({ brokenChain: 3 });
});

test('client id and secret belong into the body', async () => {
	const { refreshToken } = client.logIn();
	client.clock.advanceSeconds(570);
	const { clientId, clientSecret } = client.app();
	const fields = { grant_type: 'refresh_token', refresh_token: refreshToken };
	const wrong = await client.token({ ...fields, client_id: clientId, client_secret: 'wrong' });
	expect(wrong).toMatchObject({ status: 400, json: { error: 'invalid_client' } });

	const basic = async (): Promise<number> => {
		const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
		const response = await fetch(client.simulator.tokenUrl, {
			method: 'POST',
			headers: { authorization },
			body: new URLSearchParams(fields),
		});
		return (await read(response)).status;
	};
	expect(await basic()).toBe(400);
	client.simulator.configure({ acceptBasicAuth: true });
	expect(await basic()).toBe(200);
});

test('content type, grant type and single parameters are checked', async () => {
	const post = async (body: string, contentType: string): Promise<unknown> =>
		(
			await read(
				await fetch(client.simulator.tokenUrl, {
					method: 'POST',
					headers: { 'content-type': contentType },
					body,
				}),
			)
		).json;
	const { clientId, clientSecret } = client.app();
	const app = `client_id=${clientId}&client_secret=${clientSecret}`;
	const form = 'application/x-www-form-urlencoded; charset=utf-8';
	expect(await post('{}', 'application/json')).toMatchObject({ error: 'invalid_request' });
	expect(await post(app, form)).toMatchObject({ error: 'invalid_request' });
	expect(await post(`${app}&grant_type=password`, form)).toEqual({
		error: 'unsupported_grant_type',
	});
	expect(await post(`${app}&grant_type=refresh_token&client_id=x`, form)).toMatchObject({
		error_description: "The parameter 'client_id' is given more than once.",
	});
	expect((await fetch(client.simulator.tokenUrl)).status).toBe(405);
});

test('token POSTs are counted by the generation of the token they present', async () => {
	const first = client.logIn();
	await client.refresh(first.refreshToken);
	client.clock.advanceSeconds(600);
	const second = pairOf(await client.refresh(first.refreshToken));
	await client.refresh(first.refreshToken);
	await client.refresh(second.refreshToken);
	const { clientId } = client.app();
	const { userId } = client.user();
	expect(client.simulator.counters.tokenPostsByGeneration).toEqual({
		[chainKey(clientId, userId)]: { '0': 3, '1': 1 },
	});
	expect(client.simulator.chains()[client.chain()]).toMatchObject({ generation: 1, alive: true });
	client.logIn();
	expect(client.simulator.chains()[client.chain()]?.generation).toBe(2);
});

test('a chain can be made older than the rest', async () => {
	const { accessToken, refreshToken } = client.logIn();
	client.simulator.ageChain(client.app().clientId, client.user().userId, 600);
	expect((await client.get('current/Me', accessToken)).status).toBe(401);
	expect((await client.refresh(refreshToken)).status).toBe(200);
});

test('a gateway fault before or after the pair was issued', async () => {
	const { refreshToken } = client.logIn();
	client.clock.advanceSeconds(600);
	client.simulator.configure({ refreshAnswer: 'gatewayFaultOnRequest' });
	expect((await client.refresh(refreshToken)).text).toContain('ApplicationNotFound');
	expect(client.simulator.counters).toMatchObject({ refreshesGranted: 0, oldTokenUses: 0 });
	client.simulator.configure({ refreshAnswer: 'gatewayFault' });
	expect((await client.refresh(refreshToken)).text).toContain('"fault"');
	expect(client.simulator.counters.refreshesGranted).toBe(1);
	client.simulator.configure({ refreshAnswer: 'pair' });
	expect((await client.refresh(refreshToken)).status).toBe(401);
});

test('the token endpoint sets cookies, by switch', async () => {
	const { refreshToken } = client.logIn();
	expect((await client.refresh(refreshToken)).headers.getSetCookie()).toEqual([]);
	client.simulator.configure({ tokenCookies: true });
	const names = (await client.refresh(refreshToken)).headers
		.getSetCookie()
		.map((line) => line.split('=')[0]);
	expect(names).toEqual(['ASP.NET_SessionId', 'ExactOnlineClient', 'AWSALB', 'AWSALBCORS']);
});

test('with the whole life as its window a refresh waits for the end of the token', async () => {
	const { refreshToken } = client.logIn();
	client.simulator.configure({ refreshWindowFraction: 1 });
	client.clock.advanceSeconds(599);
	expect((await client.refresh(refreshToken)).status).toBe(400);
	client.clock.advanceSeconds(1);
	expect((await client.refresh(refreshToken)).status).toBe(200);
});
