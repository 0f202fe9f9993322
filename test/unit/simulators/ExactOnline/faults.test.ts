import type { Fault } from '../../../simulators/shared/faults';
import { ExactOnlineSimulator } from '../../../simulators/ExactOnline';
import { pairOf, SimulatorClient } from './simulatorClient';

let client: SimulatorClient;
let refreshToken: string;

beforeEach(async () => {
	client = await SimulatorClient.start();
	({ refreshToken } = client.logIn());
	client.clock.advanceSeconds(600);
});

afterEach(async () => {
	await client.close();
});

const answers: Array<[Fault, number, RegExp]> = [
	[{ kind: 'status', status: 503, body: 'later' }, 503, /^later$/],
	[{ kind: 'emptyBody' }, 500, /^$/],
	[{ kind: 'emptyBody', status: 400 }, 400, /^$/],
	[{ kind: 'plainText' }, 400, /^Bad Request$/],
	[{ kind: 'html' }, 503, /<html>/],
	[{ kind: 'apigeeFault', status: 404 }, 404, /"errorcode":"messaging.adaptors.http.flow/],
	[{ kind: 'answer', name: 'tooEarly' }, 400, /access_token not expired/],
	[{ kind: 'answer', name: 'tooEarly401' }, 401, /Access Token not expired/],
	[{ kind: 'answer', name: 'oldRefreshToken' }, 401, /Old refresh token used/],
	[{ kind: 'answer', name: 'oldRefreshToken400' }, 400, /Old refresh token used/],
	[{ kind: 'answer', name: 'refreshTokenExpired' }, 400, /expired at 10\/11\/2022 9:18:20 PM and/],
	[{ kind: 'answer', name: 'brokenChain' }, 400, /chainId/],
	[{ kind: 'answer', name: 'invalidClient' }, 400, /^\{"error":"invalid_client"\}$/],
	[{ kind: 'answer', name: 'forbidden' }, 403, /Forbidden/],
	[{ kind: 'answer', name: 'tooManyRequests' }, 429, /^$/],
];

test.each(answers)(
	'%j answers instead of the service, which has done nothing',
	async (fault, status, body) => {
		client.simulator.faults.token.push(fault);
		const answer = await client.refresh(refreshToken);
		expect(answer.status).toBe(status);
		expect(answer.text).toMatch(body);
		expect(client.simulator.counters.refreshesGranted).toBe(0);
		expect((await client.refresh(refreshToken)).status).toBe(200);
	},
);

test('the same answers can come after the service has done its work', async () => {
	client.simulator.faults.token.push({ kind: 'emptyBody', status: 502, when: 'afterProcessing' });
	expect((await client.refresh(refreshToken)).status).toBe(502);
	expect(client.simulator.counters.refreshesGranted).toBe(1);
	expect((await client.refresh(refreshToken)).status).toBe(401);
});

test.each<[Fault, number]>([
	[{ kind: 'reset' }, 0],
	[{ kind: 'reset', when: 'afterProcessing' }, 1],
	[{ kind: 'lostAnswer' }, 1],
	[{ kind: 'truncatedBody' }, 1],
	[{ kind: 'truncatedBody', when: 'beforeProcessing' }, 0],
])('%j breaks the connection with %i refreshes done', async (fault, granted) => {
	client.simulator.faults.token.push(fault);
	await expect(client.refresh(refreshToken)).rejects.toThrow();
	expect(client.simulator.counters.refreshesGranted).toBe(granted);
});

test('a hanging answer lasts until the client leaves; the parallel count goes down again', async () => {
	client.simulator.faults.token.push({ kind: 'hang', when: 'afterProcessing' });
	const processed = client.simulator.log.next('processed');
	const answered = client.simulator.log.next('answered');
	const leaving = new AbortController();
	const { clientId, clientSecret } = client.app();
	const pending = fetch(client.simulator.tokenUrl, {
		method: 'POST',
		signal: leaving.signal,
		body: new URLSearchParams({
			grant_type: 'refresh_token',
			refresh_token: refreshToken,
			client_id: clientId,
			client_secret: clientSecret,
		}),
	});
	await processed;
	expect(client.simulator.counters.parallelTokenPosts).toBe(1);
	leaving.abort();
	await expect(pending).rejects.toThrow();
	expect((await answered).status).toBeUndefined();
	expect(client.simulator.counters.refreshesGranted).toBe(1);
});

test('a redirect leads elsewhere', async () => {
	client.simulator.faults.token.push({
		kind: 'redirect',
		location: 'http://127.0.0.1:1/x',
		status: 307,
	});
	const response = await fetch(client.simulator.tokenUrl, { method: 'POST', redirect: 'manual' });
	expect(response.status).toBe(307);
	expect(response.headers.get('location')).toBe('http://127.0.0.1:1/x');
});

test('a delay only delays', async () => {
	client.simulator.faults.token.push({ kind: 'delay', delayMs: 5, when: 'afterProcessing' });
	expect((await client.refresh(refreshToken)).status).toBe(200);
});

test('conditions, skip and times choose the requests that are struck', async () => {
	const other = client.logIn(0, 1);
	client.clock.advanceSeconds(600);
	client.simulator.faults.token.push({
		kind: 'emptyBody',
		where: { tags: { userId: client.user(1).userId } },
		times: 2,
	});
	expect((await client.refresh(refreshToken)).status).toBe(200);
	expect((await client.refresh(other.refreshToken)).status).toBe(500);
	expect((await client.refresh(other.refreshToken)).status).toBe(500);
	const { accessToken } = pairOf(await client.refresh(other.refreshToken));
	expect(client.simulator.faults.token.size).toBe(0);

	client.simulator.faults.api.push({
		kind: 'answer',
		name: 'forbidden',
		where: { path: 'crm/Accounts', method: 'GET' },
		skip: 1,
	});
	const path = `${client.user(1).divisions[0]}/crm/Accounts`;
	expect((await client.get(path, accessToken)).status).toBe(200);
	expect((await client.get('current/Me', accessToken)).status).toBe(200);
	const forbidden = await client.get(path, accessToken);
	expect(forbidden.status).toBe(403);
	expect(forbidden.headers.get('reason')).toBe('BlockedUser');
});

test('unknown answer names and switches are refused', async () => {
	expect(() => client.simulator.faults.token.push({ kind: 'answer', name: 'nonsense' })).toThrow(
		/No answer named 'nonsense'/,
	);
	const misspelt = { tokenLife: 3 } as Parameters<ExactOnlineSimulator['configure']>[0];
	expect(() => client.simulator.configure(misspelt)).toThrow(/No such switch: tokenLife/);
});
