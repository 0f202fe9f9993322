import { isRecord, parseObject, retryAfterMs, serviceText } from '../../shared/http';
import { lifeOf, trimmedText } from '../../shared/tokenChain/tokenData';
import type { ReadTokenAnswer, TokenHttpAnswer } from '../../shared/tokenChain/tokenRequest';
import { isPage, unprovenAnswer } from '../../shared/tokenChain/tokenRequest';
import { gatewayFault } from '../wire/serviceError';

const UNAVAILABLE = 'EXACT_TOKEN_ENDPOINT_UNAVAILABLE';
const TOO_EARLY = /not expired/i;
const TOO_EARLY_REASON = /^TooEarlyToRefresh/i;
const OLD_TOKEN = /old refresh token/i;
const BROKEN_CHAIN = /chainId/i;
const IDLE_EXPIRED = /refresh token (?:has )?expired/i;
const UNKNOWN_CLIENT = /client with identifier/i;

/**
 * Faults of the gateway that it gives before it asks the token endpoint
 * (docs/facts/exact-online.md 1.6). Any other step may fail on the answer, after a pair was issued.
 */
const REQUEST_SIDE_FAULTS: ReadonlySet<unknown> = new Set([
	'messaging.adaptors.http.flow.ApplicationNotFound',
]);

/**
 * Tells the answers of Exact Online's token endpoint apart by their text, because the status codes
 * differ between sources (docs/facts/exact-online.md 1.6). "Too early" comes first: its text also says
 * "expired". What is not on this list proves nothing (docs/architecture.md, rule 7), whatever words it
 * holds: a page of a proxy, a fault of the server.
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
	const detail = serviceText(errorText(json, body) || reason || `HTTP ${status}`, secrets);
	if (gatewayFault(json) !== undefined) {
		if (status === 429) return throttled(answer, detail);
		const kind = REQUEST_SIDE_FAULTS.has(faultCode(json)) ? 'refused' : 'unknown';
		return { kind, code: UNAVAILABLE, detail };
	}
	if (status < 400 || status >= 500) return inDoubt(answer, detail);
	const text = isPage(body) ? reason : `${body}\n${reason}`;
	if (TOO_EARLY.test(text) || TOO_EARLY_REASON.test(reason)) {
		// It is asked only in the token's own window: then a later pair of its log-ins is what is too young.
		return { kind: 'tooEarly', code: 'EXACT_TOO_EARLY', detail, showsIssued: true };
	}
	const lost = lostCode(text, json?.error);
	if (lost !== undefined) {
		const showsIssued = lost === 'EXACT_OLD_REFRESH_TOKEN';
		return { kind: 'lost', code: lost, detail, ...(showsIssued ? { showsIssued } : {}) };
	}
	if (status === 429) return throttled(answer, detail);
	const refusedClient = refusedClientCode(body, json?.error);
	if (refusedClient !== undefined) {
		// The text for an old token has this name too; what Exact says to an invented one is not known.
		const mayMeanToken = json?.error === 'unauthorized_client';
		return { kind: 'configuration', code: refusedClient, detail, mayMeanToken };
	}
	return inDoubt(answer, detail);
}

function inDoubt(answer: TokenHttpAnswer, detail: string): ReadTokenAnswer {
	const { status, body } = answer;
	return {
		...unprovenAnswer(answer),
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

function lostCode(text: string, error: unknown): string | undefined {
	if (OLD_TOKEN.test(text)) return 'EXACT_OLD_REFRESH_TOKEN';
	if (BROKEN_CHAIN.test(text)) return 'EXACT_CHAIN_BROKEN';
	if (IDLE_EXPIRED.test(text)) return 'EXACT_REFRESH_TOKEN_EXPIRED';
	return error === 'invalid_grant' ? 'EXACT_REFRESH_TOKEN_REFUSED' : undefined;
}

function refusedClientCode(text: string, error: unknown): string | undefined {
	if (error === 'invalid_client') return 'EXACT_INVALID_CLIENT';
	if (UNKNOWN_CLIENT.test(text)) return 'EXACT_CLIENT_NOT_FOUND';
	return error === 'unauthorized_client' ? 'EXACT_INVALID_CLIENT' : undefined;
}

/** Without the next refresh token an answer is no pair, and the live one may be on no side. */
function readGrant(body: string): ReadTokenAnswer {
	const json = parseObject(body);
	const accessToken = trimmedText(json?.access_token);
	const refreshToken = trimmedText(json?.refresh_token);
	if (accessToken === '' || refreshToken === '') {
		const detail = `the answer held no ${accessToken === '' ? 'pair of tokens' : 'refresh token'}`;
		return { kind: 'unknown', code: UNAVAILABLE, detail };
	}
	return { kind: 'granted', pair: { accessToken, refreshToken, lifeMs: lifeOf(json?.expires_in) } };
}

function faultCode(json: Record<string, unknown> | undefined): unknown {
	const fault = isRecord(json?.fault) ? json.fault : {};
	return isRecord(fault.detail) ? fault.detail.errorcode : undefined;
}

function errorText(json: Record<string, unknown> | undefined, body: string): string {
	if (typeof json?.error_description === 'string') return json.error_description;
	if (typeof json?.error === 'string') return json.error;
	return gatewayFault(json) ?? body;
}
