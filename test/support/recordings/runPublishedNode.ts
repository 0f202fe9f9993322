import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeParameters,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { publishedNode } from './publishedTypes';

/** One execution of a node with one empty item. */
export interface NodeRun {
	/** As a workflow stores them: what is not here has its default. */
	parameters: INodeParameters;
	/** By credential type. */
	credentials: Record<string, { id: string; data: ICredentialDataDecryptedObject }>;
	executionId: string;
}

/** Runs a node of the package as n8n does, and gives its output items. */
export async function runPublishedNode(name: string, run: NodeRun): Promise<IDataObject[]> {
	const type = publishedNode(name);
	const node: INode = {
		id: 'node-1',
		name: type.description.displayName,
		type: type.description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: Object.fromEntries(
			Object.entries(run.credentials).map(([kind, { id }]) => [kind, { id, name: `Named ${id}` }]),
		),
	};
	const { properties } = type.description;
	node.parameters =
		NodeHelpers.getNodeParameters(properties, run.parameters, true, false, node, null) ?? {};
	if (type.execute === undefined) throw new Error(`${name} does not execute.`);
	const output = await type.execute.call(contextOf(node, run));
	return ((output as Array<Array<{ json: IDataObject }>>)[0] ?? []).map(({ json }) => json);
}

function contextOf(node: INode, run: NodeRun): IExecuteFunctions {
	const context: Partial<IExecuteFunctions> = {
		getInputData: () => [{ json: {} }],
		getNode: () => node,
		getMode: () => 'manual',
		isToolExecution: () => false,
		getInstanceId: () => 'instance-1',
		getExecutionId: () => run.executionId,
		getWorkflow: () => ({ id: 'workflow-1', name: 'Workflow', active: false }),
		continueOnFail: () => false,
		getExecutionCancelSignal: () => undefined,
		addExecutionHints: () => undefined,
		getNodeParameter: ((name: string, _index: number, fallback?: unknown, options?: object) =>
			parameterOf(node, name, options) ?? fallback) as never,
		getCredentials: (async (type: string) =>
			await Promise.resolve(structuredClone(run.credentials[type]?.data))) as never,
	};
	return context as IExecuteFunctions;
}

function parameterOf(node: INode, name: string, options?: { extractValue?: boolean }): unknown {
	const value: unknown = node.parameters[name];
	const isLocator = typeof value === 'object' && value !== null && '__rl' in value;
	return options?.extractValue === true && isLocator ? (value as { value?: unknown }).value : value;
}
