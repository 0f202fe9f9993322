import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
	activateWorkflow,
	importWorkflow,
	outputOf,
	projectRoot,
	readWorkflowFile,
	runWorkflow,
	searchList,
	waitForExecutions,
	webhookTrigger,
	type WorkflowFile,
	type WorkflowNode,
} from '../support/n8n';
import { awayFromMidnight } from '../support/awayFromMidnight';
import { FileContent } from '../simulators/DocuWare/http/fileContent';
import { addSection } from '../simulators/DocuWare/world/documents';
import { DOCUWARE_CREDENTIAL, DocuWareHost, docuWareNode, endings } from './support/docuWareHost';

const MANUAL = "When clicking 'Execute workflow'";
const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const ARCHIVE = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1dff';
const DAY_MS = 86_400_000;

type Row = Record<string, unknown>;

/** As the default of queue mode; at most 1 MiB in a file. */
const IN_DATABASE = {
	N8N_DEFAULT_BINARY_DATA_MODE: 'database',
	N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: '1',
};

let docuWare: DocuWareHost;

beforeAll(async () => {
	docuWare = await DocuWareHost.start({
		users: 7,
		env: { GENERIC_TIMEZONE: 'UTC', ...IN_DATABASE },
	});
	docuWare.simulator.configure({ concurrentLicences: 100 });
	const { world } = docuWare.simulator;
	const invoices = world.fileCabinets.find(({ id }) => id === INVOICES);
	if (invoices === undefined) throw new Error('There are no invoices.');
	world.fileCabinets.push({ ...invoices, id: ARCHIVE, name: 'Archive' });
});

afterAll(async () => {
	await docuWare?.dispose();
});

beforeEach(() => {
	docuWare.simulator.state.documents.clear();
	docuWare.simulator.state.resetCounters();
});

/** An example with the credential of a user whom nobody else uses. */
async function example(name: string): Promise<WorkflowFile> {
	const credential = await docuWare.credential(docuWare.newUser());
	const path = join(projectRoot, 'examples', name);
	return await readWorkflowFile(path, { [DOCUWARE_CREDENTIAL]: credential });
}

it('mail attachments: each PDF becomes a document with what the mail says, and none is stored twice', async () => {
	const file = await example('docuware-mail-attachments.json');
	const webhook = webhookTrigger('mail', 'onReceived');
	const arrives: WorkflowNode = {
		...webhook,
		...{ id: 'webhook', position: [-220, 0] },
		parameters: { ...webhook.parameters, httpMethod: 'POST' },
	};
	// What a mail holds comes with the attachments, as the trigger of mails gives it.
	const mail: WorkflowNode = {
		...{ id: 'mail', name: 'New Mail', type: 'n8n-nodes-base.set', typeVersion: 3.4 },
		position: [0, 0],
		parameters: {
			...{ mode: 'raw', jsonOutput: '={{ $json.body.mail }}' },
			...{ includeOtherFields: true, include: 'all', options: { stripBinary: false } },
		},
	};
	const nodes = file.nodes.map((node) => (node.name === mail.name ? mail : node));
	const toMail = { main: [[{ node: mail.name, type: 'main', index: 0 }]] };
	const workflow = await importWorkflow(docuWare.client, {
		...file,
		nodes: [...nodes, arrives],
		connections: { ...file.connections, [webhook.name]: toMail },
	});
	await activateWorkflow(docuWare.client, workflow);

	const pdfs = [randomBytes(3000), randomBytes(2000)];
	const form = () => {
		const body = new FormData();
		const attach = (index: number, content: Buffer, type: string, name: string) =>
			body.append(`attachment_${index}`, new Blob([new Uint8Array(content)], { type }), name);
		attach(0, pdfs[0] ?? Buffer.alloc(0), 'application/pdf', 'Invoice (1).pdf');
		attach(1, randomBytes(100), 'image/png', 'logo.png');
		attach(2, pdfs[1] ?? Buffer.alloc(0), 'application/pdf', 'Terms.pdf');
		body.append(
			'mail',
			JSON.stringify({
				subject: 'Invoice "2026-001" (April) & terms',
				date: '2026-04-07T13:30:00.000Z',
				messageId: '<1775568600.7@mail.example.com>',
				from: { value: [{ name: 'Peters & Söhne', address: 'peters@example.com' }] },
			}),
		);
		return body;
	};
	const post = async (times: number) => {
		const url = `${docuWare.client.baseUrl}/webhook/mail`;
		for (;;) {
			const response = await fetch(url, { method: 'POST', body: form() });
			await response.text();
			if (response.ok) break;
			// n8n registers a webhook a moment after the activation.
			if (response.status !== 404) throw new Error(`The webhook answered ${response.status}.`);
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		const [latest] = await waitForExecutions(docuWare.client, workflow.id, times);
		if (latest === undefined) throw new Error('Nothing ran.');
		// n8n's webhook takes the files of a form in the order in which they are on its disk.
		const byFileName = ({ REMARKS: a }: Row, { REMARKS: b }: Row) =>
			String(a).localeCompare(String(b));
		return outputOf(latest, 'Store Document')
			.map(({ json }) => json)
			.sort(byFileName);
	};
	const values = { COMPANY: 'Peters & Söhne', DOCTYPE: 'Invoice', STATUS: 'To approve' };
	const stored = await post(1);
	expect(stored).toEqual(
		['Invoice (1).pdf', 'Terms.pdf'].map((name) =>
			expect.objectContaining({
				...values,
				created: true,
				RECEIVED: '2026-04-07T13:30:00Z',
				REMARKS: expect.stringContaining(`(April) & terms\n${name}, <1775568600.7@`),
			}),
		),
	);
	const again = await post(2);
	const outcome = (rows: Row[]) => rows.map(({ documentId, skipped }) => [documentId, skipped]);
	expect(outcome(again)).toEqual(stored.map(({ documentId }) => [documentId, true]));
	const byId = new Map(
		docuWare.simulator.state.documents
			.inCabinet(INVOICES)
			.map(({ id, sections }) => [id, sections.map(({ content }) => content.sha256)]),
	);
	expect(byId.size).toBe(pdfs.length);
	expect(stored.map(({ documentId }) => byId.get(Number(documentId)))).toEqual(
		pdfs.map((content) => [FileContent.of(content).sha256]),
	);
});

it('nightly export: the documents of the day before come as a spreadsheet', async () => {
	await awayFromMidnight(60_000);
	const { documents } = docuWare.simulator.state;
	const store = (COMPANY: string, storedAt: number) =>
		documents.add({
			fileCabinetId: INVOICES,
			values: { COMPANY, AMOUNT: 12.5, KEYWORDS: ['paid', 'urgent'] },
			...{ storedBy: 'api', storedAt },
		}).id;
	const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
	store('Too Early', midnight - DAY_MS - 1000);
	const wanted = [store('Early', midnight - DAY_MS), store('Late (UK)', midnight - 1000)];
	store('Today', midnight);
	const file = await example('docuware-nightly-search-export.json');
	const { id } = await importWorkflow(docuWare.client, file);
	const execution = await runWorkflow(docuWare.client, id, MANUAL);
	expect(endings([execution])).toEqual({ success: 1 });
	const found = outputOf(execution, 'Stored Yesterday').map(({ json }) => json.documentId);
	expect(found).toEqual(wanted);
	expect(outputOf(execution, 'Spreadsheet')[0]?.binary?.data).toMatchObject({
		fileExtension: 'xlsx',
		fileName: expect.stringMatching(/^Invoices of \d{4}-\d\d-\d\d\.xlsx$/),
	});
});

/** Invoices in each state that the example tells apart. */
function storeInvoices(): void {
	const { simulator } = docuWare;
	simulator.addDocuments(INVOICES, [
		{ COMPANY: 'Peters', STATUS: 'To approve', AMOUNT: 120.5 },
		{ COMPANY: 'Meier', STATUS: 'To approve', AMOUNT: 900 },
		{ COMPANY: 'Müller', STATUS: 'To approve', AMOUNT: 500 },
		{ COMPANY: 'Schmidt', STATUS: 'Paid', AMOUNT: 10 },
	]);
	for (const document of simulator.state.documents.inCabinet(INVOICES)) {
		const content = FileContent.of(Buffer.from('%PDF invoice'));
		addSection(document, { name: 'a.pdf', contentType: 'application/pdf', content }, Date.now());
	}
}

it('approve and move: small invoices are approved and moved, once, and the others left', async () => {
	const { simulator, client } = docuWare;
	const { documents } = simulator.state;
	storeInvoices();
	const { id } = await importWorkflow(client, await example('docuware-approve-and-move.json'));
	const execution = await runWorkflow(client, id, MANUAL);
	const again = await runWorkflow(client, id, MANUAL);
	expect(endings([execution, again])).toEqual({ success: 2 });

	const moved = outputOf(execution, 'Move to Archive').map(({ json }) => json);
	expect(moved.map(({ COMPANY, STATUS, AMOUNT }) => [COMPANY, STATUS, AMOUNT])).toEqual([
		['Peters', 'Approved', 120.5],
		['Müller', 'Approved', 500],
	]);
	expect(documents.inCabinet(INVOICES).map(({ values }) => values.COMPANY)).toEqual([
		'Meier',
		'Schmidt',
	]);
	expect(documents.inCabinet(ARCHIVE)).toHaveLength(2);
	expect(simulator.counters.logOns).toEqual({ password: 1, token: 0 });
});

it('approve and move: a document that cannot be moved keeps no other from it, and is moved by the next run', async () => {
	const { simulator, client } = docuWare;
	const { documents } = simulator.state;
	storeInvoices();
	const where = { method: 'POST', path: /Task\/Transfer$/i };
	simulator.faults.push({ kind: 'status', status: 403, where });
	const { id } = await importWorkflow(client, await example('docuware-approve-and-move.json'));
	const companies = () => documents.inCabinet(ARCHIVE).map(({ values }) => values.COMPANY);

	const execution = await runWorkflow(client, id, MANUAL);
	expect(endings([execution])).toEqual({ success: 1 });
	expect(simulator.faults.size).toBe(0);
	expect(companies()).toEqual(['Müller']);

	const again = await runWorkflow(client, id, MANUAL);
	expect(endings([again])).toEqual({ success: 1 });
	expect(companies()).toEqual(['Müller', 'Peters']);
	expect(documents.inCabinet(INVOICES)).toHaveLength(2);
});

it("n8n's database keeps files up to its limit: one goes through it and back, a larger one is refused with the variables to change", async () => {
	const { simulator } = docuWare;
	const credentials = { [DOCUWARE_CREDENTIAL]: await docuWare.credential(docuWare.newUser()) };
	const contents = [randomBytes(1024 * 1024), randomBytes(1024 * 1024 + 1)];
	const [small, large] = contents.map((bytes, index) => {
		const at = simulator.state.documents.add({
			...{ fileCabinetId: INVOICES, values: { COMPANY: `File ${index}` } },
			...{ storedBy: 'api', storedAt: 0 },
		});
		const content = FileContent.of(bytes);
		addSection(at, { name: `${index}.pdf`, contentType: 'application/pdf', content }, 0);
		return at.id;
	});
	const node = (name: string, operation: string, parameters: object): WorkflowNode => ({
		...docuWareNode(credentials, { resource: 'document', operation, ...parameters }),
		...{ name, onError: 'continueRegularOutput' },
	});
	const invoices = { __rl: true, mode: 'id', value: INVOICES };
	const execution = await docuWare.runOnce(
		node('Search', 'search', { fileCabinetId: invoices, returnAll: true }),
		node('Download', 'download', {
			fileCabinetId: invoices,
			documentId: '={{ $json.documentId }}',
		}),
		node('Upload', 'upload', { fileCabinetId: { ...invoices, value: ARCHIVE } }),
	);
	const [kept, refused] = outputOf(execution, 'Download');
	expect(kept?.json).toMatchObject({ documentId: small });
	// It shows that n8n did use its database.
	expect(kept?.binary?.data).toMatchObject({ id: expect.stringMatching(/^database:/) });
	expect(refused?.binary).toBeUndefined();
	expect(JSON.stringify(refused)).toContain('DOCUWARE_FILE_TOO_LARGE');
	for (const variable of Object.keys(IN_DATABASE))
		expect(JSON.stringify(refused)).toContain(variable);
	expect(JSON.stringify(refused)).toContain(`"1.pdf\\" has ${contents[1]?.length} bytes`);
	expect(large).toBeGreaterThan(small ?? 0);
	const archived = simulator.state.documents.inCabinet(ARCHIVE);
	expect(archived.flatMap(({ sections }) => sections.map(({ content }) => content.sha256))).toEqual(
		[FileContent.of(contents[0] ?? Buffer.alloc(0)).sha256],
	);
});

it('the value of a condition, and that of an index field, is chosen from the values of the field in its row', async () => {
	const { client, simulator } = docuWare;
	const credentials = { [DOCUWARE_CREDENTIAL]: await docuWare.credential(docuWare.newUser()) };
	simulator.addDocuments(INVOICES, [{ COMPANY: 'Peters' }, { COMPANY: 'Meier' }]);
	const fileCabinetId = { __rl: true, mode: 'id', value: INVOICES };
	const request = {
		...{ nodeType: 'n8n-nodes-exactonline-docuware.docuWare', credentials },
		methodName: 'searchFieldValues',
	};
	const all = await searchList(client, {
		...request,
		path: 'parameters.conditions.condition[1].value',
		parameters: {
			...{
				authentication: 'userPassword',
				resource: 'document',
				operation: 'search',
				fileCabinetId,
			},
			conditions: { condition: [{ field: 'STATUS' }, { field: 'COMPANY', operator: 'is' }] },
		},
	});
	expect(all.results.map(({ value }) => value)).toEqual(['Meier', 'Peters']);
	const typed = {
		...request,
		path: 'parameters.indexFieldRows.row[0].value',
		parameters: {
			...{ authentication: 'userPassword', resource: 'document' },
			...{ operation: 'updateIndexFields', fileCabinetId },
			indexFieldRows: { row: [{ field: 'COMPANY' }] },
		},
	};
	expect((await searchList(client, typed, 'pe')).results.map(({ value }) => value)).toEqual([
		'Peters',
	]);
});
