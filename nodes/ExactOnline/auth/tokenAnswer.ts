import { parseObject, retryAfterMs, serviceText } from '../../shared/http';
import { lifeOf } from '../../shared/tokenChain/tokenData';
import type { ReadTokenAnswer, TokenHttpAnswer } from '../../shared/tokenChain/tokenRequest';
import { fateByStatus } from '../../shared/tokenChain/tokenRequest';
import { gatewayFault } from '../wire/serviceError';

const UNAVAILABLE = 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE';
const TOO_EARLY = /not expired/i;
const TOO_EARLY_REASON = /^TooEarlyToRefresh/i;
const OLD_TOKEN = /old refresh token/i;
const BROKEN_CHAIN = /chainId/i;
const IDLE_EXPIRED = /refresh token (?:has )?expired/i;
const UNKNOWN_CLIENT = /client with identifier/i;

/**
 * Tells the answers of Exact Online's token endpoint apart by their text, because the status codes
 * differ between sources (docs/facts/exact-online.md 1.6). "Too early" comes first: its text also says
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
	const json = parseObject(body);
	const reason = answer.headers.reason ?? '';
	const text = `${body}\n${reason}`;
	const detail = serviceText(errorText(json, body) || reason || `HTTP ${status}`, secrets);
	if (TOO_EARLY.test(text) || TOO_EARLY_REASON.test(reason)) {
		return { kind: 'tooEarly', code: 'EXACT_TOO_EARLY', detail };
	}
	const lost = lostCode(text);
	if (lost !== undefined) return { kind: 'lost', code: lost, detail };
	if (status === 429) return throttled(answer, detail);
	const error = json?.error;
	if (error === 'invalid_client')
		return { kind: 'configuration', code: 'EXACT_INVALID_CLIENT', detail };
	if (UNKNOWN_CLIENT.test(text))
		return { kind: 'configuration', code: 'EXACT_CLIENT_NOT_FOUND', detail };
	// The gateway in front answers for itself: the request never reached the token endpoint.
	if (gatewayFault(json) !== undefined) return { kind: 'refused', code: UNAVAILABLE, detail };
	if (error === 'invalid_grant') {
		return { kind: 'lost', code: 'EXACT_REFRESH_TOKEN_REFUSED', detail };
	}
	if (error === 'unauthorized_client') {
		return { kind: 'configuration', code: 'EXACT_INVALID_CLIENT', detail };
	}
	return {
		kind: fateByStatus(answer),
		code: UNAVAILABLE,
		detail: body.trim() === '' ? `HTTP ${status} with an empty body` : detail,
	};
}

function throttled({ headers }: TokenHttpAnswer, detail: string): ReadTokenAnswer {
	const wait = retryAfterMs(headers);
	return {
		kind: 'refused',
		code: UNAVAILABLE,
		detail,
		...(wait === null ? {} : { retryAfterMs: wait }),
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
			code: UNAVAILABLE,
			detail: 'the answer held no pair of tokens',
		};
	}
	return { kind: 'granted', pair: { accessToken, refreshToken, lifeMs: lifeOf(json?.expires_in) } };
}

function errorText(json: Record<string, unknown> | undefined, body: string): string {
	if (typeof json?.error_description === 'string') return json.error_description;
	if (typeof json?.error === 'string') return json.error;
	return gatewayFault(json) ?? body;
}
