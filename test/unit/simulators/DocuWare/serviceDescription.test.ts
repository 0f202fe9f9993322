import { callPlatform, cookiesOf, logOn, send } from './platformClient';
import { useSimulator } from './useSimulator';

const { start } = useSimulator();

interface Description {
	Version: string;
	Links: Array<{ rel: string; href: string }>;
}

function hrefs(description: unknown): Record<string, string> {
	const { Links } = description as Description;
	return Object.fromEntries(Links.map(({ rel, href }) => [rel, href]));
}

describe('service description', () => {
	it('answers without sign-in, names the version and links server-relative paths', async () => {
		const simulator = await start({ version: '6.9' });
		const answer = await callPlatform(simulator, 'GET', '');
		expect(answer.status).toBe(200);
		expect((answer.json() as Description).Version).toBe('6.9.0.22');
		expect(hrefs(answer.json())).toMatchObject({
			login: '/DocuWare/Platform/Account/Logon',
			tokenLogin: '/DocuWare/Platform/Account/TokenLogOn',
			logout: '/DocuWare/Platform/Account/Logoff',
		});
	});

	it.each([undefined, '*/*', 'text/html'])('is XML when Accept is %s', async (accept) => {
		const simulator = await start();
		const answer = await send(`${simulator.url}/DocuWare/Platform`, {
			headers: accept === undefined ? {} : { accept },
		});
		expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
		expect(answer.text).toContain(
			'xmlns="http://dev.docuware.com/schema/public/services/platform"',
		);
		expect(answer.text).toContain('<s:Link rel="login" href="/DocuWare/Platform/Account/Logon"/>');
	});

	it.each([
		['Organizations', 'Organization', ['self', 'filecabinets', 'users', 'workflows', 'loginToken']],
		['FileCabinets', 'FileCabinet', ['self', 'dialogs', 'searches', 'documents', 'transfer']],
	])(
		'leads on: the entries of %s have the relations of the facts',
		async (path, member, relations) => {
			const simulator = await start();
			const headers = { cookie: cookiesOf(await logOn(simulator)) };
			const answer = await callPlatform(simulator, 'GET', path, { headers });
			const [first] = (answer.json() as Record<string, unknown[]>)[member] ?? [];
			expect(Object.keys(hrefs(first))).toEqual(expect.arrayContaining(relations));
			const self = await send(`${simulator.url}${hrefs(first).self}`, {
				headers: { ...headers, accept: 'application/json', 'user-agent': 'unit-test/1.0' },
			});
			expect(self.status).toBe(200);
		},
	);

	it('is found without regard to case', async () => {
		const simulator = await start();
		const answer = await send(`${simulator.url}/docuware/PLATFORM/home/identityserviceinfo`, {
			headers: { accept: 'application/json' },
		});
		expect(answer.status).toBe(200);
	});

	it.each([
		['6.9', 404],
		['7.7', 404],
		['7.10', 200],
		['7.11', 200],
		['7.12', 200],
	] as const)('version %s answers IdentityServiceInfo with %i', async (version, status) => {
		const simulator = await start({ version });
		const answer = await callPlatform(simulator, 'GET', 'Home/IdentityServiceInfo');
		expect(answer.status).toBe(status);
		if (status === 200) {
			expect(answer.json()).toMatchObject({ IdentityServiceUrl: simulator.identityUrl });
			expect(new URL(simulator.identityUrl).hostname).not.toBe(new URL(simulator.url).hostname);
		} else {
			expect(answer.headers.get('content-type')).toContain('text/html');
		}
	});

	it('can drop the account links from 7.11', async () => {
		const simulator = await start({ version: '7.11', accountLinksFrom711: false });
		const links = hrefs((await callPlatform(simulator, 'GET', '')).json());
		expect(links).not.toHaveProperty('login');
		expect(links).toHaveProperty('identityServiceInfo');
	});

	it('sets the sticky cookie on every answer until it is sent back', async () => {
		const simulator = await start();
		const first = await callPlatform(simulator, 'GET', '');
		expect(first.setCookies).toHaveLength(1);
		expect(first.setCookies[0]).toMatch(/^dwingressplatform=[0-9a-f]{32}; Path=\/; HttpOnly$/);
		const cookie = first.setCookies[0]?.split(';')[0] ?? '';
		expect((await callPlatform(simulator, 'GET', '', { headers: { cookie } })).setCookies).toEqual(
			[],
		);
	});

	it('answers paths outside the platform with an HTML 404', async () => {
		const simulator = await start();
		const answer = await send(`${simulator.url}/elsewhere`);
		expect(answer.status).toBe(404);
		expect(answer.headers.get('content-type')).toContain('text/html');
	});
});
