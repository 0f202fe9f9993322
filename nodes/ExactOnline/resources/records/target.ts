import type { INodeProperties } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import type { ItemCall } from '../../../shared/node/operation';
import { readEndpoint } from '../../catalogue/catalogue';
import type { ResourceData } from '../../catalogue/firstClass/resourceData';
import type { Endpoint } from '../../catalogue/types';

/** What an operation works on: a resource with a name of its own, or whatever endpoint is chosen. */
export interface RecordTarget {
	/** Title Case, singular. */
	name: string;
	/** Missing where the endpoint is chosen. */
	data?: ResourceData;
	/** Fields that choose the endpoint. */
	fields: INodeProperties[];
	/** @throws ConnectorError EXACT_UNKNOWN_ENDPOINT */
	endpointOf(call: Pick<ItemCall, 'context' | 'itemIndex'>): Endpoint;
}

/** A resource that has data of its own. */
export function targetOf(data: ResourceData): RecordTarget {
	return {
		name: data.name,
		data,
		fields: [],
		endpointOf: () => readEndpoint(data.endpoint),
	};
}

const endpointField: INodeProperties = {
	displayName: 'Endpoint',
	name: 'endpoint',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The endpoint of the API; the list holds those that allow the operation',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select an endpoint…',
			typeOptions: { searchListMethod: 'searchEndpoints', searchable: true },
		},
		{
			displayName: 'By Path',
			name: 'path',
			type: 'string',
			placeholder: 'e.g. crm/Accounts',
			hint: 'Without host and division; capitals count',
		},
	],
};

/** Any endpoint, chosen from a list or by its path. */
export const chosenTarget: RecordTarget = {
	name: 'Record',
	fields: [endpointField],
	endpointOf: ({ context, itemIndex }) => {
		const path: unknown = context.getNodeParameter('endpoint', itemIndex, '', {
			extractValue: true,
		});
		return readEndpoint(String(path ?? '').trim());
	},
};

/**
 * Stops what the endpoint does not allow; a path may come from an expression, so that no list has sorted it out.
 * @throws ConnectorError EXACT_UNKNOWN_OPERATION
 */
export function requireMethod(
	{ name, path, methods }: Endpoint,
	method: Endpoint['methods'][number],
): void {
	if (methods.includes(method)) return;
	throw new ConnectorError(
		'EXACT_UNKNOWN_OPERATION',
		`${name} takes no ${method}, only ${methods.join(', ')}: ${path}.`,
		{ repair: 'Choose another operation, or another endpoint.' },
	);
}
