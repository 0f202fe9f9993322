import { join } from 'node:path';
import { addDemoInvoices, demoWorld } from '../../scripts/demoWorld';
import { startDocuWareSimulator, type DocuWareSimulator } from '../simulators/DocuWare';
import { FIRST_DIVISION } from '../simulators/ExactOnline';
import {
	createCredential,
	deactivateWorkflow,
	importWorkflow,
	projectRoot,
	publishWorkflow,
	readWorkflowFile,
	runWorkflow,
	waitForExecutions,
	type CredentialReference,
	type Workflow,
} from '../support/n8n';
import { until } from '../support/until';
import { DOCUWARE_CREDENTIAL } from './support/docuWareHost';
import { EXACT_CREDENTIAL, ExactHost } from './support/exactHost';
import { EVERY_TWO_SECONDS } from './support/startedItems';

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const SECRET_CREDENTIAL = 'docuWareWebhookSecretApi';
const STORE_DIALOG = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d12';

/** In place of what an example has: what polls does so every two seconds, and a busy machine may take its time to answer. */
const OF_TEST = { pollTimes: EVERY_TWO_SECONDS, answerLimit: 60 };

let exact: ExactHost;
let docuWare: DocuWareSimulator;
const credentials: Record<string, CredentialReference> = {};

beforeAll(async () => {
	const world = demoWorld();
	docuWare = await startDocuWareSimulator({
		world,
		switches: {
			perMinuteLimits: { filecabinets: 10_000 },
			receiverTimeoutSeconds: 2 * OF_TEST.answerLimit,
		},
	});
	exact = await ExactHost.start({ identities: 1, env: { GENERIC_TIMEZONE: 'UTC' } });
	credentials[EXACT_CREDENTIAL] = await exact.connectedCredential(exact.newIdentity(), 'Exact');
	const [user] = world.users;
	credentials[DOCUWARE_CREDENTIAL] = await createCredential(
		exact.client,
		DOCUWARE_CREDENTIAL,
		'DocuWare',
		{ platformUrl: docuWare.url, userName: user?.name, password: user?.password },
	);
});

afterAll(async () => {
	await exact?.dispose();
	await docuWare?.close();
});

/** An example, published with the credentials of this test. */
async function published(name: string): Promise<Workflow> {
	const file = await readWorkflowFile(join(projectRoot, 'examples', name), credentials);
	const nodes = file.nodes.map((node) => {
		const given = node.parameters ?? {};
		const own = Object.entries(OF_TEST).filter(([field]) => given[field] !== undefined);
		return { ...node, parameters: { ...given, ...Object.fromEntries(own) } };
	});
	const workflow = await importWorkflow(exact.client, { ...file, nodes });
	expect(await publishWorkflow(exact.client, workflow)).toEqual({
		status: 'published',
		problems: [],
	});
	return workflow;
}

const rows = (endpoint: string) => exact.simulator.rows(FIRST_DIVISION, endpoint);
const documents = () => docuWare.state.documents.inCabinet(INVOICES);

/** What a person stores in the web client. */
const storedByPerson = async (values: Record<string, unknown>, text: string) =>
	await docuWare.storeThroughDialog({
		...{ fileCabinetId: INVOICES, dialogId: STORE_DIALOG, values },
		file: { name: 'invoice.pdf', contentType: 'application/pdf', text },
	});

it('approved purchase invoices are booked with their file, once, and a wrong one keeps none back', async () => {
	const supplier = rows('crm/Accounts').find(({ IsSupplier }) => IsSupplier === true);
	const workflow = await published('docuware-approved-invoices-to-exact-online.json');
	const invoice = {
		...{ COMPANY: 'Peters & Söhne', AMOUNT: 121.5, INVOICEDATE: '2026-03-31' },
		STATUS: 'To approve',
	};
	const known = String(supplier?.['Code']).trim();
	await storedByPerson({ ...invoice, INVOICENO: 4711, SUPPLIERNO: known }, '%PDF known');
	await storedByPerson({ ...invoice, INVOICENO: 4712, SUPPLIERNO: '987654' }, '%PDF unknown');
	const approve = (...ids: number[]) =>
		docuWare.changeDocuments({ fileCabinetId: INVOICES, ids, values: { STATUS: 'Approved' } });
	const statuses = () => documents().map(({ values }) => values['STATUS']);

	approve(1, 2);
	await until(() => !statuses().includes('Approved'));
	expect(statuses()).toEqual(['Booked', 'Not booked']);
	expect(documents()[1]?.values['REMARKS']).toContain('987654');
	const [entry, ...others] = rows('purchaseentry/PurchaseEntries');
	expect(others).toEqual([]);
	expect(entry).toMatchObject({ Supplier: supplier?.['ID'], YourRef: '4711', AmountFC: 121.5 });
	const attached = () =>
		rows('documents/DocumentAttachments').filter(
			({ Document }) => Document === entry?.['Document'],
		);
	expect(attached()).toEqual([
		expect.objectContaining({
			FileName: 'invoice.pdf',
			Attachment: Buffer.from('%PDF known').toString('base64'),
		}),
	]);

	approve(1);
	await until(() => !statuses().includes('Approved'));
	expect(statuses()).toEqual(['Booked', 'Not booked']);
	expect(rows('purchaseentry/PurchaseEntries')).toHaveLength(1);
	expect(attached()).toHaveLength(1);

	// Exact Online takes the entry and refuses its file: whoever reads "Not booked" books it once more by hand.
	await storedByPerson({ ...invoice, INVOICENO: 4713, SUPPLIERNO: known }, '%PDF refused');
	exact.simulator.faults.api.push({
		kind: 'status',
		status: 400,
		where: { method: 'POST', path: /documents\/Documents$/ },
	});
	approve(3);
	await until(() => !statuses().includes('Approved'));
	expect(exact.simulator.faults.api.size).toBe(0);
	expect(documents()[2]?.values).toMatchObject({
		STATUS: 'Booked without file',
		REMARKS: expect.stringMatching(/^Purchase entry \d+ has no file: /),
	});
	approve(3);
	await until(() => !statuses().includes('Approved'));
	expect(statuses()).toEqual(['Booked', 'Not booked', 'Booked']);
	expect(rows('purchaseentry/PurchaseEntries')).toHaveLength(2);

	addDemoInvoices(docuWare, exact.simulator);
	const inDemo = documents().filter(({ values }) => values['STATUS'] === 'To approve');
	expect(inDemo).toHaveLength(3);
	approve(...inDemo.map(({ id }) => id));
	await until(() => !statuses().includes('Approved'));
	expect(inDemo.map(({ values }) => values['STATUS'])).toEqual(['Booked', 'Booked', 'Booked']);
	const booked = rows('purchaseentry/PurchaseEntries').map(({ YourRef: number }) => number);
	expect(booked.sort()).toEqual(['1001', '1002', '1003', '4711', '4713']);
	await deactivateWorkflow(exact.client, workflow.id);
});

it('new sales invoices are archived with their PDF and index fields, once, and one without a PDF is told', async () => {
	docuWare.state.documents.clear();
	const workflow = await published('exact-online-sales-invoices-to-docuware.json');
	const [customer] = rows('crm/Accounts');
	/** An invoice that was printed, or was given a number without that. */
	const printed = (number: number, pdf: string | undefined, customerName = customer?.['Name']) => {
		const [document] =
			pdf === undefined
				? []
				: exact.simulator.addRows(FIRST_DIVISION, 'documents/Documents', [
						{ Subject: String(number), Type: 10 },
					]);
		if (document !== undefined && pdf !== undefined) {
			exact.simulator.addRows(FIRST_DIVISION, 'documents/DocumentAttachments', [
				{
					...{ Document: document['ID'], FileName: `${number}.pdf` },
					Attachment: Buffer.from(pdf).toString('base64'),
				},
			]);
		}
		exact.simulator.addRows(FIRST_DIVISION, 'salesinvoice/SalesInvoices', [
			{
				...{ OrderedBy: customer?.['ID'], OrderedByName: customerName, Journal: '70' },
				...{ InvoiceNumber: number, InvoiceDate: '2026-03-31T00:00:00', AmountFC: 242 },
				...{ Status: 50, Document: document?.['ID'] ?? null },
			},
		]);
	};
	exact.simulator.addRows(FIRST_DIVISION, 'salesinvoice/SalesInvoices', [
		{ OrderedBy: customer?.['ID'], Journal: '70', Status: 20 },
	]);
	printed(24_700_001, '%PDF one');
	printed(24_700_002, undefined);
	printed(24_700_003, '%PDF three');
	printed(24_700_004, undefined);
	printed(24_700_005, '%PDF of a customer without a name', '');
	await until(() => documents().length === 2);
	const [first] = documents();
	expect(first?.values).toMatchObject({
		...{ COMPANY: customer?.['Name'], DOCTYPE: 'Sales invoice', AMOUNT: 242 },
		...{ INVOICENO: 24_700_001, STATUS: 'Sent', INVOICEDATE: Date.UTC(2026, 2, 31) },
	});
	expect(first?.sections.map(({ content }) => content.bytes().toString())).toEqual(['%PDF one']);
	const executions = await waitForExecutions(exact.client, workflow.id, 1);
	const failed = executions.filter(({ status }) => status === 'error');
	// One execution, or one for each poll that has seen some of them; each failure is named by one.
	const told = failed.flatMap(
		({ error }) => error?.message.match(/\d+(?= was not archived)/g) ?? [],
	);
	expect(told.sort()).toEqual(['24700002', '24700004', '24700005']);

	exact.simulator.changeRows(FIRST_DIVISION, 'salesinvoice/SalesInvoices', { Remarks: 'x' });
	await waitForExecutions(exact.client, workflow.id, executions.length + 1);
	expect(documents()).toHaveLength(2);
	await deactivateWorkflow(exact.client, workflow.id);
});

it('an invoice of an unknown supplier, or one that was booked before, is refused before it is stored', async () => {
	docuWare.state.documents.clear();
	const validationSecret = 'secret-of-this-validation';
	credentials[SECRET_CREDENTIAL] = await createCredential(exact.client, SECRET_CREDENTIAL, 'S', {
		validationSecret,
	});
	const workflow = await published('docuware-validate-invoices-before-storing.json');
	const trigger = workflow.nodes.find(({ name }) => name === 'Before Storing');
	const webhookId = String(trigger?.['webhookId']);
	const address = `webhook/${webhookId}/${webhookId}/${validationSecret}`;
	const dialog = { fileCabinetId: INVOICES, dialogId: STORE_DIALOG };
	docuWare.validations.configure({ ...dialog, url: `${exact.client.baseUrl}/${address}` });
	expect(await docuWare.validations.test(dialog)).toHaveProperty('available', true);

	const supplier = rows('crm/Accounts').find(({ IsSupplier }) => IsSupplier === true);
	exact.simulator.addRows(FIRST_DIVISION, 'purchaseentry/PurchaseEntries', [
		{ Supplier: supplier?.['ID'], Journal: '60', YourRef: '8001', EntryNumber: 20_200_077 },
	]);
	const store = async (COMPANY: unknown, INVOICENO: number) =>
		await storedByPerson({ COMPANY, INVOICENO, AMOUNT: 5.3 }, '%PDF');
	const notFilledIn = {
		stored: false,
		reason: 'Fill in the supplier and the invoice number.',
	};
	expect(await storedByPerson({ INVOICENO: 1 }, '%PDF')).toEqual(notFilledIn);
	expect(await storedByPerson({ COMPANY: supplier?.['Name'] }, '%PDF')).toEqual(notFilledIn);
	expect(await store("Nobody's & Sons", 1)).toEqual({
		stored: false,
		reason: "There is no supplier named Nobody's & Sons in Exact Online.",
	});
	expect(await store(supplier?.['Name'], 8001)).toEqual({
		stored: false,
		reason: expect.stringMatching(
			/^Invoice 8001 of .* is booked already, as purchase entry 20200077/,
		),
	});
	expect(documents()).toEqual([]);
	expect(await store(supplier?.['Name'], 8002)).toEqual({ stored: true, documentId: 1 });
	docuWare.validations.configure(dialog);
	await deactivateWorkflow(exact.client, workflow.id);
});

it.each([
	'exact-online-access-token.json',
	'exact-online-customers.json',
	'exact-online-keep-alive.json',
	'exact-online-spreadsheet-to-invoices.json',
])('%s runs by hand', async (name) => {
	const file = await readWorkflowFile(join(projectRoot, 'examples', name), credentials);
	const { id } = await importWorkflow(exact.client, file);
	const execution = await runWorkflow(exact.client, id, "When clicking 'Execute workflow'");
	expect([execution.status, execution.error?.message]).toEqual(['success', undefined]);
});
