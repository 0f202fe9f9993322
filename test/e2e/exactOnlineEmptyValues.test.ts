import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
	chainOf,
	createCredential,
	importWorkflow,
	manualTrigger,
	packageName,
	publishWorkflow,
	runWorkflow,
	type CredentialReference,
	type WorkflowFile,
} from '../support/n8n';
import { EXACT_CREDENTIAL, ExactHost } from './support/exactHost';
import { exactNode, itemNodes, runOnce } from './support/exactWorkflows';
import { errorText } from './support/statusOf';

let exact: ExactHost;
let credential: CredentialReference;

beforeAll(async () => {
	exact = await ExactHost.start({ identities: 1 });
	credential = await exact.connectedCredential(exact.newIdentity(), 'Exact Online');
});
afterAll(async () => await exact?.dispose());
beforeEach(() => exact.simulator.reset());

const division = () => ({
	__rl: true,
	mode: 'id',
	value: String(exact.simulator.world.divisions[0]),
});

const accountsBy = (value: string, more: Record<string, unknown> = {}) => ({
	resource: 'account',
	operation: 'getAll',
	division: division(),
	filters: { conditions: [{ field: 'Code', operator: 'eq', value }] },
	...more,
});

const accountCalls = () => exact.simulator.counters.apiCallsByEndpoint['crm/Accounts'] ?? 0;

it.each(['={{ $json.none }}', '={{ $json.none }}-{{ $json.code }}'])(
	'a filter that the expression %s leaves empty asks Exact for nothing',
	async (value) => {
		const items = itemNodes([{ code: '1' }]);
		const execution = await runOnce(exact, ...items, exactNode(credential, accountsBy(value)));
		expect(execution.status).toBe('error');
		expect(errorText(execution)).toMatch(/Filters > .* for item 0 .*\[EXACT_EMPTY_VALUE\]/);
		expect(accountCalls()).toBe(0);
	},
);

it.each([
	['exactOnlineTrigger', { entity: 'account' }],
	['exactOnlineWebhookTrigger', { topic: { __rl: true, mode: 'id', value: 'Accounts' } }],
])(
	'%s is not published where an expression leaves a field empty: nothing is read, no subscription made',
	async (type, more) => {
		const node = (parameters: Record<string, unknown>) => ({
			...{ name: 'Trigger', type: `${packageName}.${type}`, webhookId: type, parameters },
			credentials: { [EXACT_CREDENTIAL]: credential },
		});
		const next = { name: 'Next', type: 'n8n-nodes-base.noOp' };
		const { value } = division();
		const where = { division: division(), divisions: [value] };
		const empty = { ...more, ...where, output: '={{ $vars.none }}' };
		const file = chainOf(`Empty, ${type}`, [node(empty), next]);
		const workflow = await importWorkflow(exact.client, file);
		const { status, problems } = await publishWorkflow(exact.client, workflow);
		expect({ status, problem: problems.join() }).toEqual({
			status: 'failed',
			problem: expect.stringMatching(/The expression of Output gives .*\[EXACT_EMPTY_VALUE\]/),
		});
		const { apiCallsByEndpoint: calls } = exact.simulator.counters;
		expect(Object.keys(calls).filter((path) => /accounts/i.test(path))).toEqual([]);
		expect(exact.simulator.webhooks.subscriptions(Number(value))).toEqual([]);
	},
);

/**
 * A language model that calls the first tool that it is offered, once, with what `says` holds by name, and leaves every
 * other argument empty.
 */
async function emptyHandedModel() {
	const says: Record<string, string> = {};
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const asked = JSON.parse(Buffer.concat(chunks).toString() || '{}') as {
				stream?: boolean;
				messages?: Array<{ role: string }>;
				tools?: Array<{
					function: { name: string; parameters: { properties?: Record<string, unknown> } };
				}>;
			};
			const told = asked.messages?.filter(({ role }) => role === 'tool') ?? [];
			const tool = asked.tools?.[0]?.function;
			const names = Object.keys(tool?.parameters.properties ?? {});
			const call = {
				id: 'call-1',
				type: 'function',
				function: {
					name: tool?.name,
					arguments: JSON.stringify(
						Object.fromEntries(names.map((name) => [name, says[name] ?? ''])),
					),
				},
			};
			const isCall = told.length === 0;
			const message = isCall
				? { role: 'assistant', content: null, tool_calls: [call] }
				: { role: 'assistant', content: 'done' };
			const finish = isCall ? 'tool_calls' : 'stop';
			const about = { id: 'answer', created: 1, model: 'stand-in' };
			if (asked.stream !== true) {
				const choices = [{ index: 0, message, finish_reason: finish }];
				const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
				response.setHeader('content-type', 'application/json');
				response.end(JSON.stringify({ ...about, object: 'chat.completion', choices, usage }));
				return;
			}
			const delta = isCall ? { ...message, tool_calls: [{ ...call, index: 0 }] } : message;
			const parts = [
				{ index: 0, delta, finish_reason: null },
				{ index: 0, delta: {}, finish_reason: finish },
			].map((choice) => ({ ...about, object: 'chat.completion.chunk', choices: [choice] }));
			response.setHeader('content-type', 'text/event-stream');
			for (const part of parts) response.write(`data: ${JSON.stringify(part)}\n\n`);
			response.end('data: [DONE]\n\n');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
	return { url, says, close: () => server.close() };
}

/** An agent with that model and our node as its tool. */
function agentWith(model: CredentialReference, parameters: Record<string, unknown>): WorkflowFile {
	const agent = {
		name: 'Agent',
		type: '@n8n/n8n-nodes-langchain.agent',
		typeVersion: 1.7,
		parameters: { promptType: 'define', text: 'Read the accounts.', options: {} },
	};
	const workflow = chainOf(`Agent ${Date.now()}`, [manualTrigger(), agent]);
	const place = { position: [0, 200] as [number, number] };
	workflow.nodes.push(
		{
			id: 'model',
			name: 'Model',
			type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
			typeVersion: 1,
			parameters: { model: 'gpt-4o-mini', options: {} },
			credentials: { openAiApi: model },
			...place,
		},
		{
			id: 'tool',
			name: 'Accounts',
			type: `${packageName}.exactOnlineTool`,
			typeVersion: 1,
			parameters,
			credentials: { [EXACT_CREDENTIAL]: credential },
			...place,
		},
	);
	Object.assign(workflow.connections, {
		Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
		Accounts: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
	});
	return workflow;
}

describe('as a tool of an agent whose model leaves everything empty', () => {
	const AI = "={{ $fromAI('code', 'Code of the account', 'string') }}";
	let model: Awaited<ReturnType<typeof emptyHandedModel>>;
	let openAi: CredentialReference;

	beforeAll(async () => {
		model = await emptyHandedModel();
		openAi = await createCredential(exact.client, 'openAiApi', 'Stand-in', {
			apiKey: 'none',
			url: model.url,
		});
	});
	afterAll(() => model?.close());

	/** Runs the agent; returns what n8n keeps of the tool's run. */
	async function runAgent(parameters: Record<string, unknown>): Promise<string> {
		const { id } = await importWorkflow(exact.client, agentWith(openAi, parameters));
		const execution = await runWorkflow(exact.client, id);
		if (execution.status !== 'success') throw new Error(errorText(execution));
		expect(execution.runData.Accounts).toHaveLength(1);
		return JSON.stringify(execution.runData.Accounts);
	}

	it('an optional filter counts as left out', async () => {
		const told = await runAgent(accountsBy(AI, { limit: 3 }));
		expect(told).not.toContain('EXACT_EMPTY_VALUE');
		expect(accountCalls()).toBe(1);
	});

	it('a limit does not', async () => {
		const limit = "={{ $fromAI('limit', 'How many', 'string') }}";
		const told = await runAgent(accountsBy('1', { limit }));
		expect(told).toContain('EXACT_EMPTY_VALUE');
		expect(accountCalls()).toBe(0);
	});

	it('what it says as text is meant: a switch, a number, a list of words, fields as JSON', async () => {
		Object.assign(model.says, {
			...{ all: 'false', most: '2', states: 'Customer; Prospect' },
			fields: '["Code", "Status"]',
		});
		const says = (name: string) => `={{ $fromAI('${name}', 'Asked for', 'string') }}`;
		const told = await runAgent({
			...accountsBy('', { returnAll: says('all'), limit: says('most') }),
			filters: { conditions: [{ field: 'Status', operator: 'isOneOf', value: says('states') }] },
			output: 'selected',
			fieldsToReturn: says('fields'),
		});
		expect(accountCalls()).toBe(1);
		expect(told.match(/Customer|Prospect/g)?.length).toBeGreaterThanOrEqual(2);
		expect(told).not.toMatch(/Suspect|"Name"|EXACT_/);
	});
});
