import { ConnectorError } from '../../../shared/errors';
import { isHttpTransportError, send } from '../../../shared/http';
import type { Identity, TokenAnswer, TokenClient } from '../../../shared/tokenChain/types';
import { readRefreshAnswer } from './tokenAnswer';
import { parseObject } from '../../platform/platformAnswers';

/** The token request belongs to the process, not to an execution; this is its only limit, in milliseconds. */
const TOKEN_REQUEST_LIMIT_MS = 120_000;
const CONNECT_LIMIT_MS = 15_000;
const WHO_AM_I_LIMIT_MS = 30_000;

/**
 * Spends a refresh token at the Identity Service, `{host}/connect/token` (facts/docuware.md 5.2).
 * Over a connection of its own, without redirects or repeats. Never throws.
 */
export async function requestTokens(
	client: TokenClient,
	refreshToken: string,
): Promise<TokenAnswer> {
	const requestedAt = performance.now();
	try {
		const answer = await send({
			method: 'POST',
			url: `${client.host}/connect/token`,
			headers: {
				Accept: 'application/json',
				'Content-Type': 'application/x-www-form-urlencoded',
			},
			body: new URLSearchParams({
				grant_type: 'refresh_token',
				refresh_token: refreshToken,
				client_id: client.clientId,
				// A native app has no secret.
				...(client.clientSecret === '' ? {} : { client_secret: client.clientSecret }),
			}).toString(),
			timeoutMs: TOKEN_REQUEST_LIMIT_MS,
			connectTimeoutMs: CONNECT_LIMIT_MS,
			connection: 'fresh',
			ignoreSslIssues: client.ignoreSslIssues,
		});
		const receivedAt = performance.now();
		const read = readRefreshAnswer(answer, refreshToken, [refreshToken, client.clientSecret]);
		return read.kind === 'granted' ? { ...read, requestedAt, receivedAt } : read;
	} catch (error) {
		const sent = !isHttpTransportError(error) || error.requestSent;
		return {
			kind: sent ? 'unknown' : 'notSent',
			code: 'DOCUWARE_TOKEN_ENDPOINT_UNAVAILABLE',
			detail: error instanceof Error ? error.message : 'the request failed',
		};
	}
}

/**
 * Whose token this is: `sub` of the access token, which is a JWT (facts/docuware.md 5.2), else of
 * `connect/userinfo`. The token came from the service over TLS, so its signature tells nothing more.
 *
 * @throws ConnectorError DOCUWARE_IDENTITY_UNAVAILABLE (retryable) where nobody tells.
 */
export async function whoAmI(
	client: TokenClient,
	accessToken: string,
): Promise<Identity | 'unauthorized'> {
	const claims = claimsOf(accessToken);
	if (typeof claims?.sub === 'string' && claims.sub !== '') return identityFrom(claims);
	const answer = await send({
		method: 'GET',
		url: `${client.host}/connect/userinfo`,
		headers: { Accept: 'application/json', Authorization: `Bearer ${accessToken}` },
		timeoutMs: WHO_AM_I_LIMIT_MS,
		ignoreSslIssues: client.ignoreSslIssues,
	});
	if (answer.status === 401) return 'unauthorized';
	const info = parseObject(answer.body);
	if (answer.status === 200 && typeof info?.sub === 'string' && info.sub !== '') {
		return identityFrom(info);
	}
	throw new ConnectorError(
		'DOCUWARE_IDENTITY_UNAVAILABLE',
		`The DocuWare Identity Service did not say whose authorization this is (HTTP ${answer.status}).`,
		{
			repair: 'Run again. If this repeats, check that the app registration has the scope openid.',
			retryable: true,
			httpStatus: answer.status,
		},
	);
}

function identityFrom(claims: Record<string, unknown>): Identity {
	const name = claims.username ?? claims.preferred_username ?? claims.name;
	return {
		userId: String(claims.sub).toLowerCase(),
		userName: typeof name === 'string' ? name : null,
	};
}

function claimsOf(accessToken: string): Record<string, unknown> | undefined {
	const payload = accessToken.split('.')[1];
	return payload === undefined
		? undefined
		: parseObject(Buffer.from(payload, 'base64url').toString('utf8'));
}
