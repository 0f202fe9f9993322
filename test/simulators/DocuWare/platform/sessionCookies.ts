import { isIP } from 'node:net';
import { randomBytes } from 'node:crypto';

import type { SimulatedRequest } from '../http/simulatedRequest';
import type { PlatformSession } from '../sessions/sessionRegistry';
import type { SimulatedServer } from '../simulatedServer';
import { platformPath } from './call';

/** Names of the cookies of docs/facts/docuware.md 1 and 2.1. */
export const authCookie = '.DWPLATFORMAUTH';
export const browserIdCookie = 'DWPLATFORMBROWSERID';
export const stickyCookie = 'dwingressplatform';

/** `Set-Cookie` lines of a new session, with the empty twin where the switch wants it. */
export function sessionCookieLines(server: SimulatedServer, session: PlatformSession): string[] {
	const expires =
		session.expiresAt === undefined ? '' : `; Expires=${new Date(session.expiresAt).toUTCString()}`;
	const attributes = `${expires}${sessionAttributes(server)}`;
	const full = `${authCookie}=${session.id}${attributes}`;
	const empty = `${authCookie}=${attributes}`;
	const browserId = `${browserIdCookie}=${session.browserId}${attributes}`;
	switch (twinOf(server)) {
		case 'none':
			return [full, browserId];
		case 'otherPath':
			return [
				full,
				`${authCookie}=${expires}${sessionAttributes(server, platformPath)}`,
				browserId,
			];
		case 'after':
			return [full, empty, browserId];
		case 'before':
			return [empty, full, browserId];
	}
}

/** The place of the empty twin at this log-on. */
function twinOf(server: SimulatedServer): 'before' | 'after' | 'otherPath' | 'none' {
	const { emptyCookieTwin } = server.switches;
	const { password, token } = server.counts.logOns;
	if (emptyCookieTwin !== 'alternate') return emptyCookieTwin;
	return (password + token) % 2 === 0 ? 'before' : 'after';
}

/** The live session whose cookie came with a request; an empty cookie is none. */
export function liveSessionOf(
	server: SimulatedServer,
	request: SimulatedRequest,
): PlatformSession | undefined {
	const id = request.cookies.find(([name, value]) => name === authCookie && value !== '')?.[1];
	return id === undefined ? undefined : server.sessions.find(id);
}

/** `Set-Cookie` lines that take the session cookie away at log-off. */
export function expiredCookieLines(server: SimulatedServer): string[] {
	const past = 'Thu, 01 Jan 1970 00:00:00 GMT';
	return [`${authCookie}=; Expires=${past}${sessionAttributes(server)}`];
}

/** The load balancer's cookie, for an answer to a request that did not bring one. */
export function stickyCookieLine(
	server: SimulatedServer,
	request: SimulatedRequest,
): string | undefined {
	if (request.cookies.some(([name]) => name === stickyCookie)) return undefined;
	const secure = isSecure(server) ? '; Secure' : '';
	return `${stickyCookie}=${randomBytes(16).toString('hex')}; Path=/${secure}; HttpOnly`;
}

function sessionAttributes(server: SimulatedServer, path = '/'): string {
	const host = new URL(server.platformOrigin).hostname;
	const { cookieDomain } = server.switches;
	const domain = cookieDomain === 'always' || (cookieDomain === 'auto' && isIP(host) === 0);
	return [
		domain ? `; Domain=${host}` : '',
		`; Path=${path}`,
		isSecure(server) ? '; Secure' : '',
		'; HttpOnly',
		// Browsers and cookie jars refuse SameSite=None without Secure.
		isSecure(server) ? '; SameSite=None' : '',
	].join('');
}

function isSecure(server: SimulatedServer): boolean {
	const { cookieSecure } = server.switches;
	return (
		cookieSecure === 'always' ||
		(cookieSecure === 'auto' && server.platformOrigin.startsWith('https:'))
	);
}
