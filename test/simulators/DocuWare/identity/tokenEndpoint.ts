import { randomUUID } from 'node:crypto';

import { jsonAnswer } from '../../shared/answers';
import type { Answer } from '../../shared/answers';
import { countIn } from '../counters';
import type { GrantName } from '../counters';
import { contentTypeOf, formOf } from '../http/simulatedRequest';
import type { FormFields, SimulatedRequest } from '../http/simulatedRequest';
import type { SimulatedServer } from '../simulatedServer';
import { authenticateClient } from './clients';
import type { IdentityClient } from './clients';
import { grantHandlers } from './grants';
import type { GrantOutcome } from './grants';

/** Errors of the token endpoint (docs/facts/docuware.md 5.2 and RFC 6749 5.2), all 400. */
export type TokenError =
	| 'invalid_request'
	| 'invalid_client'
	| 'invalid_grant'
	| 'invalid_scope'
	| 'unauthorized_client'
	| 'unsupported_grant_type';

/** `POST connect/token` (docs/facts/docuware.md 5.2). */
export function answerTokenRequest(server: SimulatedServer, request: SimulatedRequest): Answer {
	const form = formOf(request);
	if (form === undefined || contentTypeOf(request) !== 'application/x-www-form-urlencoded') {
		return refuse(server, 'invalid_request', 'Send the parameters as a form.');
	}
	if (form.doubledName !== undefined) {
		return refuse(server, 'invalid_request', `Parameter ${form.doubledName} is sent twice.`);
	}
	const grantName = form.get('grant_type');
	const client = authenticateClient(server, request, form);
	if (client === undefined) return refuse(server, 'invalid_client');
	if (!isGrant(grantName)) return refuse(server, 'unsupported_grant_type');
	if (!client.grants.includes(grantName)) return refuse(server, 'unauthorized_client');
	const outcome = grantHandlers[grantName]({ server, client, form });
	if ('error' in outcome) return refuse(server, outcome.error, outcome.description);
	return accept(server, client, grantName, form, outcome);
}

function accept(
	server: SimulatedServer,
	client: IdentityClient,
	grantName: GrantName,
	form: FormFields,
	outcome: Exclude<GrantOutcome, { error: TokenError }>,
): Answer {
	const scopes = outcome.scopes ?? scopesOf(form);
	if (scopes.length === 0 || !scopes.every((scope) => client.scopes.includes(scope))) {
		return refuse(server, 'invalid_scope');
	}
	outcome.commit?.();
	const seconds = client.app?.accessTokenSeconds ?? server.switches.accessTokenSeconds;
	// The announced life is the true one, so it is rounded before it is used.
	const expiresIn = Math.max(1, Math.floor(server.scaledMs(seconds) / 1000));
	const now = server.now();
	const signInId = outcome.signInId ?? randomUUID();
	const accessToken = server.accessTokens.issue(
		{
			user: outcome.user,
			clientId: client.clientId,
			scopes,
			signInId,
			byLoginToken: grantName === 'dwtoken',
			expiresAt: now + expiresIn * 1000,
		},
		server.identityUrl,
		now,
	);
	server.counts.grants[grantName] += 1;
	const refreshToken = outcome.startsFamily
		? startFamily(server, client, outcome, scopes, signInId)
		: outcome.refreshToken;
	return jsonAnswer(
		200,
		{
			access_token: accessToken.value,
			expires_in: expiresIn,
			token_type: 'Bearer',
			...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
			scope: scopes.join(' '),
		},
		{ 'cache-control': 'no-store, no-cache, max-age=0', pragma: 'no-cache' },
	);
}

function startFamily(
	server: SimulatedServer,
	client: IdentityClient,
	outcome: Exclude<GrantOutcome, { error: TokenError }>,
	scopes: string[],
	signInId: string,
): string | undefined {
	if (!scopes.includes('offline_access')) return undefined;
	return server.refreshTokens.start(
		{ signInId, clientId: client.clientId, user: outcome.user, scopes },
		server.now(),
	).newest;
}

/** The scopes of a request, without empty ones. */
export function scopesOf(form: FormFields): string[] {
	return form
		.get('scope')
		.split(' ')
		.filter((scope) => scope !== '');
}

function refuse(server: SimulatedServer, error: TokenError, description?: string): Answer {
	countIn(server.counts.grantErrors, error);
	return jsonAnswer(
		400,
		description === undefined ? { error } : { error, error_description: description },
		{ 'cache-control': 'no-store, no-cache, max-age=0' },
	);
}

function isGrant(name: string): name is GrantName {
	return name in grantHandlers;
}
