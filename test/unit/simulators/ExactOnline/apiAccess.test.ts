import { request } from 'node:http';

import { messageOf, read, SimulatorClient } from './simulatorClient';

let client: SimulatorClient;
let accessToken: string;
let accounts: string;

beforeEach(async () => {
	client = await SimulatorClient.start();
	({ accessToken } = client.logIn());
	accounts = `${client.division}/crm/Accounts`;
});

afterEach(async () => {
	await client.close();
});

test('401 for a missing, unknown or expired token; the expired one is counted at arrival', async () => {
	const bare = await read(await fetch(`${client.simulator.url}/api/v1/current/Me`));
	expect(bare).toMatchObject({ status: 401, text: 'Authentication Required' });
	expect((await client.get('current/Me', 'stampNL001.unknown')).status).toBe(401);
	client.clock.advanceSeconds(599.9);
	expect((await client.get('current/Me', accessToken)).status).toBe(200);
	client.clock.advanceSeconds(0.1);
	expect((await client.get('current/Me', accessToken)).status).toBe(401);
	expect(client.simulator.counters).toMatchObject({
		apiCalls: 4,
		apiCallsByEndpoint: { 'current/Me': 4 },
		apiCallsWithExpiredToken: 1,
		unauthorized: 3,
		apiErrors: { 'current/Me': { '401': 3 } },
	});
});

test('by switch a token is taken for a moment after its end', async () => {
	client.simulator.configure({ accessTokenLeewayMs: 800 });
	client.clock.advanceSeconds(600.7);
	expect((await client.get('current/Me', accessToken)).status).toBe(200);
	expect(client.simulator.counters.apiCallsWithExpiredToken).toBe(0);
	client.clock.advanceSeconds(0.1);
	expect((await client.get('current/Me', accessToken)).status).toBe(401);
	expect(client.simulator.counters.apiCallsWithExpiredToken).toBe(1);
});

test('a valid token can be refused by switch', async () => {
	client.simulator.configure({ refuseValidTokens: true });
	expect((await client.get('current/Me', accessToken)).status).toBe(401);
	expect(client.simulator.counters.apiCallsWithExpiredToken).toBe(0);
});

test('403 with a reason, by switch, without access to the division, and by scope', async () => {
	const other = client.logIn(0, 1).accessToken;
	const foreign = await client.get(accounts, other);
	expect(foreign.status).toBe(403);
	expect(foreign.headers.get('reason')).toBe('NoDivisionAccess');

	const narrow = await client.get(accounts, client.logIn(2, 0).accessToken);
	expect(narrow.status).toBe(403);
	expect(messageOf(narrow)).toBe('Forbidden - Application Scope Violated. Cannot read/crm');

	client.simulator.configure({ forbiddenReason: 'LicenseExpired' });
	const refused = await client.get('current/Me', accessToken);
	expect(refused.status).toBe(403);
	expect(refused.headers.get('reason')).toBe('LicenseExpired');
});

test.each(['999/crm/Accounts', 'crm/Accounts', 'current/You', '?'])(
	'404 for the path %s',
	async (path) => {
		expect(
			(await client.get(encodeURIComponent(path).replace(/%2F/g, '/'), accessToken)).status,
		).toBe(404);
	},
);

test('404 for the wrong case and for a resource of the other kind', async () => {
	const { division } = client;
	for (const path of [`${division}/crm/accounts`, `${division}/current/Me`, 'current/Accounts']) {
		expect((await client.get(path, accessToken)).status).toBe(404);
	}
});

test('an address over 6000 characters is refused', async () => {
	const answer = await client.get(accounts, accessToken, {
		$filter: `Name eq '${'x'.repeat(6000)}'`,
	});
	expect(answer.status).toBe(414);
});

test('requests are counted by user agent', async () => {
	await fetch(`${client.simulator.url}/api/v1/current/Me`, {
		headers: { 'user-agent': 'probe/1' },
	});
	await fetch(client.simulator.tokenUrl, { method: 'POST', headers: { 'user-agent': 'probe/1' } });
	await client.control('GET', 'counters');
	expect(client.simulator.counters.requestsByUserAgent).toEqual({ 'probe/1': 2 });
});

test('__next keeps the host name that the client used', async () => {
	const { port } = new URL(client.simulator.url);
	const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}` };
	const body = await new Promise<string>((resolve, reject) => {
		request(
			{
				host: '127.0.0.1',
				port,
				path: `/api/v1/${accounts}`,
				headers: { ...headers, host: `exact.test:${port}` },
			},
			(response) => {
				let text = '';
				response.on('data', (chunk: Buffer) => (text += chunk.toString()));
				response.on('end', () => resolve(text));
			},
		)
			.on('error', reject)
			.end();
	});
	expect((JSON.parse(body) as { d: { __next: string } }).d.__next).toContain(
		`http://exact.test:${port}/api/v1/`,
	);
});

test('the delays of the switches only delay', async () => {
	client.simulator.configure({ apiDelayMs: 5, tokenDelayMs: 5 });
	expect((await client.get('current/Me', accessToken)).status).toBe(200);
	client.clock.advanceSeconds(600);
	const { refreshToken } = client.logIn();
	client.clock.advanceSeconds(600);
	expect((await client.refresh(refreshToken)).status).toBe(200);
});

test('closing ends a long delay', async () => {
	client.simulator.faults.api.push({ kind: 'delay', delayMs: 3_600_000 });
	const received = client.simulator.log.next('received');
	const pending = client.get('current/Me', accessToken);
	pending.catch(() => undefined);
	await received;
	await client.close();
	await expect(pending).rejects.toThrow();
});

test('401 comes with a text, or without a body and with its cause in a header', async () => {
	const { division } = client;
	const refused = async (): Promise<[number, string, string | null]> => {
		const answer = await client.get(`${division}/crm/Accounts`, 'unknown');
		return [answer.status, answer.text, answer.headers.get('reason')];
	};
	expect(await refused()).toEqual([401, 'Authentication Required', null]);
	client.simulator.configure({ unauthorizedAnswer: 'reasonHeader' });
	expect(await refused()).toEqual([401, '', 'Authentication Required']);
});
