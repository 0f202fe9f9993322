import type { IDataObject } from 'n8n-workflow';
import { resources } from '../../../../nodes/DocuWare/resources';
import type { NodeSettings } from '../../../support/n8nContext';
import { FileContent } from '../../../simulators/DocuWare/http/fileContent';
import { addSection, type IndexValues } from '../../../simulators/DocuWare/world/documents';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const INBOX = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const tool: NodeSettings = { nodeType: 'n8n-nodes-exactonline-docuware.docuWareTool' };

const locator = (value: string, mode = 'name') => ({ __rl: true, mode, value });

/** A cabinet with long documents of two files, a tray with many, a trash bin, and a workflow that ran. */
async function filled(): Promise<NodeFixture> {
	const fixture = await start();
	const { state, world } = fixture.simulator;
	for (const fileCabinetId of [INVOICES, INBOX]) {
		for (let at = 0; at < 30; at += 1) {
			const remarks = 'Long remarks. '.repeat(200);
			const values: IndexValues =
				fileCabinetId === INVOICES ? { COMPANY: 'Peters', INVOICENO: at, REMARKS: remarks } : {};
			const added = { fileCabinetId, values, storedBy: 'api', storedAt: 0 };
			const document = state.documents.add(added);
			for (const name of ['one.txt', 'two.txt']) {
				const content = FileContent.of(Buffer.from('Long text of a file. '.repeat(1_000)));
				addSection(document, { name, contentType: 'text/plain', content }, 0);
			}
		}
	}
	state.workflows.add({
		...{ id: 'i-1', workflowId: 'w-1', name: 'Approval', version: 1, startedAt: 0, steps: [] },
		...{ fileCabinetId: INVOICES, documentId: 1 },
	});
	const [cabinet] = world.fileCabinets.filter(({ id }) => id === INVOICES);
	if (cabinet === undefined) throw new Error('A cabinet is needed.');
	for (const documentId of ['28', '29', '30']) {
		await fixture.run(
			operation('document', 'delete', { fileCabinetId: locator('Invoices'), documentId }),
		);
	}
	return fixture;
}

const cabinet = { fileCabinetId: locator('invoices') };
const document = { ...cabinet, documentId: '1' };
const list = { returnAll: 'false', limit: '2' };
const all = { returnAll: 'true', limit: '2' };
const simplify = 'true';
const output = { output: 'selected', fieldsToReturn: 'COMPANY, INVOICENO' };
const condition = { field: 'Company', operator: 'equals', value: 'Peters' };
const asJson = { conditionsAs: 'json', conditionsJson: JSON.stringify([condition]), combine: 'Or' };
const inRows = { conditionsAs: 'rows', conditions: { condition: [condition] }, combine: 'And' };
const dialog = { dialogId: locator('Search by company') };
const user = { userId: locator('api') };

/** Every read of the node, with every argument as a model writes it. */
const READS: Array<[name: string, parameters: IDataObject, expected: object]> = [
	[
		'document download',
		{ ...document, downloadFormat: 'section', sectionId: '2' },
		{ sectionCount: 2 },
	],
	[
		'document download',
		{ ...document, downloadFormat: 'pdf', outputField: 'data' },
		{ sectionCount: 2 },
	],
	['document get', { ...document, ...output }, { COMPANY: 'Peters', INVOICENO: 0 }],
	['document getApplicationProperties', document, {}],
	['document getCount', { ...cabinet, ...dialog, ...asJson }, { count: 27 }],
	['document getCount', { ...cabinet, ...inRows }, { count: 27 }],
	['document getHistory', { ...document, history: 'audit', ...list }, {}],
	['document getLinks', { ...document, returnLinks: 'links', ...list }, {}],
	['document getLinks', { ...document, returnLinks: 'documents', ...list, ...output }, {}],
	['document getRights', document, {}],
	['document getSections', { ...document, simplify }, { fileName: 'one.txt' }],
	['document getSuggestions', document, {}],
	['document getText', { ...document, sectionId: '1', textOutput: 'document' }, {}],
	[
		'document getThumbnail',
		{ ...document, sectionId: '1', page: '1', outputField: 'data' },
		{ page: 1 },
	],
	[
		'document search',
		{ ...cabinet, ...dialog, ...asJson, ...list, ...output },
		{ COMPANY: 'Peters' },
	],
	[
		'document search',
		{ ...cabinet, ...inRows, ...all, output: 'simplified' },
		{ COMPANY: 'Peters' },
	],
	[
		'documentTray getDocuments',
		{ fileCabinetId: locator(INBOX, 'id'), ...all, output: 'simplified' },
		{ fileCabinetId: INBOX },
	],
	[
		'documentTray getDocuments',
		{ fileCabinetId: locator(INBOX, 'id'), ...list, output: 'selected', fieldsToReturn: 'title' },
		{ documentId: 1 },
	],
	['documentTray getAll', { ...list, simplify }, { Name: 'Inbox' }],
	['fileCabinet get', { ...cabinet, simplify }, { Name: 'Invoices' }],
	['fileCabinet getDialogs', { ...cabinet, dialogType: 'Store', simplify }, { Type: 'Store' }],
	['fileCabinet getFields', { ...cabinet, dialogId: locator('Store'), simplify }, {}],
	['fileCabinet getAll', { kind: 'both', ...list, simplify }, { Id: INVOICES }],
	[
		'fileCabinet getSelectListValues',
		{ ...cabinet, dialogId: locator('Store invoice'), fieldName: 'document type', limit: '2' },
		{ value: 'Credit note' },
	],
	['group getAll', { ...list, simplify, options: { active: 'true' } }, {}],
	['group getUsers', { groupId: locator('accounting'), ...list, simplify }, {}],
	['organization getCurrent', { simplify }, { Name: 'Peters Engineering' }],
	['organization getAll', { ...all, simplify }, { Name: 'Peters Engineering' }],
	['role getAll', { ...list, simplify, options: { type: 'Standard' } }, {}],
	[
		'role getUsers',
		{ roleId: locator('everyone'), includeGroupUsers: 'true', ...list, simplify },
		{},
	],
	['stamp getAll', { ...cabinet, ...list, simplify }, {}],
	[
		'trashBin search',
		{
			trashConditions: {
				condition: [{ field: 'COMPANY', type: 'text', operator: 'begins with', value: 'Pet' }],
			},
			...all,
			options: { conditionsJson: '[{"DBName": "DELETEDATETIME", "Value": ["2020-01-01", null]}]' },
		},
		{ DWDOCID: 30 },
	],
	['user get', { ...user, simplify }, { Name: 'api' }],
	['user getGroups', { ...user, ...list, simplify }, {}],
	['user getAll', { ...list, simplify, options: { active: 'true', name: 'api' } }, { Name: 'api' }],
	['user getRoles', { ...user, ...list, simplify }, {}],
	['workflow getHistory', { workflowId: 'w-1', instanceId: 'i-1' }, { workflowName: 'Approval' }],
];

/** Choices that take no expression, so that a person makes them. */
const TYPED = new Set(['conditionsAs', 'returnLinks']);

/** The texts of a model, which come by expressions. */
function asModelGives(given: IDataObject): { parameters: IDataObject; json: IDataObject } {
	const texts = Object.entries(given).filter(
		([name, value]) => typeof value === 'string' && !TYPED.has(name),
	);
	const read = texts.map(([name]) => [name, `={{ $json.${name} }}`]);
	return {
		parameters: { ...given, ...(Object.fromEntries(read) as IDataObject) },
		json: Object.fromEntries(texts),
	};
}

describe('as a tool of an AI agent, with every argument as text', () => {
	it.each(READS)(
		'%s reads with %j, and gives at most 10,000 bytes',
		async (name, given, expected) => {
			const { run } = await filled();
			const [resource = '', value = ''] = name.split(' ');
			const { parameters, json } = asModelGives(given);
			const settings = { ...tool, items: [{ json }] };
			const { items } = await run(operation(resource, value, parameters), settings);
			expect(items[0]?.json ?? {}).toMatchObject(expected);
			expect(items.every(({ binary }) => binary === undefined)).toBe(true);
			const bytes = Buffer.byteLength(JSON.stringify(items.map(({ json }) => json)));
			expect(bytes).toBeLessThanOrEqual(10_000);
			expect(
				given.limit === '2' && given.returnAll === 'false' ? items.length : 0,
			).toBeLessThanOrEqual(2);
		},
	);

	it('every operation that reads is among them', () => {
		// What answers DocuWare's question whether to store asks DocuWare for nothing.
		const readers = resources.filter(({ value }) => value !== 'validation');
		const reads = readers.flatMap(({ value: resource, operations }) =>
			operations
				.filter(({ refusedAsTool }) => refusedAsTool === undefined)
				.map(({ value }) => `${resource} ${value}`),
		);
		expect([...new Set(READS.map(([name]) => name))].sort()).toEqual(reads.sort());
	});

	it.each([...new Set(READS.map(([name]) => name))])(
		'%s is called with each of its fields',
		(name) => {
			const [resource, value] = name.split(' ');
			const found = resources
				.find((one) => one.value === resource)
				?.operations.find((one) => one.value === value);
			const given = new Set(
				READS.filter(([other]) => other === name).flatMap(([, parameters]) =>
					Object.keys(parameters),
				),
			);
			const fields = (found?.fields ?? []).map((field) => field.name);
			const left = fields.filter((field) => !given.has(field) && !LEFT.has(field));
			expect(left).toEqual([]);
		},
	);
});

/** What a model has no say in, and options that only some operations have. */
const LEFT = new Set(['sessionSource', 'sessionReference', 'options', 'linkName']);
