import { connectThroughBrowser } from '../../../simulators/ExactOnline';
import { read, SimulatorClient, type ReadAnswer } from './simulatorClient';

let client: SimulatorClient;

beforeEach(async () => {
	client = await SimulatorClient.start();
});

afterEach(async () => {
	await client.close();
});

function authorizationUrl(changes: Record<string, string> = {}): URL {
	const { clientId, redirectUris } = client.app();
	const url = new URL(client.simulator.authUrl);
	const fields = {
		client_id: clientId,
		redirect_uri: redirectUris[0] ?? '',
		response_type: 'code',
		state: 'state/with+signs',
		...changes,
	};
	for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
	return url;
}

async function open(url: URL): Promise<ReadAnswer> {
	return await read(await fetch(url, { redirect: 'manual' }));
}

async function obtainCode(): Promise<string> {
	const location = connectThroughBrowser(client.simulator, {
		authUrl: authorizationUrl().href,
		userId: client.user().userId,
	});
	return new URL(location).searchParams.get('code') ?? '';
}

async function exchange(code: string, changes: Record<string, string> = {}): Promise<ReadAnswer> {
	const { clientId, clientSecret, redirectUris } = client.app();
	return await client.token({
		grant_type: 'authorization_code',
		code,
		redirect_uri: redirectUris[0] ?? '',
		client_id: clientId,
		client_secret: clientSecret,
		...changes,
	});
}

test('the consent page offers every user and carries the request along', async () => {
	const answer = await open(authorizationUrl());
	expect(answer.status).toBe(200);
	expect(answer.headers.get('content-type')).toContain('text/html');
	for (const user of client.simulator.world.users) expect(answer.text).toContain(user.userId);
	expect(answer.text).toContain('value="state/with+signs"');
});

test('Allow on the consent page redirects with a code that holds %21, and the state', async () => {
	const form = new URLSearchParams(authorizationUrl().searchParams);
	form.set('userId', client.user(1).userId);
	form.set('decision', 'allow');
	const answer = await read(
		await fetch(client.simulator.authUrl, { method: 'POST', body: form, redirect: 'manual' }),
	);
	expect(answer.status).toBe(302);
	const location = answer.headers.get('location') ?? '';
	expect(location.startsWith(`${client.app().redirectUris[0]}?code=`)).toBe(true);
	expect(location).toContain('%21');
	expect(new URL(location).searchParams.get('state')).toBe('state/with+signs');

	const exchanged = await exchange(new URL(location).searchParams.get('code') ?? '');
	expect(exchanged.status).toBe(200);
	expect(Object.keys(client.simulator.chains())).toEqual([client.chain(0, 1)]);
});

test('Deny redirects with access_denied', async () => {
	const form = new URLSearchParams(authorizationUrl().searchParams);
	form.set('decision', 'deny');
	const answer = await read(
		await fetch(client.simulator.authUrl, { method: 'POST', body: form, redirect: 'manual' }),
	);
	const location = new URL(answer.headers.get('location') ?? '');
	expect(location.searchParams.get('error')).toBe('access_denied');
	expect(location.searchParams.get('state')).toBe('state/with+signs');
});

test('auto-consent answers at once for the chosen user, but not with force_login=1', async () => {
	client.simulator.configure({ autoConsent: true, consentUserId: client.user(2).userId });
	const answer = await open(authorizationUrl());
	expect(answer.status).toBe(302);
	const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
	await exchange(code);
	expect(Object.keys(client.simulator.chains())).toEqual([client.chain(0, 2)]);
	expect((await open(authorizationUrl({ force_login: '1' }))).status).toBe(200);
});

test('an unknown client and an unregistered redirect URI are refused without a redirect', async () => {
	const unknown = await open(authorizationUrl({ client_id: 'nobody' }));
	expect(unknown.status).toBe(400);
	expect(unknown.text).toContain('Client with identifier &#39;nobody&#39; not found.');

	const foreign = authorizationUrl({ redirect_uri: 'https://elsewhere.example/callback' });
	expect((await open(foreign)).status).toBe(401);
	client.simulator.configure({ checkRedirectUri: false });
	expect((await open(foreign)).status).toBe(200);
});

test('a code gives a pair with expires_in as a string and long opaque tokens', async () => {
	const answer = await exchange(await obtainCode());
	expect(answer.status).toBe(200);
	const fields = answer.json as Record<string, string>;
	expect(fields).toMatchObject({ token_type: 'Bearer', expires_in: '600' });
	expect(fields['access_token']).toMatch(/^stampNL001\./);
	expect(fields['access_token']?.length).toBeGreaterThan(1000);
	expect(fields['refresh_token']).not.toBe(fields['access_token']);
	expect(client.simulator.counters).toMatchObject({ logins: 1, tokenPosts: 1 });
});

test('a code works once, for three minutes, for its client and its redirect URI', async () => {
	const used = await obtainCode();
	await exchange(used);
	const again = await exchange(used);
	expect(again).toMatchObject({ status: 400, text: 'Bad Request' });

	client.simulator.configure({ badCodeAnswer: 'invalid_grant' });
	const late = await obtainCode();
	client.clock.advanceSeconds(180);
	expect((await exchange(late)).json).toMatchObject({ error: 'invalid_grant' });

	const { clientId, clientSecret } = client.app(1);
	const other = { client_id: clientId, client_secret: clientSecret };
	expect((await exchange(await obtainCode(), other)).status).toBe(400);
	const elsewhere = { redirect_uri: 'http://localhost/other' };
	expect((await exchange(await obtainCode(), elsewhere)).json).toMatchObject({
		error: 'invalid_request',
	});
	expect(client.simulator.counters.logins).toBe(1);
});

test('the life of a code scales with the life of the access token', async () => {
	client.simulator.configure({ accessTokenLifeSeconds: 10 });
	const late = await obtainCode();
	client.clock.advanceSeconds(3);
	expect((await exchange(late)).status).toBe(400);
	const early = await obtainCode();
	client.clock.advanceSeconds(2.9);
	expect(((await exchange(early)).json as Record<string, string>)['expires_in']).toBe('10');
});
