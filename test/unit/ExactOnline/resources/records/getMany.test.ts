import { list, odataError } from '../../api/support/exactServer';
import { ID, OTHER, useRecordNode } from '../support/recordNode';

jest.mock('../../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { contextFor, node, run, sent, server } = useRecordNode();

describe('Get Many', () => {
	const getMany = { operation: 'getAll', returnAll: true };
	const paths = () => server.requests.map(({ target }) => target.split(/[?]/)[0]?.slice(10));

	it('reads long lists from the bulk endpoint, where it knows fields and filters', async () => {
		server.answer([list([{ ID }])]);
		await run(getMany);
		const conditions = [{ field: 'City', operator: 'eq', value: 'Delft' }];
		await run({ ...getMany, filters: { conditions } });
		await run({ ...getMany, returnAll: false, limit: 60 });
		await run({ ...getMany, sort: { fields: [{ field: 'Name' }] } });
		await run({ ...getMany, options: { filter: "City eq 'Delft'" } });
		expect(paths()).toEqual(
			[
				...['/bulk/CRM/Accounts', '/bulk/CRM/Accounts'],
				...['/crm/Accounts', '/crm/Accounts', '/crm/Accounts'],
			].map((path) => path.slice(1)),
		);
	});

	it('lets a field through that Exact has added since', async () => {
		server.answer([list([{ ID, Code: '   1001', CustomerCode: '  7', Added: ' as it is ' }])]);
		const [item] = await run({ operation: 'getAll', output: 'selected', limit: 1 });
		expect(item?.json).toMatchObject({ Code: '1001', Added: ' as it is ' });
	});

	it('asks for any of the conditions where that is wanted', async () => {
		server.answer([list([])]);
		const conditions = [
			{ field: 'City', operator: 'isOneOf', value: 'Delft, Gent' },
			{ field: 'Blocked', operator: 'eq', value: 'true' },
		];
		await run({ operation: 'getAll', filters: { conditions }, options: { combine: 'or' } });
		expect(sent()[0]?.[0]).toContain(
			"$filter=(City eq 'Delft' or City eq 'Gent') or (Blocked eq true)&",
		);
	});

	it('goes on with the usual endpoint where the bulk one refuses, and remembers it', async () => {
		server.answer(({ target }) =>
			target.includes('/bulk/') ? odataError(403, 'Forbidden') : list([{ ID }]),
		);
		await run(getMany);
		await run(getMany);
		expect(paths()).toEqual(['bulk/CRM/Accounts', 'crm/Accounts', 'crm/Accounts']);
	});

	it('meets a rule that an answer tells, and remembers it', async () => {
		const text =
			'This endpoint has mandatory filtering applied. A GET request for this endpoint must have a ' +
			'$filter parameter with one of the following fields in the url: ID, Modified';
		server.answer(({ target }) =>
			target.includes('$filter=') ? list([{ ID }]) : odataError(400, text),
		);
		const contacts = { resource: 'contact', operation: 'getAll' };
		await expect(run(contacts)).resolves.toHaveLength(1);
		await expect(run(contacts)).resolves.toHaveLength(1);
		expect(server.requests).toHaveLength(3);
	});

	it('splits a long list of values over requests that fit, up to the limit', async () => {
		const codes = Array.from({ length: 400 }, (_, index) => `code-${index}`);
		server.answer(({ target }) => list(target.match(/code-\d+/g)!.map((Code) => ({ Code }))));
		const conditions = [
			{ field: 'Code', operator: 'isOneOf', value: codes.join(',') },
			{ field: 'IsSalesItem', operator: 'eq', value: 'true' },
		];
		const items = { ...getMany, resource: 'item', filters: { conditions } };
		const output = await run(items);
		expect(output.map(({ json }) => json.Code)).toEqual(codes);
		for (const { rawTarget, target } of server.requests) {
			expect(rawTarget.length + server.baseUrl.length).toBeLessThanOrEqual(6000);
			expect(target).toContain('(IsSalesItem eq true) and (');
		}
	});

	// Red before: a row came twice whose value was asked for twice, in other capitals.
	it('gives each row once, however its values are written in a list that takes several requests', async () => {
		const codes = Array.from({ length: 400 }, (_, index) => `code-${index}`);
		server.answer(({ target }) =>
			list(target.match(/code-\d+/gi)!.map((code) => ({ ID: code.toLowerCase(), Code: code }))),
		);
		const value = [...codes, 'CODE-0'].join(',');
		const conditions = [{ field: 'Code', operator: 'isOneOf', value }];
		const output = await run({ ...getMany, resource: 'item', filters: { conditions } });
		expect(server.requests.length).toBeGreaterThan(1);
		expect(output.map(({ json }) => json.recordId ?? json.ID)).toEqual(codes);
	});

	// Red before: one division was read, and taken for all.
	it('says so where all divisions are wanted and only the current one is known', async () => {
		server.answer(({ target }) => {
			if (target.includes('current/Me')) return list([{ CurrentDivision: 1 }]);
			return target.includes('/Divisions') ? odataError(404, 'Not here') : list([{ ID }]);
		});
		const { context, hints } = contextFor({ ...getMany, options: { severalDivisions: 'all' } });
		const [output] = await node.execute.call(context);
		expect(output?.map(({ json }) => json.division)).toEqual([1]);
		expect(hints).toEqual([
			{ type: 'warning', message: expect.stringMatching(/only the current division.*consent/i) },
		]);
	});

	it('returns rows of several divisions in their order, with an error item for one that refuses', async () => {
		server.answer(({ target }) =>
			target.includes('/v1/8/') ? odataError(403, 'Forbidden') : list([{ ID }, { ID: OTHER }]),
		);
		const options = { severalDivisions: 'chosen', divisions: [9, 8, 7] };
		const output = await run({ ...getMany, returnAll: false, limit: 1, options });
		expect(output.map(({ json }) => json.division ?? json.error)).toEqual([
			9,
			expect.objectContaining({ division: 8, code: 'EXACT_FORBIDDEN' }),
			7,
		]);
		expect(output[1]?.json).toEqual({ error: expect.anything() as unknown });
	});
});

it('a field with ten megabytes of quotes, backslashes and line ends comes out whole', async () => {
	const long = '\\"\n'.repeat(3_300_000);
	const body = JSON.stringify({ d: { results: [{ ID, Name: long }] } });
	server.answer(() => ({ status: 200, body }));
	const [item] = await run({ operation: 'getAll' });
	expect(item?.json.Name === long).toBe(true);
});
