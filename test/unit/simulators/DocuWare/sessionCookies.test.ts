import { request as httpsRequest } from 'node:https';

import { CookieJar } from 'tough-cookie';

import { selfSignedCertificate } from '../../../simulators/DocuWare/http/selfSignedCertificate';
import { callPlatform, cookiesOf, logOn } from './platformClient';
import { useSimulator } from './useSimulator';

const { start, clock } = useSimulator();

describe('session cookies', () => {
	it('let a plain cookie jar in as the simulator starts, and tell it at the end', async () => {
		const simulator = await start();
		const url = `${simulator.url}/DocuWare/Platform/Organization`;
		const jar = new CookieJar();
		const call = async (path: string): Promise<number> => {
			const headers = { cookie: await jar.getCookieString(url) };
			const answer = await callPlatform(simulator, 'GET', path, { headers });
			for (const line of answer.setCookies) await jar.setCookie(line, url);
			return answer.status;
		};
		expect(await call('Organization')).toBe(401);
		for (const line of (await logOn(simulator)).setCookies) await jar.setCookie(line, url);
		expect(await call('Organization')).toBe(200);
		expect(await call('Account/LogOff')).toBe(200);
		expect(await call('Organization')).toBe(401);
	});

	it.each([
		['after', 401],
		['before', 200],
		['otherPath', 200],
		['none', 200],
	] as const)('in a naive cookie jar, empty twin %s: %i', async (emptyCookieTwin, status) => {
		const simulator = await start({ emptyCookieTwin });
		const url = `${simulator.url}/DocuWare/Platform/Organization`;
		const jar = new CookieJar();
		for (const line of (await logOn(simulator)).setCookies) await jar.setCookie(line, url);
		const headers = { cookie: await jar.getCookieString(url) };
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(status);
	});

	it.each([
		['accepted', 200],
		['unauthorized', 401],
	] as const)('of a session that is over, at a log-off: %s', async (deadLogOff, status) => {
		const simulator = await start({ deadLogOff });
		const headers = { cookie: cookiesOf(await logOn(simulator)) };
		expect((await callPlatform(simulator, 'GET', 'Account/LogOff', { headers })).status).toBe(200);
		const again = await callPlatform(simulator, 'GET', 'Account/LogOff', { headers });
		expect(again.status).toBe(status);
		expect(simulator.counters).toMatchObject({ logOffs: 1, logOffsWithoutSession: 1 });
	});

	it('announce their end when remembered, by switch', async () => {
		const simulator = await start({ rememberedCookieDays: 1 });
		const brief = await logOn(simulator);
		expect(brief.setCookies[0]).not.toContain('Expires');
		const remembered = await logOn(simulator, { RememberMe: 'true' });
		expect(remembered.setCookies[0]).toContain(
			`; Expires=${new Date(clock.now + 86_400_000).toUTCString()}`,
		);
		clock.advanceSeconds(86_400);
		const get = async (cookie: string): Promise<number> =>
			(await callPlatform(simulator, 'GET', 'Organization', { headers: { cookie } })).status;
		expect([await get(cookiesOf(brief)), await get(cookiesOf(remembered))]).toEqual([200, 401]);
	});
});

describe('over TLS', () => {
	it('a self-signed host sends the attributes of the cloud, and cookie jars take them', async () => {
		const tls = selfSignedCertificate();
		const simulator = await start(
			{ emptyCookieTwin: 'none' },
			{ tls, platformHost: 'localhost', identityHost: '127.0.0.1' },
		);
		expect(simulator.url).toMatch(/^https:\/\/localhost:/);
		expect(simulator.identityUrl).toMatch(/^https:\/\/127\.0\.0\.1:/);
		await expect(logOn(simulator)).rejects.toThrow();

		const body = new URLSearchParams({
			UserName: 'api',
			Password: 'P&ters+Müller 100%',
		}).toString();
		const lines = await new Promise<string[]>((resolve, reject) => {
			const request = httpsRequest(
				`${simulator.url}/DocuWare/Platform/Account/Logon`,
				{
					method: 'POST',
					ca: tls.cert,
					headers: {
						accept: 'application/json',
						'content-type': 'application/x-www-form-urlencoded',
					},
				},
				(response) => {
					response.resume();
					resolve(response.headers['set-cookie'] ?? []);
				},
			);
			request.once('error', reject);
			request.end(body);
		});
		expect(lines[0]).toMatch(/; Domain=localhost; Path=\/; Secure; HttpOnly; SameSite=None$/);
		const jar = new CookieJar();
		for (const line of lines) await jar.setCookie(line, simulator.url);
		expect(await jar.getCookieString(simulator.url)).toMatch(/\.DWPLATFORMAUTH=[0-9A-F]{384}/);
		expect(await jar.getCookieString(simulator.identityUrl)).toBe('');
	});
});
