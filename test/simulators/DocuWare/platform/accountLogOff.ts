import { resourceAnswer } from '../http/answers';
import type { OpenHandler } from './call';
import { unauthorized } from './refusals';
import { serviceDescription } from './serviceDescription';
import { expiredCookieLines, liveSessionOf } from './sessionCookies';

/** `GET Account/LogOff`: the cookie is dead afterwards (docs/facts/docuware.md 3.2). */
export const logOff: OpenHandler = ({ server, request }) => {
	const session = liveSessionOf(server, request);
	if (session === undefined) {
		server.counts.logOffsWithoutSession += 1;
		if (server.switches.deadLogOff === 'unauthorized') {
			return unauthorized({ server, request }, 'deadSession');
		}
	} else {
		server.endSession(session, 'loggedOff');
		server.counts.logOffs += 1;
	}
	const answer = resourceAnswer(request, 'ServiceDescription', serviceDescription(server));
	answer.headers['set-cookie'] = expiredCookieLines(server);
	return answer;
};
