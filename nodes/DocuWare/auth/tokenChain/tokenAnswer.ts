import { parseObject, retryAfterMs } from '../../../shared/http';
import { lifeOf, trimmedText } from '../../../shared/tokenChain/tokenData';
import type { ReadTokenAnswer, TokenHttpAnswer } from '../../../shared/tokenChain/tokenRequest';
import { unprovenAnswer } from '../../../shared/tokenChain/tokenRequest';
import { saysLicenceExpired } from '../../platform/licenceExpiry';
import { isLicenceRefusal, platformMessage } from '../../platform/platformAnswers';

/** Errors that are about the app, not about the token (RFC 6749 5.2). */
const APP_ERRORS = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type']);

/** Errors that are about the request, and prove that it was not granted (RFC 6749 5.2). */
const REQUEST_ERRORS = new Set(['invalid_request', 'invalid_scope']);

/**
 * Tells the answers of the Identity Service to a refresh apart (docs/facts/docuware.md 5.2, 5.3):
 * refresh tokens rotate, and a spent one that comes again ends the whole family. What is not on this
 * list proves nothing (docs/architecture.md, rule 7).
 *
 * @param secrets are taken out of the text that is kept.
 */
export function readTokenAnswer(
	answer: TokenHttpAnswer,
	spent: string,
	secrets: readonly string[],
): ReadTokenAnswer {
	const { status, body } = answer;
	const json = parseObject(body);
	const isSuccess = status >= 200 && status < 300;
	const accessToken = isSuccess ? trimmedText(json?.access_token) : '';
	if (accessToken !== '') {
		// A server that does not rotate leaves the old one in force.
		const refreshToken = trimmedText(json?.refresh_token) || spent;
		const lifeMs = lifeOf(json?.expires_in);
		return { kind: 'granted', pair: { accessToken, refreshToken, lifeMs } };
	}
	const detail = platformMessage(body, secrets) || `HTTP ${status}`;
	// An error by its name is the service's own (RFC 6749 5.2); a page or a fault with it is not.
	const error = status >= 400 && status < 500 ? trimmedText(json?.error) : '';
	if (error === 'invalid_grant' && !isAboutLicence(answer)) {
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
	const isRefusal = REQUEST_ERRORS.has(error);
	return {
		...unprovenAnswer(answer),
		...(isRefusal ? { kind: 'refused' } : {}),
		code: 'DOCUWARE_TOKEN_ENDPOINT_UNAVAILABLE',
		detail,
	};
}

/** The user lacks a licence, or it has expired: that proves nothing about the token. */
function isAboutLicence(answer: TokenHttpAnswer): boolean {
	return isLicenceRefusal(answer.body) || saysLicenceExpired(answer);
}
