import { emptyAnswer, htmlAnswer, jsonAnswer, textAnswer, type Answer } from '../../shared/answers';
import type { ExactOnlineSwitches } from '../switches';

const NO_STORE = { 'cache-control': 'no-store' };

function oauthError(status: number, error: string, description?: string): Answer {
	const body = description === undefined ? { error } : { error, error_description: description };
	return jsonAnswer(status, body, NO_STORE);
}

/**
 * "Too early", docs/facts/exact-online.md 1.6: 400 as seen on the wire, or 401 in the words of the
 * knowledge base.
 */
export function tooEarlyAnswer(status: ExactOnlineSwitches['tooEarlyStatus']): Answer {
	if (status === 401) {
		const answer = oauthError(401, 'access_denied', 'Access Token not expired');
		return { ...answer, headers: { ...answer.headers, Reason: 'Access Token not expired' } };
	}
	const text = 'Rate limit exceeded: access_token not expired';
	const answer = oauthError(400, 'access_denied', text);
	return { ...answer, headers: { ...answer.headers, Reason: `TooEarlyToRefreshTokens: ${text}` } };
}

export function oldRefreshTokenAnswer(status: ExactOnlineSwitches['oldTokenStatus']): Answer {
	return oauthError(status, 'unauthorized_client', 'Old refresh token used.');
}

/** The refresh token was unused for too long; the times are milliseconds since 1970. */
export function idleExpiredAnswer(expiredAt: number, now: number): Answer {
	const times = [expiredAt, now].map(usDateTime);
	return oauthError(
		400,
		'invalid_request',
		`The refresh token expired at ${times[0]} and it is now ${times[1]}.`,
	);
}

export function brokenChainAnswer(): Answer {
	return oauthError(
		400,
		'invalid_grant',
		'Token is not allowed, because of invalid or empty chainId',
	);
}

export function invalidClientAnswer(): Answer {
	return oauthError(400, 'invalid_client');
}

export function invalidRequestAnswer(description: string): Answer {
	return oauthError(400, 'invalid_request', description);
}

export function unsupportedGrantAnswer(): Answer {
	return oauthError(400, 'unsupported_grant_type');
}

/**
 * A code that was used, has expired or was never issued; the answer is uncertain,
 * docs/facts/exact-online.md 1.6.
 */
export function badCodeAnswer(reading: ExactOnlineSwitches['badCodeAnswer']): Answer {
	if (reading === 'plainText') return textAnswer(400, 'Bad Request');
	return oauthError(400, reading, 'The authorization code is invalid, expired or already used.');
}

/** While the error budget is used up, docs/facts/exact-online.md 1.7; the form is uncertain. */
export function blockedAnswer(status: ExactOnlineSwitches['blockedStatus']): Answer {
	return textAnswer(status, 'API rate limit exceeded', { ...NO_STORE });
}

/** The gateway fails on Exact's answer, after the pair was issued (docs/facts/exact-online.md 1.6). */
export function gatewayFaultOnAnswer(): Answer {
	return jsonAnswer(500, {
		fault: {
			faultstring: 'Failed to extract the access token from the response',
			detail: { errorcode: 'steps.extractvariables.ExecutionFailed' },
		},
	});
}

/**
 * An invented refresh token; what Exact answers to one is not known
 * (docs/facts/exact-online.md 1.6 names no such case).
 */
export function unknownTokenAnswer(reading: ExactOnlineSwitches['unknownTokenAnswer']): Answer {
	switch (reading) {
		case 'brokenChain':
			return brokenChainAnswer();
		case 'unauthorizedClient':
			return oauthError(401, 'unauthorized_client', 'The refresh token is not valid.');
		case 'plainText':
			return textAnswer(400, 'Bad Request');
	}
}

/**
 * Every error of table 1.6 by name, for scripted faults `{ kind: 'answer', name }`. The times in
 * `refreshTokenExpired` are those of the report the text was taken from.
 */
export const TOKEN_ERROR_CATALOGUE: Readonly<Record<string, () => Answer>> = {
	tooEarly: () => tooEarlyAnswer(400),
	tooEarly401: () => tooEarlyAnswer(401),
	oldRefreshToken: () => oldRefreshTokenAnswer(401),
	oldRefreshToken400: () => oldRefreshTokenAnswer(400),
	refreshTokenExpired: () =>
		idleExpiredAnswer(Date.UTC(2022, 9, 11, 21, 18, 20), Date.UTC(2022, 9, 12, 8, 1, 5)),
	brokenChain: brokenChainAnswer,
	invalidClient: invalidClientAnswer,
	badCode: () => badCodeAnswer('plainText'),
	badCodeJson: () => badCodeAnswer('invalid_grant'),
	unknownClientPage: () => htmlAnswer(400, "<html>Client with identifier '…' not found.</html>"),
	gatewayFaultOnAnswer,
	proxyPage: () => htmlAnswer(403, '<html><title>Blocked</title>Blocked by policy</html>'),
	unknownRefusal: () => oauthError(400, 'access_denied', 'Something that no source reports.'),
	forbidden: () => textAnswer(403, 'Forbidden'),
	tooManyRequests: () => emptyAnswer(429),
	blocked: () => blockedAnswer(429),
};

/** `10/11/2022 9:18:20 PM`, the way a .NET server with US settings writes a time. */
function usDateTime(ms: number): string {
	const time = new Date(ms);
	const hours = time.getUTCHours();
	const two = (value: number): string => String(value).padStart(2, '0');
	const clock = `${hours % 12 || 12}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
	const day = `${time.getUTCMonth() + 1}/${time.getUTCDate()}/${time.getUTCFullYear()}`;
	return `${day} ${clock} ${hours < 12 ? 'AM' : 'PM'}`;
}
