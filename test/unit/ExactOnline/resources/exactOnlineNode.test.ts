import { randomUUID } from 'node:crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnline } from '../../../../nodes/ExactOnline/ExactOnline.node';
import { ExactServer, list, odataError, type Script } from '../api/support/exactServer';
import { FakeTokenSource } from '../api/support/fakes';
import { until } from '../../../support/until';
import { executeContext, locator, type NodeSettings } from '../../../support/n8nContext';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');
jest.mock('../../../../nodes/ExactOnline/auth/authorizationStatus', () => ({
	getAuthorizationStatus: async () => await Promise.resolve({ identifier: 'app#user' }),
}));

const server = new ExactServer();
const node = new ExactOnline();

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

beforeEach(() => {
	// Another app each time, so that nothing the process remembers of one test reaches the next.
	const source = new FakeTokenSource(server.baseUrl, randomUUID());
	jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
});

async function run(
	items: IDataObject | IDataObject[],
	settings: NodeSettings = {},
): Promise<INodeExecutionData[]> {
	const all = (Array.isArray(items) ? items : [items]).map((parameters) => ({ parameters }));
	const { description } = node;
	const credentials = { exactOnlineOAuth2Api: { id: 'cred-1' } };
	const output = await node.execute.call(
		executeContext({ description, credentials, items: all, ...settings }).context,
	);
	return output[0] ?? [];
}

const ME = list([{ CurrentDivision: 42, UserID: 'u' }]);

/** Answers `current/Me` with division 42 and everything else as the test says. */
function withMe(script: Script): Script {
	return (request, index) => (request.target.includes('/current/Me') ? ME : script(request, index));
}

const ANY = "ID ne guid'00000000-0000-0000-0000-000000000000'";

const targets = () => server.requests.map(({ target }) => target);

describe('Me', () => {
	it('gets the connected user, simplified', async () => {
		server.answer([
			list([{ __metadata: { uri: 'x' }, UserID: 'u', Created: '/Date(1700000000000)/' }]),
		]);
		const output = await run({
			resource: 'me',
			operation: 'get',
			options: { fields: ['UserID', 'FullName'] },
		});
		expect(output).toEqual([
			{ json: { UserID: 'u', Created: '2023-11-14T22:13:20' }, pairedItem: { item: 0 } },
		]);
		expect(targets()).toEqual(['/api/v1/current/Me?$select=UserID,FullName']);
	});

	it('gives the data as delivered without Simplify', async () => {
		const row = { __metadata: { uri: 'x' }, Created: '/Date(1700000000000)/' };
		server.answer([list([row])]);
		const output = await run({ resource: 'me', operation: 'get', simplify: false });
		expect(output[0]?.json).toEqual(row);
	});
});

describe('Call Limits', () => {
	const reset = () => String((Math.floor(Date.now() / 60_000) + 1) * 60_000);
	const headers = () => ({
		'X-RateLimit-Limit': '5000',
		'X-RateLimit-Remaining': '4321',
		'X-RateLimit-Reset': String(Date.now() + 7_200_000),
		'X-RateLimit-Minutely-Limit': '60',
		'X-RateLimit-Minutely-Remaining': '57',
		'X-RateLimit-Minutely-Reset': reset(),
	});
	const getMany = { resource: 'account', operation: 'getAll', division: locator('7') };

	it('adds what is left to the output where that is wanted, and only there', async () => {
		server.answer(() => ({ ...list([{ ID: 'a' }]), headers: headers() }));
		const [plain] = await run(getMany);
		expect(plain?.json).not.toHaveProperty('rateLimits');
		const [told] = await run({ ...getMany, callLimits: { addToOutput: true } });
		expect(told?.json).toMatchObject({
			rateLimits: {
				division: 7,
				minute: { remaining: 57, limit: 60, resetAt: new Date(Number(reset())).toISOString() },
				day: { remaining: 4321, limit: 5000 },
			},
		});
	});

	it('names the first bad item where nine have failed, and a switch turns that off', async () => {
		server.answer([odataError(404, 'Not found.')]);
		const items = Array.from({ length: 12 }, (_none, n) => ({
			resource: 'customApiCall',
			operation: 'call',
			division: locator('7'),
			method: 'DELETE',
			path: `crm/Accounts(guid'00000000-0000-0000-0000-0000000000${n + 10}')`,
		}));
		const output = await run(items, { continueOnFail: true });
		expect(targets()).toHaveLength(9);
		expect((output[9]?.json.error as IDataObject).message).toMatch(
			/^9 requests to crm\/Accounts failed within an hour\. The first was of item 0 .*Not found\. Exact Online .*EXACT_ERROR_BUDGET/,
		);
		server.answer([odataError(404, 'not found')]);
		const off = items.map((item) => ({ ...item, callLimits: { stopBeforeBlock: false } }));
		await run(off, { continueOnFail: true });
		expect(targets()).toHaveLength(12);
	});

	it('tells in Get Status what all workers know', async () => {
		server.answer(({ target }) => ({
			...(target.includes('Contacts') ? odataError(400, 'wrong') : list([{ ID: 'a' }])),
			headers: headers(),
		}));
		await run(getMany);
		await run({ ...getMany, resource: 'contact' }, { continueOnFail: true });
		const status = async () =>
			(await run({ resource: 'authorization', operation: 'getStatus' }))[0]?.json.limits as {
				divisions: IDataObject[];
			};
		// What a batch has seen is told when it is given back.
		await until(async () => (await status()).divisions[0]?.batchesInHand === 0);
		expect(await status()).toMatchObject({
			divisions: [{ division: 7, minute: { limit: 60 }, day: { remaining: 4321 } }],
			errors: [{ division: 7, endpoint: 'crm/Contacts', errorsInHour: 1, heldBackUntil: null }],
		});
	});
});

describe('Account Get Many', () => {
	const getMany = { resource: 'account', operation: 'getAll' };

	it('builds the request from conditions and options', async () => {
		server.answer([list([{ ID: 'a' }])]);
		const conditions = [
			{ field: 'Code', operator: 'eq', value: '1001' },
			{ field: 'Name', operator: 'contains', value: "O'Brien" },
			{ field: 'Status', operator: 'eq', value: 'customer' },
			{ field: 'Modified', operator: 'gt', value: '2026-01-02T03:04:05' },
			{ field: 'Email', operator: 'isEmpty' },
		];
		await run({
			...getMany,
			division: locator('3100007'),
			limit: 10,
			filters: { conditions },
			output: 'selected',
			fieldsToReturn: 'Code, Name',
			options: {
				filter: "City eq 'Delft' or City eq 'Gent'",
				orderBy: { fields: [{ field: 'Name', direction: 'desc' }, { field: 'Code' }] },
			},
		});
		const filter = [
			"(Code eq '              1001')",
			"(substringof('O''Brien',Name) eq true)",
			"(Status eq 'C')",
			"(Modified gt datetime'2026-01-02T03:04:05')",
			"(Email eq null or Email eq '')",
		].join(' and ');
		expect(targets()).toEqual([
			`/api/v1/3100007/crm/Accounts?$select=ID,Code,Name&$filter=(${filter}) and (City eq 'Delft' or City eq 'Gent')&$orderby=Name desc,Code&$top=10`,
		]);
	});

	it('takes a native date of an expression, and refuses a filter that leaves its brackets', async () => {
		server.answer([list([])]);
		const at = new Date('2026-04-07T08:00:00Z');
		const settings = { items: [{ json: { at } as never }], timeZone: 'Europe/Amsterdam' };
		const conditions = [{ field: 'Modified', operator: 'gt', value: '={{ $json.at }}' }];
		const filters = { conditions };
		await run({}, { parameters: { ...getMany, division: locator('1'), filters }, ...settings });
		expect(targets()[0]).toContain("$filter=Modified gt datetime'2026-04-07T10:00:00'");
		const options = { filter: "Name eq 'a') or (1 eq 1" };
		await expect(run({ ...getMany, division: locator('1'), options })).rejects.toThrow(
			'[EXACT_INVALID_VALUE]',
		);
	});

	it('asks for nothing where an expression leaves a filter empty', async () => {
		server.answer([]);
		const conditions = [{ field: 'Code', operator: 'eq', value: '={{ $json.code }}' }];
		const parameters = { ...getMany, division: locator('1'), filters: { conditions } };
		await expect(run({}, { parameters })).rejects.toThrow(
			/^The expression of Filters > Condition 1 > Value gives undefined for item 0 .*\[EXACT_EMPTY_VALUE\]$/,
		);
		expect(targets()).toEqual([]);
	});

	it('reads pages up to the limit and none beyond it', async () => {
		const page = Array.from({ length: 60 }, (_, n) => ({ n }));
		server.answer((_request, index) =>
			list(page, `${server.baseUrl}/api/v1/1/crm/Accounts?$skiptoken=${index}`),
		);
		const options = { filter: "City eq 'Delft'" };
		const item = { ...getMany, division: locator('1'), limit: 100, output: 'raw', options };
		const output = await run(item);
		expect(output).toHaveLength(100);
		expect(server.requests).toHaveLength(2);
		expect(targets()[0]).toBe("/api/v1/1/crm/Accounts?$filter=City eq 'Delft'");
	});

	it('returns all when asked', async () => {
		const next = `${server.baseUrl}/api/v1/1/crm/Accounts?$skiptoken=x`;
		server.answer([list([{ n: 1 }, { n: 2 }], next), list([{ n: 3 }])]);
		const output = await run({
			...getMany,
			division: locator('1', 'id'),
			returnAll: true,
			output: 'raw',
		});
		expect(output.map(({ json }) => json.n)).toEqual([1, 2, 3]);
	});

	it('asks for the current division once per execution', async () => {
		server.answer(withMe(() => list([{ ID: 'a' }])));
		const item = { ...getMany, limit: 5, output: 'raw' };
		const output = await run([
			{ ...item, division: locator('current') },
			{ ...item, division: locator('', 'id') },
			{ ...item, division: 7 },
		]);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(targets()).toEqual([
			'/api/v1/current/Me?$select=CurrentDivision',
			`/api/v1/42/crm/Accounts?$filter=${ANY}&$top=5`,
			`/api/v1/42/crm/Accounts?$filter=${ANY}&$top=5`,
			`/api/v1/7/crm/Accounts?$filter=${ANY}&$top=5`,
		]);
	});

	it.each(['12a', '-1', '../x', '1.5'])('refuses the division %p', async (value) => {
		server.answer([list([])]);
		await expect(run({ ...getMany, division: locator(value) })).rejects.toThrow(
			'[EXACT_INVALID_DIVISION]',
		);
		expect(server.requests).toHaveLength(0);
	});
});

describe('Account Get', () => {
	const get = { resource: 'account', operation: 'get', division: locator('1') };
	const id = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
	const selected = '$select=Code,Name,Status,Email,Phone,AddressLine1,Postcode,City,ID';

	it('by ID, with at most ten fields and words for codes', async () => {
		const row = { ID: id, Code: '1', Status: 'C', BankAccounts: { __deferred: { uri: 'x' } } };
		server.answer([{ body: { d: row } }]);
		const output = await run({ ...get, record: locator(id) });
		expect(output[0]?.json).toEqual({ recordId: id, Code: '1', Status: 'Customer', ID: id });
		expect(targets()).toEqual([`/api/v1/1/crm/Accounts(guid'${id}')?${selected}`]);
	});

	it('by code, padded', async () => {
		server.answer([list([{ ID: id }])]);
		await run({ ...get, record: locator('1001', 'byCode') });
		expect(targets()).toEqual([
			`/api/v1/1/crm/Accounts?${selected}&$filter=Code eq '              1001'&$top=5`,
		]);
	});

	it('by VAT number without blanks and dots', async () => {
		server.answer([list([{ ID: id }])]);
		await run({ ...get, record: locator('NL 8123.45.678 B01', 'byVATNumber') });
		expect(targets()[0]).toContain("$filter=VATNumber eq 'NL812345678B01'");
	});

	it('says so where there is none, or gives nothing where that is wanted', async () => {
		server.answer([list([])]);
		const item = { ...get, record: locator('1001', 'byCode') };
		await expect(run(item)).rejects.toThrow(
			'There is no Account with the Code "1001" in division 1. [EXACT_NOT_FOUND]',
		);
		await expect(run({ ...item, options: { ifNone: 'empty' } })).resolves.toEqual([]);
	});

	it('lists several that match, or takes the first where that is wanted', async () => {
		const rows = [
			{ ID: 'a', Code: '1', Name: 'One' },
			{ ID: 'b', Code: '2', Name: 'Two' },
		];
		server.answer([list(rows)]);
		const item = { ...get, record: locator('x@y.z', 'byEmail') };
		await expect(run(item)).rejects.toThrow(
			'Several records of Account in division 1 match the Email "x@y.z": a (1, One); b (2, Two). [EXACT_AMBIGUOUS_RECORD]',
		);
		server.answer([list([{ ID: 'a' }])]);
		const output = await run({ ...item, options: { ifSeveral: 'first' } });
		expect(output[0]?.json.recordId).toBe('a');
		expect(targets()[0]).toContain('$top=1');
	});

	it.each(['', 'no-guid'])('refuses the ID %p', async (value) => {
		server.answer([list([])]);
		await expect(run({ ...get, record: locator(value, 'id') })).rejects.toThrow(
			'[EXACT_INVALID_VALUE]',
		);
		expect(server.requests).toHaveLength(0);
	});
});

describe('Division Get Many', () => {
	const getMany = { resource: 'division', operation: 'getAll', limit: 5 };

	it('reads system/Divisions with the filters', async () => {
		server.answer(withMe(() => list([{ Code: 1 }])));
		await run({ ...getMany, filters: { search: 'handel', status: 1 } });
		const search = [
			"substringof('handel',Description) eq true",
			"substringof('handel',CustomerName) eq true",
			"substringof('Handel',Description) eq true",
			"substringof('Handel',CustomerName) eq true",
		].join(' or ');
		expect(targets()[1]).toBe(
			`/api/v1/42/system/Divisions?$filter=(${search}) and (Status eq 1)&$top=5`,
		);
	});

	it('falls back to hrm/Divisions with the same field names, and remembers that', async () => {
		server.answer(
			withMe(({ target }) =>
				target.includes('system/Divisions')
					? odataError(403, 'Forbidden')
					: list([{ Code: 1, HID: 12, Main: true }]),
			),
		);
		const item = { ...getMany, options: { fields: ['Code', 'Hid', 'City'] } };
		const output = await run([item, item]);
		expect(output.map(({ json }) => json)).toEqual([
			{ Code: 1, Hid: 12, IsMainDivision: true },
			{ Code: 1, Hid: 12, IsMainDivision: true },
		]);
		expect(targets().slice(1)).toEqual([
			'/api/v1/42/system/Divisions?$select=Code,Hid,City&$top=5',
			'/api/v1/42/hrm/Divisions?$select=Code,HID&$top=5',
			'/api/v1/42/hrm/Divisions?$select=Code,HID&$top=5',
		]);
	});

	it('ends with the current division alone', async () => {
		const me = { CurrentDivision: 42, DivisionCustomerName: 'Holding' };
		server.answer(({ target }) =>
			target.includes('/current/Me') ? list([me]) : odataError(404, 'Resource not found.'),
		);
		const output = await run(getMany);
		expect(output[0]?.json).toEqual({ Code: 42, CustomerName: 'Holding', Current: true });
	});

	it('remembers a list for the present log-in alone', async () => {
		const source = new FakeTokenSource(server.baseUrl, randomUUID());
		jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
		const asked = () => targets().filter((target) => target.includes('system/Divisions')).length;
		server.answer(
			withMe(({ target }) =>
				target.includes('system/Divisions') ? odataError(404, 'Not here.') : list([{ Code: 1 }]),
			),
		);
		await run([getMany, getMany]);
		expect(asked()).toBe(1);
		source.loginMark = 'login-2';
		await run(getMany);
		expect(asked()).toBe(2);
	});

	it('remembers a list for ten minutes: rights and licences change', async () => {
		const source = new FakeTokenSource(server.baseUrl, randomUUID());
		jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
		const asked = () => targets().filter((target) => target.includes('system/Divisions')).length;
		server.answer(
			withMe(({ target }) =>
				target.includes('system/Divisions') ? odataError(404, 'Not here.') : list([{ Code: 1 }]),
			),
		);
		const begun = Math.ceil(Date.now() / 600_000) * 600_000;
		const clock = jest.spyOn(Date, 'now');
		try {
			for (const [at, times] of [
				[begun, 1],
				[begun + 599_000, 1],
				[begun + 600_001, 2],
			] as const) {
				clock.mockReturnValue(at);
				await run(getMany);
				expect(asked()).toBe(times);
			}
		} finally {
			clock.mockRestore();
		}
	});

	it('searches the current division too, where it is all there is', async () => {
		const me = { CurrentDivision: 42, DivisionCustomerName: 'Holding' };
		const script: Script = ({ target }) =>
			target.includes('/current/Me') ? list([me]) : odataError(404, 'Resource not found.');
		server.answer(script);
		await expect(run({ ...getMany, filters: { search: 'shop' } })).resolves.toEqual([]);
		await expect(run({ ...getMany, filters: { search: ' HOLD' } })).resolves.toHaveLength(1);
		await expect(run({ ...getMany, filters: { search: '42' } })).resolves.toHaveLength(1);
	});

	it.each([
		['the division', odataError(403, 'Forbidden', { Reason: 'NoDivisionAccess' })],
		['the division, in words', odataError(403, 'The division is not in the scope of the app')],
		['both lists', odataError(403, 'Forbidden')],
	])(
		'never offers the current division where %s was refused, and names consent',
		async (_what, refusal) => {
			server.answer(withMe(() => refusal));
			const source = new FakeTokenSource(server.baseUrl, randomUUID());
			jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
			for (let times = 0; times < 2; times += 1) {
				await expect(run(getMany)).rejects.toMatchObject({
					message: expect.stringMatching(
						/permissions of the app, manage divisions.*\[EXACT_FORBIDDEN\]/,
					),
					description: expect.stringContaining('Manage divisions'),
				});
			}
		},
	);

	it('does not take another error for a missing list', async () => {
		server.answer(withMe(() => odataError(400, 'wrong')));
		await expect(run(getMany)).rejects.toThrow('[EXACT_VALIDATION]');
		expect(server.requests).toHaveLength(2);
	});
});

describe('Authorization Get Status', () => {
	it('gives what the vault knows, without a request', async () => {
		server.answer([]);
		const output = await run({ resource: 'authorization', operation: 'getStatus' });
		const limits = { divisions: [], errors: [] };
		expect(output).toEqual([{ json: { identifier: 'app#user', limits }, pairedItem: { item: 0 } }]);
		expect(server.requests).toHaveLength(0);
	});
});

describe('failures', () => {
	const getMany = { resource: 'account', operation: 'getAll', division: locator('1') };

	it('name the item, and stop the run', async () => {
		server.answer([list([{ ID: 'a' }]), odataError(400, 'Mandatory: Name'), list([])]);
		const error: unknown = await run([getMany, getMany, getMany]).catch(
			(reason: unknown) => reason,
		);
		expect(error).toMatchObject({
			message: 'Exact Online refused the request: Mandatory: Name [EXACT_VALIDATION]',
			context: { itemIndex: 1 },
		});
		expect(server.requests).toHaveLength(2);
	});

	it('become error items under Continue On Fail, and the others go on', async () => {
		server.answer([list([{ ID: 'a' }]), odataError(400, 'Mandatory: Name'), list([{ ID: 'c' }])]);
		const output = await run([getMany, getMany, getMany], { continueOnFail: true });
		expect(output).toEqual([
			{ json: { ID: 'a' }, pairedItem: { item: 0 } },
			{
				json: {
					error: {
						message: 'Exact Online refused the request: Mandatory: Name [EXACT_VALIDATION]',
						description: 'Correct the filter, the fields or the order that the message names.',
						code: 'EXACT_VALIDATION',
					},
				},
				pairedItem: { item: 1 },
			},
			{ json: { ID: 'c' }, pairedItem: { item: 2 } },
		]);
	});

	it('of the authorization are treated alike', async () => {
		jest.mocked(createAccessTokenSource).mockRejectedValue(new Error('no credential'));
		const output = await run(getMany, { continueOnFail: true });
		expect(output[0]?.json.error).toMatchObject({ message: 'no credential' });
	});

	it('a cancel ends the run even under Continue On Fail', async () => {
		const controller = new AbortController();
		server.answer(async () => {
			controller.abort();
			return await new Promise(() => undefined);
		});
		const settings = { continueOnFail: true, signal: controller.signal };
		await expect(run([getMany, getMany], settings)).rejects.toThrow('[EXACT_CANCELLED]');
		expect(server.requests).toHaveLength(1);
	});

	it('an operation that this version lacks is named', async () => {
		await expect(run({ resource: 'account', operation: 'teleport' })).rejects.toThrow(
			'[EXACT_UNKNOWN_OPERATION]',
		);
	});
});

it('Get Access Token gives nothing out unless a person has switched it on, and asks for a sensible life', async () => {
	server.answer([]);
	const operation = { resource: 'authorization', operation: 'getAccessToken' };
	await expect(run(operation)).rejects.toThrow('[EXACT_SECRET_NOT_WANTED]');
	const wanted = { ...operation, showAccessToken: true };
	await expect(run({ ...wanted, minimumLife: 541 })).rejects.toThrow('[EXACT_INVALID_VALUE]');
	await expect(run({ ...wanted, minimumLife: 'soon' })).rejects.toThrow('[EXACT_INVALID_VALUE]');
	expect(server.requests).toEqual([]);
});

it.each(['forget', 'getAccessToken', 'releaseRegistration', 'takeOverRegistration'])(
	'as an AI tool refuses %s of an authorization before anything is opened',
	async (operation) => {
		jest.mocked(createAccessTokenSource).mockClear();
		const asTool = { nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool' };
		await expect(run({ resource: 'authorization', operation }, asTool)).rejects.toThrow(
			'[EXACT_NOT_FOR_AI]',
		);
		expect(createAccessTokenSource).not.toHaveBeenCalled();
	},
);
