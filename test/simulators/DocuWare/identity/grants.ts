import { createHash } from 'node:crypto';

import type { GrantName } from '../counters';
import type { FormFields } from '../http/simulatedRequest';
import type { SimulatedServer } from '../simulatedServer';
import type { SimulatedUser } from '../worldData';
import type { IdentityClient } from './clients';
import type { TokenError } from './tokenEndpoint';

/** What a grant handler gets to know; the client has proved itself and may use the grant. */
export interface GrantCall {
	server: SimulatedServer;
	client: IdentityClient;
	form: FormFields;
}

/** Whom a grant signs in, or why not. */
export type GrantOutcome =
	| { error: TokenError; description?: string }
	| {
			user: SimulatedUser;
			/** Scopes fixed by an earlier step; absent = those of this request. */
			scopes?: string[];
			/** Continues an earlier sign-in. */
			signInId?: string;
			/** A refresh token is due when `offline_access` is among the scopes. */
			startsFamily?: boolean;
			/** The next refresh token of a family. */
			refreshToken?: string;
			/** Spends what was presented, once everything else is right. */
			commit?: () => void;
	  };

const wrongPassword: GrantOutcome = {
	error: 'invalid_grant',
	description: 'invalid_username_or_password',
};

/** The grants of docs/facts/docuware.md 5.2. */
export const grantHandlers: Record<GrantName, (call: GrantCall) => GrantOutcome> = {
	password: ({ server, form }) => {
		if (!form.has('username')) return { error: 'invalid_request' };
		const user = server.userByPassword(form.get('username'), form.get('password'));
		return user === undefined ? wrongPassword : { user };
	},

	dwtoken: ({ server, form }) => {
		if (form.get('token') === '') return { error: 'invalid_request' };
		const token = server.checkLoginToken(form.get('token'), 'PlatformService');
		if (token === undefined) return { error: 'invalid_grant', description: 'invalid_token' };
		return {
			user: token.user,
			commit: () => {
				server.loginTokens.spend(token);
				server.counts.loginTokens.used += 1;
			},
		};
	},

	trusted: ({ server, form }) => {
		const trusted = server.userByPassword(form.get('username'), form.get('password'));
		if (trusted?.trusted !== true) return wrongPassword;
		const user = server.findUser(form.get('impersonateName'));
		return user === undefined || user.locked === true
			? { error: 'invalid_grant', description: 'invalid_impersonated_user' }
			: { user };
	},

	client_credentials: ({ server, client }) => {
		const user = server.findUser(client.app?.actsAs ?? '');
		return user === undefined ? { error: 'invalid_grant' } : { user };
	},

	authorization_code: ({ server, client, form }) => {
		const code = server.authorizationCodes.take(form.get('code'), server.now());
		if (code === undefined || code.clientId !== client.clientId) return { error: 'invalid_grant' };
		if (code.redirectUri !== form.get('redirect_uri')) {
			return { error: 'invalid_grant', description: 'Invalid redirect_uri' };
		}
		const verifier = form.get('code_verifier');
		const proven =
			code.codeChallenge === undefined
				? verifier === ''
				: createHash('sha256').update(verifier).digest('base64url') === code.codeChallenge;
		if (!proven) return { error: 'invalid_grant', description: 'code_verifier is wrong' };
		if (code.user.locked === true) return { error: 'invalid_grant' };
		return { user: code.user, scopes: code.scopes, startsFamily: true };
	},

	refresh_token: ({ server, client, form }) => {
		const { switches, counts } = server;
		const daySeconds = 86_400;
		const outcome = server.refreshTokens.spend(
			form.get('refresh_token'),
			client.clientId,
			{
				slidingMs: server.scaledMs(switches.refreshSlidingDays * daySeconds),
				absoluteMs: server.scaledMs(switches.refreshAbsoluteDays * daySeconds),
				graceMs: server.scaledMs(switches.refreshGraceSeconds),
				rotates: switches.refreshTokens === 'rotates',
			},
			server.now(),
		);
		if (outcome.kind === 'replayed') {
			counts.refreshTokens.replayed += 1;
			counts.refreshTokens.familiesRevoked += 1;
		}
		if (outcome.kind === 'kept') {
			const { user, scopes, signInId } = outcome.family;
			const none = switches.refreshTokens === 'keepsEmpty' ? { refreshToken: '' } : {};
			return user.locked === true
				? { error: 'invalid_grant' }
				: { user, scopes, signInId, ...none };
		}
		if (outcome.kind !== 'rotated' && outcome.kind !== 'graceReuse') {
			return { error: 'invalid_grant' };
		}
		if (outcome.family.user.locked === true) return { error: 'invalid_grant' };
		if (outcome.kind === 'rotated') counts.refreshTokens.rotated += 1;
		else counts.refreshTokens.graceReuses += 1;
		const { user, scopes, signInId, newest } = outcome.family;
		return { user, scopes, signInId, refreshToken: newest };
	},
};
