import { NodeHelpers, type INodeParameters, type INodeProperties } from 'n8n-workflow';

/** Names of the properties that `describeResources` adds in front of the fields. */
const CHOICES = ['authentication', 'resource', 'operation'];

/**
 * The fields that n8n shows for an operation, by n8n's own rule, without the conditions on resource and
 * operation.
 *
 * @param values of the fields; without them, every condition of a field's own counts as met
 */
export function fieldsShown(
	properties: readonly INodeProperties[],
	resource: string,
	operation: string,
	values?: INodeParameters,
): INodeProperties[] {
	return properties
		.filter(({ name }) => !CHOICES.includes(name))
		.filter((property) => {
			const { resource: resources, operation: operations } = property.displayOptions?.show ?? {};
			const judged = values
				? property
				: {
						displayOptions: {
							show: { resource: resources, ...(operations && { operation: operations }) },
						},
					};
			const all = { ...values, resource, operation };
			return NodeHelpers.displayParameter(all, judged as INodeProperties, { typeVersion: 1 }, null);
		})
		.map(ownConditions);
}

function ownConditions(property: INodeProperties): INodeProperties {
	const { displayOptions, ...field } = property;
	const { show = {}, ...others } = displayOptions ?? {};
	const { resource: _resource, operation: _operation, ...ownShow } = show;
	const own = { ...others, ...(Object.keys(ownShow).length > 0 ? { show: ownShow } : {}) };
	return Object.keys(own).length > 0 ? { ...field, displayOptions: own } : field;
}
