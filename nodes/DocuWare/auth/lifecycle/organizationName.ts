import type { Vault } from '../../../shared/vault/vault';
import { organizationsIn } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerConnection } from '../../platform/serverAddress';
import { changeSession } from '../record/sessionRecord';
import type { SessionCredential } from '../wire/sessionCredential';
import { authHeaders } from '../wire/sessionCredential';

/** Whoever logs on waits so long for it, in milliseconds; another log-on asks again. */
const LIMIT_MS = 5_000;

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
	const url = `${connection.address.baseUrl}/Organizations`;
	const answer = await platformSend(connection, {
		method: 'GET',
		url,
		headers: { Accept: 'application/json', ...authHeaders(credential, url) },
		signal: AbortSignal.timeout(LIMIT_MS),
	}).catch(() => undefined);
	const names = answer?.status === 200 ? organizationsIn(answer.body) : [];
	const [organization] = names;
	if (names.length !== 1 || organization === undefined) return undefined;
	const noted = vault.writeAt(recordId, () =>
		changeSession(vault, recordId, null, (secret, meta) => [secret, { ...meta, organization }]),
	);
	await noted.catch(() => undefined);
	return organization;
}
