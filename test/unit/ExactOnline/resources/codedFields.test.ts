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

describe('an endpoint that has no resource of its own', () => {
	const tasks = { resource: 'otherEndpoint', endpoint: locator('activities/Tasks', 'path') };

	// Red before: rows showed numbers, and a word was no number.
	it('shows words, and takes them in conditions and in records', async () => {
		server.answer(({ method }) =>
			method === 'POST' ? { status: 201, body: { d: { ID } } } : list([{ ID, Status: 40 }]),
		);
		const shown = { output: 'selected', fieldsToReturn: ['Status'] };
		const getMany = { ...tasks, operation: 'getAll', ...shown };
		const [row] = await run({ ...getMany, ...where('Status', 'isOneOf', 'open, realized') });
		expect(row?.Status).toBe('Realized');
		expect(asked()[0]).toContain('Status eq 20 or Status eq 40');
		await run({
			...{ ...tasks, operation: 'create' },
			...json('{"Description": "Call", "Status": "Open", "TaskType": "call"}'),
		});
		expect(JSON.parse(server.requests[1]!.body)).toMatchObject({ Status: 20, TaskType: 1 });
	});

	it('takes a number that it does not know, and refuses a word', async () => {
		server.answer(() => ({ status: 201, body: { d: { ID } } }));
		await run({ ...tasks, operation: 'create', ...json('{"Description": "A", "Status": 35}') });
		expect(JSON.parse(server.requests[0]!.body)).toMatchObject({ Status: 35 });
		const wrong = json('{"Description": "A", "Status": "Lost"}');
		await expect(run({ ...tasks, operation: 'create', ...wrong })).rejects.toThrow(
			'Status: "Lost" is none of the known values',
		);
	});

	it('is one with a resource too', async () => {
		server.answer(() => list([{ ID, Status: 'C' }]));
		const shown = { output: 'selected', fieldsToReturn: ['Status'] };
		const endpoint = locator('crm/Accounts', 'path');
		const [row] = await run({ ...tasks, endpoint, operation: 'getAll', ...shown });
		expect(row?.Status).toBe('Customer');
	});
});

describe('lines', () => {
	const order = { resource: 'salesOrder', orderedBy: locator(ID) };
	const line = (value: string) => ({
		...{ Item: locator(ID), Quantity: '1' },
		further: { field: [{ name: 'OrderStatus', value }] },
	});
	const array = [{ Item: ID, Quantity: 1, OrderStatus: 'Partial' }];

	it.each([
		['the form', { lineRows: { line: [line('partial')] } }],
		['an array', { linesFrom: 'array', linesArray: JSON.stringify(array) }],
		[
			'input items',
			{ linesFrom: 'items', documentPer: 'one', lineRows: { line: [line('Partial')] } },
		],
	])('from %s take words', async (_what, lines) => {
		server.answer(() => ({ status: 201, body: { d: { OrderID: ID } } }));
		await run({ ...order, operation: 'create', ...lines });
		const { SalesOrderLines } = JSON.parse(server.requests[0]!.body) as IDataObject;
		expect(SalesOrderLines).toMatchObject([{ OrderStatus: 20 }]);
	});

	it('that are added take words, and refuse what is none', async () => {
		server.answer(() => ({ status: 201, body: { d: { ID } } }));
		const addLine = { ...order, operation: 'addLine', record: locator(ID, 'id') };
		await run({ ...addLine, lineFields: { line: line('Cancelled') } });
		expect(JSON.parse(server.requests[0]!.body)).toMatchObject({ OrderStatus: 45 });
		await expect(run({ ...addLine, lineFields: { line: line('Lost') } })).rejects.toThrow(
			'OrderStatus: "Lost" is none of the known values',
		);
	});

	it('that are fetched with their document show words', async () => {
		const SalesOrderLines = { results: [{ ID, OrderStatus: 20, DeliveryStatus: 12 }] };
		server.answer(() => list([{ OrderID: ID, Status: 12, SalesOrderLines }]));
		const [row] = await run({
			...{ resource: 'salesOrder', operation: 'getAll', options: { expand: ['SalesOrderLines'] } },
		});
		expect(row).toMatchObject({
			Status: 'Open',
			SalesOrderLines: [{ ID, OrderStatus: 'Partial', DeliveryStatus: 'Open' }],
		});
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

	it('stand in rows of Other Endpoint as well', async () => {
		byPath(types);
		const endpoint = locator('documents/Documents', 'path');
		const rows = await run({ ...typeOf('getAll'), resource: 'otherEndpoint', endpoint });
		expect(rows.map(({ Type }) => Type)).toEqual(['Various', '99']);
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
