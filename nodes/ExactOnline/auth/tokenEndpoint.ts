import { isHttpTransportError, send } from '../../shared/http';
import type { TokenAnswer, TokenClient } from '../../shared/tokenChain/types';
import { readTokenAnswer } from './tokenAnswer';

/** The token request belongs to the process, not to an execution; this is its only limit, in milliseconds. */
const TOKEN_REQUEST_LIMIT_MS = 120_000;
const CONNECT_LIMIT_MS = 15_000;

/**
 * Spends a refresh token at `{host}/api/oauth2/token` (facts/exact-online.md 1.3: form body, client
 * id and secret in the body). Over a connection of its own, without redirects or repeats, so that a
 * failed connect proves that nothing was sent. Never throws.
 */
export async function requestTokens(
	client: TokenClient,
	refreshToken: string,
): Promise<TokenAnswer> {
	const requestedAt = performance.now();
	try {
		const answer = await send({
			method: 'POST',
			url: `${client.host}/api/oauth2/token`,
			headers: {
				Accept: 'application/json',
				'Content-Type': 'application/x-www-form-urlencoded',
			},
			body: new URLSearchParams({
				grant_type: 'refresh_token',
				refresh_token: refreshToken,
				client_id: client.clientId,
				client_secret: client.clientSecret,
			}).toString(),
			timeoutMs: TOKEN_REQUEST_LIMIT_MS,
			connectTimeoutMs: CONNECT_LIMIT_MS,
			connection: 'fresh',
			ignoreSslIssues: client.ignoreSslIssues,
			allowHttp: client.allowHttp,
		});
		const receivedAt = performance.now();
		const read = readTokenAnswer(answer, [refreshToken, client.clientSecret]);
		return read.kind === 'granted' ? { ...read, requestedAt, receivedAt } : read;
	} catch (error) {
		const sent = !isHttpTransportError(error) || error.requestSent;
		return {
			kind: sent ? 'unknown' : 'notSent',
			code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
			detail: error instanceof Error ? error.message : 'the request failed',
		};
	}
}
