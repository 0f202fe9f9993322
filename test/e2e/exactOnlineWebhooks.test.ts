import { FIRST_DIVISION, webhookSecretOf } from '../simulators/ExactOnline';
import {
	chainOf,
	importWorkflow,
	listExecutions,
	outputOf,
	packageName,
	publishWorkflow,
	waitForExecutions,
	type CredentialReference,
	type N8nProcess,
	type Workflow,
} from '../support/n8n';
import { inQueueMode } from '../support/n8n/queueModeTests';
import { startRedis, type RedisServer } from '../support/n8n/redisServer';
import { until } from '../support/until';
import { EXACT_CREDENTIAL, ExactHost } from './support/exactHost';

let exact: ExactHost;
let credential: CredentialReference;
let workflow: Workflow;
let redis: RedisServer | undefined;
let worker: N8nProcess | undefined;

beforeAll(async () => {
	const switches = { webhookLoopbackHttp: true, webhookRetryUnitMs: 20 };
	exact = await ExactHost.start({ identities: 1, switches });
	const webhookSecret = webhookSecretOf(exact.simulator.world.apps[0]!);
	const identity = exact.newIdentity();
	credential = await exact.connectedCredential(identity, 'Exact Online', { webhookSecret });
	const node = {
		...{ name: 'Trigger', type: `${packageName}.exactOnlineWebhookTrigger`, webhookId: 'accounts' },
		parameters: {
			topic: { __rl: true, mode: 'id', value: 'Accounts' },
			divisions: [FIRST_DIVISION],
		},
		credentials: { [EXACT_CREDENTIAL]: credential },
	};
	const next = { name: 'Next', type: 'n8n-nodes-base.noOp' };
	workflow = await importWorkflow(exact.client, chainOf('Accounts', [node, next]));
	expect(await publishWorkflow(exact.client, workflow)).toEqual({
		status: 'published',
		problems: [],
	});
});

afterAll(async () => {
	await worker?.kill();
	await exact?.dispose();
	await redis?.close();
});

const change = (Name: string) =>
	exact.simulator.changeRows(FIRST_DIVISION, 'crm/Accounts', { Name }, { last: 1 });

const urls = () =>
	exact.simulator.webhooks
		.subscriptions(FIRST_DIVISION)
		.map(({ CallbackURL }) => String(CallbackURL));

async function started(executions: number) {
	const ended = await waitForExecutions(exact.client, workflow.id, executions);
	return ended
		.reverse()
		.flatMap((one) => outputOf(one, 'Trigger').map(({ json }) => [json.Name, json.repeated]));
}

it('a test run receives instead of the published workflow and gives the subscription back', async () => {
	const [production] = urls();
	const { id } = workflow;
	await exact.client.request('POST', `/rest/workflows/${id}/run`, {
		body: {
			destinationNode: { nodeName: 'Next', mode: 'inclusive' },
			triggerToStartFrom: { name: 'Trigger' },
		},
	});
	const [test] = urls();
	expect(test).toMatch(/\/webhook-test\//);
	change('Tested');
	await until(() => urls()[0] === production);
	change('Published');
	await until(async () => (await started(2)).length === 2);
	expect(await started(2)).toEqual([
		['Tested', undefined],
		['Published', undefined],
	]);
});

it('what was noted when n8n was killed is started by itself after the next start', async () => {
	const hold = exact.simulator.hold('apiReceived', { where: { path: '/crm/Accounts' } });
	change('Noted');
	await hold.waiting();
	await until(() => exact.simulator.webhooks.deliveries.at(-1)?.state === 'delivered');
	await exact.host.crash();
	await exact.host.startAgain();
	expect((await started(3)).at(-1)).toEqual(['Noted', true]);
	await exact.simulator.webhooks.repeat();
	change('Later');
	expect((await started(4)).at(-1)).toEqual(['Later', undefined]);
});

inQueueMode(
	'in queue mode a worker runs what a delivery starts, once, and a restart keeps the subscription',
	async () => {
		redis = await startRedis();
		const subscribed = () =>
			structuredClone(exact.simulator.webhooks.subscriptions(FIRST_DIVISION));
		const before = subscribed();
		await exact.host.restart(redis.queueMode);
		const [url = ''] = urls();
		// An empty body is Exact Online's own test of the address.
		await until(async () => (await fetch(url, { method: 'POST' })).status === 200);
		expect(subscribed()).toEqual(before);
		change('Queued');
		const newest = async () => (await listExecutions(exact.client, workflow.id, 1))[0]?.status;
		// No worker is there, so nobody runs it.
		await until(async () => (await newest()) === 'new');
		expect(exact.simulator.webhooks.deliveries.at(-1)?.tries).toEqual([200]);
		worker = await exact.host.startWorker();
		expect((await started(5)).at(-1)).toEqual(['Queued', undefined]);
		expect(await exact.simulator.webhooks.repeat()).toMatchObject([{ status: 200 }]);
		change('Queued Later');
		expect((await started(6)).at(-1)).toEqual(['Queued Later', undefined]);
	},
);
