import {
	callWebhook,
	listExecutions,
	waitForExecutions,
	type N8nProcess,
	type WorkflowNode,
} from '../support/n8n';
import { inQueueMode } from '../support/n8n/queueModeTests';
import { hasRedis, startRedis, type RedisServer } from '../support/n8n/redisServer';
import { DocuWareHost, docuWareNode, DOCUWARE_CREDENTIAL } from './support/docuWareHost';

/** Longer than a shutdown that does not wait, in s. */
const FOREIGN_SECONDS = 8;

let redis: RedisServer;
let docuWare: DocuWareHost;
let worker: N8nProcess | undefined;

beforeAll(async () => {
	if (!hasRedis) return;
	redis = await startRedis();
	// A worker ends here as it does anywhere: with all that n8n starts.
	docuWare = await DocuWareHost.start({ users: 1, env: redis.queueMode, whole: true });
	worker = await docuWare.host.startWorker();
});

afterAll(async () => {
	await worker?.kill();
	await docuWare?.dispose();
	await redis?.close();
});

/** A workflow that has nothing to do with this package, and runs for so long. */
const foreign: WorkflowNode = {
	name: 'Foreign',
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	parameters: { amount: FOREIGN_SECONDS, unit: 'seconds' },
};

async function start(path: string): Promise<void> {
	const response = await callWebhook(docuWare.client, path);
	expect(response.ok).toBe(true);
	await response.text();
}

inQueueMode(
	'a worker of the queue that is told to end lets what runs there end, then logs off',
	async () => {
		const credential = await docuWare.credential(docuWare.newUser(), {
			sessionPolicy: 'logOffWhenIdle',
			idleSeconds: 600,
		});
		const list = { resource: 'fileCabinet', operation: 'getAll' };
		const use = await docuWare.webhookWorkflow(
			docuWareNode({ [DOCUWARE_CREDENTIAL]: credential }, list),
		);
		const wait = await docuWare.webhookWorkflow(foreign);
		await start(use.path);
		const [used] = await waitForExecutions(docuWare.client, use.workflow.id, 1);
		expect(used?.status).toBe('success');
		await start(wait.path);
		while ((await listExecutions(docuWare.client, wait.workflow.id))[0]?.status !== 'running') {
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		expect(docuWare.simulator.counters.logOffs).toBe(0);
		expect(await worker?.stop()).toEqual({ code: 0, signal: null });
		expect(docuWare.simulator.counters).toMatchObject({ logOffs: 1, loginTokens: { made: 1 } });
		const [waited] = await waitForExecutions(docuWare.client, wait.workflow.id, 1);
		expect(waited?.status).toBe('success');
		// The process that takes the calls has had no session, and ends nobody's.
		await docuWare.host.stop();
		expect(docuWare.simulator.counters).toMatchObject({ logOns: { password: 1 }, logOffs: 1 });
	},
);
