import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import {
	builtIn,
	callPlatform,
	cookiesOf,
	logOn,
	makeLoginToken,
	passwordGrant,
	requestToken,
	send,
} from './platformClient';
import { useSimulator } from './useSimulator';

const { start, clock } = useSimulator();

const nightService = {
	grant_type: 'client_credentials',
	client_id: '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7e03',
	scope: 'docuware.platform',
};

async function getWith(simulator: DocuWareSimulator, accessToken: unknown): Promise<number> {
	const headers = { authorization: `Bearer ${String(accessToken)}` };
	return (await callPlatform(simulator, 'GET', 'Organization', { headers })).status;
}

describe('discovery', () => {
	it('names the endpoints below the Identity Service URL', async () => {
		const simulator = await start();
		const url = `${simulator.identityUrl}/.well-known/openid-configuration`;
		const answer = await send(url);
		expect(answer.json()).toMatchObject({
			issuer: simulator.identityUrl,
			token_endpoint: `${simulator.identityUrl}/connect/token`,
			authorization_endpoint: `${simulator.identityUrl}/connect/authorize`,
		});
		simulator.configure({ version: '7.7' });
		expect((await send(url)).status).toBe(404);
	});

	it('counts cookies that reach the Identity Service', async () => {
		const simulator = await start();
		await send(`${simulator.identityUrl}/connect/userinfo`, {
			headers: { cookie: 'DWPLATFORMBROWSERID=AB; dwingressplatform=cd' },
		});
		expect(simulator.counters).toMatchObject({
			cookiesSentToIdentityHost: 1,
			cookieNamesSentToIdentityHost: ['DWPLATFORMBROWSERID', 'dwingressplatform'],
		});
	});
});

describe('token endpoint', () => {
	it('gives a bearer token for name and password that dies by the clock', async () => {
		const simulator = await start();
		const { status, body } = await requestToken(simulator, passwordGrant);
		expect(status).toBe(200);
		expect(body).toMatchObject({
			expires_in: 3600,
			token_type: 'Bearer',
			scope: 'docuware.platform',
		});
		expect(body).not.toHaveProperty('refresh_token');
		const payload: unknown = JSON.parse(
			Buffer.from(String(body['access_token']).split('.')[1] ?? '', 'base64url').toString('utf8'),
		);
		expect(payload).toMatchObject({
			sub: '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a01',
			exp: clock.now / 1000 + 3600,
		});
		clock.advanceSeconds(3599);
		expect(await getWith(simulator, body['access_token'])).toBe(200);
		clock.advanceSeconds(1);
		expect(await getWith(simulator, body['access_token'])).toBe(401);
		expect(simulator.counters.grants.password).toBe(1);
	});

	it('scales the life it announces', async () => {
		const simulator = await start({ timeScale: 1 / 360 });
		const { body } = await requestToken(simulator, passwordGrant);
		expect(body['expires_in']).toBe(10);
	});

	it('takes a login token, a single one once', async () => {
		const simulator = await start();
		const cookie = cookiesOf(await logOn(simulator));
		const token = (await makeLoginToken(simulator, cookie, { Usage: 'Single' })).text;
		const grant = { ...builtIn, grant_type: 'dwtoken', token };
		const { body } = await requestToken(simulator, grant);
		expect(await getWith(simulator, body['access_token'])).toBe(200);
		const again = await requestToken(simulator, grant);
		expect([again.status, again.body['error']]).toEqual([400, 'invalid_grant']);
		expect(simulator.counters.loginTokens).toMatchObject({ used: 1, reusedSingle: 1 });
	});

	it('lets a trusted user act for another', async () => {
		const simulator = await start();
		const grant = { ...builtIn, grant_type: 'trusted', impersonateName: 'peggy.jenkins' };
		const trusted = { ...grant, username: 'trusted.service', password: 'trust me' };
		const { body } = await requestToken(simulator, trusted);
		const info = await send(`${simulator.identityUrl}/connect/userinfo`, {
			headers: { authorization: `Bearer ${String(body['access_token'])}` },
		});
		expect(info.json()).toEqual({ sub: '5b1d0c6e-7a83-4b7f-9e0a-0d6a3c1f1a02' });
		const notTrusted = { ...grant, username: 'api', password: passwordGrant.password };
		expect((await requestToken(simulator, notTrusted)).body['error']).toBe('invalid_grant');
	});

	it('lets an app with a secret act for its user, from 7.11', async () => {
		const simulator = await start({ version: '7.11' });
		const grant = { ...nightService, client_secret: 'night-service-secret' };
		const { body } = await requestToken(simulator, grant);
		expect(await getWith(simulator, body['access_token'])).toBe(200);
		expect(body).not.toHaveProperty('refresh_token');
		simulator.configure({ version: '7.10' });
		expect((await requestToken(simulator, grant)).body['error']).toBe('invalid_client');
	});

	it('takes the secret in the body or by Basic, or only as the switch says', async () => {
		const simulator = await start({ version: '7.11' });
		const pair = Buffer.from(`${nightService.client_id}:night-service-secret`).toString('base64');
		const byBasic = async (): Promise<number> =>
			(await requestToken(simulator, nightService, { authorization: `Basic ${pair}` })).status;
		const inBody = async (): Promise<number> =>
			(await requestToken(simulator, { ...nightService, client_secret: 'night-service-secret' }))
				.status;
		expect([await byBasic(), await inBody()]).toEqual([200, 200]);
		simulator.configure({ clientAuthentication: 'body' });
		expect([await byBasic(), await inBody()]).toEqual([400, 200]);
		simulator.configure({ clientAuthentication: 'basic' });
		expect([await byBasic(), await inBody()]).toEqual([200, 400]);
	});

	it.each([
		['a wrong password', { password: 'wrong' }, 'invalid_grant'],
		['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
		['a secret for a public client', { client_secret: 'x' }, 'invalid_client'],
		['an unknown grant', { grant_type: 'windows' }, 'unsupported_grant_type'],
		['a grant the client may not use', { grant_type: 'client_credentials' }, 'unauthorized_client'],
		['a missing scope', { scope: '' }, 'invalid_scope'],
		['a scope the client has not', { scope: 'docuware.platform offline_access' }, 'invalid_scope'],
		['a missing login token', { grant_type: 'dwtoken' }, 'invalid_request'],
	])('answers %s with 400', async (_, fields, error) => {
		const simulator = await start();
		const { status, body } = await requestToken(simulator, { ...passwordGrant, ...fields });
		expect([status, body['error']]).toEqual([400, error]);
		expect(simulator.counters.grantErrors).toEqual({ [error]: 1 });
	});

	it('can refuse the built-in client', async () => {
		const simulator = await start({ builtInClient: false });
		expect((await requestToken(simulator, passwordGrant)).body['error']).toBe('invalid_client');
	});

	it('locks a user out of new tokens while old ones live on', async () => {
		const simulator = await start();
		const { body } = await requestToken(simulator, passwordGrant);
		const user = simulator.world.users.find(({ name }) => name === 'api');
		if (user !== undefined) user.locked = true;
		expect(await getWith(simulator, body['access_token'])).toBe(200);
		expect((await requestToken(simulator, passwordGrant)).body['error']).toBe('invalid_grant');
	});
});
