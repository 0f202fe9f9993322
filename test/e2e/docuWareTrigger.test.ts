import {
	activateWorkflow,
	chainOf,
	deactivateWorkflow,
	importWorkflow,
	outputOf,
	packageName,
	waitForExecutions,
	type Workflow,
} from '../support/n8n';
import { DOCUWARE_CREDENTIAL, DocuWareHost } from './support/docuWareHost';

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const TRIGGER = 'Trigger';
const SEARCH = 'FileCabinets/{fileCabinetId}/Query/DialogExpression';

let docuWare: DocuWareHost;

beforeAll(async () => {
	docuWare = await DocuWareHost.start({ users: 1 });
});

afterAll(async () => {
	await docuWare?.dispose();
});

const store = (...companies: string[]) =>
	docuWare.simulator.addDocuments(
		INVOICES,
		companies.map((COMPANY) => ({ COMPANY })),
	);

/** Companies of the documents that started a workflow, oldest execution first. */
async function startedBy(workflow: Workflow, executions: number): Promise<unknown[]> {
	const ended = await waitForExecutions(docuWare.client, workflow.id, executions);
	return ended
		.reverse()
		.flatMap((execution) => outputOf(execution, TRIGGER).map(({ json }) => json['COMPANY']));
}

let searches = 0;

it('starts a workflow with what was stored since: over unpublishing and a restart, once each, in one session', async () => {
	const node = {
		name: TRIGGER,
		type: `${packageName}.docuWareTrigger`,
		parameters: { fileCabinetId: { __rl: true, mode: 'id', value: INVOICES } },
		credentials: { [DOCUWARE_CREDENTIAL]: await docuWare.credential(docuWare.newUser()) },
	};
	const next = { name: 'Next', type: 'n8n-nodes-base.noOp', parameters: {} };
	const workflow = await importWorkflow(docuWare.client, chainOf('polls', [node, next]));
	store('Before');
	const hold = docuWare.simulator.holds.hold('platform.received', {
		where: { test: ({ tags }) => tags['route'] === SEARCH && ++searches === 4 },
	});
	// n8n polls once when it publishes a workflow; the fourth search reads on behind what was there.
	const activation = activateWorkflow(docuWare.client, workflow);
	(await hold.waiting()).release();
	await activation;
	await deactivateWorkflow(docuWare.client, workflow.id);
	store('First', 'Second');
	await activateWorkflow(docuWare.client, workflow);
	expect(await startedBy(workflow, 1)).toEqual(['First', 'Second']);
	store('Third');
	await docuWare.host.restart();
	expect(await startedBy(workflow, 2)).toEqual(['First', 'Second', 'Third']);
	expect(docuWare.simulator.counters.logOns).toEqual({ password: 1, token: 0 });
});
