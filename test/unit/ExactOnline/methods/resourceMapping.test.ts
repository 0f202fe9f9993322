import { randomUUID } from 'node:crypto';
import { NodeHelpers, type IDataObject, type INode, type ResourceMapperField } from 'n8n-workflow';
import { createAccessTokenSource } from '../../../../nodes/ExactOnline/auth/nodeAccessTokenSource';
import { ExactOnline } from '../../../../nodes/ExactOnline/ExactOnline.node';
import { endpointSummaries, readEndpoint } from '../../../../nodes/ExactOnline/catalogue/catalogue';
import { getWritableFields } from '../../../../nodes/ExactOnline/methods/resourceMapping';
import {
	getCollections,
	getFilterFields,
	getFilterOperators,
	getMatchFields,
} from '../../../../nodes/ExactOnline/methods/loadOptions';
import { FIRST_CLASS } from '../../../../nodes/ExactOnline/catalogue/firstClass';
import { ABILITIES } from '../../../../nodes/ExactOnline/catalogue/firstClass/abilities';
import { ExactServer, list } from '../api/support/exactServer';
import { FakeTokenSource } from '../api/support/fakes';
import { loadContext, locator } from '../../../support/n8nContext';

jest.mock('../../../../nodes/ExactOnline/auth/nodeAccessTokenSource');

const server = new ExactServer();

beforeAll(async () => await server.start());
afterAll(async () => await server.stop());

beforeEach(() => {
	const source = new FakeTokenSource(server.baseUrl, randomUUID());
	jest.mocked(createAccessTokenSource).mockResolvedValue(source as never);
});

const { description } = new ExactOnline();

function contextOf(parameters: IDataObject) {
	const credentials = { exactOnlineOAuth2Api: { id: 'cred-1' } };
	return loadContext({ description, credentials, parameters });
}

async function fieldsOf(resource: string, operation: string, more: IDataObject = {}) {
	const { fields } = await getWritableFields.call(contextOf({ resource, operation, ...more }));
	return fields;
}

const names = (fields: readonly ResourceMapperField[]) => fields.map(({ id }) => id);

describe('the mapper', () => {
	it('shows the main fields first and the others by name, writable ones alone', async () => {
		const fields = await fieldsOf('account', 'create');
		const shown = fields.filter(({ removed }) => removed !== true);
		expect(names(shown).slice(0, 4)).toEqual(['Name', 'Code', 'Status', 'Email']);
		expect(shown.length).toBeLessThanOrEqual(15);
		expect(names(fields)).not.toEqual(expect.arrayContaining(['Created']));
		expect(names(fields)).not.toEqual(expect.arrayContaining(['ID']));
		expect(fields.filter(({ required }) => required).map(({ id }) => id)).toEqual(['Name']);
	});

	it('asks for what a record needs where a file makes one, too', async () => {
		const fields = await fieldsOf('document', 'upload');
		const required = fields.filter((field) => field.required);
		expect(names(required)).toEqual(['Subject', 'Type']);
	});

	it('asks for nothing in an update', async () => {
		const fields = await fieldsOf('account', 'update');
		expect(fields.some(({ required }) => required)).toBe(false);
	});

	it('types fields; codes are words, and a switch is never sent unasked', async () => {
		const fields = await fieldsOf('account', 'create');
		const typeOf = (id: string) => fields.find((field) => field.id === id)?.type;
		const status = fields.find(({ id }) => id === 'Status');
		expect(status?.options).toContainEqual({ name: 'Customer', value: 'C' });
		expect(typeOf('IsSupplier')).toBe('options');
		expect(typeOf('StartDate')).toBe('dateTime');
		expect(typeOf('CreditLineSales')).toBe('number');
		expect(fields.some(({ type }) => type === 'boolean')).toBe(false);
	});

	it('shows the types of documents as words, or as numbers where nobody tells them', async () => {
		const rows = [
			{ ID: 10, Description: 'Sales invoice', DocumentIsCreatable: true },
			{ ID: 55, Description: 'Various' },
			{ ID: 11, Description: 'Made by Exact alone', DocumentIsCreatable: false },
		];
		server.answer([list([{ CurrentDivision: 42 }]), list(rows)]);
		const type = async () => (await fieldsOf('document', 'create')).find(({ id }) => id === 'Type');
		expect(await type()).toMatchObject({
			type: 'options',
			options: [
				{ name: 'Sales invoice', value: '10' },
				{ name: 'Various', value: '55' },
			],
		});
		expect(server.requests.at(-1)?.target).toContain('ID,Description,DocumentIsCreatable');
		server.answer([list([{ CurrentDivision: 42 }]), list(rows)]);
		const changed = (await fieldsOf('document', 'update')).find(({ id }) => id === 'Type');
		expect(changed?.options).toContainEqual({ name: 'Made by Exact alone', value: '11' });
		server.answer(() => ({ status: 503 }));
		expect(await type()).toMatchObject({ type: 'number' });
	});

	it('takes the parent of an account by its code, and nothing else of that name', async () => {
		const titleOf = async (endpoint: string) => {
			const fields = await fieldsOf('otherEndpoint', 'create', {
				endpoint: locator(endpoint, 'path'),
			});
			return fields.find(({ id }) => id === 'Parent')?.displayName;
		};
		expect(await titleOf('crm/Accounts')).toBe('Parent (ID or code)');
		expect(await titleOf('financial/GLClassifications')).not.toBe('Parent (ID or code)');
	});

	it('codes of an endpoint without a resource are lists too', async () => {
		const endpoint = { __rl: true, mode: 'path', value: 'activities/Tasks' };
		const fields = await fieldsOf('otherEndpoint', 'create', { endpoint });
		expect(fields.find(({ id }) => id === 'Status')?.options).toContainEqual({
			name: 'Realized',
			value: '40',
		});
	});

	it('says where nobody names the parameters of a function that wants some', async () => {
		const noticeOf = async (path: string) => {
			const parameters = { resource: 'otherEndpoint', operation: 'callFunction' };
			const context = contextOf({ ...parameters, endpoint: locator(path, 'path') });
			return (await getWritableFields.call(context)).emptyFieldsNotice;
		};
		expect(await noticeOf('read/logistics/SalesItemPrice')).toMatch(/^No public source names/);
		expect(await noticeOf('read/financial/RevenueList')).toMatch(/^No parameters are known/);
		expect(await noticeOf('read/logistics/StockPosition')).toBeUndefined();
	});

	it('leaves references that have a list beside it to be added by name', async () => {
		const fields = await fieldsOf('salesInvoice', 'create');
		const orderedBy = fields.find(({ id }) => id === 'OrderedBy');
		expect(orderedBy).toMatchObject({ removed: true, required: false });
		expect(orderedBy?.displayName).toBe('Ordered By (ID or code)');
		expect(names(fields)).not.toContain('SalesInvoiceLines');
	});

	it('says of other endpoints what the documentation calls needed, and asks for nothing', async () => {
		const endpoint = locator('hrm/Costcenters', 'path');
		const fields = await fieldsOf('otherEndpoint', 'create', { endpoint });
		expect(fields[0]?.displayName).toBe('Code (needed by the documentation)');
		expect(fields.some(({ required }) => required)).toBe(false);
	});

	it('offers the fields of an action without the record, and parameters of a function', async () => {
		const print = names(await fieldsOf('salesInvoice', 'printOrSend'));
		expect(print).toContain('SendEmailToCustomer');
		expect(print).not.toContain('InvoiceID');
		const invoice = await fieldsOf('salesOrder', 'invoice');
		expect(invoice.find(({ id }) => id === 'CreateMode')).toMatchObject({
			...{ displayName: 'Create Mode (needed by the documentation)', type: 'options' },
			options: [
				{ name: 'Per Customer', value: '0' },
				{ name: 'Per Sales Order', value: '1' },
			],
		});
		const [item] = await fieldsOf('stockPosition', 'getAll');
		expect(item).toMatchObject({ id: 'itemId', displayName: 'Item ID (ID or code)' });
	});

	// Red before: n8n asked for an object, and refused to run the node.
	it('takes a list where no type is documented, as JSON, as an array or by expression', async () => {
		const chosen = { resource: 'salesOrder', operation: 'invoice' };
		const schema = await fieldsOf(chosen.resource, chosen.operation);
		const properties = description.properties.filter(({ type }) => type === 'resourceMapper');
		const issuesOf = (SalesOrderIDs: unknown) => {
			const value = { CreateMode: '0', InvoiceMode: '0', JournalCode: '70', SalesOrderIDs };
			const values = { mappingMode: 'defineBelow', value, schema };
			const parameters = { ...chosen, dataMode: 'fields', values } as never;
			const node: INode = {
				...{ id: '1', name: 'Exact Online', type: description.name, typeVersion: 1 },
				...{ position: [0, 0], parameters },
			};
			return NodeHelpers.getNodeParametersIssues(properties, node, description);
		};
		expect(issuesOf('[{"ID":"a"}]')).toBeNull();
		expect(issuesOf([{ ID: 'a' }])).toBeNull();
		expect(issuesOf('={{ $json.one }}')).toBeNull();
		// An object that stands there as such would need an expression, or the record as JSON.
		expect(issuesOf('[{ID}]')?.parameters).toHaveProperty(['values.SalesOrderIDs']);
	});

	it('finds no undocumented type in a body but in fields that are lists by their names', () => {
		const undocumented = [...endpointSummaries().keys()].flatMap((path) =>
			[...readEndpoint(path).fields.values()]
				.filter(({ type, create, update }) => type === 'Unknown' && (create || update))
				.map(({ name }) => name),
		);
		expect([...new Set(undocumented)].sort()).toEqual([
			...['Attachments', 'BudgetedHoursPerHourType', 'OptionalQuotationLineIDs', 'PaymentIDs'],
			...['SalesOrderIDs', 'VATPercentages'],
		]);
	});

	it('of an account stays small enough to be saved with a ten-field update', async () => {
		const schema = (await fieldsOf('account', 'update')).map((field) => ({
			...field,
			readOnly: false,
			removed: field.removed ?? false,
		}));
		const value = Object.fromEntries(schema.slice(0, 10).map(({ id }) => [id, '={{ $json.x }}']));
		expect(JSON.stringify({ value, schema }, null, 2).length).toBeLessThan(40_000);
	});

	it.each(FIRST_CLASS.filter(({ value }) => /create|update/.test(ABILITIES[value]!.operations)))(
		'has fields for $name',
		async ({ value }) => {
			server.answer(() => list([{ CurrentDivision: 42 }]));
			const operation = ABILITIES[value]?.operations.includes('create') ? 'create' : 'update';
			const fields = await fieldsOf(value, operation);
			expect(fields.length).toBeGreaterThan(0);
			expect(new Set(names(fields)).size).toBe(fields.length);
		},
	);
});

describe('drop-downs', () => {
	const invoices = { resource: 'salesInvoice', operation: 'getAll' };

	it('offer the main fields first for a filter, and operators that fit the type', async () => {
		const fields = await getFilterFields.call(contextOf(invoices));
		expect(fields[0]).toEqual({ name: 'Ordered By', value: 'OrderedBy' });
		expect(fields.map(({ value }) => value)).not.toContain('SalesInvoiceLines');
		const operatorsOf = async (field: string) => {
			const context = contextOf(invoices);
			const ask = context.getCurrentNodeParameter.bind(context);
			context.getCurrentNodeParameter = ((name: string, options?: object) =>
				name === '&field' ? field : ask(name, options)) as never;
			return (await getFilterOperators.call(context)).map(({ value }) => value);
		};
		await expect(operatorsOf('InvoiceDate')).resolves.not.toContain('contains');
		await expect(operatorsOf('Description')).resolves.toContain('contains');
		await expect(operatorsOf('OrderedBy')).resolves.not.toContain('gt');
	});

	it('offer collections, and what other endpoints can be matched by', async () => {
		await expect(getCollections.call(contextOf(invoices))).resolves.toContainEqual({
			name: 'Sales Invoice Lines',
			value: 'SalesInvoiceLines',
		});
		const endpoint = locator('hrm/Costcenters', 'path');
		const match = await getMatchFields.call(
			contextOf({ resource: 'otherEndpoint', operation: 'upsert', endpoint }),
		);
		expect(match.map(({ value }) => value)).toEqual(
			expect.arrayContaining(['filter', 'Code', 'Description']),
		);
	});

	it('offer nothing where no endpoint is chosen', async () => {
		const context = contextOf({ resource: 'otherEndpoint', operation: 'getAll' });
		await expect(getFilterFields.call(context)).resolves.toEqual([]);
	});
});
