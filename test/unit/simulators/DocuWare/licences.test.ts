import type { DocuWareSimulator } from '../../../simulators/DocuWare/docuWareSimulator';
import {
	callPlatform,
	cookiesOf,
	logOn,
	makeLoginToken,
	passwordGrant,
	postForm,
	requestToken,
	type ReadAnswer,
} from './platformClient';
import { useSimulator } from './useSimulator';

const { start, clock } = useSimulator();

const peggy = { UserName: 'peggy.jenkins', Password: 'correct horse' };

async function logOff(simulator: DocuWareSimulator, session: ReadAnswer): Promise<void> {
	const headers = { cookie: cookiesOf(session) };
	expect((await callPlatform(simulator, 'GET', 'Account/LogOff', { headers })).status).toBe(200);
}

describe('licences', () => {
	it('are booked by every log-on and run out', async () => {
		const simulator = await start({ concurrentLicences: 2 });
		expect((await logOn(simulator)).status).toBe(200);
		expect((await logOn(simulator)).status).toBe(200);
		expect((await logOn(simulator)).status).toBe(401);
		expect(simulator.counters.licences).toMatchObject({ inUse: 2, maxInUse: 2, refused: 1 });
		expect(simulator.counters.unauthorized.licence).toBe(1);
	});

	it('are shared by the log-ons of one user and host when the switch says so', async () => {
		const simulator = await start({ concurrentLicences: 1, everyLogonBooks: false });
		const first = await logOn(simulator, { HostID: 'one' });
		const second = await logOn(simulator, { HostID: 'one' });
		expect([first.status, second.status]).toEqual([200, 200]);
		expect((await logOn(simulator, { HostID: 'two' })).status).toBe(401);
		await logOff(simulator, first);
		expect(simulator.counters.licences).toMatchObject({ inUse: 1, held: 0 });
		await logOff(simulator, second);
		expect(simulator.counters.licences).toMatchObject({ inUse: 0, held: 1 });
	});

	it('stay blocked for two minutes after log-off, also for a new log-on with password', async () => {
		const simulator = await start({ concurrentLicences: 1 });
		await logOff(simulator, await logOn(simulator));
		clock.advanceSeconds(119);
		expect((await logOn(simulator)).status).toBe(401);
		expect((await logOn(simulator, peggy)).status).toBe(401);
		clock.advanceSeconds(1);
		expect((await logOn(simulator, peggy)).status).toBe(200);
	});

	it('are blocked for a scaled time', async () => {
		const simulator = await start({ concurrentLicences: 1, timeScale: 1 / 60 });
		await logOff(simulator, await logOn(simulator));
		clock.advanceSeconds(1.9);
		expect((await logOn(simulator)).status).toBe(401);
		clock.advanceSeconds(0.1);
		expect((await logOn(simulator)).status).toBe(200);
	});

	it('come back at once to the token log-on of their user', async () => {
		const simulator = await start({ concurrentLicences: 1 });
		const session = await logOn(simulator);
		const token = (await makeLoginToken(simulator, cookiesOf(session))).text;
		await logOff(simulator, session);
		expect((await logOn(simulator)).status).toBe(401);
		expect((await postForm(simulator, 'Account/TokenLogOn', { Token: token })).status).toBe(200);
		expect(simulator.counters.licences).toMatchObject({ inUse: 1, maxBlocked: 1, returned: 1 });
	});

	it('come back to a password log-on in the milder readings only', async () => {
		const simulator = await start({
			concurrentLicences: 1,
			heldLicenceReturnsTo: 'sameUserAndHost',
		});
		await logOff(simulator, await logOn(simulator, { HostID: 'one' }));
		expect((await logOn(simulator, { HostID: 'two' })).status).toBe(401);
		const back = await logOn(simulator, { HostID: 'one' });
		expect(back.status).toBe(200);
		await logOff(simulator, back);
		simulator.configure({ heldLicenceReturnsTo: 'sameUser' });
		expect((await logOn(simulator, peggy)).status).toBe(401);
		expect((await logOn(simulator, { HostID: 'two' })).status).toBe(200);
	});

	it('can be named: the first session of that user needs no concurrent one', async () => {
		const simulator = await start({ concurrentLicences: 0, namedLicences: ['API'] });
		expect((await logOn(simulator)).status).toBe(200);
		expect((await logOn(simulator)).status).toBe(401);
		expect((await logOn(simulator, peggy)).status).toBe(401);
	});

	it('are not needed by EmailArchivingServer', async () => {
		const simulator = await start({ concurrentLicences: 0 });
		const answer = await logOn(simulator, { LicenseType: 'EmailArchivingServer' });
		expect(answer.status).toBe(200);
		expect(simulator.counters.licences.inUse).toBe(0);
	});

	it.each([
		['en', 'None of the registered licenses are available for client [api]'],
		[
			'de-DE,de;q=0.9,en;q=0.5',
			'Keine der registrierten Lizenzen ist für den Client [api] verfügbar',
		],
		['fr', 'Keine der registrierten Lizenzen ist für den Client [api] verfügbar'],
	])('are refused in the language of Accept-Language: %s', async (language, message) => {
		const simulator = await start({ concurrentLicences: 0, serverCulture: 'de' });
		const answer = await logOn(simulator, {}, { 'accept-language': language });
		expect(answer.status).toBe(401);
		expect(answer.json()).toMatchObject({ Message: message, StatusCode: 401 });
	});

	it.each([
		['byAccept', 'application/xml', /^<\?xml .*<Error .*None of the registered licenses/],
		['json', 'application/xml', /^\{"Message":"None of the registered licenses/],
	] as const)('are refused %s to a client that asks for %s', async (body, accept, form) => {
		const simulator = await start({ concurrentLicences: 0, licenceRefusalBody: body });
		expect((await logOn(simulator, {}, { accept })).text).toMatch(form);
	});

	it('are shared by a TokenLogOn while one is in use, by switch', async () => {
		const simulator = await start({ concurrentLicences: 1 });
		const cookie = cookiesOf(await logOn(simulator));
		const token = (await makeLoginToken(simulator, cookie)).text;
		const back = async (): Promise<number> =>
			(await postForm(simulator, 'Account/TokenLogOn', { Token: token })).status;
		expect(await back()).toBe(401);
		simulator.configure({ tokenLogOnShares: true });
		expect(await back()).toBe(200);
		expect(simulator.counters.licences).toMatchObject({ inUse: 1, maxInUse: 1, refused: 1 });
		await callPlatform(simulator, 'GET', 'Account/LogOff', { headers: { cookie } });
		expect(simulator.counters.licences).toMatchObject({ inUse: 1, held: 0 });
	});

	it('are shared by a log-on with the cookie of a live session of the same user, by switch', async () => {
		const simulator = await start({ concurrentLicences: 1 });
		const cookie = cookiesOf(await logOn(simulator));
		const again = async (fields = {}): Promise<number> =>
			(await logOn(simulator, fields, { cookie })).status;
		expect(await again()).toBe(401);
		simulator.configure({ logonWithCookieShares: true });
		expect((await logOn(simulator)).status).toBe(401);
		expect(await again()).toBe(200);
		expect(await again({ UserName: 'peggy.jenkins', Password: 'correct horse' })).toBe(401);
	});

	it('are refused inside HTML by switch', async () => {
		const simulator = await start({ concurrentLicences: 0, licenceRefusalBody: 'html' });
		const answer = await logOn(simulator);
		expect(answer.headers.get('content-type')).toContain('text/html');
		expect(answer.text).toContain('None of the registered licenses are available');
	});

	it('are booked by bearer tokens until these expire, by switch', async () => {
		const simulator = await start({ concurrentLicences: 1, bearerBooksLicence: true });
		const bearer = async (): Promise<Record<string, string>> => {
			const { body } = await requestToken(simulator, passwordGrant);
			return { authorization: `Bearer ${String(body['access_token'])}` };
		};
		const [first, second] = [await bearer(), await bearer()];
		const get = async (headers: Record<string, string>): Promise<number> =>
			(await callPlatform(simulator, 'GET', 'Organization', { headers })).status;
		expect([await get(first), await get(first), await get(second)]).toEqual([200, 200, 401]);
		clock.advanceSeconds(3600);
		expect(simulator.counters.licences).toMatchObject({
			inUse: 0,
			held: 1,
			maxInUse: 1,
			refused: 1,
		});
	});
});
