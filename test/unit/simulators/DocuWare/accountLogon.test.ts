import { fileClient } from './fileClient';
import { callPlatform, cookiesOf, logOn, postForm, send } from './platformClient';
import { useSimulator } from './useSimulator';

const { start, clock } = useSimulator();

describe('Account/Logon', () => {
	it('opens a session and answers the service description', async () => {
		const simulator = await start();
		const answer = await logOn(simulator);
		expect(answer.status).toBe(200);
		expect(answer.json()).toMatchObject({ Version: '7.10.0.241' });
		const organizations = await callPlatform(simulator, 'GET', 'Organizations', {
			headers: { cookie: cookiesOf(answer) },
		});
		expect(organizations.status).toBe(200);
		expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	});

	it.each([
		['before', ['', 'hex', 'DWPLATFORMBROWSERID']],
		['after', ['hex', '', 'DWPLATFORMBROWSERID']],
		['otherPath', ['hex', '', 'DWPLATFORMBROWSERID']],
		['none', ['hex', 'DWPLATFORMBROWSERID']],
	] as const)('places the empty twin of the cookie: %s', async (emptyCookieTwin, expected) => {
		const simulator = await start({ emptyCookieTwin });
		const lines = (await logOn(simulator)).setCookies.filter((line) => /DWPLATFORM/.test(line));
		const seen = lines.map((line) => {
			if (line.startsWith('DWPLATFORMBROWSERID=')) return 'DWPLATFORMBROWSERID';
			return /^\.DWPLATFORMAUTH=[0-9A-F]{384};/.test(line) ? 'hex' : '';
		});
		expect(seen).toEqual(expected);
	});

	it('alternates the place of the empty twin', async () => {
		const simulator = await start({ emptyCookieTwin: 'alternate' });
		const first = (await logOn(simulator)).setCookies[0] ?? '';
		const second = (await logOn(simulator)).setCookies[0] ?? '';
		expect([first.startsWith('.DWPLATFORMAUTH=;'), second.startsWith('.DWPLATFORMAUTH=;')]).toEqual(
			[true, false],
		);
	});

	it('sends the cloud attributes when told so, and none that a plain http address would break', async () => {
		const emptyCookieTwin = 'none';
		const plain = await start({ emptyCookieTwin });
		expect((await logOn(plain)).setCookies[0]).toMatch(
			/^\.DWPLATFORMAUTH=[0-9A-F]+; Path=\/; HttpOnly$/,
		);
		const cloud = await start({
			emptyCookieTwin,
			cookieDomain: 'always',
			cookieSecure: 'always',
		});
		expect((await logOn(cloud)).setCookies[0]).toMatch(
			/; Domain=127\.0\.0\.1; Path=\/; Secure; HttpOnly; SameSite=None$/,
		);
	});

	it('takes field names in any case, also as multipart', async () => {
		const simulator = await start();
		const form = new FormData();
		form.set('USERNAME', 'API');
		form.set('password', 'P&ters+Müller 100%');
		form.set('hostid', 'one');
		const response = await fetch(`${simulator.url}/DocuWare/Platform/Account/Logon`, {
			method: 'POST',
			headers: { accept: 'application/json' },
			body: form,
		});
		expect(response.status).toBe(200);
		expect(simulator.state.sessions.all()[0]?.hostId).toBe('one');
	});

	it('refuses a JSON body', async () => {
		const simulator = await start();
		const answer = await callPlatform(simulator, 'POST', 'Account/Logon', {
			headers: { 'content-type': 'application/json' },
			body: '{}',
		});
		expect(answer.status).toBe(415);
	});

	it.each([
		['a wrong password', { Password: 'wrong' }],
		['an unknown user', { UserName: 'nobody' }],
		['an unknown organization', { Organization: 'Somebody Else' }],
		['a single sign-on user', { UserName: 'sso.user', Password: 'unused' }],
	])('answers %s with an HTML 401 that does not say why', async (_, fields) => {
		const simulator = await start();
		const answer = await logOn(simulator, fields);
		expect(answer.status).toBe(401);
		expect(answer.headers.get('content-type')).toContain('text/html');
		expect(answer.text).toContain(
			'<meta http-equiv="refresh" content="0;url=/DocuWare/Platform/LoginRedirect?returnUrl=',
		);
		expect(simulator.counters.unauthorized.badCredentials).toBe(1);
	});

	it('wants the organization on a server with several', async () => {
		const simulator = await start({ multiOrganization: true });
		expect((await logOn(simulator)).status).toBe(401);
		expect((await logOn(simulator, { Organization: 'peters engineering' })).status).toBe(200);
		expect((await logOn(simulator, { Organization: 'Peters Logistics' })).status).toBe(401);
	});

	it('redirects to the login page where the form wants it, and by switch without JSON', async () => {
		const simulator = await start();
		const wrong = { Password: 'wrong' };
		const html = { accept: 'text/html' };
		expect((await logOn(simulator, wrong, html)).status).toBe(401);
		const toMyself = await logOn(simulator, { ...wrong, RedirectToMyselfInCaseOfError: 'true' });
		expect(toMyself.status).toBe(302);
		const page = await send(new URL(toMyself.headers.get('location') ?? '', simulator.url).href);
		expect([page.status, page.text.includes('<form')]).toEqual([200, true]);
		simulator.configure({ redirectWhenNotJson: true });
		expect((await logOn(simulator, wrong, html)).status).toBe(302);
		expect((await logOn(simulator, wrong)).status).toBe(401);
	});

	it('can answer 200 without a session cookie', async () => {
		const simulator = await start({ logonWithoutCookies: true });
		const answer = await logOn(simulator);
		expect(answer.status).toBe(200);
		expect(answer.setCookies.some((line) => /DWPLATFORM/.test(line))).toBe(false);
	});

	it('refuses an unknown licence type', async () => {
		const simulator = await start();
		expect((await logOn(simulator, { LicenseType: 'Gold' })).status).toBe(400);
	});

	it.each(['Account/Logon', 'Account/TokenLogOn'])('is gone from 7.11: POST %s', async (path) => {
		const simulator = await start({ version: '7.11' });
		const answer = await postForm(simulator, path, {});
		expect(answer.status).toBe(410);
		expect((answer.json() as { Message: string }).Message).toMatch(
			/^This method is no longer supported\. Use Identity Service/,
		);
		expect(simulator.counters.gone).toBe(1);
	});
});

describe('requests per minute', () => {
	it('refuses the 61st log-on of a minute with 429 and counts anew after it', async () => {
		const simulator = await start({ throttleDelaySeconds: 0 });
		for (let count = 0; count < 60; count += 1) {
			expect((await logOn(simulator, { Password: 'wrong' })).status).toBe(401);
		}
		const refused = await logOn(simulator);
		expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
		expect(simulator.counters).toMatchObject({ throttled: 1, logOns: { password: 0 } });
		clock.advanceSeconds(60);
		expect((await logOn(simulator)).status).toBe(200);
	});

	it('limits the list of file cabinets, with or without Retry-After', async () => {
		const simulator = await start({
			perMinuteLimits: { FileCabinets: 1 },
			retryAfterHeader: false,
			throttleDelaySeconds: 0,
		});
		const headers = { cookie: cookiesOf(await logOn(simulator)) };
		expect((await callPlatform(simulator, 'GET', 'FileCabinets', { headers })).status).toBe(200);
		const refused = await callPlatform(simulator, 'GET', 'filecabinets', { headers });
		expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
	});

	it('may hold every request back, with and without Retry-After', async () => {
		const simulator = await start({ throttleDelaySeconds: 0 });
		const { json } = await fileClient(simulator);
		simulator.configure({ perMinuteLimits: { '*': 1 } });
		expect((await json('GET', 'Documents')).status).toBe(200);
		const held = await json('GET', 'Dialogs');
		expect([held.status, held.headers.get('retry-after')]).toEqual([429, '60']);
		simulator.configure({ retryAfterHeader: false });
		expect((await json('GET', 'Dialogs')).headers.get('retry-after')).toBeNull();
	});
});
