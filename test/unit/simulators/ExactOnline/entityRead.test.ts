import { endpointFacts, padCode } from '../../../simulators/ExactOnline';
import { list, messageOf, read, rowsOf, SimulatorClient } from './simulatorClient';

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

async function follow(url: string): Promise<Awaited<ReturnType<typeof read>>> {
	const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}` };
	return await read(await fetch(url, { headers }));
}

test('current/Me is a list of the one user of the token', async () => {
	const answer = await client.get('current/Me', client.logIn(0, 1).accessToken);
	expect(rowsOf(answer)).toHaveLength(1);
	expect(rowsOf(answer)[0]).toMatchObject({
		UserID: client.user(1).userId,
		CurrentDivision: client.user(1).divisions[0],
		Legislation: '1',
	});
});

test('pages hold 60 rows, follow by __next on the same host, and cover every row once', async () => {
	let page = await client.get(accounts, accessToken, {
		$select: 'ID,Name',
		$inlinecount: 'allpages',
	});
	expect(list(page).__count).toBe('340');
	expect(list(page).__next).toContain(`$skiptoken=guid%27`);
	const seen: unknown[] = [];
	const sizes: number[] = [];
	for (;;) {
		sizes.push(rowsOf(page).length);
		seen.push(...rowsOf(page).map((row) => row['ID']));
		const next = list(page).__next;
		if (next === undefined) break;
		expect(next.startsWith(`${client.simulator.url}/api/v1/${accounts}?`)).toBe(true);
		page = await follow(next);
		expect(Object.keys(rowsOf(page)[0] ?? {})).toEqual(['__metadata', 'ID', 'Name']);
	}
	expect(sizes).toEqual([60, 60, 60, 60, 60, 40]);
	expect(new Set(seen).size).toBe(340);
});

test('a row deleted or added between two pages neither hides nor repeats others', async () => {
	const query = { $orderby: 'City desc,Name', $select: 'ID' };
	const first = await client.get(accounts, accessToken, query);
	const firstIds = rowsOf(first).map((row) => String(row['ID']));
	await client.call('DELETE', `${accounts}(guid'${firstIds[59]}')`, accessToken);
	await client.call('POST', accounts, accessToken, { body: { Name: 'New', City: 'Zzz' } });
	const second = await follow(list(first).__next ?? '');
	expect(rowsOf(second)).toHaveLength(60);
	expect(rowsOf(second).some((row) => firstIds.includes(String(row['ID'])))).toBe(false);
	const all = new Set(firstIds);
	for (let page = second; ; page = await follow(list(page).__next ?? '')) {
		for (const row of rowsOf(page)) all.add(String(row['ID']));
		if (list(page).__next === undefined) break;
	}
	expect(all.size).toBe(340);
});

test('$top counts over pages, $skip leaves rows out, $orderby sorts', async () => {
	const top = await client.get(accounts, accessToken, { $top: '100', $select: 'Code' });
	expect(rowsOf(top)).toHaveLength(60);
	const rest = await follow(list(top).__next ?? '');
	expect(rowsOf(rest)).toHaveLength(40);
	expect(Array.isArray((rest.json as { d: unknown }).d)).toBe(true);

	const query = { $orderby: 'Code desc', $top: '2', $skip: '1', $select: 'Code' };
	const ordered = await client.get(accounts, accessToken, query);
	expect(rowsOf(ordered).map((row) => row['Code'])).toEqual([padCode(1338), padCode(1337)]);
});

test('another host in __next can be switched on', async () => {
	client.simulator.configure({ nextOrigin: 'https://elsewhere.example' });
	const page = await client.get(accounts, accessToken);
	expect(list(page).__next).toMatch(/^https:\/\/elsewhere\.example\/api\/v1\//);
});

test.each([
	['a $top that fits on a page', { $top: '60' }, true],
	['a $top beyond the page', { $top: '61' }, false],
	['a $top with $inlinecount', { $top: '1', $inlinecount: 'allpages' }, false],
	['no $top', { $filter: "trim(Code) eq '1000'" }, false],
])(
	'%s is answered with a bare array or not, and never where that is switched off',
	async (...row) => {
		const [, query, bare] = row;
		const isBare = async (): Promise<boolean> =>
			Array.isArray(((await client.get(accounts, accessToken, query)).json as { d: unknown }).d);
		expect(await isBare()).toBe(bare);
		client.simulator.configure({ bareArrayForTop: false });
		expect(await isBare()).toBe(false);
	},
);

test('an account by key has every documented field in the envelope of single entities', async () => {
	const query = { $filter: "trim(Code) eq '1000'" };
	const [found] = rowsOf(await client.get(accounts, accessToken, query));
	const answer = await client.get(`${accounts}(guid'${found?.['ID'] as string}')`, accessToken);
	const { d } = answer.json as { d: Record<string, unknown> };
	const uri = `${client.simulator.url}/api/v1/${accounts}(guid'${found?.['ID'] as string}')`;
	expect(d['__metadata']).toEqual({ uri, type: 'Exact.Web.Api.Models.Account' });
	expect(d['BankAccounts']).toEqual({ __deferred: { uri: `${uri}/BankAccounts` } });
	expect(d['Code']).toBe('              1000');
	expect(d['Created']).toMatch(/^\/Date\(\d+\)\/$/);
	expect(Object.keys(d).slice(1)).toEqual(Object.keys(endpointFacts('crm/Accounts').fields));
});

test('key errors: 404 for an absent row, 400 for a key of the wrong type', async () => {
	const absent = `${accounts}(guid'00000000-0000-4000-8000-000000000000')`;
	expect((await client.get(absent, accessToken)).status).toBe(404);
	expect((await client.get(`${accounts}(12)`, accessToken)).status).toBe(400);
	expect((await client.get(`${accounts}('x')`, accessToken)).status).toBe(400);
});

test('$count is a plain number and takes a filter', async () => {
	const all = await client.get(`${accounts}/$count`, accessToken);
	expect(all.text).toBe('340');
	const filter = { $filter: 'Blocked eq true' };
	const some = await client.get(`${accounts}/$count`, accessToken, filter);
	const listed = await client.get(accounts, accessToken, filter);
	expect(Number(some.text)).toBe(rowsOf(listed).length);
	expect(Number(some.text)).toBeGreaterThan(0);
});

test('errors have the envelope of the service', async () => {
	const query = { $filter: "ID eq '1'" };
	const answer = await client.get(accounts, accessToken, query);
	expect(answer.status).toBe(400);
	expect(answer.json).toEqual({
		error: {
			code: '',
			message: {
				lang: '',
				value:
					"Operator 'eq' incompatible with operand types 'Edm.Guid' and 'Edm.String' at position 3.",
			},
		},
	});
	for (const wrong of [
		{ $select: 'Nmae' },
		{ $orderby: 'Nmae' },
		{ $top: '-1' },
		{ $inlinecount: 'some' },
		{ $search: 'x' },
		{ $skiptoken: 'x' },
	] as Array<Record<string, string>>) {
		expect((await client.get(accounts, accessToken, wrong)).status).toBe(400);
	}
});

test('without Accept: application/json the answer is Atom XML, errors too', async () => {
	const url = `${client.simulator.url}/api/v1/${accounts}`;
	const headers = { authorization: `Bearer ${accessToken}`, accept: '*/*' };
	const feed = await read(await fetch(`${url}?$top=61&$select=Name,Created`, { headers }));
	expect(feed.headers.get('content-type')).toContain('application/atom+xml');
	expect(feed.text.match(/<entry>/g)).toHaveLength(60);
	expect(feed.text).toContain('<link rel="next"');
	const error = await read(await fetch(`${url}?$top=x`, { headers }));
	expect(error.status).toBe(400);
	expect(error.text).toContain('<error ');
});

test('a user with more than 60 divisions gets them over two pages; one is current', async () => {
	const path = `${client.division}/system/Divisions`;
	const first = await client.get(path, accessToken);
	const second = await follow(list(first).__next ?? '');
	const divisions = [...rowsOf(first), ...rowsOf(second)];
	expect(divisions).toHaveLength(75);
	expect(divisions.filter((row) => row['Current'] === true).map((row) => row['Code'])).toEqual([
		client.division,
	]);
	expect(divisions[0]).toMatchObject({
		Hid: '1',
		Country: 'NL',
		Currency: 'EUR',
		Legislation: '1',
		Status: 1,
		BlockingStatus: 0,
		IsMainDivision: true,
		DivisionMoveDate: null,
		DivisionHRLinkUnlinkDate: null,
	});
});

test('Divisions are those of the user, AllDivisions those of the licence', async () => {
	const other = client.logIn(0, 1).accessToken;
	const home = client.user(1).divisions[0];
	const codes = async (path: string): Promise<number> =>
		rowsOf(await client.get(`${home}/${path}`, other)).length;
	expect(await codes('system/Divisions')).toBe(3);
	expect(await codes('hrm/Divisions')).toBe(3);
	expect(await codes('system/AllDivisions')).toBe(60);
	const [first] = rowsOf(await client.get(`${home}/hrm/Divisions`, other));
	expect(first).toHaveProperty('HID', '2');
	const single = await client.get(`${home}/system/Divisions(${home})`, other);
	expect((single.json as { d: unknown }).d).toMatchObject({ Code: home });
});

test('rules of other resources: mandatory filter, $select or $top=1, no $skip', async () => {
	client.simulator.world.addTable({
		path: 'test/Things',
		typeName: 'Thing',
		keys: ['ID'],
		fields: { ID: 'Int32', Name: 'String' },
		methods: ['GET'],
		mandatory: [],
		rows: () => [{ ID: 1, Name: 'one' }],
		selectRequired: true,
		mandatoryFilter: ['ID', 'Name'],
		skipSupported: false,
	});
	const path = `${client.division}/test/Things`;
	const ask = async (query: Record<string, string>): Promise<string> => {
		const answer = await client.get(path, accessToken, query);
		return answer.status === 200 ? 'ok' : messageOf(answer);
	};
	expect(await ask({})).toBe('Please add a $select or a $top=1 statement to the query string.');
	expect(await ask({ $select: 'ID' })).toBe(
		'This endpoint has mandatory filtering applied. A GET request for this endpoint must have a $filter parameter with one of the following fields in the url: ID, Name',
	);
	expect(await ask({ $top: '1', $filter: 'ID eq 1', $skip: '1' })).toContain('$skip');
	expect(await ask({ $top: '1', $filter: 'ID eq 1' })).toBe('ok');
});

test('the data are the same in every simulator of one seed', async () => {
	const other = await SimulatorClient.start();
	const query = { $select: 'ID,Name,Code,Modified', $top: '5' };
	const here = rowsOf(await client.get(accounts, accessToken, query));
	const there = rowsOf(await other.get(accounts, other.logIn().accessToken, query));
	await other.close();
	const bare = (rows: typeof here): unknown[] =>
		rows.map(({ __metadata, ...row }) => [typeof __metadata, row]);
	expect(bare(there)).toEqual(bare(here));
});
