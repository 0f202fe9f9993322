import type {
	AccessToken,
	AccessTokenSource,
} from '../../../../nodes/ExactOnline/auth/accessTokenSource';
import { readEndpoint, selectableFields } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import {
	createClientState,
	type ClientState,
} from '../../../../nodes/ExactOnline/api/limits/clientState';
import { ExactOnlineClient } from '../../../../nodes/ExactOnline/api/exactOnlineClient';
import type { ExactRow } from '../../../../nodes/ExactOnline/wire/exactTypes';
import { entityPath } from '../../../../nodes/ExactOnline/odata/keys';
import { odataLiteral, padAccountCode } from '../../../../nodes/ExactOnline/odata/literals';
import { filterField } from '../../../../nodes/ExactOnline/catalogue/fieldTypes';
import { filterOfRows, type FilterRow } from '../../../../nodes/ExactOnline/odata/filterRows';
import { simplify } from '../../../../nodes/ExactOnline/resources/common/simplify';
import { divisionPages } from '../../../../nodes/ExactOnline/resources/division/divisionLists';
import { isConnectorError, type ConnectorError } from '../../../../nodes/shared/errors';
import {
	DEFAULT_APPS,
	ExactOnlineSimulator,
	FIRST_DIVISION,
} from '../../../simulators/ExactOnline';
import { DEFAULT_SWITCHES } from '../../../simulators/ExactOnline/switches';
import { JumpingClock } from '../../../unit/ExactOnline/api/support/fakes';

const DIVISION = FIRST_DIVISION;

/** Time of simulator and client alike; it jumps where the client waits. */
const clock = new JumpingClock();
clock.time = Date.now();

let simulator: ExactOnlineSimulator;
let state: ClientState;
let client: ExactOnlineClient;

beforeAll(async () => {
	simulator = await ExactOnlineSimulator.start({ clock: () => clock.time });
});

afterAll(async () => await simulator.close());

beforeEach(() => {
	simulator.reset({ chains: true });
	simulator.configure({
		...DEFAULT_SWITCHES,
		accessTokenLifeSeconds: 36_000,
		errorHourSeconds: 3600,
	});
	state = createClientState();
	client = connect();
	clock.sleeps.length = 0;
	// The start of a minute, so that none ends between two requests of a test.
	clock.time = Math.ceil(clock.time / 60_000) * 60_000;
});

/** A client with a token as after Connect. */
function connect(app = 0, user = 0): ExactOnlineClient {
	const { clientId } = DEFAULT_APPS[app] ?? { clientId: '' };
	const userId = simulator.world.users[user]?.userId ?? '';
	const token: AccessToken = {
		accessToken: simulator.issueTokens(clientId, userId).accessToken,
		generation: 0,
		validUntil: Infinity,
	};
	const source: AccessTokenSource = {
		baseUrl: simulator.url,
		ignoreSslIssues: false,
		clientId,
		getAccessToken: async () => await Promise.resolve(token),
		replaceRefusedToken: async () => await Promise.resolve(undefined),
	};
	return new ExactOnlineClient(source, { clock, state, credentialId: userId });
}

async function collect(pages: AsyncIterable<ExactRow[]>): Promise<ExactRow[]> {
	const rows: ExactRow[] = [];
	for await (const page of pages) rows.push(...page);
	return rows;
}

async function failure(promise: Promise<unknown>): Promise<ConnectorError> {
	const error: unknown = await promise.catch((reason: unknown) => reason);
	if (!isConnectorError(error)) throw new Error(`no ConnectorError: ${String(error)}`);
	return error;
}

function accounts($filter?: string, query: Record<string, string | number> = {}) {
	return {
		method: 'GET',
		path: 'crm/Accounts',
		division: DIVISION,
		query: { $filter, ...query },
	} as const;
}

describe('reading', () => {
	it('reads every account once, in pages of 60', async () => {
		const rows = await collect(client.pages(accounts(undefined, { $select: 'ID,Code' })));
		expect(rows).toHaveLength(340);
		expect(new Set(rows.map(({ ID }) => ID)).size).toBe(340);
		expect(simulator.counters.apiCallsByEndpoint['crm/Accounts']).toBe(6);
	});

	it('takes every form of list and single entity', async () => {
		simulator.configure({ bareArrayForTop: true });
		const { rows } = await client.request(accounts(undefined, { $top: 2 }));
		expect(rows).toHaveLength(2);
		const path = entityPath('crm/Accounts', 'Guid', rows[1]?.ID);
		const one = await client.request({ method: 'GET', path, division: DIVISION });
		expect(one.rows).toEqual([rows[1]]);
		const counted = await client.request(accounts(undefined, { $inlinecount: 'allpages' }));
		expect(counted).toMatchObject({ count: 340 });
		expect(counted.next).toContain('$skiptoken');
	});

	it('gives simplified rows without service forms', async () => {
		const { rows } = await client.request(accounts(undefined, { $top: 1 }));
		const text = JSON.stringify(simplify(rows[0] ?? {}));
		expect(text).not.toMatch(/__metadata|__deferred|\/Date\(/);
		expect(text).toMatch(/"Created":"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/);
	});

	it.each(['crm/Accounts', 'system/Divisions'])(
		'%s knows every field that the node offers',
		async (path) => {
			const fields = selectableFields(readEndpoint(path));
			const query = { $select: fields.join(','), $top: 1 };
			const answer = await client.request({ method: 'GET', path, division: DIVISION, query });
			expect(answer.rows).toHaveLength(1);
		},
	);

	it('current/Me knows every field that the node offers', async () => {
		const query = { $select: selectableFields(readEndpoint('current/Me')).join(',') };
		const { rows } = await client.request({ method: 'GET', path: 'current/Me', query });
		expect(rows[0]).toMatchObject({ CurrentDivision: DIVISION });
	});

	it('finds what the filters of the node describe', async () => {
		const endpoint = readEndpoint('crm/Accounts');
		const find = async (...rows: FilterRow[]) => {
			const filter = filterOfRows(rows, 'and', (name) => filterField(endpoint, name));
			return await collect(client.pages(accounts(filter)));
		};
		const byCode = await find({ field: 'Code', operator: 'eq', value: '1001' });
		expect(byCode.map(({ Code }) => Code)).toEqual([padAccountCode('1001')]);
		const email = String(byCode[0]?.Email);
		expect(
			(await find({ field: 'Email', operator: 'eq', value: email })).map(({ ID }) => ID),
		).toEqual([byCode[0]?.ID]);

		const named = await find(
			{ field: 'Name', operator: 'contains', value: "'t Hart" },
			{ field: 'Status', operator: 'eq', value: 'C' },
		);
		expect(named.length).toBeGreaterThan(0);
		for (const row of named) {
			expect(row.Name).toContain("'t Hart");
			expect(row.Status).toBe('C');
		}

		const all = await collect(client.pages(accounts()));
		const times = all.map(({ Modified }) => Number(/\d+/.exec(String(Modified))?.[0])).sort();
		const middle = new Date(Math.floor((times[170] ?? 0) / 1000) * 1000).toISOString();
		const later = await find({ field: 'Modified', operator: 'gt', value: middle });
		expect(later).toHaveLength(times.filter((time) => time > Date.parse(middle)).length);
	});

	it('lists and searches more divisions than fit on a page', async () => {
		const query = { division: DIVISION };
		const all = await collect(divisionPages(client, query));
		expect(all).toHaveLength(75);
		const [first] = all;
		const byCode = await collect(divisionPages(client, { ...query, search: String(DIVISION) }));
		expect(byCode.map(({ Code }) => Code)).toEqual([DIVISION]);
		const word = String(first?.Description).split(' ')[0] ?? '';
		const found = await collect(
			divisionPages(client, {
				...query,
				search: word.toLowerCase(),
				status: 1,
				fields: ['Code', 'Description'],
			}),
		);
		expect(found.length).toBeGreaterThan(0);
		for (const { Description } of found) expect(Description).toContain(word);
	});

	it('uses the older list of divisions where the newer one is refused', async () => {
		simulator.faults.api.push({
			kind: 'answer',
			name: 'forbidden',
			where: { path: 'system/Divisions' },
		});
		const rows = await collect(
			divisionPages(client, { division: DIVISION, fields: ['Code', 'Hid', 'City'], search: '1' }),
		);
		expect(rows[0]).toHaveProperty('Hid');
		expect(simulator.counters.apiCallsByEndpoint['hrm/Divisions']).toBeGreaterThan(0);
		// The newer one is not asked again for some minutes, and is after that.
		const asked = () => simulator.counters.apiCallsByEndpoint['system/Divisions'] ?? 0;
		const before = asked();
		await collect(divisionPages(client, { division: DIVISION }));
		expect(asked()).toBe(before);
		clock.time += 600_000;
		await collect(divisionPages(client, { division: DIVISION }));
		expect(asked()).toBeGreaterThan(before);
	});
});

describe('writing', () => {
	it('creates, changes and deletes an account', async () => {
		const created = await client.request({
			method: 'POST',
			path: 'crm/Accounts',
			division: DIVISION,
			body: { Name: 'Ünïcode & Zonen', Code: '990001' },
		});
		expect(created.status).toBe(201);
		const path = entityPath('crm/Accounts', 'Guid', created.rows[0]?.ID);
		const target = { path, division: DIVISION };
		const changed = await client.request({ ...target, method: 'PUT', body: { City: 'Delft' } });
		expect(changed).toEqual({ status: 204, rows: [] });
		const filter = `Code eq ${odataLiteral('String', padAccountCode('990001'))}`;
		const found = await client.request(accounts(filter));
		expect(found.rows[0]).toMatchObject({ Name: 'Ünïcode & Zonen', City: 'Delft' });
		await client.request({ ...target, method: 'DELETE' });
		expect((await failure(client.request({ ...target, method: 'GET' }))).code).toBe(
			'EXACT_NOT_FOUND',
		);
	});

	it.each([400, 500] as const)('reports a refusal with status %i', async (validationStatus) => {
		simulator.configure({ validationStatus });
		const error = await failure(
			client.request({
				method: 'POST',
				path: 'crm/Accounts',
				division: DIVISION,
				body: { City: 'x' },
			}),
		);
		expect(error.code).toBe('EXACT_VALIDATION');
		expect(error.message).toContain('Mandatory: Name');
	});
});

describe('refusals', () => {
	it('tells missing scope, foreign division and unknown division apart', async () => {
		expect((await failure(connect(2).request(accounts()))).code).toBe('EXACT_SCOPE_MISSING');
		const other = await failure(connect(0, 2).request(accounts()));
		expect(other.code).toBe('EXACT_FORBIDDEN');
		expect(other.message).toContain('NoDivisionAccess');
		expect((await failure(client.request({ ...accounts(), division: 1 }))).code).toBe(
			'EXACT_NOT_FOUND',
		);
	});

	it('reports a refused young token after one call, without a token request', async () => {
		simulator.configure({ refuseValidTokens: true });
		expect((await failure(client.request(accounts()))).code).toBe('EXACT_UNAUTHORIZED');
		expect(simulator.counters.apiCalls).toBe(1);
		expect(simulator.counters.tokenPosts).toBe(0);
	});

	it('does not follow a page link to another host', async () => {
		simulator.configure({ nextOrigin: 'https://evil.example' });
		expect((await failure(collect(client.pages(accounts())))).code).toBe('EXACT_FOREIGN_LINK');
	});

	it('stops before Exact blocks the app', async () => {
		const wrong = accounts("Nme eq 'x'");
		for (let n = 0; n < 20; n++) await failure(client.request(wrong));
		expect(simulator.counters.apiErrors['crm/Accounts']).toEqual({ '400': 5 });
		expect(simulator.counters.blockedCalls).toBe(0);

		for (let n = 0; n < 20; n++) {
			const path = entityPath(
				'crm/Accounts',
				'Guid',
				`00000000-0000-0000-0000-0000000000${String(n).padStart(2, '0')}`,
			);
			await failure(client.request({ method: 'GET', path, division: DIVISION }));
		}
		expect(simulator.counters.apiErrors['crm/Accounts']).toEqual({ '400': 5, '404': 4 });
		expect(simulator.counters.blockedCalls).toBe(0);
	});

	it.each([429, 403] as const)('takes a block with status %i for one', async (blockedStatus) => {
		simulator.configure({ blockedStatus, errorBudget: 0 });
		await failure(client.request(accounts("Nme eq 'x'")));
		expect((await failure(client.request(accounts()))).code).toBe('EXACT_ERROR_BUDGET');
		expect((await failure(client.request(accounts()))).code).toBe('EXACT_ERROR_BUDGET');
		expect(simulator.counters.blockedCalls).toBe(1);
	});
});

describe('call limits', () => {
	it('reads 340 accounts within 4 calls per minute without a refusal', async () => {
		simulator.configure({ minutelyLimit: 4 });
		const rows = await collect(client.pages(accounts()));
		expect(rows).toHaveLength(340);
		expect(simulator.counters.rateLimited).toBe(0);
		expect(clock.sleeps).toHaveLength(1);
	});

	it('sits a minute out that another program has used up', async () => {
		simulator.configure({ minutelyLimit: 3 });
		state = createClientState();
		const other = connect();
		for (let n = 0; n < 3; n++) await other.request(accounts(undefined, { $top: 1 }));
		state = createClientState();
		await connect().request(accounts(undefined, { $top: 1 }));
		expect(simulator.counters.rateLimited).toBe(1);
		expect(clock.sleeps).toHaveLength(1);
	});

	it('stops for the day', async () => {
		simulator.configure({ dailyLimit: 2 });
		const error = await failure(collect(client.pages(accounts())));
		expect(error.code).toBe('EXACT_RATE_LIMIT_DAY');
		await failure(client.request(accounts()));
		expect(simulator.counters.apiCalls).toBe(2);
		expect(clock.sleeps).toEqual([]);
	});
});

describe('faults on the way', () => {
	it.each(['reset', 'lostAnswer', 'truncatedBody'] as const)(
		'%s: a read is repeated',
		async (kind) => {
			simulator.faults.api.push({ kind });
			const { rows } = await client.request(accounts(undefined, { $top: 3 }));
			expect(rows).toHaveLength(3);
			expect(simulator.counters.apiCalls).toBe(2);
		},
	);

	it('lostAnswer: a write is not, and says so', async () => {
		simulator.faults.api.push({ kind: 'lostAnswer' });
		const error = await failure(
			client.request({
				method: 'POST',
				path: 'crm/Accounts',
				division: DIVISION,
				body: { Name: 'Once', Code: '990002' },
			}),
		);
		expect(error.code).toBe('EXACT_WRITE_UNCONFIRMED');
		const filter = `Code eq ${odataLiteral('String', padAccountCode('990002'))}`;
		expect((await client.request(accounts(filter))).rows).toHaveLength(1);
	});

	it.each([
		['apigeeFault', '1 rows'],
		['html', '1 rows'],
		['emptyBody', '1 rows'],
		['plainText', 'EXACT_VALIDATION'],
	] as const)('%s ends in %s', async (kind, expected) => {
		simulator.faults.api.push({ kind });
		const outcome = await client
			.request(accounts(undefined, { $top: 1 }))
			.then(({ rows }) => `${rows.length} rows`)
			.catch((error: unknown) => (isConnectorError(error) ? error.code : String(error)));
		expect(outcome).toBe(expected);
	});
});
