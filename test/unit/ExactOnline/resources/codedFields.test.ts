import type { IDataObject } from 'n8n-workflow';
import { executeContext, locator } from '../../../support/n8nContext';
import { list, type ScriptedAnswer } from '../api/support/exactServer';
import { useExactNode } from './support/exactNode';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { node, server } = useExactNode();
const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';

async function run(parameters: IDataObject, items: IDataObject[] = [{}]): Promise<IDataObject[]> {
	const { context } = executeContext({
		description: node.description,
		credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
		parameters: { division: locator('1'), ...parameters },
		items: items.map((json) => ({ json })),
	});
	const [output] = await node.execute.call(context);
	return (output ?? []).map(({ json }) => json);
}

const json = (text: string): IDataObject => ({ dataMode: 'json', json: text });
const where = (field: string, operator: string, value: string): IDataObject => ({
	filters: { conditions: [{ field, operator, value }] },
});
const asked = () => server.requests.map(({ target }) => decodeURIComponent(target));

it.each([
	['address', 'Type', 4, 'Delivery'],
	['glAccount', 'Type', 110, 'Revenue'],
	['glAccount', 'BalanceSide', 'D', 'Debit'],
	['journal', 'Type', 90, 'General Journal'],
	['purchaseOrder', 'OrderStatus', 20, 'Partial'],
	['quotation', 'Status', 50, 'Accepted'],
	['paymentCondition', 'PaymentMethod', 'B', 'On Credit'],
	['purchaseInvoice', 'Type', 8033, 'Purchase Invoice'],
	['vatCode', 'Type', 'E', 'Excluding'],
	['receivable', 'PaymentMethod', 'I', 'Collection'],
])(
	'lists of %s tell %s %p as a word, and take the word in conditions',
	async (resource, field, code, word) => {
		server.answer([list([{ ID, [field]: code }])]);
		const getMany = { resource, operation: 'getAll', output: 'selected', fieldsToReturn: [field] };
		const [row] = await run({ ...getMany, ...where(field, 'eq', word.toLowerCase()) });
		expect(row?.[field]).toBe(word);
		expect(asked()[0]).toContain(`${field} eq ${typeof code === 'string' ? `'${code}'` : code}`);
	},
);

it('records take the words of Exact\u2019s lists', async () => {
	server.answer(() => ({ status: 201, body: { d: { ID } } }));
	await run({
		...{ resource: 'glAccount', operation: 'create' },
		...json('{"Code": "8000", "Description": "Sales", "Type": "Revenue", "BalanceSide": "credit"}'),
	});
	expect(JSON.parse(server.requests[0]!.body)).toMatchObject({ Type: 110, BalanceSide: 'C' });
});

// Red before: an action took numbers alone, and neither code nor description of the project that it was to make.
it('actions take words, and what the record that they make is called', async () => {
	server.answer(({ method }) =>
		method === 'POST'
			? { status: 201, body: { d: { QuotationID: ID, SuccessMessage: 'Accepted' } } }
			: { body: { d: { QuotationID: ID } } },
	);
	const wanted = { ProjectCode: 'P1', ProjectDescription: 'Roof', ProjectType: 'fixed price' };
	await run({
		...{ resource: 'quotation', operation: 'accept', record: locator(ID, 'id') },
		...json(JSON.stringify({ ...wanted, Action: 'Create Project' })),
	});
	expect(JSON.parse(server.requests.at(-1)!.body)).toEqual({
		...{ ...wanted, ProjectType: 2, Action: 3, QuotationID: ID },
	});
});

it('parameters of functions take words', async () => {
	server.answer(() => list([{ Id: ID }]));
	const parameters = { mappingMode: 'defineBelow', schema: [], matchingColumns: [] };
	await run({
		...{ resource: 'otherEndpoint', operation: 'callFunction' },
		endpoint: locator('read/crm/DefaultAddressForAccount', 'path'),
		values: { ...parameters, value: { accountId: ID, addressType: 'delivery' } },
	});
	expect(asked()[0]).toMatch(/addressType=4$/);
});

describe('words that another endpoint has, such as the types of documents', () => {
	const types = list([
		{ ID: 10, Description: 'Sales invoice' },
		{ ID: 55, Description: 'Various' },
	]);
	const create = { resource: 'document', operation: 'create' };

	// Red before: the form alone knew them, and a word from an expression was refused as no number.
	it('are taken for a new record, the list read once in a run', async () => {
		server.answer(({ method }) =>
			method === 'POST' ? { status: 201, body: { d: { ID } } } : types,
		);
		const record = json('={"Subject": "A", "Type": "{{ $json.type }}"}');
		await run({ ...create, ...record }, [{ type: 'various' }, { type: 'Sales invoice' }]);
		const posts = server.requests.filter(({ method }) => method === 'POST');
		expect(posts.map(({ body }) => (JSON.parse(body) as IDataObject).Type)).toEqual([55, 10]);
		expect(asked().filter((target) => target.includes('documents/DocumentTypes'))).toHaveLength(1);
	});

	it('are not asked for where a number says it', async () => {
		server.answer(() => ({ status: 201, body: { d: { ID } } }));
		await run({ ...create, ...json('{"Subject": "A", "Type": "55"}') });
		expect(server.requests).toHaveLength(1);
	});

	it('are taken in conditions and in a change', async () => {
		server.answer([types, list([{ ID }]), types, { status: 204, body: '' }]);
		await run({
			...{ resource: 'document', operation: 'getAll' },
			...where('Type', 'isOneOf', 'Various; Sales invoice'),
		});
		expect(asked()[1]).toContain('Type eq 55 or Type eq 10');
		await run({
			...{ resource: 'document', operation: 'update', record: locator(ID, 'id') },
			...json('{"Type": "Various"}'),
		});
		expect(JSON.parse(server.requests[3]!.body)).toEqual({ Type: 55 });
	});

	const typeOf = (operation: string) => ({
		...{ resource: 'document', operation, record: locator(ID, 'id') },
		...{ output: 'selected', fieldsToReturn: ['Type'] },
	});
	const numbers = list([
		{ ID, Type: 55 },
		{ ID, Type: 99 },
	]);
	const byPath = (answer: ScriptedAnswer) => {
		server.answer(({ target }) => (target.includes('DocumentTypes') ? answer : numbers));
	};

	// Red before: rows showed the numbers.
	it('stand in rows and records, the list read once in a run', async () => {
		byPath(types);
		const rows = await run(typeOf('getAll'), [{}, {}]);
		expect(rows.map(({ Type }) => Type)).toEqual(['Various', '99', 'Various', '99']);
		expect(asked().filter((target) => target.includes('documents/DocumentTypes'))).toHaveLength(1);
		const [record] = await run(typeOf('get'));
		expect(record?.Type).toBe('Various');
	});

	it('are asked for once where they are refused, and the numbers stay', async () => {
		byPath({ status: 403, body: 'Forbidden' });
		const rows = await run(typeOf('getAll'), [{}, {}]);
		expect(rows.map(({ Type }) => Type)).toEqual([55, 99, 55, 99]);
		expect(asked().filter((target) => target.includes('documents/DocumentTypes'))).toHaveLength(1);
	});

	it('are not asked for where rows hold no such field', async () => {
		byPath(types);
		await run({ resource: 'document', operation: 'getAll' });
		await run({ ...typeOf('getAll'), output: 'raw' });
		expect(asked().some((target) => target.includes('documents/DocumentTypes'))).toBe(false);
	});

	it('that nobody knows are an error with those that are known', async () => {
		server.answer([types]);
		await expect(run({ ...create, ...json('{"Subject": "A", "Type": "Recipe"}') })).rejects.toThrow(
			/Type: "Recipe" is none of the known values.*EXACT_INVALID_VALUE/s,
		);
		expect(server.requests).toHaveLength(1);
	});
});
