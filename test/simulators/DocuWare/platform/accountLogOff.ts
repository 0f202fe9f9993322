import { resourceAnswer } from '../http/answers';
import type { OpenHandler } from './call';
import { serviceDescription } from './serviceDescription';
import { authCookie, expiredCookieLines } from './sessionCookies';

/** `GET Account/LogOff`: the cookie is dead afterwards (docs/facts/docuware.md 3.2). */
export const logOff: OpenHandler = ({ server, request }) => {
	const id = request.cookies.find(([name, value]) => name === authCookie && value !== '')?.[1];
	const session = id === undefined ? undefined : server.sessions.find(id);
	if (session === undefined) {
		server.counts.logOffsWithoutSession += 1;
	} else {
		server.endSession(session, 'loggedOff');
		server.counts.logOffs += 1;
	}
	const answer = resourceAnswer(request, 'ServiceDescription', serviceDescription(server));
	answer.headers['set-cookie'] = expiredCookieLines(server);
	return answer;
};
