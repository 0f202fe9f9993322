import { readFile } from 'node:fs/promises';
import { waitForExecution, type Execution } from './executions';
import type { N8nClient } from './n8nClient';

export interface WorkflowNode {
	name: string;
	type: string;
	typeVersion?: number;
	position?: [number, number];
	parameters?: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[setting: string]: unknown;
}

/** A workflow as n8n exports it. */
export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	[setting: string]: unknown;
}

export interface Workflow extends WorkflowFile {
	id: string;
	versionId: string;
}

/**
 * Builds a workflow file of nodes in one line, each connected to the next.
 *
 * @param settings workflow settings, such as `executionTimeout` (in s)
 */
export function chainOf(
	name: string,
	nodes: WorkflowNode[],
	settings: Record<string, unknown> = {},
): WorkflowFile {
	const placed = nodes.map((node, index) => ({
		id: `${index}`,
		typeVersion: 1,
		position: [index * 220, 0] as [number, number],
		parameters: {},
		...node,
	}));
	const connections = Object.fromEntries(
		nodes.slice(0, -1).map((node, index) => {
			const next = { node: nodes[index + 1]?.name, type: 'main', index: 0 };
			return [node.name, { main: [[next]] }];
		}),
	);
	return { name, nodes: placed, connections, settings: { executionOrder: 'v1', ...settings } };
}

/** A *Manual Trigger* node. */
export function manualTrigger(name = 'Start'): WorkflowNode {
	return { name, type: 'n8n-nodes-base.manualTrigger' };
}

/**
 * A *Webhook* node.
 *
 * @param responseMode when to answer the caller; `lastNode` answers with the first item of the last node
 */
export function webhookTrigger(
	path: string,
	responseMode: 'onReceived' | 'lastNode' = 'lastNode',
	name = 'Webhook',
): WorkflowNode {
	return {
		name,
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: path,
		parameters: { path, httpMethod: 'GET', responseMode, options: {} },
	};
}

export interface WorkflowSummary {
	id: string;
	name: string;
}

/** All workflows that the owner sees. */
export async function listWorkflows(client: N8nClient): Promise<WorkflowSummary[]> {
	return (await client.request('GET', '/rest/workflows')) as WorkflowSummary[];
}

/** Imports a workflow. */
export async function importWorkflow(client: N8nClient, file: WorkflowFile): Promise<Workflow> {
	const { name, nodes, connections, settings } = file;
	const body = { name, nodes, connections, settings: settings ?? { executionOrder: 'v1' } };
	return (await client.request('POST', '/rest/workflows', { body })) as Workflow;
}

/**
 * Reads a workflow file as users import it, and gives its nodes the credentials of this n8n.
 *
 * @param credentials by credential type; used by every node that names such a credential
 */
export async function readWorkflowFile(
	path: string,
	credentials: Record<string, { id: string; name: string }>,
): Promise<WorkflowFile> {
	const file = JSON.parse(await readFile(path, 'utf8')) as WorkflowFile;
	const nodes = file.nodes.map((node) => {
		const named = Object.keys(node.credentials ?? {});
		if (named.length === 0) return node;
		const own = named.map((type) => [type, credentials[type] ?? node.credentials?.[type]]);
		return { ...node, credentials: Object.fromEntries(own) };
	});
	return { ...file, nodes };
}

/**
 * Presses *Execute workflow*.
 *
 * @param triggerName name of the trigger node to start from
 * @returns id of the execution, which runs on
 */
export async function startWorkflow(
	client: N8nClient,
	workflowId: string,
	triggerName = 'Start',
): Promise<string> {
	const body = { triggerToStartFrom: { name: triggerName } };
	const started = await client.request('POST', `/rest/workflows/${workflowId}/run`, { body });
	const { executionId } = started as { executionId?: string };
	if (executionId === undefined)
		throw new Error('n8n waits for a webhook call to start this workflow.');
	return executionId;
}

/** Presses *Execute workflow* and waits for its end. */
export async function runWorkflow(
	client: N8nClient,
	workflowId: string,
	triggerName = 'Start',
): Promise<Execution> {
	return await waitForExecution(client, await startWorkflow(client, workflowId, triggerName));
}

/** Publishes the present version, so that its triggers and webhooks are live. */
export async function activateWorkflow(client: N8nClient, workflow: Workflow): Promise<void> {
	const { versionId } = (await client.request('GET', `/rest/workflows/${workflow.id}`)) as Workflow;
	await client.request('POST', `/rest/workflows/${workflow.id}/activate`, { body: { versionId } });
}

/** Takes a workflow out of service. */
export async function deactivateWorkflow(client: N8nClient, workflowId: string): Promise<void> {
	await client.request('POST', `/rest/workflows/${workflowId}/deactivate`, { body: {} });
}

/** How long a just activated webhook may take to answer, in ms. */
const WEBHOOK_LIMIT_MS = 30_000;

/**
 * Calls a production webhook. n8n registers webhooks a moment after the activation and answers 404
 * until then, so a 404 is tried again.
 */
export async function callWebhook(client: N8nClient, path: string): Promise<Response> {
	const giveUpAt = performance.now() + WEBHOOK_LIMIT_MS;
	for (;;) {
		const response = await fetch(`${client.baseUrl}/webhook/${path}`);
		if (response.status !== 404 || performance.now() > giveUpAt) return response;
		await response.text();
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
