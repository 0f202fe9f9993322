import { randomUUID } from 'node:crypto';
import { FIRST_DIVISION, webhookSecretOf } from '../simulators/ExactOnline';
import {
	chainOf,
	deactivateWorkflow,
	importWorkflow,
	outputOf,
	packageName,
	publishWorkflow,
	waitForExecutions,
	type CredentialReference,
	type Publication,
	type Workflow,
} from '../support/n8n';
import { until } from '../support/until';
import { EXACT_CREDENTIAL, ExactHost } from './support/exactHost';
import { EVERY_TWO_SECONDS, StartedItems } from './support/startedItems';

const ACCOUNTS = 'crm/Accounts';
const COST_CENTERS = 'hrm/Costcenters';
const ITEMS = 'logistics/Items';
const TRIGGER = 'Trigger';

let exact: ExactHost;
let credential: CredentialReference;
/** The workflow that is told of accounts. */
let webhooked: Workflow;
/** Another one on the same topic. */
let second: Workflow;
let publicationOfSecond: Promise<Publication>;

beforeAll(async () => {
	const switches = { webhookLoopbackHttp: true, webhookRetryUnitMs: 20, minutelyLimit: 10_000 };
	exact = await ExactHost.start({ identities: 1, switches });
	const [app] = exact.simulator.world.apps;
	if (app === undefined) throw new Error('There is no app.');
	const webhookSecret = webhookSecretOf(app);
	credential = await exact.connectedCredential(exact.newIdentity(), 'Exact Online', {
		webhookSecret,
	});
});

afterAll(async () => {
	await exact?.dispose();
});

/** A workflow that one of the triggers starts. */
async function imported(
	name: string,
	type: 'exactOnlineTrigger' | 'exactOnlineWebhookTrigger',
	parameters: Record<string, unknown>,
): Promise<Workflow> {
	const node = {
		...{ name: TRIGGER, type: `${packageName}.${type}`, webhookId: name, parameters },
		credentials: { [EXACT_CREDENTIAL]: credential },
	};
	const next = { name: 'Next', type: 'n8n-nodes-base.noOp' };
	return await importWorkflow(exact.client, chainOf(name, [node, next]));
}

const change = (values: Record<string, unknown>) =>
	exact.simulator.changeRows(FIRST_DIVISION, ACCOUNTS, values, { last: 1 });

/** Names of the records that started a workflow, oldest execution first. */
async function startedBy(workflow: Workflow, executions: number): Promise<unknown[]> {
	const ended = await waitForExecutions(exact.client, workflow.id, executions);
	return ended
		.reverse()
		.flatMap((execution) => outputOf(execution, TRIGGER).map(({ json }) => json['Name']));
}

const accounts = {
	topic: { __rl: true, mode: 'id', value: 'Accounts' },
	divisions: [FIRST_DIVISION],
};
const subscriptions = () => exact.simulator.webhooks.subscriptions(FIRST_DIVISION);

/** A published workflow that the polling trigger starts. */
async function polled(name: string, parameters: Record<string, unknown>) {
	const workflow = await imported(name, 'exactOnlineTrigger', {
		...{ division: { __rl: true, mode: 'id', value: String(FIRST_DIVISION) }, start: 'now' },
		...{ output: 'selected', fieldsToReturn: ['Code'], pollTimes: EVERY_TWO_SECONDS },
		...parameters,
	});
	expect(await publishWorkflow(exact.client, workflow)).toHaveProperty('status', 'published');
	return { workflow, started: new StartedItems(() => exact.client, workflow.id, TRIGGER) };
}

/** What was told, as `change record`, sorted. */
const told = (started: StartedItems) =>
	started.all.map(({ json }) => `${String(json['change'])} ${String(json['recordId'])}`).sort();

const keysTold = (items: StartedItems['all']) => items.map(({ json }) => String(json['recordId']));

const keysOf = (rows: ReadonlyArray<Record<string, unknown>>) => rows.map(({ ID }) => String(ID));

/** New cost centers, all of them made at one moment. */
function addCostCenters(many: number, at: number): string[] {
	const rows = Array.from({ length: many }, () => ({ Code: randomUUID(), Description: 'C' }));
	return keysOf(exact.simulator.addRows(FIRST_DIVISION, COST_CENTERS, rows, { at }));
}

it('publishing subscribes, and a delivery starts the workflow once', async () => {
	webhooked = await imported('first', 'exactOnlineWebhookTrigger', accounts);
	expect(await publishWorkflow(exact.client, webhooked)).toHaveProperty('status', 'published');
	expect(subscriptions()).toEqual([
		expect.objectContaining({
			Topic: 'Accounts',
			CallbackURL: expect.stringContaining(`${exact.host.url}/webhook/`) as string,
		}),
	]);

	change({ Name: 'Told' });
	expect(await startedBy(webhooked, 1)).toEqual(['Told']);
	const { webhooks } = exact.simulator;
	const statuses = async (answers: Promise<Array<{ status: number | undefined }>>) =>
		(await answers).map(({ status }) => status);
	const asked = { division: FIRST_DIVISION, topic: 'Accounts' };
	expect(await statuses(webhooks.repeat())).toEqual([200]);
	expect(await statuses(webhooks.deliver({ ...asked, flaw: 'forged' }))).toEqual([401]);
	expect(await statuses(webhooks.deliver({ ...asked, flaw: 'wrongSecret' }))).toEqual([401]);

	// n8n tries for some time before it gives up, so what comes of this is waited for later.
	second = await imported('second', 'exactOnlineWebhookTrigger', accounts);
	publicationOfSecond = publishWorkflow(exact.client, second);
});

it('10,000 records that changed at one moment are worked off over several polls, deletions among them', async () => {
	exact.simulator.addRows(
		FIRST_DIVISION,
		ITEMS,
		Array.from({ length: 10_000 }, (_none, index) => ({ Code: `N${index}`, Description: 'N' })),
		// Of the last seconds before publishing records may come too.
		{ at: Date.now() - 60_000 },
	);
	const { workflow, started } = await polled('many', {
		...{ entity: 'item', options: { mostItems: 2500 } },
	});
	const keys = keysOf(exact.simulator.rows(FIRST_DIVISION, ITEMS)).slice(-10_000);
	exact.simulator.changeRows(FIRST_DIVISION, ITEMS, { Description: 'Changed' }, { keys });
	const gone = keys.slice(0, 10);
	exact.simulator.deleteRows(FIRST_DIVISION, ITEMS, gone);
	await started.reach(10_000);
	expect(told(started)).toEqual(
		[
			...gone.map((key) => `deleted ${key}`),
			...keys.slice(10).map((key) => `changed ${key}`),
		].sort(),
	);
	expect(started.executions).toBeGreaterThanOrEqual(4);
	await deactivateWorkflow(exact.client, workflow.id);
});

it('a second workflow on the topic is not published, and told of the first', async () => {
	expect(await publicationOfSecond).toEqual({
		status: 'failed',
		problems: [
			expect.stringMatching(`/webhook/.*workflow ${webhooked.id} of this n8n.*EXACT_WEBHOOK_TAKEN`),
		],
	});
	expect(subscriptions()).toHaveLength(1);
	await deactivateWorkflow(exact.client, second.id);
	expect(subscriptions()).toHaveLength(1);
});

it('over a restart the subscription stays, and polls tell records of one second once each; over a kill of a poll none is lost', async () => {
	const [subscribed] = subscriptions();
	const { workflow, started } = await polled('restart', { entity: 'costCenter' });
	const at = Math.floor(Date.now() / 1000) * 1000 + 1000;
	const made = addCostCenters(15, at);
	await started.reach(15);
	await exact.host.stop();
	made.push(...addCostCenters(15, at));
	await exact.host.startAgain();
	made.push(...addCostCenters(15, at));
	expect(subscriptions()).toEqual([subscribed]);
	change({ Name: 'Told after the restart' });
	await started.reach(45);
	made.push(...addCostCenters(1, at));
	await started.reach(46);
	expect(told(started)).toEqual(made.map((key) => `created ${key}`).sort());
	expect(started.all.filter(({ json }) => 'repeated' in json)).toEqual([]);
	expect(await startedBy(webhooked, 2)).toEqual(['Told', 'Told after the restart']);

	// A kill while a poll has the answer before it.
	const hold = exact.simulator.hold('apiProcessed', { where: { path: COST_CENTERS } });
	made.push(...addCostCenters(15, at));
	await hold.waiting();
	await exact.host.crash();
	hold.drop();
	await exact.host.startAgain();
	await until(async () => new Set(keysTold(await started.reach(46))).size === made.length);
	const firsts = started.all.filter(({ json }) => json['repeated'] !== true);
	expect(keysTold(firsts).sort()).toEqual([...made].sort());
	await deactivateWorkflow(exact.client, workflow.id);
});

it('unpublishing ends the subscription', async () => {
	await deactivateWorkflow(exact.client, webhooked.id);
	await until(() => subscriptions().length === 0);
	change({ Name: 'Told to nobody' });
	await exact.simulator.webhooks.settled();
	expect(await startedBy(webhooked, 2)).toHaveLength(2);
});
