import { parseObject, retryAfterMs } from '../../../shared/http';
import { lifeOf } from '../../../shared/tokenChain/tokenData';
import type { ReadTokenAnswer, TokenHttpAnswer } from '../../../shared/tokenChain/tokenRequest';
import { fateByStatus } from '../../../shared/tokenChain/tokenRequest';
import { platformMessage } from '../../platform/platformAnswers';

/** Errors that are about the app, not about the token (RFC 6749 5.2). */
const APP_ERRORS = new Set(['invalid_client', 'unauthorized_client', 'unsupported_grant_type']);

/**
 * Tells the answers of the Identity Service to a refresh apart (docs/facts/docuware.md 5.2, 5.3):
 * refresh tokens rotate, and a spent one that comes again ends the whole family.
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
	return { kind: fateByStatus(answer), code: 'DOCUWARE_TOKEN_ENDPOINT_UNAVAILABLE', detail };
}
