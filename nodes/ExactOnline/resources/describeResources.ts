import type { INodeProperties } from 'n8n-workflow';
import type { Operation, Resource } from './operation';

/** The node's properties: the choice of resource and operation, and each operation's own fields. */
export function describeResources(
	resources: readonly Resource[],
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
				operation.fields.map((field) => showFor(field, resource, operation)),
			),
		),
	];
}

function operationChoice({ value, operations, defaultOperation }: Resource): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: operations.map(({ name, value, action, description }) => ({
			name,
			value,
			action,
			description,
		})),
		default: defaultOperation,
	};
}

function showFor(
	field: INodeProperties,
	resource: Resource,
	operation: Operation,
): INodeProperties {
	const show = {
		...field.displayOptions?.show,
		resource: [resource.value],
		operation: [operation.value],
	};
	return { ...field, displayOptions: { ...field.displayOptions, show } };
}
