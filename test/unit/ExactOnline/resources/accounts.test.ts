import { list } from '../api/support/exactServer';
import { locator } from '../../../support/n8nContext';
import { useExactNode, withMe } from './support/exactNode';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { runItems: run, server } = useExactNode();

const ANY = "ID ne guid'00000000-0000-0000-0000-000000000000'";

const targets = () => server.requests.map(({ target }) => target);

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
			options: { filter: "City eq 'Delft' or City eq 'Gent'" },
			sort: { fields: [{ field: 'Name', direction: 'desc' }, { field: 'Code' }] },
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
