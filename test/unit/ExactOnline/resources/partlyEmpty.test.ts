import type { IDataObject } from 'n8n-workflow';
import { executeContext, locator } from '../../../support/n8nContext';
import { list } from '../api/support/exactServer';
import { useExactNode } from './support/exactNode';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const { node, server } = useExactNode(({ method }) =>
	method === 'POST' ? { status: 201, body: { d: { ID } } } : list([]),
);

/** Runs for an item that holds `a` and nothing else. */
async function run(parameters: IDataObject): Promise<unknown> {
	const { context } = executeContext({
		description: node.description,
		credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
		parameters: { division: locator('1'), ...parameters },
		items: [{ json: { a: 1 } }],
	});
	Object.assign(context, { continueOnFail: () => true });
	const [output] = await node.execute.call(context);
	return output?.[0]?.json;
}

const mapped = (value: IDataObject): IDataObject => ({
	values: { mappingMode: 'defineBelow', value, schema: [], matchingColumns: [] },
});
const json = (text: string): IDataObject => ({ dataMode: 'json', json: text });

const TWO = '={{ $json.a }}{{ $json.b }}';
const CODE = `{"Name": "A", "Code": "{{ $json.a }}{{ $json.b }}"}`;
const account = { resource: 'account' };
const upsert = { ...account, operation: 'upsert', matchBy: 'Code' };
const skip = { ...account, operation: 'create', ifExists: 'skip', matchBy: 'Code' };
const anyway = { ...account, operation: 'create', ifExists: 'create' };
const invoice = {
	resource: 'salesInvoice',
	operation: 'create',
	orderedBy: locator(ID),
	journal: locator('70'),
	lineRows: { line: [{ Item: locator(ID), Quantity: '1' }] },
};
const byReference = { ifExists: 'skip', matchBy: 'document' };

describe('what a record is found by, in part left empty by an expression, is an error with nothing sent', () => {
	it.each<[what: string, name: string, parameters: IDataObject]>([
		['a key, Create or Update', 'Code', { ...upsert, ...mapped({ Name: 'A', Code: TWO }) }],
		['a key, If It Exists Already', 'Code', { ...skip, ...mapped({ Name: 'A', Code: TWO }) }],
		[
			'a key, though empty values are left out',
			'Code',
			{ ...upsert, ...mapped({ Name: 'A', Code: TWO }), options: { emptyValues: 'leaveOut' } },
		],
		['a key in JSON, Create or Update', 'Code', { ...upsert, ...json(`=${CODE}`) }],
		['a key in JSON, If It Exists Already', 'Code', { ...skip, ...json(`=${CODE}`) }],
		[
			'a number of JSON',
			'Code',
			{ ...upsert, ...json('={"Name": "A", "Code": {{ $json.a }}{{ $json.b }}}') },
		],
		[
			'what is needed',
			'Name',
			{ ...anyway, ...mapped({ Name: '={{ $json.a }} {{ $json.name }}' }) },
		],
		[
			'what is needed, in JSON',
			'Name',
			{ ...anyway, ...json('={"Name": "{{ $json.a }} {{ $json.name }}"}') },
		],
		[
			'the reference of a document',
			'YourRef',
			{ ...invoice, ...byReference, ...mapped({ YourRef: '=INV-{{ $json.b }}' }) },
		],
		[
			'a reference in JSON',
			'OrderedBy',
			{ ...invoice, ...json('={"OrderedBy": "1{{ $json.b }}", "Journal": "70"}') },
		],
		[
			'a reference in a line of JSON',
			'Item',
			{
				...invoice,
				lineRows: {},
				...json(
					'={"OrderedBy": "1", "Journal": "70", "SalesInvoiceLines": [{"Item": "1{{ $json.b }}"}]}',
				),
			},
		],
		[
			'a reference in a line',
			'Item',
			{ ...invoice, lineRows: { line: [{ Item: locator(TWO, 'code'), Quantity: '1' }] } },
		],
		[
			'a reference in a new line',
			'Item',
			{
				resource: 'salesOrder',
				operation: 'addLine',
				record: locator(ID, 'id'),
				lineFields: { line: { Item: locator(TWO, 'code'), Quantity: '1' } },
			},
		],
		[
			'a reference among the further fields of a line',
			'CostCenter',
			{
				...invoice,
				lineRows: {
					line: [
						{
							Item: locator(ID),
							Quantity: '1',
							further: { field: [{ name: 'CostCenter', value: TWO }] },
						},
					],
				},
			},
		],
		// Red before: the entry was left out, and the line made without it.
		[
			'the name of a further field of a line, as a whole',
			'Further Fields',
			{
				...invoice,
				lineRows: {
					line: [
						{
							Item: locator(ID),
							Quantity: '1',
							further: { field: [{ name: '={{ $json.b }}', value: 'x' }] },
						},
					],
				},
			},
		],
		[
			'a parameter of a function',
			'itemId',
			{ resource: 'stockPosition', operation: 'getAll', ...mapped({ itemId: TWO }) },
		],
		[
			'a reference in an array of lines',
			'Item',
			{
				...invoice,
				linesFrom: 'array',
				linesArray: '=[{"Item": "{{ $json.a }}{{ $json.b }}", "Quantity": 1}]',
			},
		],
	])('%s', async (_what, name, parameters) => {
		const output = await run(parameters);
		expect(JSON.stringify(output)).toContain('EXACT_EMPTY_VALUE');
		expect(JSON.stringify(output)).toMatch(new RegExp(`${name}.* item 0\\b`));
		expect(server.requests).toEqual([]);
	});
});

it.each<[what: string, parameters: IDataObject]>([
	[
		'a part of a field',
		{ ...skip, ...mapped({ Name: 'A', Code: '12', Email: '=x{{ $json.b }}' }) },
	],
	[
		'a part of a field of JSON',
		{ ...skip, ...json('={"Name": "A", "Code": "12", "Email": "x{{ $json.b }}"}') },
	],
	[
		'as a whole a reference of JSON',
		{ ...skip, ...json('={"Name": "A", "Code": "12", "SalesCurrency": "{{ $json.b }}"}') },
	],
	['a part of a key that nothing is found by', { ...anyway, ...mapped({ Name: 'A', Code: TWO }) }],
	['the same in JSON', { ...anyway, ...json(`=${CODE}`) }],
	[
		'a piece of JSON that is a field',
		{ ...upsert, ...json(`={"Name": "A", "Code": "12"{{ $json.b ? ', "Email": "x"' : '' }}}`) },
	],
])('%s may be left empty', async (_what, parameters) => {
	expect(await run(parameters)).toMatchObject({ created: true });
});
