import { emptyAnswer, htmlAnswer, jsonAnswer } from '../../shared/answers';
import type { Answer } from '../../shared/answers';
import { formOf } from '../http/simulatedRequest';
import type { SimulatedRequest } from '../http/simulatedRequest';
import type { SimulatedServer } from '../simulatedServer';
import { answerAuthorizeRequest, answerConsent } from './authorizeEndpoint';
import { authenticateClient } from './clients';
import { publishedKeys } from './signingKeys';
import { answerTokenRequest } from './tokenEndpoint';

type IdentityHandler = (server: SimulatedServer, request: SimulatedRequest) => Answer;

const routes: Readonly<Record<string, IdentityHandler>> = {
	'GET .well-known/openid-configuration': openIdConfiguration,
	'GET connect/authorize': answerAuthorizeRequest,
	'POST connect/authorize': answerConsent,
	'POST connect/token': answerTokenRequest,
	'GET connect/userinfo': userInfo,
	'GET .well-known/openid-configuration/jwks': () => jsonAnswer(200, publishedKeys()),
	'POST connect/revocation': revoke,
};

/** Finds what a request to the Identity Service means. Its paths are compared with case. */
export function routeIdentityRequest(
	server: SimulatedServer,
	request: SimulatedRequest,
): { name: string; process: () => Answer } {
	const base = `${new URL(server.identityUrl).pathname.replace(/\/$/, '')}/`;
	const path = request.url.pathname;
	const name = path.startsWith(base) ? path.slice(base.length) : path;
	const handler = path.startsWith(base) ? routes[`${request.method} ${name}`] : undefined;
	return {
		name,
		process: () => {
			noteCookies(server, request);
			if (handler === undefined || !server.abilities.identityService) {
				return htmlAnswer(404, '<!DOCTYPE html><html><body><h1>Not found</h1></body></html>');
			}
			return handler(server, request);
		},
	};
}

/**
 * DocuWare cookies have no business here (docs/facts/docuware.md 5.1); the simulator sets none
 * itself.
 */
function noteCookies(server: SimulatedServer, request: SimulatedRequest): void {
	if (request.cookies.length === 0) return;
	const { counts } = server;
	counts.cookiesSentToIdentityHost += 1;
	for (const [name] of request.cookies) {
		if (!counts.cookieNamesSentToIdentityHost.includes(name)) {
			counts.cookieNamesSentToIdentityHost.push(name);
		}
	}
}

/** Discovery (docs/facts/docuware.md 5.1); lists only what the simulator serves. */
function openIdConfiguration(server: SimulatedServer): Answer {
	const base = server.switches.namedIdentityService || server.identityUrl;
	const apps = server.abilities.appRegistration;
	return jsonAnswer(200, {
		issuer: base,
		authorization_endpoint: `${base}/connect/authorize`,
		token_endpoint: `${base}/connect/token`,
		...(server.switches.userInfo === 'present'
			? { userinfo_endpoint: `${base}/connect/userinfo` }
			: {}),
		jwks_uri: `${base}/.well-known/openid-configuration/jwks`,
		revocation_endpoint: `${base}/connect/revocation`,
		scopes_supported: ['openid', 'dwprofile', 'docuware.platform', 'offline_access'],
		response_types_supported: ['code'],
		grant_types_supported: [
			...(apps ? ['authorization_code', 'client_credentials', 'refresh_token'] : []),
			'password',
			'dwtoken',
			'trusted',
		],
		token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
		code_challenge_methods_supported: ['S256'],
	});
}

function userInfo(server: SimulatedServer, request: SimulatedRequest): Answer {
	if (server.switches.userInfo === 'absent') return emptyAnswer(404);
	const value = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
	const token = server.accessTokens.find(value, server.now());
	if (token === undefined) {
		return emptyAnswer(401, { 'www-authenticate': 'Bearer error="invalid_token"' });
	}
	const { user } = token;
	return jsonAnswer(200, {
		sub: user.id,
		...(token.scopes.includes('dwprofile')
			? { name: user.name, preferred_username: user.name, email: user.email }
			: {}),
	});
}

/** RFC 7009: 200 whether or not the token was known. */
function revoke(server: SimulatedServer, request: SimulatedRequest): Answer {
	const form = formOf(request);
	const client = form && authenticateClient(server, request, form);
	if (form === undefined || client === undefined) {
		return jsonAnswer(400, { error: 'invalid_client' });
	}
	const revoked = server.refreshTokens.revoke({ value: form.get('token') });
	server.counts.refreshTokens.familiesRevoked += revoked;
	return emptyAnswer(200);
}
