import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { withNodeErrors } from '../../shared/node/nodeErrors';
import { PlatformClient } from '../api/platformClient';
import { createDocuWareSession } from '../auth/nodeSession';
import { credentialTypeFor } from '../auth/account/credentialTypes';

/** Works with the session of the credential that is chosen in the editor, for its lists. */
export async function withClient<T>(
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
