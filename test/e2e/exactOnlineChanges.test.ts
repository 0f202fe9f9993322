import { join } from 'node:path';
import { FIRST_DIVISION } from '../simulators/ExactOnline';
import {
	activateWorkflow,
	callWebhook,
	importWorkflow,
	outputOf,
	projectRoot,
	readWorkflowFile,
	waitForExecutions,
	webhookTrigger,
	type CredentialReference,
	type Execution,
	type Workflow,
	type WorkflowNode,
} from '../support/n8n';
import { EXACT_CREDENTIAL, ExactHost } from './support/exactHost';
import { exactNode, UNDER_TEST } from './support/exactWorkflows';

const ACCOUNTS = 'crm/Accounts';
const EXAMPLE = join(projectRoot, 'examples/exact-online-changed-accounts-to-data-table.json');

let exact: ExactHost;
let credential: CredentialReference;

beforeAll(async () => {
	exact = await ExactHost.start({ identities: 1 });
	credential = await exact.connectedCredential(exact.newIdentity(), 'Exact Online');
});

afterAll(async () => {
	await exact?.dispose();
});

const division = { __rl: true, mode: 'id', value: String(FIRST_DIVISION) };

/** A workflow behind a webhook, as in production; each call is one execution. */
class Started {
	private calls = 0;

	private constructor(
		private readonly path: string,
		readonly workflow: Workflow,
	) {}

	static async import(
		path: string,
		nodes: WorkflowNode[],
		connections: Record<string, unknown>,
	): Promise<Started> {
		const placed = nodes.map((node, index) => ({
			...{ id: `${path}-${index}`, typeVersion: 1, position: [index * 200, 0] as [number, number] },
			...{ parameters: {}, ...node },
		}));
		const file = { name: path, nodes: placed, connections, settings: { executionOrder: 'v1' } };
		const workflow = await importWorkflow(exact.client, file);
		await activateWorkflow(exact.client, workflow);
		return new Started(path, workflow);
	}

	/** One execution, from its start to its end. */
	async run(query = ''): Promise<Execution> {
		this.calls += 1;
		await (await callWebhook(exact.client, `${this.path}${query}`)).text();
		const [latest] = await waitForExecutions(exact.client, this.workflow.id, this.calls);
		if (latest === undefined) throw new Error('There is no execution.');
		return latest;
	}
}

const to = (...outputs: string[][]) => ({
	main: outputs.map((names) => names.map((node) => ({ node, type: 'main', index: 0 }))),
});

const namesIn = (execution: Execution, node = UNDER_TEST) =>
	outputOf(execution, node).map(({ json }) => String(json.Name));

const someAccount = (Name: string) => exact.simulator.addRows(FIRST_DIVISION, ACCOUNTS, [{ Name }]);

it('changes twice in a row with a failing workflow between them, and nothing is lost', async () => {
	const getChanges = {
		...{ resource: 'change', operation: 'getChanges', entity: 'account', division },
		...{ output: 'selected', fieldsToReturn: ['Name'] },
	};
	const failing = {
		...{ leftValue: '={{ $("Webhook").first().json.query.fail }}', rightValue: 'yes' },
		...{ id: 'fail', operator: { type: 'string', operation: 'equals' } },
	};
	const options = { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 };
	const started = await Started.import(
		'changes',
		[
			webhookTrigger('changes', 'lastNode'),
			exactNode(credential, getChanges, { alwaysOutputData: true }),
			{
				name: 'Fail?',
				type: 'n8n-nodes-base.if',
				typeVersion: 2.2,
				parameters: {
					conditions: { options, conditions: [failing], combinator: 'and' },
					looseTypeValidation: true,
				},
			},
			{
				name: 'Stop',
				type: 'n8n-nodes-base.stopAndError',
				parameters: { errorMessage: 'The table is down' },
			},
			{
				...exactNode(credential, { resource: 'change', operation: 'confirmChanges' }),
				name: 'Confirm',
			},
		],
		{
			Webhook: to([UNDER_TEST]),
			[UNDER_TEST]: to(['Fail?']),
			'Fail?': to(['Stop'], ['Confirm']),
		},
	);
	const first = await started.run();
	expect(first.status).toBe('success');
	expect(namesIn(first)).toHaveLength(130);
	// One item, however many rows were confirmed.
	expect(outputOf(first, 'Confirm').map(({ json }) => json.confirmed)).toEqual([1]);

	someAccount('While it fails');
	const failed = await started.run('?fail=yes');
	expect(failed.status).toBe('error');
	expect(failed.error?.message).toBe('The table is down');
	expect(namesIn(failed)).toEqual(['While it fails']);

	someAccount('After it failed');
	const second = await started.run();
	expect(second.status).toBe('success');
	expect(namesIn(second)).toEqual(['While it fails', 'After it failed']);

	// Nothing is new: by the node's setting one empty item goes on, and Confirm Changes runs all the same.
	const idle = await started.run();
	expect(outputOf(idle, UNDER_TEST).map(({ json }) => json)).toEqual([{}]);
	expect(outputOf(idle, 'Confirm').map(({ json }) => json.confirmed)).toEqual([1]);
});

it('a sub-workflow that works rows off may fail; one that confirms is an execution of its own', async () => {
	const trigger = {
		name: 'Called',
		type: 'n8n-nodes-base.executeWorkflowTrigger',
		typeVersion: 1.1,
		parameters: { inputSource: 'passthrough' },
	};
	const confirm = {
		...exactNode(credential, { resource: 'change', operation: 'confirmChanges' }),
		name: 'Confirm',
	};
	const worksOff = await Started.import(
		'works-off',
		[
			trigger,
			{ name: 'Stop', type: 'n8n-nodes-base.stopAndError', parameters: { errorMessage: 'No' } },
		],
		{ Called: to(['Stop']) },
	);
	const confirms = await Started.import('confirms', [trigger, confirm], {
		Called: to(['Confirm']),
	});
	const getChanges = exactNode(credential, {
		...{ resource: 'change', operation: 'getChanges', entity: 'item', division },
		...{ output: 'selected', fieldsToReturn: ['Code'] },
	});
	const calling = (id: string) => ({
		name: 'Sub-Workflow',
		type: 'n8n-nodes-base.executeWorkflow',
		typeVersion: 1.2,
		parameters: { workflowId: { __rl: true, mode: 'id', value: id }, options: {} },
	});
	for (const [path, sub, code] of [
		['calls-failing', worksOff, 'No'],
		['calls-confirming', confirms, 'EXACT_NOTHING_TO_CONFIRM'],
	] as const) {
		const parent = await Started.import(
			path,
			[webhookTrigger(path), getChanges, calling(sub.workflow.id), confirm],
			{
				Webhook: to([UNDER_TEST]),
				[UNDER_TEST]: to(['Sub-Workflow']),
				'Sub-Workflow': to(['Confirm']),
			},
		);
		for (let run = 0; run < 2; run += 1) {
			const failed = await parent.run();
			expect(failed.status).toBe('error');
			expect(JSON.stringify(failed.data)).toContain(code);
			// Nothing was confirmed, so all of them come again.
			expect(outputOf(failed, UNDER_TEST).length).toBeGreaterThan(1);
		}
	}
});

it('the example keeps a data table like the accounts, through changes and deletions', async () => {
	const file = await readWorkflowFile(EXAMPLE, { [EXACT_CREDENTIAL]: credential });
	const nodes = file.nodes.map((node) =>
		node.name === 'Every Hour'
			? { ...webhookTrigger('example', 'lastNode'), id: 'trigger', name: node.name }
			: node,
	);
	const started = await Started.import('example', nodes, file.connections);
	const table = async () => {
		const path = `/rest/projects/${await personalProject()}/data-tables`;
		const { data } = (await exact.client.request('GET', path)) as {
			data: Array<{ id: string; name: string }>;
		};
		const { id } = data.find(({ name }) => name === 'Exact Online accounts') ?? {};
		const query = { take: '250' };
		const rows = (await exact.client.request('GET', `${path}/${id}/rows`, { query })) as {
			data: Array<{ accountId: string; name: string; city: string }>;
		};
		return rows.data;
	};
	const accounts = () =>
		exact.simulator
			.rows(FIRST_DIVISION, ACCOUNTS)
			.map(({ ID, Name }) => [String(ID), String(Name)])
			.sort();
	const kept = async () => (await table()).map((row) => [row.accountId, row.name]).sort();

	expect((await started.run()).error).toBeUndefined();
	expect(await kept()).toEqual(accounts());

	const [made] = someAccount('Made since');
	const execution = await started.run();
	expect(outputOf(execution, 'Get Changed Accounts')).toHaveLength(1);
	expect(outputOf(execution, 'Confirm Changes')).toHaveLength(1);
	expect(await kept()).toEqual(accounts());

	await deleteAccount(String(made?.ID));
	const deleting = await started.run();
	expect(outputOf(deleting, 'Get Changed Accounts').map(({ json }) => json.change)).toEqual([
		'deleted',
	]);
	expect(outputOf(deleting, 'Confirm Changes')).toHaveLength(1);
	expect(await kept()).toEqual(accounts());
	expect(outputOf(await started.run(), 'Get Changed Accounts')).toEqual([]);
});

async function personalProject(): Promise<string> {
	const found = await exact.client.request('GET', '/rest/projects/personal');
	return (found as { id: string }).id;
}

async function deleteAccount(id: string): Promise<void> {
	const record = { __rl: true, mode: 'id', value: id };
	const node = exactNode(credential, {
		...{ resource: 'account', operation: 'delete', division, record },
	});
	const started = await Started.import('delete', [webhookTrigger('delete'), node], {
		Webhook: to([UNDER_TEST]),
	});
	expect((await started.run()).error).toBeUndefined();
}
