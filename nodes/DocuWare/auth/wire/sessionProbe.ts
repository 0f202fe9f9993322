import type { HttpResponse } from '../../../shared/http';
import { saysLicenceExpired } from '../../platform/licenceExpiry';
import { isLicenceRefusal, leadsToLogin } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerConnection } from '../../platform/serverAddress';
import type { PresentedCredential, SessionCredential } from './sessionCredential';
import { authHeaders } from './sessionCredential';

/**
 * Whether an answer proves that the session of a request has ended: a 401 other than about a licence, the
 * way to the log-in page, or the 410 of a server without cookie sessions.
 */
export function saysSessionEnded(
	answer: HttpResponse,
	{ kind }: Pick<SessionCredential, 'kind'>,
): boolean {
	if (answer.status === 401) {
		return !isLicenceRefusal(answer.body) && !saysLicenceExpired(answer);
	}
	return leadsToLogin(answer) || (answer.status === 410 && kind === 'cookie');
}

/**
 * Asks the server with a cheap GET that needs a session and falls under no limit whether a session
 * still lives.
 *
 * @returns `unknown` where the server gave no usable answer.
 */
export async function probeSession(
	connection: ServerConnection,
	credential: PresentedCredential,
): Promise<'alive' | 'dead' | 'unknown'> {
	const url = `${connection.address.baseUrl}/Organizations`;
	const answer = await platformSend(connection, {
		method: 'GET',
		url,
		headers: authHeaders(credential, url),
	}).catch(() => undefined);
	if (answer === undefined) return 'unknown';
	if (saysSessionEnded(answer, credential)) return 'dead';
	return answer.status < 500 && answer.status !== 429 ? 'alive' : 'unknown';
}
