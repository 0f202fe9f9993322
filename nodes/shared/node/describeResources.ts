import type { INodeProperties } from 'n8n-workflow';
import { mergeFields } from './mergeFields';
import type { Operation, Resource } from './operation';

/**
 * A node's properties: the choice of resource and operation, and each operation's own fields, where
 * equal ones of several operations are one property. A resource or operation named "Custom API Call"
 * belongs at the end of its list: n8n adds an entry of that name, which leads to its HTTP Request node,
 * to every list that does not end with one.
 */
export function describeResources<Call>(
	resources: ReadonlyArray<Resource<Call>>,
	defaultResource: string,
): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: resources.map(({ name, value }) => ({ name, value })),
			default: defaultResource,
		},
		...resources.map(operationChoice),
		...mergeFields(
			resources.flatMap(({ value, operations }) =>
				operations.map((one) => ({ resource: value, operation: one.value, fields: one.fields })),
			),
		),
	];
}

function operationChoice<Call>({
	value,
	operations,
	defaultOperation,
}: Resource<Call>): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: operations.map(choice),
		default: defaultOperation,
	};
}

function choice<Call>({ name, value, action, description }: Operation<Call>) {
	return { name, value, action, description };
}
