import { UserError } from 'n8n-workflow';

import { isConnectorError } from '../errors';

/**
 * Does the work of a credential's hook. n8n shows message and description of a UserError that is
 * thrown there (docs/facts/n8n.md, "The OAuth2 hook"), and of no other error.
 * @throws UserError whose description is the repair; anything but a ConnectorError as it is.
 */
export async function asHook<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw forUser(error);
	}
}

function forUser(error: unknown): unknown {
	if (!isConnectorError(error)) return error;
	return new UserError(`${error.message} [${error.code}]`, { description: error.repair });
}
