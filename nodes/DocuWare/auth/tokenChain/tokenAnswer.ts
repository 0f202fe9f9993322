import type { HttpResponse } from '../../../shared/http';
import type { FailedAnswer, TokenPair } from '../../../shared/tokenChain/types';
import { parseObject, platformMessage, retryAfterMs } from '../../platform/platformAnswers';

/** An answer of the token endpoint to a refresh, read. */
export type ReadRefreshAnswer = { kind: 'granted'; pair: TokenPair } | FailedAnswer;

/** What of an HTTP answer the reading needs. */
export type RefreshHttpAnswer = Pick<HttpResponse, 'status' | 'headers' | 'body'>;

/** Errors that are about the app, not about the token (RFC 6749 5.2). */
const APP_ERRORS = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type']);

/**
 * Tells the answers of the Identity Service to a refresh apart (facts/docuware.md 5.2, 5.3):
 * refresh tokens rotate, and a spent one that comes again ends the whole family.
 *
 * @param secrets are taken out of the text that is kept.
 */
export function readRefreshAnswer(
	answer: RefreshHttpAnswer,
	spent: string,
	secrets: readonly string[],
): ReadRefreshAnswer {
	const { status, body } = answer;
	const json = parseObject(body);
	if (status === 200 && typeof json?.access_token === 'string') {
		const next = json.refresh_token;
		return {
			kind: 'granted',
			pair: {
				accessToken: json.access_token,
				// A server that does not rotate leaves the old one in force.
				refreshToken: typeof next === 'string' && next !== '' ? next : spent,
				lifeMs: lifeOf(json.expires_in),
			},
		};
	}
	const detail = platformMessage(body, secrets) || `HTTP ${status}`;
	const error = typeof json?.error === 'string' ? json.error : '';
	if (error === 'invalid_grant') {
		return { kind: 'lost', code: 'DOCUWARE_REFRESH_TOKEN_REFUSED', detail };
	}
	if (APP_ERRORS.has(error))
		return { kind: 'configuration', code: 'DOCUWARE_CLIENT_REFUSED', detail };
	if (status === 429) {
		const wait = retryAfterMs(answer.headers);
		return {
			kind: 'refused',
			code: 'DOCUWARE_TOKEN_ENDPOINT_UNAVAILABLE',
			detail,
			...(wait === null ? {} : { retryAfterMs: wait }),
		};
	}
	const isRefusal = status >= 400 && status < 500 && status !== 408 && body.trim() !== '';
	return {
		kind: isRefusal ? 'refused' : 'unknown',
		code: 'DOCUWARE_TOKEN_ENDPOINT_UNAVAILABLE',
		detail,
	};
}

/** `expires_in` in seconds, number or text. @returns milliseconds; null where it is none */
export function lifeOf(expiresIn: unknown): number | null {
	const seconds = typeof expiresIn === 'string' ? Number(expiresIn.trim() || NaN) : expiresIn;
	return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
		? seconds * 1000
		: null;
}
