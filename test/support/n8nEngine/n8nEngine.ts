import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	NodeConnectionTypes,
	Workflow,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type INodeTypes,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { nodeOf, type NodeSettings } from '../n8nContext';

/** Name of the node that gives the items. */
const SOURCE = 'Items';

/** Where n8n would be reached; expressions may name it. */
const ADDRESS = 'http://localhost:5678/';

/** A node type that gives what is pinned to it. */
const source: INodeType = {
	description: {
		displayName: SOURCE,
		name: 'items',
		group: ['trigger'],
		version: 1,
		description: 'Gives the items of a test',
		defaults: {},
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	},
};

/** What a run is, beside the node's own settings. */
export interface EngineRun extends NodeSettings {
	/** As in *Settings > On Error* of the node. */
	onError?: INode['onError'];
}

/** What came out of a node, by output. */
export type EngineOutput = INodeExecutionData[][];

/**
 * n8n's own execution engine (n8n-core) in this process, with a node type under test: parameters, their
 * expressions, pairing of items, errors and binary data go the way that they go in n8n.
 */
export class N8nEngine {
	private readonly folder = mkdtempSync(join(tmpdir(), 'n8n-engine-'));

	constructor(private readonly type: INodeType) {
		// n8n-core writes an encryption key of its own there when it is first asked for its settings.
		process.env.N8N_USER_FOLDER = this.folder;
		process.env.N8N_LOG_LEVEL = 'silent';
	}

	/**
	 * Runs the node once over the items.
	 * @throws what the node threw, where it is not told to go on
	 */
	async run(run: EngineRun): Promise<EngineOutput> {
		const node = this.nodeUnderTest(run);
		const trigger = sourceNode();
		const workflow = workflowOf(trigger, node, this.nodeTypes(node), run);
		const hooks = new ExecutionLifecycleHooks('manual', 'execution-1', workflow as never);
		const additionalData = { ...additional(run), hooks } as never;
		const engine = new WorkflowExecute(additionalData, 'manual');
		const items = (run.items ?? [{}]).map(({ json = {}, binary }) => ({
			json,
			...(binary && { binary }),
		}));
		const pinData = { [SOURCE]: items };
		const { data } = await engine.run({ workflow, startNode: trigger, pinData });
		const { error, runData } = data.resultData;
		// The engine keeps a copy that is no Error any more.
		if (error) throw Object.assign(new Error(error.message), error);
		const output = runData[node.name]?.[0]?.data?.main ?? [];
		return output.map((branch) => branch ?? []);
	}

	/** Removes what n8n-core wrote. */
	dispose(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}

	private nodeUnderTest(run: EngineRun): INode {
		const { description } = this.type;
		const { parameters, continueOnFail } = run;
		const onError = run.onError ?? (continueOnFail ? 'continueRegularOutput' : undefined);
		return {
			...nodeOf({ ...run, description }),
			parameters: (parameters ?? {}) as never,
			...(onError && { onError }),
		};
	}

	private nodeTypes(node: INode): INodeTypes {
		const byName = (name: string) => (name === node.type ? this.type : source);
		return { getByName: byName, getByNameAndVersion: byName, getKnownTypes: () => ({}) };
	}
}

function sourceNode(): INode {
	return {
		...nodeOf(),
		...{ id: 'source', name: SOURCE, type: 'test.items', parameters: {} },
	};
}

function workflowOf(
	trigger: INode,
	node: INode,
	nodeTypes: INodeTypes,
	{ timeZone }: EngineRun,
): Workflow {
	const next = { node: node.name, type: NodeConnectionTypes.Main, index: 0 };
	return new Workflow({
		...{ id: 'workflow-1', name: 'Workflow', active: false, nodeTypes },
		nodes: [trigger, node],
		connections: { [SOURCE]: { main: [[next]] } },
		settings: { executionOrder: 'v1', ...(timeZone && { timezone: timeZone }) },
	});
}

/** What n8n's server gives its engine, as far as the nodes come by it. */
function additional({
	credentials = {},
	executionId = 'execution-1',
}: EngineRun): Partial<IWorkflowExecuteAdditionalData> {
	return {
		executionId,
		currentNodeExecutionIndex: 0,
		variables: {},
		restApiUrl: ADDRESS,
		instanceBaseUrl: ADDRESS,
		webhookWaitingBaseUrl: ADDRESS,
		formWaitingBaseUrl: ADDRESS,
		credentialsHelper: {
			isCredentialUsableByNode: () => true,
			getParentTypes: () => [],
			getCredentialsProperties: () => [],
			getDecrypted: async (_data: unknown, _node: unknown, type: string) =>
				await Promise.resolve(structuredClone(credentials[type]?.data ?? {})),
		} as never,
	};
}
