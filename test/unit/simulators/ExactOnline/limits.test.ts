import { SimulatorClient } from './simulatorClient';

let client: SimulatorClient;
let accessToken: string;
let accounts: string;

beforeEach(async () => {
	client = await SimulatorClient.start({ accounts: 2 });
	({ accessToken } = client.logIn());
	accounts = `${client.division}/crm/Accounts`;
});

afterEach(async () => {
	await client.close();
});

function rateHeaders(headers: Headers): string[] {
	return [...headers.keys()].filter((name) => name.startsWith('x-ratelimit')).sort();
}

const DAILY = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'];
const MINUTELY = [
	'x-ratelimit-minutely-limit',
	'x-ratelimit-minutely-remaining',
	'x-ratelimit-minutely-reset',
];

test('the minutely limit is of the calendar minute, per app and division', async () => {
	client.simulator.configure({ minutelyLimit: 2 });
	client.clock.advanceSeconds(50);
	const first = await client.get(accounts, accessToken);
	expect(rateHeaders(first.headers)).toEqual([...DAILY, ...MINUTELY].sort());
	expect(first.headers.get('x-ratelimit-minutely-remaining')).toBe('1');
	const nextMinute = client.clock.now + 10_000;
	expect(first.headers.get('x-ratelimit-minutely-reset')).toBe(String(nextMinute));
	await client.get(accounts, accessToken);

	const refused = await client.get(accounts, accessToken);
	expect(refused).toMatchObject({ status: 429, text: '' });
	expect(rateHeaders(refused.headers)).toEqual(MINUTELY);
	expect(refused.headers.get('x-ratelimit-minutely-remaining')).toBe('0');

	const otherDivision = `${client.division + 7}/crm/Accounts`;
	expect((await client.get(otherDivision, accessToken)).status).toBe(200);
	expect((await client.get(accounts, client.logIn(1, 0).accessToken)).status).toBe(200);
	client.clock.advanceSeconds(10);
	expect((await client.get(accounts, accessToken)).status).toBe(200);
	expect(client.simulator.counters.rateLimited).toBe(1);
	// The first minute alone had as many calls as it allows.
	expect(client.simulator.counters.minutesUsedUp).toEqual({ [client.division]: 1 });
});

test('the daily limit ends at 00:00 UTC and is told with the daily headers only', async () => {
	client.simulator.configure({ dailyLimit: 1, accessTokenLifeSeconds: 86_400 });
	({ accessToken } = client.logIn());
	await client.get(accounts, accessToken);
	const refused = await client.get(accounts, accessToken);
	expect(refused.status).toBe(429);
	expect(rateHeaders(refused.headers)).toEqual(DAILY);
	expect(refused.headers.get('x-ratelimit-reset')).toBe(String(Date.UTC(2026, 10, 23)));
	client.clock.advanceSeconds(12 * 3600);
	expect((await client.get(accounts, accessToken)).status).toBe(200);
});

test('calls without a division are not counted', async () => {
	client.simulator.configure({ minutelyLimit: 0 });
	const answer = await client.get('current/Me', accessToken);
	expect(answer.status).toBe(200);
	expect(rateHeaders(answer.headers)).toEqual([]);
});

test('more than ten errors in an hour block app, user, division and endpoint', async () => {
	client.simulator.configure({ accessTokenLifeSeconds: 86_400, errorHourSeconds: 3600 });
	({ accessToken } = client.logIn());
	const wrong = { $filter: 'Nmae eq 1' };
	for (let count = 0; count < 10; count++) {
		expect((await client.get(accounts, accessToken, wrong)).status).toBe(400);
	}
	expect((await client.get(accounts, accessToken)).status).toBe(200);
	expect((await client.get(accounts, accessToken, wrong)).status).toBe(400);
	expect((await client.get(accounts, accessToken)).status).toBe(429);
	expect(rateHeaders((await client.get(accounts, accessToken)).headers)).toEqual([]);
	client.simulator.configure({ blockedStatus: 403 });
	expect((await client.get(accounts, accessToken)).status).toBe(403);
	expect(client.simulator.counters.blockedCalls).toBe(3);
	expect((await client.get('current/Me', accessToken)).status).toBe(200);
	expect((await client.get(`${client.division + 7}/crm/Accounts`, accessToken)).status).toBe(200);

	client.clock.advanceSeconds(3599);
	expect((await client.get(accounts, accessToken)).status).toBe(403);
	client.clock.advanceSeconds(3599);
	expect((await client.get(accounts, accessToken)).status).toBe(403);
	client.clock.advanceSeconds(3600);
	expect((await client.get(accounts, accessToken)).status).toBe(200);
});

test('errors older than an hour no longer count, and a block need not grow', async () => {
	client.simulator.configure({ errorBudget: 1, errorHourSeconds: 60, blockGrows: false });
	const wrong = { $top: 'x' };
	await client.get(accounts, accessToken, wrong);
	client.clock.advanceSeconds(60);
	await client.get(accounts, accessToken, wrong);
	expect((await client.get(accounts, accessToken)).status).toBe(200);
	await client.get(accounts, accessToken, wrong);
	client.clock.advanceSeconds(59);
	expect((await client.get(accounts, accessToken)).status).toBe(429);
	client.clock.advanceSeconds(1);
	expect((await client.get(accounts, accessToken)).status).toBe(200);
});

test('at the token endpoint too-early answers use up the budget of that user alone', async () => {
	const { refreshToken } = client.logIn();
	const other = client.logIn(0, 1);
	for (let count = 0; count < 11; count++) await client.refresh(refreshToken);
	client.clock.advanceSeconds(570);
	const blocked = await client.refresh(refreshToken);
	expect(blocked).toMatchObject({ status: 429, text: 'API rate limit exceeded' });
	expect((await client.refresh(other.refreshToken)).status).toBe(200);
	expect(client.simulator.counters).toMatchObject({ tooEarly: 11, blockedCalls: 1 });
});

test('an hour of the error budget scales with the life of the access token', async () => {
	client.simulator.configure({ accessTokenLifeSeconds: 10, errorBudget: 0 });
	({ accessToken } = client.logIn());
	await client.get(accounts, accessToken, { $top: 'x' });
	client.clock.advanceSeconds(59);
	const again = client.logIn().accessToken;
	client.simulator.configure({ blockGrows: false });
	expect((await client.get(accounts, again)).status).toBe(429);
	client.clock.advanceSeconds(1);
	expect((await client.get(accounts, again)).status).toBe(200);
});

test('answers 403 and 404 with a division carry the limits, and count', async () => {
	const { accessToken } = client.logIn();
	const remaining = async (path: string): Promise<[number, string | null]> => {
		const answer = await client.get(path, accessToken);
		return [answer.status, answer.headers.get('x-ratelimit-minutely-remaining')];
	};
	expect(await remaining(`${client.division}/crm/Nothing`)).toEqual([404, '59']);
	client.simulator.configure({ forbiddenReason: 'BlockedUser' });
	expect(await remaining(`${client.division}/crm/Accounts`)).toEqual([403, '58']);
	expect(await remaining('current/Me')).toEqual([403, null]);
});
