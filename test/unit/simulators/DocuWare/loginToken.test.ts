import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import { parseTimeSpan } from '../../../simulators/DocuWare/sessions/timeSpan';
import {
	callPlatform,
	cookiesOf,
	logOn,
	makeLoginToken,
	passwordGrant,
	postForm,
	requestToken,
} from './platformClient';
import { useSimulator } from './useSimulator';

const { start, clock } = useSimulator();

const guidPair = /^[0-9a-f-]{36}_[0-9a-f-]{36}$/;

async function signedIn(simulator: DocuWareSimulator): Promise<string> {
	return cookiesOf(await logOn(simulator));
}

async function tokenLogOn(simulator: DocuWareSimulator, token: string): Promise<number> {
	return (await postForm(simulator, 'Account/TokenLogOn', { Token: token })).status;
}

describe('login tokens', () => {
	it('open new sessions, again and again when made for it', async () => {
		const simulator = await start({ concurrentLicences: 9 });
		const token = (await makeLoginToken(simulator, await signedIn(simulator))).text;
		expect(token).toMatch(guidPair);
		const answer = await postForm(simulator, 'Account/TokenLogOn', { token });
		const headers = { cookie: cookiesOf(answer) };
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(200);
		expect(await tokenLogOn(simulator, token)).toBe(200);
		expect(simulator.counters).toMatchObject({
			logOns: { password: 1, token: 2 },
			loginTokens: { made: 1, used: 2, refused: 0 },
		});
	});

	it('of single use die on use', async () => {
		const simulator = await start({ concurrentLicences: 9 });
		const cookie = await signedIn(simulator);
		const token = (await makeLoginToken(simulator, cookie, { Usage: 'Single' })).text;
		expect([await tokenLogOn(simulator, token), await tokenLogOn(simulator, token)]).toEqual([
			200, 401,
		]);
		expect(simulator.counters.loginTokens).toMatchObject({ refused: 1, reusedSingle: 1 });
	});

	it('of single use survive a log-on without a free licence, or not, by switch', async () => {
		const simulator = await start({ concurrentLicences: 1 });
		const cookie = await signedIn(simulator);
		const token = (await makeLoginToken(simulator, cookie, { Usage: 'Single' })).text;
		expect(await tokenLogOn(simulator, token)).toBe(401);
		simulator.configure({ tokenSpentOnLicenceRefusal: true });
		expect(await tokenLogOn(simulator, token)).toBe(401);
		expect(await tokenLogOn(simulator, token)).toBe(401);
		expect(simulator.counters.unauthorized).toMatchObject({ licence: 2, badLoginToken: 1 });
	});

	it('expire by the clock of the simulator', async () => {
		const simulator = await start({ concurrentLicences: 9, timeScale: 1 / 60 });
		const cookie = await signedIn(simulator);
		const token = (await makeLoginToken(simulator, cookie, { Lifetime: '00:30:00' })).text;
		clock.advanceSeconds(29);
		expect(await tokenLogOn(simulator, token)).toBe(200);
		clock.advanceSeconds(1);
		expect(await tokenLogOn(simulator, token)).toBe(401);
	});

	it('work only for the products they were made for', async () => {
		const simulator = await start({ concurrentLicences: 9 });
		const cookie = await signedIn(simulator);
		const token = (await makeLoginToken(simulator, cookie, { TargetProducts: ['WebClient'] })).text;
		expect(await tokenLogOn(simulator, token)).toBe(401);
		const fields = { Token: token, LicenseType: 'WebClient' };
		expect((await postForm(simulator, 'Account/TokenLogOn', fields)).status).toBe(200);
	});

	it('can be made with a bearer token on 7.11', async () => {
		const simulator = await start({ version: '7.11' });
		const { body } = await requestToken(simulator, passwordGrant);
		const authorization = `Bearer ${String(body['access_token'])}`;
		expect((await makeLoginToken(simulator, '', {}, { authorization })).text).toMatch(guidPair);
	});

	it.each([
		['organization', 'Organization/LoginToken'],
		['organizations', 'Organizations/LoginToken'],
		['organizationById', 'Organizations/1/LoginToken'],
		['link', 'Organizations/1/Links/LoginToken'],
	])('come from the path "%s" unless it is switched off', async (name, path) => {
		const simulator = await start();
		const cookie = await signedIn(simulator);
		expect((await makeLoginToken(simulator, cookie, {}, {}, path)).text).toMatch(guidPair);
		simulator.configure({ loginTokenPaths: { [name]: false } });
		expect((await makeLoginToken(simulator, cookie, {}, {}, path)).status).toBe(404);
	});

	it('are linked from the organization', async () => {
		const simulator = await start();
		const headers = { cookie: await signedIn(simulator) };
		const links = async (): Promise<unknown> =>
			(
				(await callPlatform(simulator, 'GET', 'Organization', { headers })).json() as {
					Links: unknown;
				}
			).Links;
		const link = {
			rel: 'loginToken',
			href: '/DocuWare/Platform/Organizations/1/Links/LoginToken',
		};
		expect(await links()).toContainEqual(link);
		simulator.configure({ loginTokenPaths: { link: false } });
		expect(await links()).not.toContainEqual(link);
	});

	it.each([
		['text/plain, application/json;q=0.5', /^[0-9a-f-]+_[0-9a-f-]+$/],
		['application/json', /^"[0-9a-f-]+_[0-9a-f-]+"$/],
		['*/*', /^[0-9a-f-]+_[0-9a-f-]+$/],
	])('are quoted or not as Accept wants: %s', async (accept, form) => {
		const simulator = await start();
		const cookie = await signedIn(simulator);
		expect((await makeLoginToken(simulator, cookie, {}, { accept })).text).toMatch(form);
	});

	it.each([
		['plain', /^[0-9a-f-]+_[0-9a-f-]+$/],
		['quoted', /^"[0-9a-f-]+_[0-9a-f-]+"$/],
		['padded', /^\r\n {2}[0-9a-f-]+_[0-9a-f-]+ \r\n$/],
		['braced', /^\{[0-9a-f-]+_[0-9a-f-]+\}$/],
		['object', /^\{"Token":"[0-9a-f-]+_[0-9a-f-]+"\}$/],
	] as const)('can be answered %s', async (loginTokenAnswer, form) => {
		const simulator = await start({ loginTokenAnswer });
		expect((await makeLoginToken(simulator, await signedIn(simulator))).text).toMatch(form);
	});

	it.each([
		[{ TargetProducts: [] }, 422],
		[{ TargetProducts: ['Toaster'] }, 422],
		[{ TargetProducts: undefined }, 400],
		[{ Usage: 'Twice' }, 422],
		[{ Usage: undefined }, 400],
		[{ Lifetime: undefined }, 400],
		[{ Lifetime: 'a day' }, 422],
		[{ Lifetime: '-1.00:00:00' }, 422],
		[{ Lifetime: '0' }, 422],
		[{ Lifetime: '7' }, 200],
		[{ Lifetime: 7 }, 200],
	])('check the description %j: %i', async (description, status) => {
		const simulator = await start();
		const answer = await makeLoginToken(simulator, await signedIn(simulator), description);
		expect(answer.status).toBe(status);
	});

	it('take a description with names in any case', async () => {
		const simulator = await start();
		const cookie = await signedIn(simulator);
		const sent = { targetproducts: ['WebClient'], USAGE: 'Single', lifeTime: '2' };
		const description = {
			TargetProducts: undefined,
			Usage: undefined,
			Lifetime: undefined,
			...sent,
		};
		expect((await makeLoginToken(simulator, cookie, description)).status).toBe(200);
		expect(simulator.state.loginTokens.all()).toMatchObject([
			{ usage: 'Single', targetProducts: ['WebClient'], expiresAt: clock.now + 2 * 86_400_000 },
		]);
	});

	it.each([
		['', 200],
		['ns2:', 200],
	])('take a description as XML with the prefix "%s"', async (prefix, status) => {
		const simulator = await start();
		const namespace = 'http://dev.docuware.com/schema/public/services/platform';
		const product = `<${prefix}TargetProducts>PlatformService</${prefix}TargetProducts>`;
		const answer = await callPlatform(simulator, 'POST', 'Organizations/1/LoginToken', {
			headers: {
				accept: 'text/plain',
				cookie: await signedIn(simulator),
				'content-type': 'application/vnd.docuware.platform.tokendescription+xml',
			},
			body: `<${prefix}TokenDescription Usage="Multi" Lifetime="1.00:00:00" xmlns="${namespace}">${product}</${prefix}TokenDescription>`,
		});
		expect(answer.status).toBe(status);
		expect(simulator.state.loginTokens.all()).toMatchObject([
			{ usage: 'Multi', targetProducts: ['PlatformService'] },
		]);
	});

	it.each(['<TokenDescription', '<Other/>'])('refuse the XML %s', async (body) => {
		const simulator = await start();
		const answer = await callPlatform(simulator, 'POST', 'Organization/LoginToken', {
			headers: { cookie: await signedIn(simulator), 'content-type': 'application/xml' },
			body,
		});
		expect(answer.status).toBe(400);
	});

	it('want a body in one of these types', async () => {
		const simulator = await start();
		const cookie = await signedIn(simulator);
		const answer = await makeLoginToken(simulator, cookie, {}, { 'content-type': 'text/plain' });
		expect(answer.status).toBe(415);
	});

	it('above the maximum are shortened silently or refused, by switch', async () => {
		const simulator = await start({ loginTokenCap: 'silent' });
		const cookie = await signedIn(simulator);
		expect((await makeLoginToken(simulator, cookie, { Lifetime: '40' })).status).toBe(200);
		expect(simulator.state.loginTokens.all()[0]?.expiresAt).toBe(clock.now + 28 * 86_400_000);
		simulator.configure({ loginTokenCap: 'refuse' });
		expect((await makeLoginToken(simulator, cookie, { Lifetime: '40' })).status).toBe(422);
	});

	it('open a session by a link, count it, and go on to its page', async () => {
		const simulator = await start({ concurrentLicences: 9 });
		const token = (await makeLoginToken(simulator, await signedIn(simulator))).text;
		const link = `Account/TokenLogOn?token=${token}`;
		const answer = await callPlatform(simulator, 'GET', link);
		expect(answer.status).toBe(200);
		const headers = { cookie: cookiesOf(answer) };
		expect((await callPlatform(simulator, 'GET', 'Organization', { headers })).status).toBe(200);
		const page = await callPlatform(simulator, 'GET', `${link}&returnUrl=/DocuWare/Home`);
		expect([page.status, page.headers.get('location')]).toEqual([302, '/DocuWare/Home']);
		expect(cookiesOf(page)).toMatch(/\.DWPLATFORMAUTH=[0-9A-F]+/);
		expect((await callPlatform(simulator, 'GET', 'Account/TokenLogOn?token=x')).status).toBe(401);
		expect(simulator.counters.loginTokens.inUrl).toBe(3);
	});

	it('in the query string of a form are counted, and open nothing', async () => {
		const simulator = await start();
		const answer = await postForm(simulator, 'Account/TokenLogOn?token=abc', {});
		expect(answer.status).toBe(401);
		expect(simulator.counters.loginTokens.inUrl).toBe(1);
	});
});

describe('time spans', () => {
	it.each([
		['1.00:00:00', 86_400_000],
		['00:30:00', 1_800_000],
		['00:30', 1_800_000],
		['7', 604_800_000],
		['-2', -172_800_000],
		['00:00:01.5', 1500],
		['1.02:03:04', 93_784_000],
		['24:00', undefined],
		['00:60', undefined],
		['P1D', undefined],
		['', undefined],
	])('%j', (text, expected) => {
		expect(parseTimeSpan(text)).toBe(expected);
	});
});
