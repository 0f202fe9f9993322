import type { Vault } from '../../../shared/vault/vault';
import type { ServerConnection } from '../../platform/serverAddress';
import { changeSession } from '../record/sessionRecord';
import { organizationNames } from '../wire/organizationNames';
import type { SessionCredential } from '../wire/sessionCredential';

/**
 * Has the service name the organization of a session whose credential names none, and notes it in the
 * record: by it a credential with *Organization* finds the same user, also once the session has ended.
 * Never throws; undefined where the service names none, or several.
 */
export async function noteOrganization(
	vault: Vault,
	connection: ServerConnection,
	recordId: string,
	credential: SessionCredential,
): Promise<string | undefined> {
	const names = await organizationNames(connection, credential);
	const [organization] = names;
	if (names.length !== 1 || organization === undefined) return undefined;
	const noted = vault.writeAt(recordId, () =>
		changeSession(vault, recordId, null, (secret, meta) => [secret, { ...meta, organization }]),
	);
	await noted.catch(() => undefined);
	return organization;
}
