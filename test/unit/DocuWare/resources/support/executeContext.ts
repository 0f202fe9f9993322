import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
	NodeHelpers,
	type IBinaryData,
	type IBinaryKeyData,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeParameters,
	type NodeExecutionHint,
} from 'n8n-workflow';
import { describeResources } from '../../../../../nodes/shared/node/describeResources';
import { resources } from '../../../../../nodes/DocuWare/resources';
import { authenticationField } from '../../../../../nodes/DocuWare/resources/common/authenticationField';

/** An input item of the stand-in. */
export interface InputItem {
	json?: IDataObject;
	binary?: IBinaryKeyData;
}

export interface NodeSettings {
	/** As a workflow stores them: what is not here has its default. */
	parameters?: INodeParameters;
	/** One empty item if missing. */
	items?: InputItem[];
	/** Type of the node; ends with `Tool` where an AI agent uses it. */
	nodeType?: string;
	mode?: string;
	continueOnFail?: boolean;
	signal?: AbortSignal;
	credentials?: Record<string, { id: string; data: ICredentialDataDecryptedObject }>;
	executionId?: string;
}

/** A stand-in for n8n's execute context, and what the node did to it. */
export interface StandIn {
	context: IExecuteFunctions;
	/** Hints that the node showed. */
	hints: NodeExecutionHint[];
	/** Binary data that n8n would keep in files, by id. */
	stored: Map<string, Buffer>;
}

const properties = [authenticationField, ...describeResources(resources, 'fileCabinet')];

/**
 * The part of n8n's execute context that the node uses. Parameters go through n8n's own rules: defaults
 * are filled in, and a field that is not shown does not exist. Of expressions it knows
 * `={{ $json.name }}`.
 */
export function executeContext(settings: NodeSettings = {}): StandIn {
	const items = settings.items ?? [{}];
	const hints: NodeExecutionHint[] = [];
	const stored = new Map<string, Buffer>();
	const node = nodeOf(settings);
	const context: Partial<IExecuteFunctions> = {
		getInputData: () => items.map((item) => ({ json: {}, ...item })),
		getNode: () => node,
		getMode: () => (settings.mode ?? 'manual') as never,
		isToolExecution: () => false,
		getInstanceId: () => 'instance-1',
		getExecutionId: () => settings.executionId ?? 'execution-1',
		getWorkflow: () => ({ id: 'workflow-1', name: 'Workflow', active: false }),
		continueOnFail: () => settings.continueOnFail ?? false,
		getExecutionCancelSignal: () => settings.signal,
		addExecutionHints: (...added) => void hints.push(...added),
		getNodeParameter: ((name: string, index: number, fallback?: unknown) => {
			const value = evaluate(node.parameters[name], items[index]?.json ?? {});
			if (value !== undefined) return value;
			if (fallback !== undefined) return fallback;
			throw new Error(`Could not get parameter "${name}"`);
		}) as never,
		getCredentials: (async (type: string) => {
			const found = settings.credentials?.[type];
			if (!found) throw new Error(`Node does not have any credentials set for "${type}"`);
			return found.data;
		}) as never,
		helpers: {
			assertBinaryData: (index: number, name: string) => binaryOf(items, index, name),
			getBinaryDataBuffer: async (index: number, name: string) =>
				Buffer.from(binaryOf(items, index, name).data, 'base64'),
			getBinaryStream: async (id: string) => Readable.from([stored.get(id)]),
			getBinaryMetadata: async (id: string) => ({ fileSize: stored.get(id)?.length ?? 0 }),
			prepareBinaryData: async (
				data: Buffer | Readable,
				fileName?: string,
				mimeType?: string,
			): Promise<IBinaryData> => ({
				data: (Buffer.isBuffer(data) ? data : await buffer(data)).toString('base64'),
				mimeType: mimeType ?? 'application/octet-stream',
				...(fileName === undefined ? {} : { fileName }),
			}),
		} as never,
	};
	return { context: context as IExecuteFunctions, hints, stored };
}

function nodeOf({ parameters = {}, nodeType, credentials = {} }: NodeSettings): INode {
	const node: INode = {
		id: 'node-1',
		name: 'DocuWare',
		type: nodeType ?? 'n8n-nodes-exactonline-docuware.docuWare',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: Object.fromEntries(
			Object.entries(credentials).map(([type, { id }]) => [type, { id, name: `Credential ${id}` }]),
		),
	};
	const complete = NodeHelpers.getNodeParameters(properties, parameters, true, false, node, null);
	return { ...node, parameters: complete ?? {} };
}

function evaluate(value: unknown, json: IDataObject): unknown {
	const member =
		typeof value === 'string' ? /^=\{\{ \$json\.(\w+) \}\}$/.exec(value)?.[1] : undefined;
	return member === undefined ? value : json[member];
}

function binaryOf(items: InputItem[], index: number, name: string): IBinaryData {
	const found = items[index]?.binary?.[name];
	if (!found)
		throw new Error(
			`This operation expects the node's input data to contain a binary file '${name}'`,
		);
	return found;
}
