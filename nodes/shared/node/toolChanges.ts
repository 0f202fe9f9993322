import type { INodeProperties } from 'n8n-workflow';
import type { ToolRefusal } from './operation';

/** A person's word that an AI agent may change data with this node; shown where the node is a tool. */
export const changesField: INodeProperties = {
	displayName: 'Allow Changes as a Tool',
	name: 'allowChangesAsTool',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description: 'Whether an AI agent may create, change or delete data with this node',
	displayOptions: { show: { '@tool': [true] } },
};

/** What a model may do only after that word. */
export const changesAsTool: ToolRefusal = { unless: changesField.name };
