import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { withNodeErrors } from '../../shared/node/nodeErrors';
import { readEndpoint, selectableFields } from '../catalogue/catalogue';
import { resources } from '../resources';

/** The fields that the chosen resource can return, for a drop-down; read from the catalogue. */
export async function getFieldsToReturn(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await withNodeErrors(
		this.getNode(),
		async () =>
			await Promise.resolve(fieldsToReturn(String(this.getCurrentNodeParameter('resource') ?? ''))),
	);
}

/** Names of the fields, none for a resource without an endpoint. */
function fieldsToReturn(resource: string): INodePropertyOptions[] {
	const endpoint = resources.find(({ value }) => value === resource)?.endpoint;
	if (endpoint === undefined) return [];
	const names = selectableFields(readEndpoint(endpoint)).sort();
	return names.map((name) => ({ name, value: name }));
}
