import {
	NodeHelpers,
	type IBinaryKeyData,
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type INode,
	type INodeParameters,
	type INodeTypeDescription,
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
	signal?: AbortSignal;
	/** By credential type. */
	credentials?: Record<string, NodeCredential>;
	executionId?: string;
}

const FIELDLESS: NodeDescription = { displayName: 'Node', name: 'node', properties: [] };

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
	const stored = { ...parameters, ...item.parameters } as INodeParameters;
	const { properties } = description;
	return NodeHelpers.getNodeParameters(properties, stored, true, false, node, null) ?? {};
}

/** Value of a parameter for an item. Of expressions it knows `={{ $json.name }}`. */
export function readParameter(
	parameters: INodeParameters,
	name: string,
	options: { json?: IDataObject; extractValue?: boolean } = {},
): unknown {
	const value: unknown = parameters[name];
	if (typeof value === 'string') {
		const member = /^=\{\{ \$json\.(\w+) \}\}$/.exec(value)?.[1];
		return member === undefined ? value : options.json?.[member];
	}
	const isLocator = typeof value === 'object' && value !== null && '__rl' in value;
	return options.extractValue === true && isLocator ? (value as { value?: unknown }).value : value;
}

/** A chosen entry of a resource locator. */
export function locator(value: string | number, mode = 'list'): IDataObject {
	return { __rl: true, mode, value };
}
