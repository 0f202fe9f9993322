import {
	activateWorkflow,
	callWebhook,
	chainOf,
	importWorkflow,
	manualTrigger,
	packageName,
	runWorkflow,
	startWorkflow,
	webhookTrigger,
	type CredentialReference,
	type Execution,
	type Workflow,
	type WorkflowNode,
} from '../../support/n8n';
import { EXACT_CREDENTIAL, type ExactHost } from './exactHost';

/** Name of the node under test in the workflows made here. */
export const UNDER_TEST = 'Under Test';

/** Our node. Parameters as n8n stores them: `resource`, `operation`, and the operation's own. */
export function exactNode(
	credential: CredentialReference,
	parameters: Record<string, unknown>,
	settings: Record<string, unknown> = {},
): WorkflowNode {
	return {
		name: UNDER_TEST,
		type: `${packageName}.exactOnline`,
		parameters,
		credentials: { [EXACT_CREDENTIAL]: credential },
		...settings,
	};
}

/** *Me > Get*: one API call. */
export function meNode(credential: CredentialReference): WorkflowNode {
	return exactNode(credential, { resource: 'me', operation: 'get' });
}

/** *Authorization > Get Status*. */
export function statusNode(credential: CredentialReference): WorkflowNode {
	return exactNode(credential, { resource: 'authorization', operation: 'getStatus' });
}

/** n8n's *HTTP Request* node with a credential as predefined credential type. */
export function httpRequestNode(
	credential: CredentialReference,
	url: string,
	options: Record<string, unknown> = {},
): WorkflowNode {
	return {
		name: UNDER_TEST,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: EXACT_CREDENTIAL,
			sendHeaders: true,
			headerParameters: { parameters: [{ name: 'Accept', value: 'application/json' }] },
			options,
		},
		credentials: { [EXACT_CREDENTIAL]: credential },
	};
}

/** Address of `current/Me` for the HTTP Request node. */
export function meUrl({ simulator }: ExactHost): string {
	return `${simulator.url}/api/v1/current/Me`;
}

/** Two nodes that turn one item into these. */
export function itemNodes(items: Array<Record<string, unknown>>): WorkflowNode[] {
	return [
		{
			name: 'Rows',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ rows: items }), options: {} },
		},
		{
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			parameters: { fieldToSplitOut: 'rows', options: {} },
		},
	];
}

let workflows = 0;

/** Imports a workflow that starts by hand. */
export async function manualWorkflow(
	{ client }: ExactHost,
	nodes: WorkflowNode[],
	settings: Record<string, unknown> = {},
): Promise<Workflow> {
	const name = `Manual ${++workflows}`;
	return await importWorkflow(client, chainOf(name, [manualTrigger(), ...nodes], settings));
}

/** Imports a workflow, runs it once by hand, and waits for its end. */
export async function runOnce(exact: ExactHost, ...nodes: WorkflowNode[]): Promise<Execution> {
	const { id } = await manualWorkflow(exact, nodes);
	return await runWorkflow(exact.client, id);
}

/** Imports a workflow and starts it by hand; it runs on. */
export async function startOnce(
	exact: ExactHost,
	nodes: WorkflowNode[],
	settings: Record<string, unknown> = {},
): Promise<string> {
	const { id } = await manualWorkflow(exact, nodes, settings);
	return await startWorkflow(exact.client, id);
}

/** A workflow that a webhook starts, as in production: any number of executions at once. */
export interface WebhookWorkflow {
	workflow: Workflow;
	/** Starts one execution; resolves when n8n has accepted it. */
	start(): Promise<void>;
}

/** Imports and activates a workflow with a webhook in front; resolves when the webhook answers. */
export async function webhookWorkflow(
	{ client }: ExactHost,
	...nodes: WorkflowNode[]
): Promise<WebhookWorkflow> {
	const path = `webhook-${++workflows}`;
	const file = chainOf(path, [webhookTrigger(path, 'onReceived'), ...nodes]);
	const workflow = await importWorkflow(client, file);
	await activateWorkflow(client, workflow);
	return {
		workflow,
		start: async () => {
			const response = await callWebhook(client, path);
			if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
			await response.text();
		},
	};
}
