import {
	chainOf,
	deactivateWorkflow,
	importWorkflow,
	packageName,
	publishWorkflow,
	type CredentialReference,
	type Workflow,
} from '../support/n8n';
import { DOCUWARE_CREDENTIAL, DocuWareHost } from './support/docuWareHost';
import { EVERY_TWO_SECONDS, StartedItems } from './support/startedItems';

const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
const TRIGGER = 'Trigger';
const MOST_ITEMS = 2500;

let docuWare: DocuWareHost;
let credential: CredentialReference;

beforeAll(async () => {
	docuWare = await DocuWareHost.start({ users: 1 });
	docuWare.simulator.configure({ perMinuteLimits: { filecabinets: 10_000 } });
	credential = await docuWare.credential(docuWare.newUser());
});

afterAll(async () => {
	await docuWare?.dispose();
});

/** A published workflow that the polling trigger starts. */
async function published(
	name: string,
	parameters: Record<string, unknown>,
): Promise<{ workflow: Workflow; started: StartedItems }> {
	const node = {
		...{ name: TRIGGER, type: `${packageName}.docuWareTrigger` },
		parameters: {
			...{ place: 'cabinet', fileCabinetId: { __rl: true, mode: 'id', value: INVOICES } },
			...{ output: 'selected', fieldsToReturn: ['COMPANY'] },
			...parameters,
			pollTimes: EVERY_TWO_SECONDS,
		},
		credentials: { [DOCUWARE_CREDENTIAL]: credential },
	};
	const next = { name: 'Next', type: 'n8n-nodes-base.noOp' };
	const file = chainOf(name, [node, next]);
	const workflow = await importWorkflow(docuWare.client, file);
	expect(await publishWorkflow(docuWare.client, workflow)).toHaveProperty('status', 'published');
	return { workflow, started: new StartedItems(() => docuWare.client, workflow.id, TRIGGER) };
}

const store = (count: number, COMPANY: string, at: number) =>
	docuWare.simulator.addDocuments(
		INVOICES,
		Array.from({ length: count }, () => ({ COMPANY })),
		{ at },
	);

/** What was told, as `event number`, sorted. */
const told = (started: StartedItems) =>
	started.all.map(({ json }) => `${String(json['event'])} ${String(json['documentId'])}`).sort();

const expected = (event: string, first: number, last: number) =>
	Array.from({ length: last - first + 1 }, (_none, index) => `${event} ${first + index}`);

it('documents of one second, stored and changed before, during and after a restart, are told once each', async () => {
	const { workflow, started } = await published('restart', { events: ['stored', 'changed'] });
	const at = Math.floor(Date.now() / 1000) * 1000 + 1000;
	store(20, 'Before', at);
	await started.reach(20);

	await docuWare.host.stop();
	store(20, 'During', at);
	docuWare.simulator.changeDocuments({
		...{ fileCabinetId: INVOICES, values: { COMPANY: 'Changed' } },
		// The documents were stored in what was the next second.
		...{ ids: [1, 2, 3], at: Math.max(Date.now(), at + 1) },
	});
	await docuWare.host.startAgain();
	store(20, 'After', at);
	await started.reach(63);
	store(1, 'Last', Date.now());
	await started.reach(64);

	const all = [...expected('stored', 1, 61), ...expected('changed', 1, 3)].sort();
	expect(told(started)).toEqual(all);
	expect(started.all.filter(({ json }) => 'repeated' in json)).toEqual([]);

	await deactivateWorkflow(docuWare.client, workflow.id);
});

it('10,000 documents of one moment are worked off over several polls', async () => {
	const { workflow, started } = await published('many', {
		...{ events: ['stored'], options: { mostItems: MOST_ITEMS } },
	});
	const { first, last } = store(10_000, 'Many', Date.now());
	await started.reach(10_000);
	expect(told(started)).toEqual(expected('stored', first, last).sort());
	expect(started.executions).toBeGreaterThanOrEqual(4);
	expect(Math.max(...started.sizes)).toBeLessThanOrEqual(MOST_ITEMS);
	await deactivateWorkflow(docuWare.client, workflow.id);
});
