import type { IDataObject } from 'n8n-workflow';
import { resources } from '../../../../nodes/DocuWare/resources';
import type { NodeSettings } from '../../../support/n8nContext';
import type { SimulatedFileCabinet } from '../../../simulators/DocuWare/world/cabinets';
import { FileContent } from '../../../simulators/DocuWare/http/fileContent';
import { addSection, type IndexValues } from '../../../simulators/DocuWare/world/documents';
import { operation, useNode, type NodeFixture } from '../node/support/nodeFixture';
import { asModelGives } from './support/modelArguments';

const { start } = useNode();

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const LAST_YEAR = INVOICES.replace(/^a1/, 'b1');
const INBOX = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const tool: NodeSettings = { nodeType: 'n8n-nodes-exactonline-docuware.docuWareTool' };

const locator = (value: string, mode = 'name') => ({ __rl: true, mode, value });

/** Cabinets with long documents of two files, a tray with many, a trash bin, and a workflow that ran. */
async function filled(): Promise<NodeFixture> {
	const fixture = await start();
	const { state, world } = fixture.simulator;
	const invoices = world.fileCabinets.find(({ id }) => id === INVOICES) as SimulatedFileCabinet;
	world.fileCabinets.push({ ...invoices, id: LAST_YEAR, name: 'Invoices of last year' });
	const add = (fileCabinetId: string, values: IndexValues) =>
		state.documents.add({ fileCabinetId, values, storedBy: 'api', storedAt: 0 });
	const remarks = 'Long remarks. '.repeat(200);
	for (const fileCabinetId of [INVOICES, INBOX]) {
		for (let at = 0; at < 30; at += 1) {
			const values = { COMPANY: 'Peters', INVOICENO: at, REMARKS: remarks };
			const document = add(fileCabinetId, fileCabinetId === INVOICES ? values : {});
			document.properties.push({ Name: 'exported', Value: 'yes' });
			const company = at === 0 ? 'Company: Peters\n' : '';
			for (const name of ['one.txt', 'two.txt']) {
				const text = company + 'Long text of a file. '.repeat(1_000);
				const content = FileContent.of(Buffer.from(text));
				addSection(document, { name, contentType: 'text/plain', content }, 0);
			}
		}
	}
	add(LAST_YEAR, { COMPANY: 'Peters', INVOICENO: 1_234 });
	const step = { activity: 'Check', type: 'General', userName: 'api', decision: 'Approve' };
	state.workflows.add({
		...{ id: 'i-1', workflowId: 'w-1', name: 'Approval', version: 1, startedAt: 0 },
		...{ steps: [{ at: 0, ...step }], fileCabinetId: INVOICES, documentId: 1 },
	});
	for (const [at, id] of [28, 29, 30].entries()) {
		const discarded = state.documents.find(INVOICES, id);
		if (discarded) state.documents.discard(discarded, 'api', Date.UTC(2026, 0, 2, at));
	}
	const api = world.users.find(({ name }) => name === 'api')?.id ?? '';
	for (const { name, userIds } of [...(world.groups ?? []), ...(world.roles ?? [])]) {
		if (name === 'Accounting' || name === 'Invoice approval') userIds.push(api);
	}
	return fixture;
}

const cabinet = { fileCabinetId: locator('invoices') };
const document = { ...cabinet, documentId: '1' };
const list = { returnAll: 'false', limit: '2' };
const all = { returnAll: 'true', limit: '2' };
const ten = { output: 'simplified', fieldsToReturn: 'Name, Id' };
const output = { output: 'selected', fieldsToReturn: 'COMPANY, INVOICENO' };
const condition = { field: 'Company', operator: 'equals', value: 'Peters' };
const atLeast = { field: 'invoice number', operator: 'at least', value: '1.000' };
const asJson = { conditionsAs: 'json', conditionsJson: JSON.stringify([condition]), combine: 'Or' };
const inRows = { conditionsAs: 'rows', conditions: { condition: [condition] }, combine: 'And' };
const dialog = { dialogId: locator('Search by company') };
const user = { userId: locator('api') };

/** Options of a search: a second file cabinet, and documents that are usually left out. */
const searchOptions = {
	additionalCabinets: 'Invoices of last year',
	...{ includeAppended: 'true', includeCheckedOut: 'true', thousands: '.' },
};
const sort = { fields: [{ field: 'invoice number', direction: 'Desc' }] };
const link = { ...document, view: 'V', encryption: 'none', logIn: 'false' };

/**
 * Every read of the node with every argument as a model writes it, and the first rows that it gives; none stands for no
 * rows at all.
 */
const READS: Array<[name: string, parameters: IDataObject, expected: object[]]> = [
	[
		'document download',
		{ ...document, downloadFormat: 'section', sectionId: '2', options: { fileName: 'a.txt' } },
		[{ sectionCount: 2, files: [{ fileName: 'two.txt', fileSize: 21_016 }], isCut: true }],
	],
	[
		'document download',
		{ ...document, downloadFormat: 'pdf', outputField: 'data' },
		[{ sectionCount: 2, files: [{ fileName: 'one.txt' }, { fileName: 'two.txt' }] }],
	],
	['document get', { ...document, ...output }, [{ COMPANY: 'Peters', INVOICENO: 0 }]],
	['document get', { ...cabinet, documentId: '999', options: { ifNone: 'empty' } }, []],
	['document getApplicationProperties', document, [{ properties: { exported: 'yes' } }]],
	['document getCount', { ...cabinet, ...dialog, ...asJson }, [{ count: 27 }]],
	['document getCount', { ...cabinet, ...inRows }, [{ count: 27 }]],
	['document getCount', { ...cabinet, ...inRows, options: searchOptions }, [{ count: 28 }]],
	[
		'document getHistory',
		{ ...document, history: 'audit', ...list, ...ten },
		[{ documentId: 1, event: 'DocumentStored', user: 'api', date: '1970-01-01T00:00:00Z' }],
	],
	[
		'document getHistory',
		{ ...document, history: 'workflows', ...list },
		[{ documentId: 1, workflowName: 'Approval', steps: [{ activity: 'Check' }] }],
	],
	[
		'document getLinks',
		{ ...document, returnLinks: 'links', ...list },
		[
			{ linkName: 'Other documents of this company', isInvalid: false },
			{ linkName: 'Orders', isInvalid: true },
		],
	],
	[
		'document getLinks',
		{
			...{ ...document, returnLinks: 'documents', ...list, ...output },
			linkName: 'Other documents of this company',
		},
		[
			{ documentId: 2, COMPANY: 'Peters', INVOICENO: 1 },
			{ documentId: 3, COMPANY: 'Peters', INVOICENO: 2 },
		],
	],
	['document getLinks', { ...document, returnLinks: 'documents', ...list, linkName: 'Orders' }, []],
	[
		'document getRights',
		document,
		[
			{
				rights: expect.arrayContaining(['General_Search', 'General_DeleteDocuments']),
				missing: expect.arrayContaining(['Annotation_Hide']),
			},
		],
	],
	[
		'document getSections',
		{ ...document, ...ten },
		[
			{ sectionId: '1-1', fileName: 'one.txt' },
			{ sectionId: '1-2', fileName: 'two.txt' },
		],
	],
	[
		'document getSuggestions',
		document,
		[
			{
				trust: expect.any(String),
				suggestions: expect.arrayContaining([
					{
						...{ field: 'COMPANY', label: 'Company', confidence: 'Green' },
						...{ value: 'Peters', values: ['Peters'] },
					},
				]),
			},
		],
	],
	[
		'document getText',
		{ ...document, sectionId: '1', textOutput: 'document' },
		[{ documentId: 1, text: expect.stringMatching(/^Company: Peters\s+Long text/) }],
	],
	[
		'document getThumbnail',
		{ ...document, sectionId: '1', page: '1', outputField: 'data' },
		[{ sectionId: '1-1', page: 1, fileName: 'thumbnail-1.png', mediaType: 'image/png' }],
	],
	[
		'document search',
		{ ...cabinet, ...dialog, ...asJson, ...list, ...output },
		[
			{ documentId: 1, COMPANY: 'Peters', INVOICENO: 0 },
			{ documentId: 2, COMPANY: 'Peters', INVOICENO: 1 },
		],
	],
	[
		'document search',
		{ ...cabinet, ...inRows, ...all, output: 'simplified' },
		[{ documentId: 1, COMPANY: 'Peters', REMARKS: expect.stringMatching(/^Long remarks/) }],
	],
	[
		'document search',
		{
			...{ ...cabinet, ...inRows, ...list, ...output },
			sort,
			options: { ...searchOptions, totalCount: 'true' },
		},
		[
			{ documentId: 1, INVOICENO: 1_234, totalCount: 28 },
			{ documentId: 27, INVOICENO: 26, totalCount: 28 },
		],
	],
	[
		'document search',
		{
			...{ ...cabinet, ...inRows, ...list, ...output },
			conditions: { condition: [condition, atLeast] },
			options: { ...searchOptions, totalCount: 'false' },
		},
		[{ documentId: 1, INVOICENO: 1_234 }],
	],
	[
		'documentTray getDocuments',
		{ fileCabinetId: locator(INBOX, 'id'), ...all, output: 'simplified' },
		[
			{ documentId: 1, fileCabinetId: INBOX },
			{ documentId: 2, fileCabinetId: INBOX },
		],
	],
	[
		'documentTray getDocuments',
		{ fileCabinetId: locator(INBOX, 'id'), ...list, output: 'selected', fieldsToReturn: 'title' },
		[
			{ documentId: 1, title: 'one.txt' },
			{ documentId: 2, title: 'one.txt' },
		],
	],
	['documentTray getAll', { ...list, ...ten }, [{ Name: 'Inbox', IsBasket: true }]],
	['fileCabinet get', { ...cabinet, ...ten }, [{ Id: INVOICES, Name: 'Invoices' }]],
	[
		'fileCabinet getDialogs',
		{ ...cabinet, dialogType: 'Store', ...ten },
		[
			{ Type: 'Store', DisplayName: 'Store' },
			{ Type: 'Store', DisplayName: 'Store invoice' },
		],
	],
	[
		'fileCabinet getFields',
		{ ...cabinet, dialogId: locator('Store'), ...ten },
		[{ name: 'COMPANY', label: 'Company', type: 'Text', length: 255, selectList: true }],
	],
	[
		'fileCabinet getFields',
		{ fileCabinetId: locator('personnel'), ...ten, options: { includeSystemFields: 'true' } },
		[
			{ name: 'EMPLOYEE', label: 'Employee', type: 'Text', mandatory: true, system: false },
			{ name: 'NOTES', type: 'Memo', mandatory: false, system: false },
			{ system: true },
		],
	],
	[
		'fileCabinet getAll',
		{ kind: 'both', ...list, ...ten, options: { organizationId: '1' } },
		[
			{ Id: INVOICES, Name: 'Invoices', IsBasket: false },
			{ Name: 'Personnel', IsBasket: false },
		],
	],
	[
		'fileCabinet getSelectListValues',
		{ ...cabinet, dialogId: locator('Store invoice'), fieldName: 'document type', limit: '2' },
		[{ value: 'Credit note' }, { value: 'Invoice' }],
	],
	[
		'fileCabinet getSelectListValues',
		{ ...cabinet, fieldName: 'Company', limit: '2', options: { prefix: 'Pe', typed: 'false' } },
		[{ value: 'Peters' }],
	],
	[
		'fileCabinet getSelectListValues',
		{ ...cabinet, fieldName: 'invoice number', limit: '2', options: { typed: 'true' } },
		[{ value: 0 }, { value: 1 }],
	],
	[
		'group getAll',
		{ ...list, ...ten, options: { active: 'true', name: 'accounting' } },
		[{ Name: 'Accounting', Active: true }],
	],
	[
		'group getAll',
		{ ...list, ...ten, options: { active: 'false' } },
		[{ Name: 'Former staff', Active: false }],
	],
	[
		'group getUsers',
		{ groupId: locator('accounting'), ...list, ...ten },
		[{ Name: 'api' }, { Name: 'peggy.jenkins' }],
	],
	['organization getCurrent', { ...ten }, [{ Id: '1', Name: 'Peters Engineering' }]],
	['organization getAll', { ...all, ...ten }, [{ Id: '1', Name: 'Peters Engineering' }]],
	[
		'role getAll',
		{
			...{ ...list, ...ten },
			options: { active: 'true', name: 'invoice approval', type: 'Standard' },
		},
		[{ Name: 'Invoice approval', Active: true, Type: 'Standard' }],
	],
	[
		'role getUsers',
		{ roleId: locator('invoice approval'), includeGroupUsers: 'false', ...list, ...ten },
		[{ Name: 'api' }],
	],
	[
		'role getUsers',
		{ roleId: locator('invoice approval'), includeGroupUsers: 'true', ...list, ...ten },
		[{ Name: 'api' }, { Name: 'peggy.jenkins' }],
	],
	['role getUsers', { roleId: locator('everyone'), ...list, ...ten }, []],
	[
		'stamp getAll',
		{ ...cabinet, ...list, ...ten },
		[
			{ name: 'Approved', fields: [{ label: 'Cost centre', required: true, length: 20 }] },
			{ name: 'Paid', needsPassword: true, fields: [] },
		],
	],
	[
		'trashBin search',
		{
			trashConditions: {
				condition: [
					{ field: 'COMPANY', type: 'Text', operator: 'startsWith', value: 'Pet' },
					{ field: 'INVOICENO', type: 'Numeric', operator: 'to', value: '1.000' },
				],
			},
			...all,
			...ten,
			options: {
				conditionsJson: '[{"DBName": "DELETEDATETIME", "Value": ["2020-01-01", null]}]',
				thousands: '.',
			},
		},
		[{ DWDOCID: 30 }, { DWDOCID: 29 }, { DWDOCID: 28 }],
	],
	['user get', { ...user, ...ten }, [{ Name: 'api', Active: true }]],
	['user getGroups', { ...user, ...list, ...ten }, [{ Name: 'Accounting' }]],
	[
		'user getAll',
		{ ...list, ...ten, options: { active: 'true', name: 'peggy.jenkins' } },
		[{ Name: 'peggy.jenkins', LastName: 'Jenkins' }],
	],
	[
		'user getRoles',
		{ ...user, ...list, ...ten },
		[{ Name: 'Administrators' }, { Name: 'Invoice approval' }],
	],
	[
		'viewerLink create',
		{ ...link, options: { validMinutes: '30', organization: 'org-1', resultListId: 'list-1' } },
		[
			{
				...{ documentId: 1, fileCabinetId: INVOICES, encryption: 'none', logsIn: false },
				url: expect.stringMatching(
					`/WebClient/org-1/Integration\\?p=V&fc=${INVOICES}&did=1&rl=list-1&vu=20`,
				),
				validUntil: expect.any(String),
			},
		],
	],
	[
		'viewerLink create',
		{ ...link, view: 'RLV', documentId: '', linkQuery: '[COMPANY]="Peters"' },
		[
			{
				url: expect.stringMatching(`/WebClient/Integration\\?p=RLV&fc=${INVOICES}&q=`),
				validUntil: null,
			},
		],
	],
	[
		'workflow getHistory',
		{ workflowId: 'w-1', instanceId: 'i-1', ...ten },
		[{ workflowName: 'Approval', steps: [{ activity: 'Check', date: '1970-01-01T00:00:00Z' }] }],
	],
];

describe('as a tool of an AI agent, with every argument as text', () => {
	it.each(READS)(
		'%s reads with %j, and gives at most 10,000 bytes',
		async (name, given, expected) => {
			const { run } = await filled();
			const [resource = '', value = ''] = name.split(' ');
			const { parameters, json } = asModelGives(given);
			const settings = { ...tool, items: [{ json }] };
			const { items } = await run(operation(resource, value, parameters), settings);
			const rows = items.map((item) => item.json);
			const first = expected.length === 0 ? rows : rows.slice(0, expected.length);
			expect(first).toMatchObject(expected);
			expect(items.every(({ binary }) => binary === undefined)).toBe(true);
			const bytes = Buffer.byteLength(JSON.stringify(rows));
			expect(bytes).toBeLessThanOrEqual(10_000);
			expect(
				given.limit === '2' && given.returnAll === 'false' ? items.length : 0,
			).toBeLessThanOrEqual(2);
		},
	);

	it('each operation that reads is among them, and gives something', () => {
		// What answers DocuWare's question whether to store asks DocuWare for nothing, sessions are no data.
		const readers = resources.filter(({ value }) => !['session', 'validation'].includes(value));
		const reads = readers.flatMap(({ value: resource, operations }) =>
			operations
				.filter(
					({ refusedAsTool: refusal }) =>
						refusal === undefined || (typeof refusal === 'object' && 'switches' in refusal),
				)
				.map(({ value }) => `${resource} ${value}`),
		);
		const giving = READS.filter(([, , expected]) => expected.length > 0).map(([name]) => name);
		expect([...new Set(giving)].sort()).toEqual(reads.sort());
	});

	it.each([...new Set(READS.map(([name]) => name))])(
		'%s is called with each of its fields and options',
		(name) => {
			const [resource, value] = name.split(' ');
			const found = resources
				.find((one) => one.value === resource)
				?.operations.find((one) => one.value === value);
			const calls = READS.filter(([other]) => other === name).map(([, parameters]) => parameters);
			const given = new Set(calls.flatMap((parameters) => Object.keys(parameters)));
			const chosen = new Set(calls.flatMap(({ options = {} }) => Object.keys(options as object)));
			const fields = found?.fields ?? [];
			const options = fields.flatMap((field) => (field.name === 'options' ? field.options : []));
			const left = [
				...fields.filter((field) => !given.has(field.name) && !LEFT.has(field.name)),
				...(options ?? []).filter((option) => !chosen.has(option?.name ?? '')),
			];
			expect(left.map((field) => field?.name)).toEqual([]);
		},
	);
});

/** What a model has no say in. */
const LEFT = new Set(['sessionSource', 'sessionReference']);
