import { timingSafeEqual } from 'node:crypto';

import { jsonAnswer, type Answer } from '../../shared/answers';
import { gatewayFault } from '../../shared/faults';
import { countUp, countUpIn, type ExactOnlineCounters } from '../counters';
import { budgetKey, type ErrorBudget } from '../limits/errorBudget';
import type { ExactOnlineSwitches } from '../switches';
import type { SimulatedApp } from '../world/people';
import type { AuthorizationCodes } from './authorizationCodes';
import { chainKey, type IssuedTokens, type RefreshTokenStanding, type TokenChains } from './chains';
import { withTokenCookies } from './tokenCookies';
import {
	badCodeAnswer,
	blockedAnswer,
	brokenChainAnswer,
	idleExpiredAnswer,
	gatewayFaultOnAnswer,
	invalidClientAnswer,
	invalidRequestAnswer,
	oldRefreshTokenAnswer,
	tooEarlyAnswer,
	unknownTokenAnswer,
	unsupportedGrantAnswer,
} from './tokenErrors';

export interface TokenContext {
	apps: readonly SimulatedApp[];
	codes: AuthorizationCodes;
	chains: TokenChains;
	budget: ErrorBudget;
	counters: ExactOnlineCounters;
	switches: ExactOnlineSwitches;
}

/** A token request as read from the wire. */
export interface TokenRequest {
	/** Media type in lower case. */
	mediaType: string;
	/** `Authorization` header, if any. */
	authorization: string | undefined;
	form: URLSearchParams;
}

/** Whom the token request speaks for, as far as its own content tells; used for fault conditions. */
export function describeTokenRequest(
	request: TokenRequest,
	chains: TokenChains,
): { standing: RefreshTokenStanding; tags: Record<string, string> } {
	const { form } = request;
	const refreshToken = form.get('refresh_token');
	const standing: RefreshTokenStanding =
		form.get('grant_type') === 'refresh_token' && refreshToken !== null
			? chains.standing(refreshToken)
			: { kind: 'unknown' };
	const tags: Record<string, string> = {
		endpoint: 'oauth2/token',
		grantType: form.get('grant_type') ?? '',
		clientId: credentialsOf(request, true).clientId ?? '',
	};
	if (standing.kind !== 'unknown') {
		tags['userId'] = standing.userId;
		tags['generation'] = String(standing.generation);
		tags['standing'] = standing.kind;
	}
	return { standing, tags };
}

/** `POST /api/oauth2/token` (docs/facts/exact-online.md 1.3 to 1.8). */
export function answerTokenRequest(request: TokenRequest, context: TokenContext): Answer {
	const answer = answerOf(request, context);
	return context.switches.tokenCookies ? withTokenCookies(answer) : answer;
}

function answerOf(request: TokenRequest, context: TokenContext): Answer {
	const { form } = request;
	if (request.mediaType !== 'application/x-www-form-urlencoded') {
		return fail(
			'invalidRequest',
			invalidRequestAnswer('The content type is not accepted.'),
			context,
		);
	}
	for (const name of new Set(form.keys())) {
		if (form.getAll(name).length > 1) {
			const text = `The parameter '${name}' is given more than once.`;
			return fail('invalidRequest', invalidRequestAnswer(text), context);
		}
	}
	const app = authenticate(request, context);
	if (!app) return fail('invalidClient', invalidClientAnswer(), context);

	switch (form.get('grant_type')) {
		case 'authorization_code':
			return exchangeCode(app, form, context);
		case 'refresh_token':
			return refresh(app, form, context);
		case null:
			return fail('invalidRequest', invalidRequestAnswer('grant_type is missing.'), context);
		default:
			return fail('unsupportedGrant', unsupportedGrantAnswer(), context);
	}
}

function exchangeCode(app: SimulatedApp, form: URLSearchParams, context: TokenContext): Answer {
	const { chains, codes, counters, switches } = context;
	const code = form.get('code');
	if (!code) return fail('invalidRequest', invalidRequestAnswer('code is missing.'), context);
	const grant = codes.spend(code, app.clientId);
	if (!grant) return fail('badCode', badCodeAnswer(switches.badCodeAnswer), context);
	if (switches.checkRedirectUri && form.get('redirect_uri') !== grant.redirectUri) {
		const text = 'redirect_uri differs from the one of the authorization request.';
		return fail('invalidRequest', invalidRequestAnswer(text), context);
	}
	counters.logins += 1;
	return tokensAnswer(chains.logIn(app.clientId, grant.userId));
}

function refresh(app: SimulatedApp, form: URLSearchParams, context: TokenContext): Answer {
	const { budget, chains, counters, switches } = context;
	const { refreshAnswer: reading } = switches;
	if (reading === 'gatewayFaultOnRequest') return fail('gatewayFault', gatewayFault(), context);
	const refreshToken = form.get('refresh_token');
	if (!refreshToken) {
		return fail('invalidRequest', invalidRequestAnswer('refresh_token is missing.'), context);
	}
	const standing = chains.standing(refreshToken);
	const userId = standing.kind === 'unknown' ? '' : standing.userId;
	const key = budgetKey(app.clientId, userId, '', 'oauth2/token');
	if (budget.isBlocked(key)) {
		counters.blockedCalls += 1;
		return fail('blocked', blockedAnswer(switches.blockedStatus), context);
	}
	if (standing.kind === 'old' || standing.kind === 'grace') counters.oldTokenUses += 1;
	if (standing.kind === 'grace') counters.graceUses += 1;

	const answer = settle(app, refreshToken, reading, context);
	budget.note(key, answer.status);
	return answer;
}

/** What arrives of a pair that Exact has issued. */
type ReadingOfPair = Exclude<ExactOnlineSwitches['refreshAnswer'], 'gatewayFaultOnRequest'>;

function settle(
	app: SimulatedApp,
	refreshToken: string,
	reading: ReadingOfPair,
	context: TokenContext,
): Answer {
	const { chains, counters, switches } = context;
	const outcome = chains.refresh(app.clientId, refreshToken);
	switch (outcome.kind) {
		case 'granted':
			counters.refreshesGranted += 1;
			return refreshAnswer(outcome.tokens, reading);
		case 'tooEarly':
			counters.tooEarly += 1;
			return fail('tooEarly', tooEarlyAnswer(switches.tooEarlyStatus), context);
		case 'old':
			if (outcome.replaced && switches.replacedLogInAnswer === 'brokenChain') {
				return fail('brokenChain', brokenChainAnswer(), context);
			}
			return fail('oldRefreshToken', oldRefreshTokenAnswer(switches.oldTokenStatus), context);
		case 'idleExpired':
			return fail(
				'refreshTokenExpired',
				idleExpiredAnswer(outcome.expiredAt, outcome.now),
				context,
			);
		case 'broken':
			return fail(
				'brokenChain',
				chains.standing(refreshToken).kind === 'unknown'
					? unknownTokenAnswer(switches.unknownTokenAnswer)
					: brokenChainAnswer(),
				context,
			);
	}
}

function refreshAnswer(tokens: IssuedTokens, reading: ReadingOfPair): Answer {
	const { refresh_token: _next, ...others } = tokenFields(tokens);
	switch (reading) {
		case 'pair':
			return tokensAnswer(tokens);
		case 'noRefreshToken':
			return jsonAnswer(200, others);
		case 'emptyRefreshToken':
			return jsonAnswer(200, { ...others, refresh_token: '' });
		case 'gatewayFault':
			return gatewayFaultOnAnswer();
	}
}

/** Counts a token POST at its arrival; call the returned function when it has been answered. */
export function countTokenPost(
	standing: RefreshTokenStanding,
	counters: ExactOnlineCounters,
	parallelByChain: Record<string, number>,
): () => void {
	counters.tokenPosts += 1;
	counters.parallelTokenPosts += 1;
	counters.maxParallelTokenPosts = Math.max(
		counters.maxParallelTokenPosts,
		counters.parallelTokenPosts,
	);
	let key: string | undefined;
	if (standing.kind !== 'unknown') {
		key = chainKey(standing.clientId, standing.userId);
		countUpIn(counters.tokenPostsByGeneration, key, String(standing.generation));
		countUp(parallelByChain, key);
		counters.maxParallelTokenPostsByChain[key] = Math.max(
			counters.maxParallelTokenPostsByChain[key] ?? 0,
			parallelByChain[key] ?? 0,
		);
	}
	return () => {
		counters.parallelTokenPosts -= 1;
		if (key !== undefined) parallelByChain[key] = (parallelByChain[key] ?? 1) - 1;
	};
}

function fail(name: string, answer: Answer, context: TokenContext): Answer {
	countUp(context.counters.tokenErrors, name);
	return answer;
}

/**
 * The answer of a successful token request; `expires_in` is a string at Exact,
 * docs/facts/exact-online.md 1.3.
 */
export function tokensAnswer(tokens: IssuedTokens): Answer {
	return jsonAnswer(200, tokenFields(tokens), { 'cache-control': 'no-store', pragma: 'no-cache' });
}

/** The four fields of a token answer. */
export function tokenFields(tokens: IssuedTokens): Record<string, string> {
	return {
		access_token: tokens.accessToken,
		token_type: 'Bearer',
		expires_in: String(tokens.expiresInSeconds),
		refresh_token: tokens.refreshToken,
	};
}

function authenticate(request: TokenRequest, context: TokenContext): SimulatedApp | undefined {
	const { clientId, clientSecret } = credentialsOf(request, context.switches.acceptBasicAuth);
	const app = context.apps.find((candidate) => candidate.clientId === clientId);
	if (!app || clientSecret === undefined) return undefined;
	const given = Buffer.from(clientSecret);
	const right = Buffer.from(app.clientSecret);
	return given.length === right.length && timingSafeEqual(given, right) ? app : undefined;
}

function credentialsOf(
	{ form, authorization }: TokenRequest,
	acceptBasic: boolean,
): { clientId?: string; clientSecret?: string } {
	const clientId = form.get('client_id');
	if (clientId !== null) {
		const clientSecret = form.get('client_secret');
		return clientSecret === null ? { clientId } : { clientId, clientSecret };
	}
	const basic = acceptBasic ? /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '') : null;
	if (!basic?.[1]) return {};
	const [id = '', ...secret] = Buffer.from(basic[1], 'base64').toString('utf8').split(':');
	return { clientId: formDecode(id), clientSecret: formDecode(secret.join(':')) };
}

/** RFC 6749 2.3.1: id and secret are form-encoded before they go into the Basic header. */
function formDecode(text: string): string {
	try {
		return decodeURIComponent(text.replace(/\+/g, ' '));
	} catch {
		return text;
	}
}
