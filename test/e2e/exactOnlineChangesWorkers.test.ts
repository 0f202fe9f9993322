import { FIRST_DIVISION } from '../simulators/ExactOnline';
import {
	activateWorkflow,
	callWebhook,
	importWorkflow,
	outputOf,
	waitForExecutions,
	webhookTrigger,
	type Execution,
	type N8nProcess,
} from '../support/n8n';
import { inQueueMode } from '../support/n8n/queueModeTests';
import { hasRedis, startRedis, type RedisServer } from '../support/n8n/redisServer';
import { ExactHost } from './support/exactHost';
import { exactNode, UNDER_TEST } from './support/exactWorkflows';

const ACCOUNTS = 'crm/Accounts';

/** Executions that are started at once, again and again. */
const AT_ONCE = 4;

let redis: RedisServer;
let exact: ExactHost;
let workers: N8nProcess[] = [];

beforeAll(async () => {
	if (!hasRedis) return;
	redis = await startRedis();
	exact = await ExactHost.start({
		identities: 1,
		switches: { minutelyLimit: 1_000 },
		env: { ...redis.queueMode, N8N_LOG_LEVEL: 'info' },
	});
	workers = [await exact.host.startWorker(), await exact.host.startWorker()];
});

afterAll(async () => {
	for (const worker of workers) await worker.kill();
	await exact?.dispose();
	await redis?.close();
});

const division = { __rl: true, mode: 'id', value: String(FIRST_DIVISION) };

const namesIn = (execution: Execution) =>
	outputOf(execution, UNDER_TEST).map(({ json }) => String(json.Name));

inQueueMode(
	'two workers of the queue follow one cursor: whatever runs at once or fails, each change comes out of a run that confirms it',
	async () => {
		const credential = await exact.connectedCredential(exact.newIdentity(), 'Exact Online');
		const getChanges = {
			...{ resource: 'change', operation: 'getChanges', entity: 'account', division },
			...{ output: 'selected', fieldsToReturn: ['Name'] },
		};
		// Every third execution fails between the two.
		const condition = {
			...{ leftValue: '={{ Number($execution.id) % 3 }}', rightValue: 0, id: 'third' },
			operator: { type: 'number', operation: 'equals' },
		};
		const options = { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 };
		const nodes = [
			webhookTrigger('workers', 'onReceived'),
			exactNode(credential, getChanges, { alwaysOutputData: true }),
			{
				...{ name: 'Fail?', type: 'n8n-nodes-base.if', typeVersion: 2.2 },
				parameters: { conditions: { options, conditions: [condition], combinator: 'and' } },
			},
			{
				...{ name: 'Stop', type: 'n8n-nodes-base.stopAndError' },
				parameters: { errorMessage: 'The table is down' },
			},
			{
				...exactNode(credential, { resource: 'change', operation: 'confirmChanges' }),
				name: 'Confirm',
			},
		].map((node, index) => ({
			...{ id: `node-${index}`, typeVersion: 1, position: [index * 200, 0] as [number, number] },
			...{ parameters: {}, ...node },
		}));
		const to = (...outputs: string[][]) => ({
			main: outputs.map((names) => names.map((node) => ({ node, type: 'main', index: 0 }))),
		});
		const workflow = await importWorkflow(exact.client, {
			...{ name: 'workers', nodes, settings: { executionOrder: 'v1' } },
			connections: {
				Webhook: to([UNDER_TEST]),
				[UNDER_TEST]: to(['Fail?']),
				'Fail?': to(['Stop'], ['Confirm']),
			},
		});
		await activateWorkflow(exact.client, workflow);

		let calls = 0;
		const runAtOnce = async (count: number): Promise<Execution[]> => {
			calls += count;
			const answers = Array.from({ length: count }, () => callWebhook(exact.client, 'workers'));
			for (const answer of await Promise.all(answers)) await answer.text();
			return (await waitForExecutions(exact.client, workflow.id, calls)).slice(0, count);
		};
		const confirmed = new Set<string>();
		let failures = 0;
		const note = (executions: readonly Execution[]) => {
			for (const one of executions) {
				if (one.status === 'success') namesIn(one).forEach((name) => confirmed.add(name));
				else {
					expect(one.error?.message).toBe('The table is down');
					failures += 1;
				}
			}
		};
		for (let round = 0; round < 4; round += 1) {
			exact.simulator.addRows(FIRST_DIVISION, ACCOUNTS, [{ Name: `Round ${round}` }]);
			note(await runAtOnce(AT_ONCE));
		}
		expect(failures).toBeGreaterThan(0);
		// One of three in a row is not to fail; what is left comes there.
		for (let more = 0; more < 3; more += 1) note(await runAtOnce(1));
		const all = exact.simulator.rows(FIRST_DIVISION, ACCOUNTS).map(({ Name }) => String(Name));
		expect([...confirmed].filter((name) => name !== 'undefined').sort()).toEqual(
			[...new Set(all)].sort(),
		);
		const [idle] = await runAtOnce(1);
		expect(outputOf(idle as Execution, UNDER_TEST).map(({ json }) => json)).toEqual([{}]);
		// Both have had a part in it.
		for (const { output } of workers) expect(output).toMatch(/started execution/i);
	},
);
