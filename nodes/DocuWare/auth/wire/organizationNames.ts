import { organizationsIn } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerConnection } from '../../platform/serverAddress';
import type { SessionCredential } from './sessionCredential';
import { authHeaders } from './sessionCredential';

/** Whoever logs on waits so long for it, in milliseconds; another log-on asks again. */
const LIMIT_MS = 5_000;

/**
 * The names of the organizations as `GET Organizations` tells them to the holder of a session, or to
 * everybody. Never throws; none where the server tells none.
 */
export async function organizationNames(
	connection: ServerConnection,
	credential?: SessionCredential,
): Promise<string[]> {
	const url = `${connection.address.baseUrl}/Organizations`;
	const answer = await platformSend(connection, {
		method: 'GET',
		url,
		headers: { ...(credential && authHeaders(credential, url)) },
		signal: AbortSignal.timeout(LIMIT_MS),
	}).catch(() => undefined);
	return answer?.status === 200 ? organizationsIn(answer.body) : [];
}
