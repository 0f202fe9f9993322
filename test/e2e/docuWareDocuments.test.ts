import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outputOf, runWorkflow, type CredentialReference, type WorkflowNode } from '../support/n8n';
import type { SimulatedFileCabinet } from '../simulators/DocuWare';
import {
	DOCUWARE_CREDENTIAL,
	DocuWareHost,
	docuWareNode,
	UNDER_TEST,
} from './support/docuWareHost';

const MB = 1_000_000;

const HITS = 25_000;

let docuWare: DocuWareHost;
let credential: CredentialReference;
/** The folder that n8n may read and write. */
let folder: string;

beforeAll(async () => {
	docuWare = await DocuWareHost.start({ users: 1 });
	credential = await docuWare.credential(docuWare.newUser());
	folder = join(docuWare.host.userFolder, '.n8n-files');
	for (const name of ['scans', 'back', 'large']) {
		await mkdir(join(folder, name), { recursive: true });
	}
});

afterAll(async () => {
	await docuWare?.dispose();
});

beforeEach(() => docuWare.simulator.state.resetCounters());

const byName = (value: string) => ({ __rl: true, mode: 'name', value });

/** An operation of a document, by the names of cabinets as users give them. */
function documentNode(
	name: string,
	operation: string,
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): WorkflowNode {
	const all = { resource: 'document', operation, fileCabinetId: byName('Invoices'), ...parameters };
	return { ...docuWareNode({ [DOCUWARE_CREDENTIAL]: credential }, all), name, ...settings };
}

const fields = (value: Record<string, unknown>) => ({
	indexFields: { mappingMode: 'defineBelow', value },
});

const conditions = (...condition: Array<Record<string, unknown>>) => ({
	conditions: { condition },
});

function filesNode(name: string, parameters: Record<string, unknown>): WorkflowNode {
	return { name, type: 'n8n-nodes-base.readWriteFile', typeVersion: 1, parameters };
}

const readFiles = (pattern: string) =>
	filesNode('Folder', {
		operation: 'read',
		fileSelector: join(folder, pattern),
		options: {},
	});

/** A file cabinet with the fields of *Invoices* that nobody else uses. */
function newCabinet(name: string, id: string): SimulatedFileCabinet {
	const { world } = docuWare.simulator;
	const invoices = world.fileCabinets.find((cabinet) => cabinet.name === 'Invoices');
	if (invoices === undefined) throw new Error('There is no cabinet to copy.');
	const made = { ...invoices, id, name };
	world.fileCabinets.push(made);
	return made;
}

/** Documents of a cabinet: number, values and hash of the first file. */
const stored = (cabinetId: string) =>
	docuWare.simulator.state.documents
		.inCabinet(cabinetId)
		.map(({ id, values, sections }) => ({ id, values, sha256: sections[0]?.content.sha256 }));

const invoicesId = () => {
	const { fileCabinets } = docuWare.simulator.world;
	return fileCabinets.find(({ name }) => name === 'Invoices')?.id ?? '';
};

const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex');

/** Scans whose names say what they are. */
const SCANS = new Map(
	[
		'2026-04-07_Peters (Ltd)_1001_12,50.pdf',
		'2026-04-08_Müller & Söhne_1002_1.234,50.pdf',
		'2026-04-09_日本 Trading_1003_99.pdf',
	].map((name, index) => [name, randomBytes(20_000 + index)]),
);

it('a folder of scans is stored with typed fields, found, and comes back byte for byte; twice stores no second copy', async () => {
	for (const [name, content] of SCANS) await writeFile(join(folder, 'scans', name), content);
	const part = (index: number) =>
		`={{ $json.fileName.replace(/\\.pdf$/, '').split('_')[${index}] }}`;
	const execution = await docuWare.runOnce(
		readFiles('scans/*.pdf'),
		documentNode('Upload', 'upload', {
			...fields({
				INVOICEDATE: part(0),
				COMPANY: part(1),
				INVOICENO: part(2),
				AMOUNT: part(3),
				KEYWORDS: ['scanned', 'new'],
			}),
			ifExists: 'skip',
			matchFields: ['INVOICENO', 'COMPANY'],
		}),
		documentNode(
			'Search',
			'search',
			{
				...conditions(
					{ field: 'INVOICENO', operator: 'between', value: '1001', valueTo: '1003' },
					{ field: 'KEYWORDS', operator: 'is', value: 'scanned' },
				),
				returnAll: true,
			},
			{ executeOnce: true },
		),
		documentNode('Download', 'download', { documentId: '={{ $json.documentId }}' }),
		filesNode('Back', {
			operation: 'write',
			fileName: `=${join(folder, 'back')}/{{ $binary.data.fileName }}`,
			options: {},
		}),
	);
	expect(outputOf(execution, 'Back')).toHaveLength(SCANS.size);
	const found = outputOf(execution, 'Search').map(({ json }) => json);
	expect(found).toEqual(
		[
			{ COMPANY: 'Peters (Ltd)', INVOICENO: 1001, INVOICEDATE: '2026-04-07', AMOUNT: 12.5 },
			{ COMPANY: 'Müller & Söhne', INVOICENO: 1002, INVOICEDATE: '2026-04-08', AMOUNT: 1234.5 },
			{ COMPANY: '日本 Trading', INVOICENO: 1003, INVOICEDATE: '2026-04-09', AMOUNT: 99 },
		].map((values) => expect.objectContaining({ ...values, KEYWORDS: ['scanned', 'new'] })),
	);
	const back = await readdir(join(folder, 'back'));
	expect(back.sort()).toEqual([...SCANS.keys()].sort());
	for (const name of back) {
		const content = await readFile(join(folder, 'back', name));
		expect(content.equals(SCANS.get(name) ?? Buffer.alloc(0))).toBe(true);
	}

	const before = stored(invoicesId());
	expect(before).toHaveLength(SCANS.size);
	const again = await runWorkflow(docuWare.client, execution.workflowId);
	const outcomes = outputOf(again, 'Upload').map(({ json }) => [json.documentId, json.skipped]);
	expect(outcomes).toEqual(before.map(({ id }) => [id, true]));
	expect(stored(invoicesId())).toEqual(before);
	expect(docuWare.simulator.counters.logOns).toEqual({ password: 1, token: 0 });
});

it('a table gets its rows, and no other field changes; the document moves to another cabinet with its file', async () => {
	const archive = newCabinet('Archive', 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d20');
	const [document] = stored(invoicesId());
	if (document === undefined) throw new Error('Nothing is stored.');
	const rows = [
		{ Article: 'Bolt', Quantity: '3', Price: '1,25', Delivered: '2026-04-01' },
		{ POSIT_ARTICLE: 'Nut (small)', POSIT_QUANTITY: 4 },
	];
	const execution = await docuWare.runOnce(
		{
			...{ name: 'Rows', type: 'n8n-nodes-base.set', typeVersion: 3.4 },
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ rows }), options: {} },
		},
		documentNode('Update', 'updateIndexFields', {
			documentId: String(document.id),
			...fields({ POSITIONS: '={{ $json.rows }}', STATUS: 'Checked' }),
		}),
		documentNode('Get', 'get', { documentId: '={{ $json.documentId }}' }),
		documentNode('Move', 'transfer', {
			sourceFileCabinetId: byName('Invoices'),
			documentIds: '={{ $json.documentId }}',
			transferMode: 'move',
			fileCabinetId: byName('Archive'),
			setIndexFields: true,
			...fields({ STATUS: 'Archived' }),
		}),
		documentNode('Download', 'download', {
			fileCabinetId: byName('Archive'),
			documentId: '={{ $json.documentId }}',
		}),
	);
	const positions = [
		{
			POSIT_ARTICLE: 'Bolt',
			POSIT_QUANTITY: 3,
			POSIT_PRICE: 1.25,
			POSIT_DELIVERED: '2026-04-01',
		},
		expect.objectContaining({ POSIT_ARTICLE: 'Nut (small)', POSIT_QUANTITY: 4 }),
	];
	const kept = { COMPANY: 'Peters (Ltd)', INVOICENO: 1001, AMOUNT: 12.5 };
	expect(outputOf(execution, 'Get')[0]?.json).toMatchObject({
		...kept,
		...{ POSITIONS: positions, STATUS: 'Checked', KEYWORDS: ['scanned', 'new'] },
	});
	expect(outputOf(execution, 'Move')[0]?.json).toMatchObject({
		...kept,
		...{ POSITIONS: positions, STATUS: 'Archived', fileCabinetId: archive.id },
	});
	expect(stored(invoicesId()).map(({ id }) => id)).not.toContain(document.id);
	expect(stored(archive.id).map(({ sha256 }) => sha256)).toEqual([document.sha256]);
	expect(outputOf(execution, 'Download')[0]?.binary?.data).toMatchObject({
		fileName: [...SCANS.keys()][0],
		mimeType: 'application/pdf',
	});
});

it('100 MB go up in parts, although the session is revoked half-way', async () => {
	const { simulator } = docuWare;
	const content = randomBytes(100 * MB);
	await writeFile(join(folder, 'large/Archive.bin'), content);
	const nextPart = () =>
		simulator.holds.hold('platform.received', { where: { path: /ChunkedUploads/ } });
	let hold = nextPart();
	const running = docuWare.runOnce(
		readFiles('large/*.bin'),
		documentNode(UNDER_TEST, 'upload', {
			...fields({ COMPANY: 'Large', INVOICENO: 5000 }),
			output: 'selected',
		}),
	);
	for (let part = 2; ; part += 1) {
		const held = await hold.waiting();
		if (part === 5) {
			expect(simulator.revokeSessions()).toBe(1);
			held.release();
			break;
		}
		hold = nextPart();
		held.release();
	}
	const execution = await running;
	const [document] = outputOf(execution, UNDER_TEST);
	expect(document?.json).toMatchObject({ created: true, INVOICENO: 5000, fileSize: 100 * MB });
	const large = stored(invoicesId()).filter(({ values }) => values['COMPANY'] === 'Large');
	expect(large.map(({ sha256 }) => sha256)).toEqual([hash(content)]);
	expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
	expect(simulator.counters.unauthorized).toMatchObject({ licence: 0 });
});

it('25,000 hits come whole, each once, beyond what DocuWare gives for one search', async () => {
	const many = newCabinet('Many', 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d30');
	const companies = ['Peters (UK)', 'Miller'];
	docuWare.simulator.addDocuments(
		many.id,
		Array.from({ length: HITS }, (_none, index) => ({
			COMPANY: companies[index % companies.length],
			INVOICENO: index,
		})),
	);
	// Most documents meet several of the conditions.
	const execution = await docuWare.runOnce(
		documentNode(UNDER_TEST, 'search', {
			fileCabinetId: byName('Many'),
			...conditions(
				{ field: 'COMPANY', operator: 'is', value: 'Peters (UK)' },
				{ field: 'COMPANY', operator: 'startsWith', value: 'Mill' },
				{ field: 'INVOICENO', operator: 'from', value: '1000' },
			),
			...{ combine: 'Or', returnAll: true, output: 'selected', fieldsToReturn: ['INVOICENO'] },
		}),
	);
	const numbers = outputOf(execution, UNDER_TEST).map(({ json }) => json.INVOICENO);
	expect(numbers).toEqual(Array.from({ length: HITS }, (_none, index) => index));
});
