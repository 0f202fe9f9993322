import type { Answer } from '../../shared/answers';
import type { PlatformCall, Principal } from './call';
import { gone, licenceRefusal, unauthorized } from './refusals';
import { authCookie, browserIdCookie, stickyCookie } from './sessionCookies';

/** Who makes this request, or the answer that refuses it. A bearer token goes before a cookie. */
export function authenticate(call: PlatformCall): Principal | Answer {
	const authorization = call.request.headers.authorization;
	if (authorization !== undefined) return byBearer(call, authorization);
	return byCookie(call);
}

/** Whether {@link authenticate} or a log-on refused. */
export function isAnswer(value: object): value is Answer {
	return 'status' in value && 'body' in value;
}

function byBearer(call: PlatformCall, authorization: string): Principal | Answer {
	const { server } = call;
	const value = /^Bearer (.+)$/i.exec(authorization)?.[1] ?? '';
	const token = server.accessTokens.find(value, server.now());
	if (
		token === undefined ||
		!server.abilities.identityService ||
		!token.scopes.includes('docuware.platform')
	) {
		return unauthorized(call, 'badBearer');
	}
	if (
		server.switches.bearerBooksLicence &&
		server.accessTokens.bookingOf(token.signInId) === undefined
	) {
		const booking = server.licences.book({
			userName: token.user.name,
			hostId: `bearer:${token.clientId}`,
			byToken: token.byLoginToken,
			licenceType: '',
		});
		if (booking === undefined) return licenceRefusal(call, token.user.name);
		server.accessTokens.book(token.signInId, booking);
	}
	return { user: token.user };
}

function byCookie(call: PlatformCall): Principal | Answer {
	const { server, request } = call;
	const ids = request.cookies.filter(([name]) => name === authCookie).map(([, value]) => value);
	// A jar that kept the empty twin sends an empty value: no session.
	const id = ids.find((value) => value !== '');
	if (id === undefined) return unauthorized(call, 'noCredentials');
	const session = server.sessions.find(id);
	if (!server.abilities.cookieLogon && server.switches.cookiesFrom711 === 'gone') {
		return gone(call);
	}
	if (session === undefined) {
		if (server.sessions.endOf(id) === undefined) return unauthorized(call, 'unknownSession');
		server.counts.requestsWithDeadSession += 1;
		return unauthorized(call, 'deadSession');
	}
	const { requiredCookies, userAgentBinding } = server.switches;
	const sent = request.cookies.map(([name]) => name);
	if (
		(requiredCookies !== 'authOnly' &&
			!request.cookies.some(
				([name, value]) => name === browserIdCookie && value === session.browserId,
			)) ||
		(requiredCookies === 'all' && !sent.includes(stickyCookie))
	) {
		return unauthorized(call, 'missingCookie');
	}
	if (userAgentBinding && session.userAgent !== request.userAgent) {
		server.endSession(session, 'userAgentChanged');
		server.counts.requestsWithDeadSession += 1;
		return unauthorized(call, 'deadSession');
	}
	session.lastUsedAt = server.now();
	session.firstUsedAt ??= session.lastUsedAt;
	return { user: session.user, session };
}
