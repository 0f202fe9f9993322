import type { HttpResponse } from '../../shared/http';
import { serviceText } from '../../shared/http';
import type { FailedAnswer, TokenPair } from '../../shared/tokenChain/types';

/** An answer of the token endpoint, read. */
export type ReadTokenAnswer = { kind: 'granted'; pair: TokenPair } | FailedAnswer;

/** What of an HTTP answer the reading needs. */
export type TokenHttpAnswer = Pick<HttpResponse, 'status' | 'headers' | 'body'>;

const SECONDS = 1000;
const TOO_EARLY = /not expired/i;
const TOO_EARLY_REASON = /^TooEarlyToRefresh/i;
const OLD_TOKEN = /old refresh token/i;
const BROKEN_CHAIN = /chainId/i;
const IDLE_EXPIRED = /refresh token (?:has )?expired/i;
const UNKNOWN_CLIENT = /client with identifier/i;

/**
 * Tells the answers of Exact Online's token endpoint apart by their text, because the status codes
 * differ between sources (facts/exact-online.md 1.6). "Too early" comes first: its text also says
 * "expired".
 *
 * @param secrets are taken out of the text that is kept.
 */
export function readTokenAnswer(
	answer: TokenHttpAnswer,
	secrets: readonly string[],
): ReadTokenAnswer {
	const { status, body } = answer;
	if (status >= 200 && status < 300) return readGrant(body);
	const reason = answer.headers.reason ?? '';
	const text = `${body}\n${reason}`;
	const detail = serviceText(errorText(body) || reason || `HTTP ${status}`, secrets);
	if (TOO_EARLY.test(text) || TOO_EARLY_REASON.test(reason)) {
		return { kind: 'tooEarly', code: 'EXACT_TOO_EARLY', detail };
	}
	const lost = lostCode(text);
	if (lost !== undefined) return { kind: 'lost', code: lost, detail };
	if (status === 429) {
		const retryAfterMs = retryAfter(answer.headers['retry-after']);
		return {
			kind: 'refused',
			code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
			detail,
			...(retryAfterMs === undefined ? {} : { retryAfterMs }),
		};
	}
	const error = errorName(body);
	if (error === 'invalid_client')
		return { kind: 'configuration', code: 'EXACT_INVALID_CLIENT', detail };
	if (UNKNOWN_CLIENT.test(text))
		return { kind: 'configuration', code: 'EXACT_CLIENT_NOT_FOUND', detail };
	if (isGatewayFault(body)) {
		return { kind: 'refused', code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE', detail };
	}
	if (error === 'invalid_grant') {
		return { kind: 'lost', code: 'EXACT_REFRESH_TOKEN_REFUSED', detail };
	}
	if (error === 'unauthorized_client') {
		return { kind: 'configuration', code: 'EXACT_INVALID_CLIENT', detail };
	}
	const isRefusal = status >= 400 && status < 500 && status !== 408 && body.trim() !== '';
	return {
		kind: isRefusal ? 'refused' : 'unknown',
		code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
		detail: body.trim() === '' ? `HTTP ${status} with an empty body` : detail,
	};
}

function lostCode(text: string): string | undefined {
	if (OLD_TOKEN.test(text)) return 'EXACT_OLD_REFRESH_TOKEN';
	if (BROKEN_CHAIN.test(text)) return 'EXACT_CHAIN_BROKEN';
	if (IDLE_EXPIRED.test(text)) return 'EXACT_REFRESH_TOKEN_EXPIRED';
	return undefined;
}

function readGrant(body: string): ReadTokenAnswer {
	const json = parseObject(body);
	const { access_token: accessToken, refresh_token: refreshToken } = json ?? {};
	if (typeof accessToken !== 'string' || typeof refreshToken !== 'string') {
		return {
			kind: 'unknown',
			code: 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE',
			detail: 'the answer held no pair of tokens',
		};
	}
	return { kind: 'granted', pair: { accessToken, refreshToken, lifeMs: lifeOf(json?.expires_in) } };
}

/** `expires_in` comes as a string of seconds (facts/exact-online.md 1.3). @returns milliseconds */
export function lifeOf(expiresIn: unknown): number | null {
	const seconds = typeof expiresIn === 'string' ? Number(expiresIn.trim() || NaN) : expiresIn;
	if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return null;
	return seconds * SECONDS;
}

function errorName(body: string): string | undefined {
	const error = parseObject(body)?.error;
	return typeof error === 'string' ? error : undefined;
}

function errorText(body: string): string {
	const json = parseObject(body);
	if (json === undefined) return body;
	if (typeof json.error_description === 'string') return json.error_description;
	if (typeof json.error === 'string') return json.error;
	const { fault } = json;
	if (typeof fault === 'object' && fault !== null && 'faultstring' in fault) {
		return String(fault.faultstring);
	}
	return body;
}

/** The gateway before Exact's service answers for itself: the request never reached it. */
function isGatewayFault(body: string): boolean {
	const fault = parseObject(body)?.fault;
	return typeof fault === 'object' && fault !== null;
}

function retryAfter(value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	const seconds = Number(value);
	if (Number.isFinite(seconds)) return Math.max(0, seconds * SECONDS);
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function parseObject(body: string): Record<string, unknown> | undefined {
	try {
		const value: unknown = JSON.parse(body);
		return typeof value === 'object' && value !== null && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: undefined;
	} catch {
		return undefined;
	}
}
