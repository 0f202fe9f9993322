import type { Readable } from 'node:stream';
import type {
	IBinaryKeyData,
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeParameters,
	INodeTypeDescription,
	WorkflowActivateMode,
} from 'n8n-workflow';

/** An input item of a stand-in. */
export interface InputItem {
	json?: IDataObject;
	binary?: IBinaryKeyData;
	/** What the node's parameters come to for this item, where that differs from the others. */
	parameters?: IDataObject;
}

/** A credential that the node names. */
export interface NodeCredential {
	id: string;
	data?: ICredentialDataDecryptedObject;
}

/** What of a node's description decides over its parameters. */
export type NodeDescription = Pick<INodeTypeDescription, 'displayName' | 'name' | 'properties'>;

/** The node of a stand-in, and the execution around it. */
export interface NodeSettings {
	/** A node without fields if missing. */
	description?: NodeDescription;
	nodeId?: string;
	/** Type of the node; ends with `Tool` where an AI agent uses it. */
	nodeType?: string;
	/** As a workflow stores them: what is not here has its default. */
	parameters?: IDataObject;
	/** One empty item if missing. */
	items?: InputItem[];
	mode?: string;
	continueOnFail?: boolean;
	retryOnFail?: boolean;
	/** Which time the node runs in its execution; 0 if missing. */
	runIndex?: number;
	workflowId?: string;
	signal?: AbortSignal;
	/** By credential type. */
	credentials?: Record<string, NodeCredential>;
	executionId?: string;
	/** Of the workflow; UTC if missing. */
	timeZone?: string;
	/** Where deliveries to the node go. */
	webhookUrl?: string;
	webhookId?: string;
	/** Why n8n has registered the workflow; of polls. */
	activation?: WorkflowActivateMode;
	/** How n8n's store takes a file of an answer; all of it if missing. */
	keep?: (file: Readable) => Promise<Buffer>;
	/** Files in n8n's store by their ids, how many bytes n8n has noted of each, and how it reads them if not at once. */
	files?: Record<string, { bytes: Buffer; noted: number; open?: () => Readable }>;
	/** Gets what polls write into n8n's log. */
	log?: unknown[][];
}

const FIELDLESS: NodeDescription = { displayName: 'Node', name: 'node', properties: [] };

/** Loaded at first use: it takes a second, and many tests have neither fields nor expressions. */
function n8nWorkflow(): typeof import('n8n-workflow') {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- at first use
	return require('n8n-workflow') as typeof import('n8n-workflow');
}

/** The node as n8n hands it to its code: with the parameters that are shown, and no others. */
export function nodeOf(settings: NodeSettings = {}): INode {
	const { description = FIELDLESS, credentials = {} } = settings;
	const node: INode = {
		id: settings.nodeId ?? 'node-1',
		name: description.displayName,
		type: settings.nodeType ?? `n8n-nodes-exactonline-docuware.${description.name}`,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...(settings.retryOnFail && { retryOnFail: true }),
		...(settings.webhookId !== undefined && { webhookId: settings.webhookId }),
		credentials: Object.fromEntries(
			Object.entries(credentials).map(([type, { id }]) => [type, { id, name: `Named ${id}` }]),
		),
	};
	return { ...node, parameters: shownParameters(node, settings) };
}

/** The parameters for an item, each with its value or default; a field that is not shown has none. */
export function shownParameters(
	node: INode,
	{ description = FIELDLESS, parameters }: NodeSettings,
	item: InputItem = {},
): INodeParameters {
	const { properties } = description;
	if (properties.length === 0) return {};
	const stored = { ...parameters, ...item.parameters } as INodeParameters;
	// Of the type's description n8n looks at the name here, which says whether the node is a tool.
	const type = { name: node.type } as INodeTypeDescription;
	const { NodeHelpers } = n8nWorkflow();
	return NodeHelpers.getNodeParameters(properties, stored, true, false, node, type) ?? {};
}

/** Value of a parameter for an item, its expressions evaluated as n8n does it: also inside collections. */
export function readParameter(
	parameters: INodeParameters,
	name: string,
	options: { json?: IDataObject; extractValue?: boolean } = {},
): unknown {
	const value = resolved(parameters[name], options.json ?? {});
	const isLocator = typeof value === 'object' && value !== null && '__rl' in value;
	return options.extractValue === true && isLocator ? (value as { value?: unknown }).value : value;
}

/** The value of `{{ … }}` pieces; of names in them it knows `$json` and `$fromAI`, which reads the item. */
export function evaluateExpression(text: string, json: IDataObject): unknown {
	const values = n8nWorkflow()
		.ExpressionParser.splitExpression(text)
		.filter((chunk) => chunk.text !== '')
		.map((chunk) => (chunk.type === 'code' ? codeValue(chunk.text, json) : chunk.text));
	return values.length === 1 ? values[0] : values.join('');
}

function resolved(value: unknown, json: IDataObject): unknown {
	if (typeof value === 'string') {
		return value.startsWith('=') ? evaluateExpression(value.slice(1), json) : value;
	}
	if (Array.isArray(value)) return value.map((one) => resolved(one, json));
	if (typeof value !== 'object' || value === null) return value;
	const members = Object.entries(value);
	return Object.fromEntries(members.map(([name, member]) => [name, resolved(member, json)]));
}

function codeValue(code: string, json: IDataObject): unknown {
	const run = Function('$json', '$fromAI', `return (${code});`) as (
		json: IDataObject,
		fromAi: (name: string) => unknown,
	) => unknown;
	return run(json, (name) => json[name]);
}

/** A chosen entry of a resource locator. */
export function locator(value: string | number, mode = 'list'): IDataObject {
	return { __rl: true, mode, value };
}
