import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

/** The description of a node of the bench, which nobody sees: one input, one output, parameters as JSON. */
export function describe(name: string, parameters: readonly string[]): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: 'Only for measuring',
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties: parameters.map((parameter): INodeProperties => ({
			displayName: parameter,
			name: parameter,
			type: 'string',
			default: '',
		})),
	};
}
