import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { resources } from '../../../../nodes/ExactOnline/resources';
import { withTextArguments } from '../../../../nodes/shared/node/toolArguments';
import { executeContext, locator } from '../../../support/n8nContext';
import { leafFields, putAt } from '../../shared/node/support/leafFields';
import { list } from '../api/support/exactServer';
import { useExactNode } from './support/exactNode';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const { node, server } = useExactNode();
const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';

/** Runs as a tool, whose model gives the arguments in `ai`. */
async function asTool(parameters: IDataObject, ai: IDataObject = {}): Promise<IDataObject[]> {
	const { context } = executeContext({
		description: node.description,
		credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
		parameters: { resource: 'account', division: locator('1'), ...parameters },
		nodeType: 'n8n-nodes-exactonline-docuware.exactOnlineTool',
		items: [{ json: ai }],
	});
	const [output] = await node.execute.call(context);
	return (output ?? []).map(({ json }) => json);
}

const argument = (name: string) => `={{ $fromAI('${name}') }}`;

/** A value in the words of a model, and what the field is to make of it; undefined for texts. */
function wordsFor({
	type,
	options = [],
}: INodeProperties): [text: string, value: unknown] | undefined {
	switch (type) {
		case 'boolean':
			return ['false', false];
		case 'number':
			return ['3', 3];
		case 'multiOptions':
			return ['["1", "2"]', ['1', '2']];
		case 'options': {
			const [number] = options.flatMap((one) =>
				'value' in one && typeof one.value === 'number' ? [one.value] : [],
			);
			return number === undefined ? undefined : [String(number), number];
		}
		default:
			return undefined;
	}
}

const all = resources.flatMap((resource) =>
	resource.operations.flatMap((operation) =>
		leafFields(operation.fields).map((leaf) => ({ ...leaf, operation })),
	),
);

// Red before: the operations of this node read true, false, numbers and lists as texts.
it('every field of every operation that a model may fill takes its words', () => {
	let looked = 0;
	for (const { field, path, operation } of all) {
		const words = wordsFor(field);
		if (words === undefined) continue;
		const parameters: Record<string, unknown> = {};
		putAt(parameters, path, words[0]);
		const context = {
			getNode: () => ({ type: 'exactOnlineTool' }),
			getNodeParameter: (name: string) => parameters[name],
		} as unknown as IExecuteFunctions;
		const expected: Record<string, unknown> = {};
		putAt(expected, path, words[1]);
		const name = String(path[0]);
		const read: unknown = withTextArguments(context, operation.fields).getNodeParameter(name, 0);
		expect({ [name]: read }).toEqual(expected);
		looked += 1;
	}
	expect(looked).toBeGreaterThan(700);
});

it('a list as JSON, switches and numbers as text', async () => {
	server.answer(() => list([{ ID, Name: 'A', Code: '1' }, { ID }, { ID }]));
	const rows = await asTool(
		{
			operation: 'getAll',
			returnAll: argument('all'),
			limit: argument('limit'),
			output: 'selected',
			fieldsToReturn: argument('fields'),
			filters: {
				conditions: [{ field: 'Status', operator: 'isOneOf', value: argument('statuses') }],
			},
			options: { severalDivisions: 'chosen', divisions: argument('divisions') },
			callLimits: { addToOutput: argument('limits') },
		},
		{
			...{ all: 'false', limit: '2', fields: '["Name", "Code"]', statuses: '["C", "Prospect"]' },
			...{ divisions: '["7"]', limits: 'no' },
		},
	);
	expect(rows).toEqual([
		{ division: 7, ID, Name: 'A', Code: '1' },
		{ division: 7, ID },
	]);
	const { target } = server.requests[0]!;
	expect(decodeURIComponent(target)).toContain("$filter=Status eq 'C' or Status eq 'P'");
	expect(decodeURIComponent(target)).toContain('$select=ID,Name,Code');
});

it('a record as JSON text, with a switch that says yes', async () => {
	server.answer(({ method }) =>
		method === 'POST' ? { status: 201, body: { d: { ID } } } : list([{ ID, Name: 'Acme' }]),
	);
	const [row] = await asTool(
		{
			...{ operation: 'create', allowChangesAsTool: true, dataMode: 'json' },
			...{ json: argument('record'), options: { returnRecord: argument('again') } },
		},
		{ record: '{"Name": "Acme", "IsSupplier": "true", "DiscountPurchase": "2.5"}', again: 'yes' },
	);
	expect(row).toMatchObject({ recordId: ID, created: true, Name: 'Acme' });
	expect(JSON.parse(server.requests[0]!.body)).toEqual({
		...{ Name: 'Acme', IsSupplier: true, DiscountPurchase: 2.5 },
	});
});

it('lines as JSON text', async () => {
	server.answer(() => ({ status: 201, body: { d: { OrderID: ID } } }));
	await asTool(
		{
			...{ resource: 'salesOrder', operation: 'create', allowChangesAsTool: true },
			...{ orderedBy: locator(ID, 'id'), linesFrom: 'array', linesArray: argument('lines') },
		},
		{ lines: `[{"Item": "${ID}", "Quantity": "2"}]` },
	);
	expect(JSON.parse(server.requests[0]!.body)).toEqual({
		OrderedBy: ID,
		SalesOrderLines: [{ Item: ID, Quantity: 2 }],
	});
});

// Red before: a model was given all of it.
it('gives at most 10,000 bytes', async () => {
	server.answer(() => list(Array.from({ length: 20 }, () => ({ ID, Name: 'é'.repeat(2_000) }))));
	const rows = await asTool({ operation: 'getAll' });
	expect(Buffer.byteLength(JSON.stringify(rows))).toBeLessThanOrEqual(10_000);
	expect(rows.at(-1)?.note).toContain('Shortened for an AI agent');
});
