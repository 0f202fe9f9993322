import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { DocuWare } from '../../../../nodes/DocuWare/DocuWare.node';
import { resources } from '../../../../nodes/DocuWare/resources';
import { closeVaults } from '../../../../nodes/shared/vault/place/openVault';
import { N8nEngine } from '../../../support/n8nEngine';
import { startDocuWareSimulator, type DocuWareSimulator } from '../../../simulators/DocuWare';
import { FileContent } from '../../../simulators/DocuWare/http/fileContent';
import { addSection } from '../../../simulators/DocuWare/world/documents';
import { API_USER } from '../node/support/nodeFixture';
import { DATA_OPERATIONS } from './support/dataOperations';
import { asModelGives } from './support/modelArguments';

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const PERSONNEL = '4d3b1f86-7f52-4f7c-8a9f-2b6a5d0e3c20';
const TRAY = 'b_e9f0b3c1-2d47-4e58-8b6a-1c3d5e7f9a40';

const engine = new N8nEngine(new DocuWare());

/** n8n makes a tool of a node under another name. */
const asTool = new DocuWare();
asTool.description = { ...asTool.description, name: 'docuWareTool' };
const toolEngine = new N8nEngine(asTool);

const before = { ...process.env };
let simulator: DocuWareSimulator;

beforeAll(async () => {
	process.env.N8N_ENCRYPTION_KEY = 'an encryption key for tests';
	delete process.env.DB_TYPE;
	simulator = await startDocuWareSimulator();
});

afterAll(async () => {
	await closeVaults();
	await simulator.close();
	engine.dispose();
	toolEngine.dispose();
	process.env = { ...before };
});

/** What went through the engine, as `resource operation`. */
const done = new Set<string>();

interface Run {
	items?: Array<{ json?: IDataObject; binary?: Record<string, IBinaryData> }>;
	isTool?: boolean;
	continueOnFail?: boolean;
}

/** Runs the node in n8n's engine. */
async function run(
	resource: string,
	operation: string,
	parameters: IDataObject = {},
	{ items, isTool = false, continueOnFail = false }: Run = {},
): Promise<INodeExecutionData[]> {
	const data = { platformUrl: simulator.url, ...API_USER, licenceWaitSeconds: 0 };
	const [output = []] = await (isTool ? toolEngine : engine).run({
		credentials: { docuWareApi: { id: 'credential-1', data } },
		parameters: { resource, operation, ...parameters },
		...(items === undefined ? {} : { items }),
		continueOnFail,
	});
	done.add(`${resource} ${operation}`);
	return output;
}

const id = (value: unknown): IDataObject => ({ __rl: true, mode: 'id', value }) as IDataObject;
const named = (value: string): IDataObject => ({ __rl: true, mode: 'name', value });

/** The number of a document of one file, which stands where it is read from. */
function stored(fileCabinetId = INVOICES): number {
	const { documents } = simulator.state;
	const document = documents.add({ fileCabinetId, values: {}, storedBy: 'api', storedAt: 0 });
	const content = FileContent.of(Buffer.from('%PDF a.pdf'));
	addSection(document, { name: 'a.pdf', contentType: 'application/pdf', content }, 0);
	return document.id;
}

const of = (documentId: unknown, cabinet = INVOICES): IDataObject =>
	({ fileCabinetId: id(cabinet), documentId }) as IDataObject;

/** Whatever links lead to: where clients know it, elsewhere alone, or to another server, which nothing is asked of. */
describe.each(['usual', 'other', 'foreign'] as const)(
	"in n8n's execution engine, links: %s",
	(linkPaths) => {
		beforeAll(() => simulator.configure({ linkPaths }));

		afterAll(() => simulator.configure({ linkPaths: 'usual' }));

		it('documents are put together, taken apart and brought elsewhere', async () => {
			const pair = { fileCabinetId: id(TRAY), documentIds: `${stored(TRAY)}, ${stored(TRAY)}` };
			const [stapled] = await run('document', 'staple', pair);
			const pages = await run('document', 'unstaple', of(stapled?.json.documentId, TRAY));
			const documentIds = pages.map(({ json }) => json.documentId);
			const [clipped] = await run('document', 'clip', { ...pair, documentIds } as IDataObject);
			const files = await run('document', 'unclip', of(clipped?.json.documentId, TRAY));
			expect(files).toHaveLength(2);
			const again = files.map(({ json }) => json.documentId);
			const [long] = await run('document', 'staple', {
				...pair,
				documentIds: again,
			} as IDataObject);
			const parts = await run('document', 'split', {
				...of(long?.json.documentId, TRAY),
				splitPages: '2',
			});
			expect(parts).toHaveLength(2);
			const moved = await run(
				'document',
				'transfer',
				{
					sourceFileCabinetId: id(TRAY),
					documentIds: '={{ $json.documentId }}',
					transferMode: 'move',
					fileCabinetId: named('Personnel'),
					setIndexFields: true,
					dataMode: 'json',
					json: '={{ { "Employee": $json.title } }}',
				},
				{ items: parts.map(({ json }) => ({ json: { ...json, title: 'Peggy Jenkins' } })) },
			);
			expect(moved.map(({ json }) => json.EMPLOYEE)).toEqual(['Peggy Jenkins', 'Peggy Jenkins']);
			expect(moved.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		});

		it('a document is checked out, given back, checked out again and checked in', async () => {
			const [document] = await run('document', 'transfer', {
				sourceFileCabinetId: id(TRAY),
				documentIds: stored(TRAY),
				fileCabinetId: id(PERSONNEL),
				setIndexFields: true,
				dataMode: 'json',
				json: '{"EMPLOYEE": "x"}',
			} as IDataObject);
			const versioned = of(document?.json.documentId, PERSONNEL);
			const { documents } = simulator.state;
			const found = documents.find(PERSONNEL, Number(document?.json.documentId));
			await run('document', 'checkOut', versioned);
			expect(found?.checkedOutBy).toBe('api');
			await run('document', 'undoCheckOut', versioned);
			expect(found?.checkedOutBy).toBeUndefined();
			const [out] = await run('document', 'checkOut', versioned);
			const items = [{ binary: out?.binary ?? {} }];
			const [back] = await run('document', 'checkIn', { newVersion: 'major' }, { items });
			expect(back?.json).toMatchObject({ documentId: document?.json.documentId });
			expect(found?.checkedOutBy).toBeUndefined();
			expect(found?.version).toEqual({ major: 2, minor: 0 });
		});

		it('a document is locked, stamped, annotated, given properties and deleted', async () => {
			const number = stored();
			const document = of(number);
			const found = simulator.state.documents.find(INVOICES, Number(number));
			await run('document', 'lock', document);
			expect(found?.lock?.userName).toBe('api');
			await run('document', 'unlock', document);
			expect(found?.lock).toBeUndefined();
			const field = [{ name: 'Cost centre', value: '={{ 4700 + 11 }}' }];
			await run('document', 'placeStamp', {
				...document,
				stampId: named('Approved'),
				stampFields: { field },
			});
			await run('document', 'addAnnotation', {
				...document,
				annotations: { text: [{ text: '={{ "Geprüft" }}' }] },
			});
			const seen = found?.annotations.map(({ text }) => text);
			expect(seen).toEqual([expect.stringContaining('4711'), 'Geprüft']);
			await run('document', 'setApplicationProperties', {
				...document,
				applicationProperties: { property: [{ name: 'a', value: '={{ 1 + 1 }}' }] },
			});
			const [read] = await run('document', 'getApplicationProperties', document);
			expect(read?.json.properties).toEqual({ a: '2' });
			const [deleted] = await run('document', 'delete', document);
			expect(deleted?.json.deleted).toBe(true);
			expect(simulator.state.documents.find(INVOICES, Number(number))).toBeUndefined();
		});

		it('an expression that gives nothing changes nothing, in its item alone', async () => {
			const number = stored();
			const parameters = { fileCabinetId: id(INVOICES), documentId: '={{ $json.id }}' };
			const items = [{ json: {} }, { json: { id: number } as IDataObject }];
			const output = await run('document', 'delete', parameters, { items, continueOnFail: true });
			expect(output.map(({ json }) => (json.error as { code?: string } | undefined)?.code)).toEqual(
				['DOCUWARE_EMPTY_VALUE', undefined],
			);
		});

		it('users are put into groups and roles, and taken out', async () => {
			const userId = named('peggy.jenkins');
			for (const [add, list, remove, entries] of [
				['addToGroups', 'getGroups', 'removeFromGroups', { groupIds: 'Former staff' }],
				['addToRoles', 'getRoles', 'removeFromRoles', { roleIds: ['Everyone'] }],
			] as const) {
				await run('user', add, { userId, ...entries });
				const there = await run('user', list, { userId, returnAll: true });
				expect(there.map(({ json }) => json.Name)).toContain(Object.values(entries).flat()[0]);
				await run('user', remove, { userId, ...entries });
			}
		});
	},
);

/** A read of a document, or of the directory, with every argument as text, and the rows that it gives. */
type Read = [resource: string, operation: string, parameters: IDataObject, rows: object[]];

/** Two documents of one company, the first with a file that tells it and a workflow that went over it. */
function readsOf({ state }: DocuWareSimulator): Read[] {
	const add = () => {
		const values = { COMPANY: 'Readers', AMOUNT: 1 };
		const added = { fileCabinetId: INVOICES, values, storedBy: 'api', storedAt: 0 };
		return state.documents.add(added);
	};
	const [first, second] = [add(), add()];
	const content = FileContent.of(Buffer.from('Company: Peters'));
	addSection(first, { name: 'a.txt', contentType: 'text/plain', content }, 0);
	first.properties.push({ Name: 'exported', Value: 'yes' });
	const step = { activity: 'Check', type: 'General', userName: 'api', decision: 'Approve' };
	state.workflows.add({
		...{ id: 'i-1', workflowId: 'w-1', name: 'Approval', version: 1, startedAt: 0 },
		...{ steps: [{ at: 0, ...step }], fileCabinetId: INVOICES, documentId: first.id },
	});
	const document = { fileCabinetId: named('invoices'), documentId: String(first.id) };
	const place = { documentId: first.id, fileCabinetId: INVOICES };
	const list = { returnAll: 'false', limit: '2' };
	const [api, peggy] = ['api', 'peggy.jenkins'].map((name) => ({ userId: named(name) }));
	const approval = { workflowName: 'Approval', steps: [{ number: 1, activity: 'Check' }] };
	return [
		[
			'document',
			'getApplicationProperties',
			document,
			[{ ...place, properties: { exported: 'yes' } }],
		],
		[
			'document',
			'getHistory',
			{ ...document, history: 'audit', ...list },
			[{ ...place, event: 'DocumentStored', user: 'api', date: '1970-01-01T00:00:00Z' }],
		],
		['document', 'getHistory', { ...document, history: 'workflows' }, [{ ...place, ...approval }]],
		[
			'document',
			'getLinks',
			{ ...document, returnLinks: 'links', ...list },
			[
				{ ...place, linkName: 'Other documents of this company', isInvalid: false },
				{ ...place, linkName: 'Orders', isInvalid: true },
			],
		],
		[
			'document',
			'getLinks',
			{ ...document, returnLinks: 'documents', ...list },
			[{ documentId: second.id, fileCabinetId: INVOICES, COMPANY: 'Readers', AMOUNT: 1 }],
		],
		[
			'document',
			'getRights',
			document,
			[
				{
					...{ ...place, rights: expect.arrayContaining(['General_Edit', 'Annotation_Stamp_New']) },
					missing: expect.arrayContaining(['Annotation_Hide']),
				},
			],
		],
		[
			'document',
			'getSuggestions',
			document,
			[
				{
					...place,
					suggestions: expect.arrayContaining([
						expect.objectContaining({ field: 'COMPANY', value: 'Peters', confidence: 'Green' }),
						expect.objectContaining({ field: 'AMOUNT', value: null, confidence: 'None' }),
					]),
				},
			],
		],
		[
			'stamp',
			'getAll',
			{ fileCabinetId: named('invoices'), ...list },
			[
				{ name: 'Approved', fields: [{ label: 'Cost centre', required: true }] },
				{ name: 'Paid', needsPassword: true, fields: [] },
			],
		],
		[
			'user',
			'getAll',
			{ ...list, options: { active: 'true' } },
			[
				{ Name: 'api', Active: true },
				{ Name: 'peggy.jenkins', Active: true },
			],
		],
		[
			'user',
			'get',
			{ ...peggy },
			[{ Name: 'peggy.jenkins', EMail: 'peggy.jenkins@peters-engineering.example' }],
		],
		['user', 'getGroups', { ...peggy, ...list }, [{ Name: 'Accounting', Active: true }]],
		['user', 'getRoles', { ...api, ...list }, [{ Name: 'Administrators' }]],
		['group', 'getAll', list, [{ Name: 'Accounting' }, { Name: 'Former staff', Active: false }]],
		['group', 'getUsers', { groupId: named('accounting'), ...list }, [{ Name: 'peggy.jenkins' }]],
		['role', 'getAll', list, [{ Type: 'Administrator' }, { Name: 'Invoice approval' }]],
		[
			'role',
			'getUsers',
			{ roleId: named('invoice approval'), includeGroupUsers: 'true', ...list },
			[{ Name: 'peggy.jenkins' }],
		],
		['role', 'getUsers', { roleId: named('invoice approval'), ...list }, []],
		['organization', 'getCurrent', {}, [{ Id: '1', Name: 'Peters Engineering' }]],
		[
			'viewerLink',
			'create',
			{ ...document, view: 'V' },
			[
				{
					...{ ...place, encryption: 'none', logsIn: false, validUntil: null },
					url: expect.stringMatching(`Integration\\?p=V&fc=${INVOICES}&did=${first.id}$`),
				},
			],
		],
		['workflow', 'getHistory', { workflowId: 'w-1', instanceId: 'i-1' }, [approval]],
		[
			'workflow',
			'getHistory',
			{ workflowId: 'w-1', instanceId: 'i-1', output: 'raw' },
			[{ Name: 'Approval', HistorySteps: expect.anything() }],
		],
	];
}

it("a request of one's own is sent for each item, and its pages are followed", async () => {
	const items = [{ json: { id: INVOICES } }, { json: { id: PERSONNEL } }];
	const path = '={{ "FileCabinets/" + $json.id }}';
	const cabinets = await run('customApiCall', 'call', { method: 'GET', path }, { items });
	expect(cabinets.map(({ json, pairedItem }) => [json.Name, pairedItem])).toEqual([
		['Invoices', { item: 0 }],
		['Personnel', { item: 1 }],
	]);
	const numbers = [stored(), stored(), stored()];
	const pages = await run('customApiCall', 'call', {
		...{ method: 'GET', path: `FileCabinets/${INVOICES}/Documents?Count=2` },
		options: { followNext: true },
	});
	const read = pages.flatMap(({ json }) => (json.Items as IDataObject[]).map(({ Id }) => Id));
	expect(read).toEqual(expect.arrayContaining(numbers));
});

it('what reads gives what is in DocuWare, as a tool in at most 10,000 characters', async () => {
	const reads = readsOf(simulator);
	for (const [isTool, linkPaths] of [
		[false, 'usual'],
		[false, 'other'],
		[true, 'usual'],
	] as const) {
		simulator.configure({ linkPaths });
		for (const [resource, operation, given, expected] of reads) {
			const { parameters, json } = asModelGives(given);
			const output = await run(resource, operation, parameters, { items: [{ json }], isTool });
			const rows = output.map(({ json }) => json);
			expect({ resource, operation, isTool, linkPaths, rows }).toMatchObject({ rows: expected });
			if (isTool) expect(JSON.stringify(rows).length).toBeLessThanOrEqual(10_000);
		}
	}
	simulator.configure({ linkPaths: 'usual' });
});

describe('as a tool of an AI agent', () => {
	it('what changes is refused unless a person has switched it on', async () => {
		const document = of(stored());
		await expect(run('document', 'delete', document, { isTool: true })).rejects.toMatchObject({
			message: expect.stringContaining('[DOCUWARE_NOT_FOR_AI]'),
		});
		const allowed = { ...document, allowChangesAsTool: true };
		const [deleted] = await run('document', 'delete', allowed, { isTool: true });
		expect(deleted?.json.deleted).toBe(true);
	});
});

it('every action was run, none left out', () => {
	const names = [
		...['document', 'stamp', 'user', 'group', 'role', 'workflow', 'viewerLink'],
		'customApiCall',
	];
	const all = resources
		.filter(({ value }) => names.includes(value))
		.flatMap(({ value, operations }) =>
			operations
				.filter((one) => value !== 'document' || !DATA_OPERATIONS.has(one.value))
				.map((one) => `${value} ${one.value}`),
		);
	expect(all.length).toBeGreaterThan(30);
	expect(all.filter((name) => !done.has(name))).toEqual([]);
});
