import { randomUUID } from 'node:crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnline } from '../../../../nodes/ExactOnline/ExactOnline.node';
import { ExactServer, list, odataError, type Script } from '../api/support/exactServer';
import { FakeTokenSource } from '../api/support/fakes';
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

describe('Account Get Many', () => {
	const getMany = { resource: 'account', operation: 'getAll' };

	it('builds the request from filters and options', async () => {
		server.answer([list([{ ID: 'a' }])]);
		await run({
			...getMany,
			division: locator('3100007'),
			limit: 10,
			filters: {
				nameContains: "O'Brien",
				code: '1001',
				status: 'C',
				modifiedAfter: '2026-01-02T03:04:05',
				filter: "City eq 'Delft' or City eq 'Gent'",
			},
			options: { fields: 'ID, Name', orderBy: 'Name', orderDirection: 'desc' },
		});
		const filter = [
			"(Code eq '              1001')",
			"(substringof('O''Brien',Name) eq true)",
			"(Status eq 'C')",
			"(Modified gt datetime'2026-01-02T03:04:05')",
			"(City eq 'Delft' or City eq 'Gent')",
		].join(' and ');
		expect(targets()).toEqual([
			`/api/v1/3100007/crm/Accounts?$select=ID,Name&$filter=${filter}&$orderby=Name desc&$top=10`,
		]);
	});

	it('takes a native date of an expression, and refuses a filter that leaves its brackets', async () => {
		server.answer([list([])]);
		const at = new Date('2026-04-07T08:00:00Z');
		const settings = { items: [{ json: { at } as never }] };
		const filters = { modifiedAfter: '={{ $json.at }}' };
		await run({}, { parameters: { ...getMany, division: locator('1'), filters }, ...settings });
		expect(targets()[0]).toContain("$filter=Modified gt datetime'2026-04-07T08:00:00'");
		const wrong = { code: '1', filter: "Name eq 'a') or (1 eq 1" };
		await expect(run({ ...getMany, division: locator('1'), filters: wrong })).rejects.toThrow(
			'[EXACT_INVALID_VALUE]',
		);
	});

	it('asks for nothing where an expression leaves a filter empty', async () => {
		server.answer([]);
		const parameters = {
			...getMany,
			division: locator('1'),
			filters: { code: '={{ $json.code }}' },
		};
		await expect(run({}, { parameters })).rejects.toThrow(
			/^The expression of Filters > Code gives undefined for item 0 .*\[EXACT_EMPTY_VALUE\]$/,
		);
		expect(targets()).toEqual([]);
	});

	it('reads pages up to the limit and none beyond it', async () => {
		const page = Array.from({ length: 60 }, (_, n) => ({ n }));
		server.answer((_request, index) =>
			list(page, `${server.baseUrl}/api/v1/1/crm/Accounts?$skiptoken=${index}`),
		);
		const output = await run({ ...getMany, division: locator('1'), limit: 100 });
		expect(output).toHaveLength(100);
		expect(server.requests).toHaveLength(2);
		expect(targets()[0]).toBe('/api/v1/1/crm/Accounts');
	});

	it('returns all when asked', async () => {
		const next = `${server.baseUrl}/api/v1/1/crm/Accounts?$skiptoken=x`;
		server.answer([list([{ n: 1 }, { n: 2 }], next), list([{ n: 3 }])]);
		const output = await run({ ...getMany, division: locator('1', 'id'), returnAll: true });
		expect(output.map(({ json }) => json.n)).toEqual([1, 2, 3]);
	});

	it('asks for the current division once per execution', async () => {
		server.answer(withMe(() => list([{ ID: 'a' }])));
		const item = { ...getMany, limit: 5 };
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
			'/api/v1/42/crm/Accounts?$top=5',
			'/api/v1/42/crm/Accounts?$top=5',
			'/api/v1/7/crm/Accounts?$top=5',
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

	it('by ID', async () => {
		server.answer([{ body: { d: { ID: id, BankAccounts: { __deferred: { uri: 'x' } } } } }]);
		const output = await run({ ...get, account: locator(id) });
		expect(output[0]?.json).toEqual({ ID: id });
		expect(targets()).toEqual([`/api/v1/1/crm/Accounts(guid'${id}')`]);
	});

	it('by code, padded', async () => {
		server.answer([list([{ ID: id }])]);
		await run({ ...get, account: locator('1001', 'code') });
		expect(targets()).toEqual([
			"/api/v1/1/crm/Accounts?$filter=Code eq '              1001'&$top=1",
		]);
	});

	it('says so where there is none', async () => {
		server.answer([list([])]);
		await expect(run({ ...get, account: locator('1001', 'code') })).rejects.toThrow(
			'There is no account with the code 1001 in division 1. [EXACT_NOT_FOUND]',
		);
	});

	it.each(['', 'no-guid'])('refuses the ID %p', async (value) => {
		server.answer([list([])]);
		await expect(run({ ...get, account: locator(value, 'id') })).rejects.toThrow(
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
		expect(output).toEqual([{ json: { identifier: 'app#user' }, pairedItem: { item: 0 } }]);
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

it.each(['forget', 'releaseRegistration', 'takeOverRegistration'])(
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
