import { join } from 'node:path';
import {
	importWorkflow,
	outputOf,
	projectRoot,
	readWorkflowFile,
	runWorkflow,
} from '../support/n8n';
import {
	DOCUWARE_CREDENTIAL,
	DocuWareHost,
	docuWareNode,
	endings,
	UNDER_TEST,
} from './support/docuWareHost';

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const DAY_MS = 86_400_000;
const HITS = 25_000;

let docuWare: DocuWareHost;

beforeAll(async () => {
	docuWare = await DocuWareHost.start({ users: 2, env: { GENERIC_TIMEZONE: 'UTC' } });
});

afterAll(async () => {
	await docuWare?.dispose();
});

beforeEach(() => docuWare.simulator.state.documents.clear());

function store(COMPANY: string, storedAt: number): number {
	const { documents } = docuWare.simulator.state;
	const values = { COMPANY, AMOUNT: 12.5, KEYWORDS: ['paid', 'urgent'] };
	return documents.add({ fileCabinetId: INVOICES, values, storedBy: 'api', storedAt }).id;
}

it('a search finds 25,000 documents, each once', async () => {
	for (let at = 0; at < HITS; at += 1) store(at % 2 === 0 ? 'Peters (UK)' : 'Miller', 0);
	const credential = await docuWare.credential(docuWare.newUser());
	const execution = await docuWare.runOnce(
		docuWareNode(
			{ [DOCUWARE_CREDENTIAL]: credential },
			{
				...{ authentication: 'userPassword', resource: 'document', operation: 'search' },
				fileCabinetId: { __rl: true, mode: 'name', value: 'Invoices' },
				conditions: {
					condition: [
						{ field: 'COMPANY', operator: 'is', value: 'Peters (UK)' },
						{ field: 'COMPANY', operator: 'startsWith', value: 'Mill' },
					],
				},
				...{ combine: 'Or', returnAll: true, output: 'selected', fieldsToReturn: ['COMPANY'] },
			},
		),
	);
	expect(endings([execution])).toEqual({ success: 1 });
	const ids = outputOf(execution, UNDER_TEST).map(({ json }) => json.documentId);
	expect(ids).toEqual(Array.from({ length: HITS }, (_none, index) => index + 1));
});

it('the example of a nightly export writes the documents of the day before to a spreadsheet', async () => {
	const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
	store('Too Early', midnight - DAY_MS - 1000);
	const wanted = [store('Early', midnight - DAY_MS), store('Late (UK)', midnight - 1000)];
	store('Today', midnight);
	const credential = await docuWare.credential(docuWare.newUser());
	const path = join(projectRoot, 'examples/docuware-nightly-search-export.json');
	const file = await readWorkflowFile(path, { [DOCUWARE_CREDENTIAL]: credential });
	const workflow = await importWorkflow(docuWare.client, file);
	const trigger = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	const execution = await runWorkflow(docuWare.client, workflow.id, trigger?.name);
	expect(endings([execution])).toEqual({ success: 1 });
	const found = outputOf(execution, 'Stored Yesterday').map(({ json }) => json.documentId);
	expect(found).toEqual(wanted);
	expect(outputOf(execution, 'Spreadsheet')[0]?.binary?.data).toMatchObject({
		fileExtension: 'xlsx',
		fileName: expect.stringMatching(/^Invoices of \d{4}-\d\d-\d\d\.xlsx$/),
	});
});
