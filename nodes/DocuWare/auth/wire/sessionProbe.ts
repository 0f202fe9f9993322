import { isLicenceRefusal, leadsToLogin } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerConnection } from '../../platform/serverAddress';
import type { SessionCredential } from './sessionCredential';
import { authHeaders } from './sessionCredential';

/**
 * Asks the server with a cheap GET that needs a session and falls under no limit whether a session
 * still lives. Only a 401 (other than for a licence) or the 410 of a server without cookie sessions
 * proves its death.
 *
 * @returns `unknown` where the server gave no usable answer.
 */
export async function probeSession(
	connection: ServerConnection,
	credential: SessionCredential,
): Promise<'alive' | 'dead' | 'unknown'> {
	const url = `${connection.address.baseUrl}/Organizations`;
	const answer = await platformSend(connection, {
		method: 'GET',
		url,
		headers: authHeaders(credential, url),
	}).catch(() => undefined);
	if (answer === undefined) return 'unknown';
	if (answer.status === 401) return isLicenceRefusal(answer.body) ? 'alive' : 'dead';
	if (leadsToLogin(answer)) return 'dead';
	if (answer.status === 410 && credential.kind === 'cookie') return 'dead';
	return answer.status < 500 && answer.status !== 429 ? 'alive' : 'unknown';
}
