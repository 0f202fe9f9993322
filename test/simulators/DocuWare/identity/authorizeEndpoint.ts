import { escapeMarkup, htmlAnswer, redirectAnswer } from '../../shared/answers';
import type { Answer } from '../../shared/answers';
import { FormFields, formOf } from '../http/simulatedRequest';
import type { SimulatedRequest } from '../http/simulatedRequest';
import type { SimulatedServer } from '../simulatedServer';
import type { SimulatedApp, SimulatedUser } from '../worldData';
import { findClient } from './clients';
import type { IdentityClient } from './clients';
import { scopesOf } from './tokenEndpoint';

/** A checked authorization request. */
interface AuthorizationRequest {
	client: IdentityClient;
	app: SimulatedApp;
	redirectUri: string;
	scopes: string[];
	state: string;
	codeChallenge?: string;
}

/**
 * `GET connect/authorize` (docs/facts/docuware.md 5.2, 5.3): the consent page, or with the switch
 * `autoConsent` an answer to the app at once.
 */
export function answerAuthorizeRequest(server: SimulatedServer, request: SimulatedRequest): Answer {
	const parameters = new FormFields([...request.url.searchParams]);
	const checked = check(server, parameters);
	if (!('client' in checked)) return checked;
	const { autoConsent } = server.switches;
	if (autoConsent === '') return consentPage(server, request.url.search, checked.app, '');
	const user = server.findUser(autoConsent);
	if (user === undefined) return errorPage(`autoConsent names no user: ${autoConsent}`);
	return consentGiven(server, checked, user);
}

/** `POST connect/authorize?…`: name, password and decision of the consent page. */
export function answerConsent(server: SimulatedServer, request: SimulatedRequest): Answer {
	const checked = check(server, new FormFields([...request.url.searchParams]));
	if (!('client' in checked)) return checked;
	const form = formOf(request) ?? new FormFields([]);
	if (form.get('decision') === 'deny') return toApp(checked, { error: 'access_denied' });
	// Single sign-on users have no password of their own; the real page sends them elsewhere.
	const user = server.userByPassword(form.get('username'), form.get('password'));
	if (user === undefined) {
		return consentPage(server, request.url.search, checked.app, 'Wrong user name or password.');
	}
	return consentGiven(server, checked, user);
}

function consentGiven(
	server: SimulatedServer,
	checked: AuthorizationRequest,
	user: SimulatedUser,
): Answer {
	if (user.locked === true) return toApp(checked, { error: 'access_denied' });
	const code = server.authorizationCodes.issue({
		clientId: checked.client.clientId,
		redirectUri: checked.redirectUri,
		scopes: checked.scopes,
		user,
		...(checked.codeChallenge === undefined ? {} : { codeChallenge: checked.codeChallenge }),
		expiresAt: server.now() + server.scaledMs(server.switches.authorizationCodeSeconds),
	});
	return toApp(checked, { code, scope: checked.scopes.join(' ') });
}

/** A wrong client or redirect URI is shown to the user; every other error goes back to the app. */
function check(server: SimulatedServer, parameters: FormFields): AuthorizationRequest | Answer {
	const client = findClient(server, parameters.get('client_id'));
	const app = client?.app;
	if (client === undefined || app === undefined || !client.grants.includes('authorization_code')) {
		return errorPage('unauthorized_client');
	}
	const redirectUri = parameters.get('redirect_uri');
	if (!app.redirectUris.includes(redirectUri)) return errorPage('Invalid redirect_uri');
	const checked: AuthorizationRequest = {
		client,
		app,
		redirectUri,
		scopes: scopesOf(parameters),
		state: parameters.get('state'),
	};
	if (parameters.get('response_type') !== 'code') {
		return toApp(checked, { error: 'unsupported_response_type' });
	}
	if (
		!checked.scopes.includes('docuware.platform') ||
		!checked.scopes.every((scope) => client.scopes.includes(scope))
	) {
		return toApp(checked, { error: 'invalid_scope' });
	}
	const challenge = parameters.get('code_challenge');
	if (challenge === '') {
		return app.type === 'native' || app.requirePkce === true
			? toApp(checked, { error: 'invalid_request', error_description: 'code challenge required' })
			: checked;
	}
	if (parameters.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)) {
		return toApp(checked, {
			error: 'invalid_request',
			error_description: 'Transform algorithm not supported',
		});
	}
	return { ...checked, codeChallenge: challenge };
}

function toApp(checked: AuthorizationRequest, parameters: Record<string, string>): Answer {
	const target = new URL(checked.redirectUri);
	for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
	if (checked.state !== '') target.searchParams.set('state', checked.state);
	return redirectAnswer(target.href);
}

function errorPage(error: string): Answer {
	return htmlAnswer(
		400,
		`<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Error</h1><p>${escapeMarkup(error)}</p></body></html>`,
	);
}

function consentPage(
	server: SimulatedServer,
	query: string,
	app: SimulatedApp,
	complaint: string,
): Answer {
	const action = escapeMarkup(`${new URL(server.identityUrl).pathname}/connect/authorize${query}`);
	return htmlAnswer(
		200,
		'<!DOCTYPE html><html lang="en"><head><title>DocuWare Identity Service (simulator)</title></head><body>' +
			`<h1>${escapeMarkup(app.name)} wants to use DocuWare in your name</h1>` +
			(complaint === '' ? '' : `<p role="alert">${escapeMarkup(complaint)}</p>`) +
			`<form method="post" action="${action}">` +
			'<label>User name <input name="username" autocomplete="off"></label> ' +
			'<label>Password <input name="password" type="password" autocomplete="off"></label> ' +
			'<button name="decision" value="allow">Allow</button> ' +
			'<button name="decision" value="deny">Deny</button></form></body></html>',
	);
}
