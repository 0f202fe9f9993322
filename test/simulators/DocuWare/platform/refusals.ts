import { htmlAnswer, jsonAnswer, redirectAnswer } from '../../shared/answers';
import type { Answer } from '../../shared/answers';
import type { UnauthorizedReason } from '../counters';
import { errorAnswer, errorBody } from '../http/answers';
import { acceptedLanguage, asksForJson } from '../http/simulatedRequest';
import type { SimulatedRequest } from '../http/simulatedRequest';
import type { SimulatedServer } from '../simulatedServer';
import { platformPath } from './call';

/** What a refused request is told apart by. */
interface Refusal {
	server: SimulatedServer;
	request: SimulatedRequest;
}

/**
 * 401 as the platform sends it: an HTML page with a meta refresh that does not name the reason, or a
 * redirect to the login page where the form wants one (docs/facts/docuware.md 2.2).
 */
export function unauthorized(
	{ server, request }: Refusal,
	reason: UnauthorizedReason,
	redirect = false,
): Answer {
	const page = loginPagePath(request);
	if (redirect || (server.switches.redirectWhenNotJson && !asksForJson(request))) {
		return redirectAnswer(page);
	}
	server.countUnauthorized(reason);
	const answer = htmlAnswer(
		401,
		`<!DOCTYPE html><html><head><title>DocuWare</title><meta http-equiv="refresh" content="0;url=${page}"></head>` +
			'<body><p>Please enter your credentials to continue.</p></body></html>',
	);
	if (reason === 'badBearer') answer.headers['www-authenticate'] = 'Bearer error="invalid_token"';
	return answer;
}

/**
 * 401 because no licence is free; English or German, as an error body or inside HTML
 * (docs/facts/docuware.md 2.2).
 */
export function licenceRefusal(
	{ server, request }: Refusal,
	userName: string,
	redirect = false,
): Answer {
	if (redirect || (server.switches.redirectWhenNotJson && !asksForJson(request))) {
		return redirectAnswer(loginPagePath(request));
	}
	server.countUnauthorized('licence');
	const language = acceptedLanguage(request) ?? server.switches.serverCulture;
	const message =
		language === 'de'
			? `Keine der registrierten Lizenzen ist für den Client [${userName}] verfügbar`
			: `None of the registered licenses are available for client [${userName}]`;
	const { licenceRefusalBody } = server.switches;
	if (licenceRefusalBody === 'byAccept') return errorAnswer(request, 401, message);
	if (licenceRefusalBody === 'json') return jsonAnswer(401, errorBody(request, 401, message));
	return htmlAnswer(
		401,
		`<!DOCTYPE html><html><head><title>DocuWare</title><meta http-equiv="refresh" content="0;url=${loginPagePath(request)}"></head>` +
			`<body><p>${message}</p></body></html>`,
	);
}

/** 410 of every `Account` method from 7.11, always JSON (docs/facts/docuware.md 2.2). */
export function gone({ server, request }: Refusal): Answer {
	server.counts.gone += 1;
	return jsonAnswer(
		410,
		errorBody(
			request,
			410,
			'This method is no longer supported. Use Identity Service for authentication, changing and resetting password.',
		),
	);
}

function loginPagePath(request: SimulatedRequest): string {
	const back = encodeURIComponent(`${request.url.pathname}${request.url.search}`);
	return `${platformPath}/LoginRedirect?returnUrl=${back}`;
}
