import type { IDataObject } from 'n8n-workflow';
import type { Operation } from '../../../../nodes/ExactOnline/resources/operation';
import { resources } from '../../../../nodes/ExactOnline/resources';
import { fieldsWithoutGaps } from '../../../../nodes/shared/node/operation';
import { executeContext, locator } from '../../../support/n8nContext';
import { leafFields, putAt, type LeafField } from '../../shared/node/support/leafFields';
import { list } from '../api/support/exactServer';
import { useExactNode } from './support/exactNode';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const ID = '3fa85f64-5717-4562-b3fc-2c963f66afa6';
const { node, server } = useExactNode(({ method }) =>
	method === 'POST' ? { status: 201, body: { d: { ID } } } : list([{ ID }]),
);
const NOTHING = '={{ $json.none }}';

/** What comes out for an item without any value, and what was sent for it. */
async function run(parameters: IDataObject): Promise<{ told: string; requests: number }> {
	const before = server.requests.length;
	const { context } = executeContext({
		description: node.description,
		credentials: { exactOnlineOAuth2Api: { id: 'cred-1' } },
		parameters,
		items: [{ json: {}, binary: { data: { data: 'QQ==', mimeType: 'text/plain' } } }],
	});
	Object.assign(context, { continueOnFail: () => true });
	const [output] = await node.execute.call(context);
	const told = JSON.stringify(output?.[0]?.json);
	return { told, requests: server.requests.length - before };
}

/** What an operation needs besides. */
function parametersFor(resource: string, operation: Operation): IDataObject {
	const locators = operation.fields
		.filter(({ type }) => type === 'resourceLocator')
		.map(({ name }) => [name, name === 'endpoint' ? locator('crm/Accounts', 'path') : locator(ID)]);
	return {
		...(Object.fromEntries(locators) as IDataObject),
		resource,
		operation: operation.value,
		division: locator('1'),
		allowChanges: true,
		values: { mappingMode: 'defineBelow', value: { Name: 'A' }, schema: [], matchingColumns: [] },
	};
}

function withNothingIn({ field, path, shownBy }: LeafField, parameters: IDataObject): IDataObject {
	const given = structuredClone(parameters);
	for (const [shown, value] of shownBy) putAt(given, shown, value);
	const mode = field.name === 'endpoint' ? 'path' : 'id';
	putAt(given, path, field.type === 'resourceLocator' ? locator(NOTHING, mode) : NOTHING);
	return given;
}

/** Operations of the same name have the same fields, so each field is tried at the first resource that has it. */
const seen = new Set<string>();
const cases = resources.flatMap(({ value: resource, operations }) =>
	operations.flatMap((operation) =>
		leafFields(fieldsWithoutGaps(operation)).flatMap((leaf) => {
			const name = `${operation.value}: ${leaf.path.join('.')}`;
			if (seen.has(name)) return [];
			seen.add(name);
			return [[name, resource, operation, leaf] as const];
		}),
	),
);

it('there are many fields to try', () => {
	expect(cases.length).toBeGreaterThan(150);
});

it.each(cases)(
	'%s (%s): an expression that gives nothing sends nothing',
	async (_name, resource, operation, leaf) => {
		const { told, requests } = await run(withNothingIn(leaf, parametersFor(resource, operation)));
		expect(told).toContain('EXACT_EMPTY_VALUE');
		expect(told).toMatch(/item 0/);
		expect(requests).toBe(0);
	},
);

describe('a line', () => {
	const resource = 'salesInvoice';
	const addLine = resources
		.find(({ value }) => value === resource)!
		.operations.find(({ value }) => value === 'addLine')!;
	const form = addLine.fields.filter(({ name }) => name === 'lineFields');
	const fields = leafFields(form).filter(
		({ field: { displayOptions } }) =>
			displayOptions?.show?.['/resource']?.includes(resource) ?? true,
	);
	const line = {
		Item: locator(ID),
		Quantity: '1',
		further: { field: [{ name: 'Notes', value: 'x' }] },
	};
	const whole = { ...parametersFor(resource, addLine), lineFields: { line } };

	it('is made where nothing is empty', async () => {
		const { told, requests } = await run(whole as IDataObject);
		expect([told, requests]).toEqual([expect.stringContaining('"created":true'), 1]);
	});

	it.each(fields.map((leaf) => [leaf.path.join('.'), leaf] as const))(
		'%s: an expression that gives nothing sends nothing',
		async (_name, leaf) => {
			const { told, requests } = await run(withNothingIn(leaf, whole as IDataObject));
			expect(told).toContain('EXACT_EMPTY_VALUE');
			expect(requests).toBe(0);
		},
	);
});
