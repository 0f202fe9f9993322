import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { withNodeErrors } from '../../shared/node/nodeErrors';
import { PlatformClient } from '../api/platformClient';
import { createDocuWareSession } from '../auth/nodeSession';
import { credentialTypeFor } from '../auth/account/credentialTypes';
import { organizationPages } from '../resources/organization/organizationPages';

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

async function withClient<T>(
	context: ILoadOptionsFunctions,
	work: (client: PlatformClient) => Promise<T>,
): Promise<T> {
	return await withNodeErrors(context.getNode(), async () => {
		const session = await createDocuWareSession(context, 0, {
			credentialType: credentialTypeFor(context.getCurrentNodeParameter('authentication')),
		});
		try {
			return await work(new PlatformClient(session));
		} finally {
			await session.release();
		}
	});
}
