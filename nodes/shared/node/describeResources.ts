import type { INodeProperties } from 'n8n-workflow';
import type { Operation, Resource } from './operation';

/**
 * A node's properties: the choice of resource and operation, and each operation's own fields. A
 * resource or operation named "Custom API Call" belongs at the end of its list: n8n adds an entry of
 * that name, which leads to its HTTP Request node, to every list that does not end with one.
 */
export function describeResources<Call, Result>(
	resources: ReadonlyArray<Resource<Call, Result>>,
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
		...resources.flatMap((resource) =>
			resource.operations.flatMap((operation) =>
				operation.fields.map((field) => showFor(field, resource.value, operation.value)),
			),
		),
	];
}

function operationChoice<Call, Result>({
	value,
	operations,
	defaultOperation,
}: Resource<Call, Result>): INodeProperties {
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

function choice<Call, Result>(operation: Operation<Call, Result>) {
	const { name, value, action, description } = operation;
	return { name, value, action, description };
}

function showFor(field: INodeProperties, resource: string, operation: string): INodeProperties {
	const show = { ...field.displayOptions?.show, resource: [resource], operation: [operation] };
	return { ...field, displayOptions: { ...field.displayOptions, show } };
}
