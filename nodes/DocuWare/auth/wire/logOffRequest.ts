import type { HttpResponse } from '../../../shared/http';
import type { Vault } from '../../../shared/vault/vault';
import { isOwnRefusal, serviceDescription } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerConnection } from '../../platform/serverAddress';
import type { SessionCredential } from './sessionCredential';
import { authHeaders } from './sessionCredential';
import { discoverServer } from './serverDiscovery';
import { isSessionOver, isTaken, probeSession } from './sessionProbe';

/** The server is given so long to say whether a session has ended, in milliseconds. */
const PROBE_LIMIT_MS = 10_000;

/** What came of a log-off. */
export interface LogOffAnswer {
	answer: HttpResponse;
	/** Whether there is no such session any more. */
	isOver: boolean;
}

/**
 * Makes the log-off of a cookie session ready (`GET Account/LogOff`, docs/facts/docuware.md 3.2); what is returned
 * sends it. Redirects are not followed. What is not DocuWare's own answer may come of a proxy before the server, so
 * the server is asked whether the session still lives.
 *
 * @throws what `discoverServer` throws; the request itself HttpTransportError
 */
export async function readyLogOff(
	vault: Vault,
	connection: ServerConnection,
	credential: SessionCredential,
): Promise<() => Promise<LogOffAnswer>> {
	const { logOffUrl: url } = await discoverServer(vault, connection);
	const { Cookie = '' } = authHeaders(credential, url);
	return async () => {
		const answer = await platformSend(connection, { method: 'GET', url, headers: { Cookie } });
		const limit = AbortSignal.timeout(PROBE_LIMIT_MS);
		if (await isOver(connection, answer, credential, limit)) return { answer, isOver: true };
		if (answer.status >= 400) return { answer, isOver: false };
		const life = await probeSession(vault, connection, credential, limit);
		return { answer, isOver: life === 'dead' };
	};
}

/** DocuWare's own 401, its log-in page, and 410: there is no such session any more, which is what was asked for. */
async function isOver(
	connection: ServerConnection,
	answer: HttpResponse,
	credential: SessionCredential,
	signal: AbortSignal,
): Promise<boolean> {
	if (isTaken(answer)) return answer.body.trim() === '' || serviceDescription(answer) !== undefined;
	if (answer.status === 401 && isOwnRefusal(answer.body)) return true;
	return await isSessionOver(connection, answer, credential, signal);
}
