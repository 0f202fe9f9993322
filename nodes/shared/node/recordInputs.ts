import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/**
 * Where the values of a record come from: n8n's mapper, or one JSON.
 * @param more what else there is, which stands between the two by its name
 */
export function dataModeField(
	what: 'fields' | 'index fields',
	more: readonly INodePropertyOptions[] = [],
): INodeProperties {
	return {
		displayName: 'Data Mode',
		name: 'dataMode',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Fields', value: 'fields', description: `Enter or map the ${what} one by one` },
			...more,
			{ name: 'JSON', value: 'json', description: `Give all ${what} as one object` },
		],
		default: 'fields',
	};
}

/** The values as one JSON. */
export function jsonInput(description: string): INodeProperties {
	return {
		displayName: 'JSON',
		name: 'json',
		type: 'json',
		typeOptions: { rows: 6 },
		default: '{}',
		required: true,
		description,
		displayOptions: { show: { dataMode: ['json'] } },
	};
}
