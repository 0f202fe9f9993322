import type { HttpResponse } from '../../../shared/http';
import type { Vault } from '../../../shared/vault/vault';
import { foreignLogIn, leadsToLogin } from '../../platform/platformAnswers';
import { platformSend } from '../../platform/platformRequest';
import type { ServerConnection } from '../../platform/serverAddress';
import type { SessionCredential } from './sessionCredential';
import { authHeaders } from './sessionCredential';
import { discoverServer } from './serverDiscovery';
import { isTaken, probeSession } from './sessionProbe';

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
 * sends it. The body means nothing, redirects are not followed. Both may come of a proxy before the server too, so
 * after a page, or a redirect elsewhere than to the log-in, the server is asked whether the session still lives.
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
		if (!isAmbiguous(answer)) return { answer, isOver: isOver(answer) };
		const limit = AbortSignal.timeout(PROBE_LIMIT_MS);
		const life = await probeSession(vault, connection, credential, limit);
		return { answer, isOver: life === 'dead' };
	};
}

/** DocuWare's own 401, its log-in page, and 410: there is no such session any more, which is what was asked for. */
function isOver(answer: HttpResponse): boolean {
	const { status } = answer;
	if (status === 401) return foreignLogIn(answer) === undefined;
	return isTaken(answer) || leadsToLogin(answer) || status === 410;
}

/** Whether an answer may as well be that of a proxy. */
function isAmbiguous(answer: HttpResponse): boolean {
	return answer.status < 400 && !isOver(answer);
}
