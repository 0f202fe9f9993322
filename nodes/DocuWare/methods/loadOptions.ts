import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { organizationPages } from '../resources/organization/organizationPages';
import { withClient } from './withClient';

/** The organizations for a drop-down. */
export async function getOrganizations(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return await withClient(this, async (client) => {
		const options: INodePropertyOptions[] = [];
		for await (const page of organizationPages(client, undefined)) {
			for (const { Id, Name } of page) {
				options.push({ name: String(Name ?? Id), value: String(Id) });
			}
		}
		return options;
	});
}
