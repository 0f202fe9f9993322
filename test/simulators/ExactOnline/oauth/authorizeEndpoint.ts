import { htmlAnswer, redirectAnswer, type Answer } from '../../shared/answers';
import type { ExactOnlineSwitches } from '../switches';
import type { SimulatedApp, SimulatedUser } from '../world/people';
import type { AuthorizationCodes } from './authorizationCodes';
import { consentPage, refusalPage } from './consentPage';

export interface AuthorizeContext {
	apps: readonly SimulatedApp[];
	users: readonly SimulatedUser[];
	codes: AuthorizationCodes;
	switches: ExactOnlineSwitches;
}

/**
 * `GET /api/oauth2/auth` (docs/facts/exact-online.md 1.1, 1.2): the consent page, or at once the
 * redirect with a code when auto-consent is on and `force_login` does not forbid it.
 */
export function showConsent(query: URLSearchParams, context: AuthorizeContext): Answer {
	const checked = checkRequest(query, context);
	if ('refusal' in checked) return checked.refusal;
	const { switches, users } = context;
	const chosen = users.find((user) => user.userId === switches.consentUserId) ?? users[0];
	if (!chosen) return htmlAnswer(500, refusalPage('The simulator has no user.'));
	if (switches.autoConsent && query.get('force_login') !== '1') {
		return grant(checked, chosen, query, context);
	}
	return htmlAnswer(200, consentPage(checked.app, users, chosen.userId, query));
}

/** `POST /api/oauth2/auth`: the decision made on the consent page. */
export function decideConsent(form: URLSearchParams, context: AuthorizeContext): Answer {
	const checked = checkRequest(form, context);
	if ('refusal' in checked) return checked.refusal;
	if (form.get('decision') !== 'allow') {
		return redirectBack(checked.redirectUri, form, { error: 'access_denied' });
	}
	const user = context.users.find((candidate) => candidate.userId === form.get('userId'));
	if (!user) return htmlAnswer(400, refusalPage('Choose a user to log in as.'));
	return grant(checked, user, form, context);
}

interface CheckedRequest {
	app: SimulatedApp;
	redirectUri: string;
}

function checkRequest(
	query: URLSearchParams,
	context: AuthorizeContext,
): CheckedRequest | { refusal: Answer } {
	const clientId = query.get('client_id') ?? '';
	const app = context.apps.find((candidate) => candidate.clientId === clientId);
	if (!app) {
		const text = `Client with identifier '${clientId}' not found.`;
		return { refusal: htmlAnswer(400, refusalPage(text)) };
	}
	const redirectUri = query.get('redirect_uri') ?? '';
	const registered = app.redirectUris.includes(redirectUri);
	if (!URL.canParse(redirectUri) || (context.switches.checkRedirectUri && !registered)) {
		const text = 'The redirect URI does not equal the one registered for this app.';
		return { refusal: htmlAnswer(401, refusalPage(text)) };
	}
	if (query.get('response_type') !== 'code') {
		return { refusal: redirectBack(redirectUri, query, { error: 'unsupported_response_type' }) };
	}
	return { app, redirectUri };
}

function grant(
	{ app, redirectUri }: CheckedRequest,
	user: SimulatedUser,
	query: URLSearchParams,
	context: AuthorizeContext,
): Answer {
	const { clientId } = app;
	const code = context.codes.create({ clientId, userId: user.userId, redirectUri });
	return redirectBack(redirectUri, query, { code });
}

function redirectBack(
	redirectUri: string,
	query: URLSearchParams,
	result: Record<string, string>,
): Answer {
	const target = new URL(redirectUri);
	for (const [name, value] of Object.entries(result)) target.searchParams.set(name, value);
	const state = query.get('state');
	if (state !== null) target.searchParams.set('state', state);
	return redirectAnswer(target.href);
}
