import type { HttpResponse } from '../../../shared/http';
import { isHtml, looksLikeMarkup, parseObject, retryAfterMs } from '../../../shared/http';
import { lifeOf, trimmedText } from '../../../shared/tokenChain/tokenData';
import {
	isLicenceExpiry,
	licenceExpiryHeader,
	saysLicenceExpired,
} from '../../platform/licenceExpiry';
import {
	askedScheme,
	isLicenceRefusal,
	leadsToLogin,
	platformMessage,
} from '../../platform/platformAnswers';
import type { RefusalCause } from './refusalCause';
import { causeInWords, causeOf401 } from './refusalCause';
import { SessionCookies } from './sessionCookies';
import type { SessionCredential } from './sessionCredential';

/**
 * An answer to a log-on, told apart by what it means. `refused`: not let in, see `RefusalCause`;
 * `noLicence`; `gone`: 410, the way in was removed; `client`: the Identity Service does not let this
 * app in; `noCookies`, `noToken`: 200 that opened nothing; `failed`: anything else.
 */
export type LogOnAnswer =
	| { kind: 'opened'; credential: SessionCredential; version: string | null }
	| {
			kind: 'refused';
			cause: RefusalCause;
			detail: string;
			/** Said at the Identity Service, and nothing certain of the log-in data: by a proxy, or in unknown terms. */
			isVague?: true;
	  }
	| { kind: 'client'; cause: RefusalCause; detail: string }
	| { kind: 'noLicence' | 'gone'; detail: string }
	| { kind: 'noCookies' | 'noToken'; detail: string }
	| { kind: 'throttled'; retryAfterMs: number | null; detail: string }
	| {
			kind: 'failed';
			status: number;
			detail: string;
			/** Whoever answered lets no log-on through, as a filter by IP address does; no disturbance that passes. */
			isShut?: true;
	  };

/**
 * Assumed life of a bearer token where the answer does not tell: 60 min
 * (docs/facts/docuware.md 5.3).
 */
const DEFAULT_TOKEN_LIFE_MS = 3_600_000;

/**
 * Reads the answer of `Account/Logon` and `Account/TokenLogOn` (docs/facts/docuware.md 2.1, 2.2, 3.1).
 *
 * @param secrets are taken out of the text that is kept.
 * @param cookies an empty jar, which takes the cookies of the session
 */
export function readCookieAnswer(
	answer: HttpResponse,
	secrets: readonly string[],
	cookies = SessionCookies.empty(),
): LogOnAnswer {
	const detail = platformMessage(answer.body, secrets);
	const { status } = answer;
	if (status >= 200 && status < 300) {
		cookies.take(answer);
		if (!cookies.isAuthenticated(answer.url)) {
			return { kind: 'noCookies', detail: isHtml(answer.body) ? 'a web page' : '' };
		}
		const version = parseObject(answer.body)?.Version;
		return {
			kind: 'opened',
			credential: { kind: 'cookie', cookies: cookies.serialize() },
			version: typeof version === 'string' ? version : null,
		};
	}
	const expiry = status < 500 ? expiredLicence(answer, detail) : undefined;
	if (expiry !== undefined) return expiry;
	if (status === 401) {
		return isLicenceRefusal(answer.body)
			? { kind: 'noLicence', detail }
			: {
					kind: 'refused',
					cause: causeOf401(answer, detail),
					detail: detail || proxyWords(answer),
				};
	}
	if (status === 410) return { kind: 'gone', detail };
	if (status === 429) {
		return { kind: 'throttled', retryAfterMs: retryAfterMs(answer.headers), detail };
	}
	if (status >= 300 && status < 400) return redirected(answer);
	return failed(status, detail);
}

/** 4xx that pass by themselves: the place is not there while a server starts, or the request came too slowly or early. */
const PASSING_STATUS = new Set([404, 408, 425]);

function failed(status: number, detail: string): LogOnAnswer {
	const isShut = status >= 400 && status < 500 && !PASSING_STATUS.has(status);
	return { kind: 'failed', status, detail, ...(isShut && { isShut }) };
}

/** A log-on that fails for a licence that has run out, whatever the status (docs/facts/docuware.md 2.2). */
function expiredLicence(answer: HttpResponse, detail: string): LogOnAnswer | undefined {
	if (!saysLicenceExpired(answer)) return undefined;
	const inText = isLicenceExpiry(detail);
	const words = inText ? detail : `${detail} ${licenceExpiryHeader(answer) ?? ''}`.trim();
	return { kind: 'refused', cause: 'other', detail: words };
}

type Refused = Extract<LogOnAnswer, { kind: 'refused' }>;

/** Whether a refused login token will not be taken later either. */
export function isDeadToken({ cause, isVague }: Refused): boolean {
	return cause !== 'other' && !isVague;
}

/** The log-in page instead of a 401, from a server that takes this client for a browser; or a log-in elsewhere. */
function redirected(answer: HttpResponse): Refused {
	const { location = '' } = answer.headers;
	const target = URL.canParse(location, answer.url) ? new URL(location, answer.url) : undefined;
	if (leadsToLogin(answer)) return { kind: 'refused', cause: 'noReason', detail: '' };
	const detail = `a redirect to ${target?.origin ?? 'nowhere'}${target?.pathname ?? ''}`;
	return { kind: 'refused', cause: 'other', detail };
}

function proxyWords({ headers }: HttpResponse): string {
	const scheme = askedScheme(headers);
	return scheme === undefined ? '' : `a log-in by ${scheme} is asked for`;
}

function wordsOf(json: Record<string, unknown> | undefined): string {
	const words = json?.error_description;
	return typeof words === 'string' ? words.replaceAll('_', ' ') : '';
}

/** Reads the answer of the Identity Service's token endpoint (docs/facts/docuware.md 5.2). */
export function readGrantAnswer(answer: HttpResponse, secrets: readonly string[]): LogOnAnswer {
	const detail = platformMessage(answer.body, secrets);
	const { status } = answer;
	const json = parseObject(answer.body);
	const accessToken = status === 200 ? trimmedText(json?.access_token) : '';
	if (accessToken !== '') {
		const lifeMs = lifeOf(json?.expires_in) ?? DEFAULT_TOKEN_LIFE_MS;
		return {
			kind: 'opened',
			credential: { kind: 'bearer', accessToken, lifeMs },
			version: null,
		};
	}
	if (isLicenceRefusal(answer.body)) return { kind: 'noLicence', detail };
	if (status === 200 && looksLikeMarkup(answer.body)) return { kind: 'noToken', detail };
	const expiry = status >= 400 && status < 500 ? expiredLicence(answer, detail) : undefined;
	if (expiry !== undefined) return expiry;
	if (status === 429) {
		return { kind: 'throttled', retryAfterMs: retryAfterMs(answer.headers), detail };
	}
	// An error by its name is the service's own (RFC 6749 5.2) with a 4xx only.
	const error = status < 500 ? json?.error : undefined;
	switch (error) {
		case 'invalid_grant':
			return { kind: 'refused', cause: causeInWords(wordsOf(json)), detail };
		case 'invalid_client':
			return { kind: 'client', cause: 'logInData', detail };
		case 'unauthorized_client':
		case 'unsupported_grant_type':
		case 'invalid_scope':
			return { kind: 'client', cause: 'other', detail };
		default:
			if (PASSING.includes(error)) return { kind: 'failed', status, detail };
			return refusedAtTheDoor(answer, error, detail) ?? failed(status, detail);
	}
}

/** Names of errors that pass (RFC 6749 4.1.2.1), wherever they come. */
const PASSING: readonly unknown[] = ['server_error', 'temporarily_unavailable'];

/** A log-on that comes no further than a proxy before the Identity Service, or that it refuses in unknown terms. */
function refusedAtTheDoor(
	answer: HttpResponse,
	error: unknown,
	detail: string,
): LogOnAnswer | undefined {
	const { status } = answer;
	if (status >= 300 && status < 400) {
		const { cause, detail: where } = redirected(answer);
		return { kind: 'refused', cause, detail: where || 'a redirect to its log-in page', ...VAGUE };
	}
	if (status === 401) {
		const cause = causeOf401(answer, detail);
		const words = detail || proxyWords(answer) || 'HTTP 401 without a reason';
		return { kind: 'refused', cause, detail: words, ...(cause !== 'logInData' && VAGUE) };
	}
	if (status !== 400 || typeof error !== 'string') return undefined;
	return { kind: 'refused', cause: 'other', detail: detail || error, ...VAGUE };
}

const VAGUE = { isVague: true } as const;
