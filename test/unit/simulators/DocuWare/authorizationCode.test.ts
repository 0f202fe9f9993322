import { createHash } from 'node:crypto';

import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import { apiUser, callPlatform, requestToken, send, type ReadAnswer } from './platformClient';
import { useSimulator } from './useSimulator';

const { start, clock } = useSimulator();

const clientId = '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7e01';
const redirectUri = 'http://localhost:5678/rest/oauth2-credential/callback';
const verifier = 'a-verifier-of-at-least-forty-three-characters';
const challenge = createHash('sha256').update(verifier).digest('base64url');
const autoConsent = { version: '7.11', autoConsent: 'api' } as const;

function authorizeUrl(simulator: DocuWareSimulator, changes: Record<string, string> = {}): string {
	const parameters = {
		response_type: 'code',
		client_id: clientId,
		redirect_uri: redirectUri,
		scope: 'openid dwprofile docuware.platform offline_access',
		state: 'state-1',
		code_challenge: challenge,
		code_challenge_method: 'S256',
		...changes,
	};
	return `${simulator.identityUrl}/connect/authorize?${new URLSearchParams(parameters).toString()}`;
}

function targetOf(answer: ReadAnswer): URL {
	return new URL(answer.headers.get('location') ?? '');
}

async function newCode(simulator: DocuWareSimulator): Promise<string> {
	return targetOf(await send(authorizeUrl(simulator))).searchParams.get('code') ?? '';
}

const app = { client_id: clientId, client_secret: 'n8n-web-app-secret' };

async function exchange(
	simulator: DocuWareSimulator,
	code: string,
	changes: Record<string, string> = {},
): Promise<Record<string, unknown>> {
	const fields = { ...app, redirect_uri: redirectUri, code_verifier: verifier, code };
	return (
		await requestToken(simulator, { grant_type: 'authorization_code', ...fields, ...changes })
	).body;
}

async function refresh(
	simulator: DocuWareSimulator,
	refreshToken: unknown,
): Promise<Record<string, unknown>> {
	const fields = { ...app, grant_type: 'refresh_token', refresh_token: String(refreshToken) };
	return (await requestToken(simulator, fields)).body;
}

describe('authorization', () => {
	it('consents by itself for the user of the switch and keeps the state', async () => {
		const simulator = await start(autoConsent);
		const answer = await send(authorizeUrl(simulator));
		expect(answer.status).toBe(302);
		const target = targetOf(answer);
		expect(`${target.origin}${target.pathname}`).toBe(redirectUri);
		expect(target.searchParams.get('state')).toBe('state-1');
		const body = await exchange(simulator, target.searchParams.get('code') ?? '');
		expect(body).toMatchObject({ expires_in: 3600, token_type: 'Bearer' });
		const headers = { authorization: `Bearer ${String(body['access_token'])}` };
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(200);
		const info = await send(`${simulator.identityUrl}/connect/userinfo`, { headers });
		expect(info.json()).toMatchObject({ preferred_username: 'api' });
	});

	it('shows a consent page that takes name, password and decision', async () => {
		const simulator = await start({ version: '7.11' });
		const url = authorizeUrl(simulator);
		const page = await send(url);
		expect([page.status, page.text.includes('n8n wants to use DocuWare')]).toEqual([200, true]);
		const decide = async (fields: Record<string, string>): Promise<ReadAnswer> =>
			await send(url, {
				method: 'POST',
				headers: { 'content-type': 'application/x-www-form-urlencoded' },
				body: new URLSearchParams(fields).toString(),
			});
		const wrong = await decide({ username: 'api', password: 'wrong', decision: 'allow' });
		expect([wrong.status, wrong.text.includes('Wrong user name')]).toEqual([200, true]);
		const allowed = await decide({
			username: apiUser.UserName,
			password: apiUser.Password,
			decision: 'allow',
		});
		expect(targetOf(allowed).searchParams.get('code')).toMatch(/^[0-9A-F]{64}-1$/);
		const denied = await decide({ decision: 'deny' });
		expect(targetOf(denied).searchParams.get('error')).toBe('access_denied');
	});

	it.each([
		['another path', `${redirectUri}/`],
		['another case', redirectUri.replace('rest', 'Rest')],
		['another port', redirectUri.replace('5678', '5679')],
	])('never redirects to %s', async (_, redirect_uri) => {
		const simulator = await start(autoConsent);
		const answer = await send(authorizeUrl(simulator, { redirect_uri }));
		expect([answer.status, answer.text.includes('Invalid redirect_uri')]).toEqual([400, true]);
	});

	it.each([
		['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
		['an unknown scope', { scope: 'docuware.platform everything' }, 'invalid_scope'],
		['an implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
	])('tells the app about %s', async (_, changes, error) => {
		const simulator = await start(autoConsent);
		const target = targetOf(await send(authorizeUrl(simulator, changes)));
		expect(target.searchParams.get('error')).toBe(error);
	});

	it('knows no apps before 7.11', async () => {
		const simulator = await start({ ...autoConsent, version: '7.10' });
		expect((await send(authorizeUrl(simulator))).status).toBe(400);
	});

	it('wants PKCE of a native app', async () => {
		const simulator = await start(autoConsent);
		const native = {
			client_id: '3f0e6c58-94d1-4e0c-8f60-6f1b6d2a7e02',
			redirect_uri: 'http://localhost:8400/callback',
			code_challenge: '',
		};
		const target = targetOf(await send(authorizeUrl(simulator, native)));
		expect(target.searchParams.get('error')).toBe('invalid_request');
	});
});

describe('authorization codes', () => {
	it('work once', async () => {
		const simulator = await start(autoConsent);
		const code = await newCode(simulator);
		expect(await exchange(simulator, code)).toHaveProperty('access_token');
		expect((await exchange(simulator, code))['error']).toBe('invalid_grant');
	});

	it('live for 60 s', async () => {
		const simulator = await start(autoConsent);
		const code = await newCode(simulator);
		clock.advanceSeconds(60);
		expect((await exchange(simulator, code))['error']).toBe('invalid_grant');
	});

	it.each([
		[{ code_verifier: 'something else' }, 'invalid_grant'],
		[{ code_verifier: '' }, 'invalid_grant'],
		[{ redirect_uri: `${redirectUri}/` }, 'invalid_grant'],
		[{ client_secret: 'wrong' }, 'invalid_client'],
	])('are refused with %j', async (changes, error) => {
		const simulator = await start(autoConsent);
		expect((await exchange(simulator, await newCode(simulator), changes))['error']).toBe(error);
	});

	it('bring no refresh token without offline_access', async () => {
		const simulator = await start(autoConsent);
		const answer = await send(authorizeUrl(simulator, { scope: 'docuware.platform' }));
		const body = await exchange(simulator, targetOf(answer).searchParams.get('code') ?? '');
		expect(body).toHaveProperty('access_token');
		expect(body).not.toHaveProperty('refresh_token');
	});
});

describe('refresh tokens', () => {
	it('rotate with every use', async () => {
		const simulator = await start(autoConsent);
		const first = await exchange(simulator, await newCode(simulator));
		const second = await refresh(simulator, first['refresh_token']);
		expect(second['refresh_token']).not.toBe(first['refresh_token']);
		expect(await refresh(simulator, second['refresh_token'])).toHaveProperty('access_token');
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 2, replayed: 0 });
	});

	it('revoke the whole family when an old one comes back', async () => {
		const simulator = await start(autoConsent);
		const first = await exchange(simulator, await newCode(simulator));
		const second = await refresh(simulator, first['refresh_token']);
		expect((await refresh(simulator, first['refresh_token']))['error']).toBe('invalid_grant');
		expect((await refresh(simulator, second['refresh_token']))['error']).toBe('invalid_grant');
		expect(simulator.counters.refreshTokens).toMatchObject({ replayed: 1, familiesRevoked: 1 });
	});

	it('give the same successor again inside the grace time, by switch', async () => {
		const simulator = await start({ ...autoConsent, refreshGraceSeconds: 30 });
		const first = await exchange(simulator, await newCode(simulator));
		const second = await refresh(simulator, first['refresh_token']);
		clock.advanceSeconds(29);
		const again = await refresh(simulator, first['refresh_token']);
		expect(again['refresh_token']).toBe(second['refresh_token']);
		clock.advanceSeconds(1);
		expect((await refresh(simulator, first['refresh_token']))['error']).toBe('invalid_grant');
		expect(simulator.counters.refreshTokens).toMatchObject({ graceReuses: 1, replayed: 1 });
	});

	it('end after the sliding time without use and after the absolute time', async () => {
		const simulator = await start(autoConsent);
		const daySeconds = 86_400;
		const idle = await exchange(simulator, await newCode(simulator));
		clock.advanceSeconds(15 * daySeconds);
		expect((await refresh(simulator, idle['refresh_token']))['error']).toBe('invalid_grant');
		let busy = await exchange(simulator, await newCode(simulator));
		for (let days = 0; days < 28; days += 14) {
			clock.advanceSeconds(14 * daySeconds);
			busy = await refresh(simulator, busy['refresh_token']);
			expect(busy).toHaveProperty('refresh_token');
		}
		clock.advanceSeconds(2 * daySeconds);
		expect((await refresh(simulator, busy['refresh_token']))['error']).toBe('invalid_grant');
	});

	it('rotate although the answer is lost', async () => {
		const simulator = await start(autoConsent);
		const first = await exchange(simulator, await newCode(simulator));
		simulator.faults.push({
			kind: 'lostAnswer',
			where: { tags: { host: 'identity', grantType: 'refresh_token' } },
		});
		await expect(refresh(simulator, first['refresh_token'])).rejects.toThrow();
		expect((await refresh(simulator, first['refresh_token']))['error']).toBe('invalid_grant');
		expect(simulator.counters.refreshTokens).toMatchObject({ rotated: 1, replayed: 1 });
	});

	it('can be revoked', async () => {
		const simulator = await start(autoConsent);
		const first = await exchange(simulator, await newCode(simulator));
		const answer = await send(`${simulator.identityUrl}/connect/revocation`, {
			method: 'POST',
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams({ ...app, token: String(first['refresh_token']) }).toString(),
		});
		expect(answer.status).toBe(200);
		expect((await refresh(simulator, first['refresh_token']))['error']).toBe('invalid_grant');
	});
});
