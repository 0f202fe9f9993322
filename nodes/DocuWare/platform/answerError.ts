import { ConnectorError, isConnectorError } from '../../shared/errors';
import { said } from '../../shared/errorText';
import { isHtml, redirectTarget, wantsHttps } from '../../shared/http';
import { RENEW_LICENCE, saysLicenceExpired } from './licenceExpiry';
import { ALLOW_ADDRESS } from './logOnErrors';
import { begun, inBrackets, inWords, thingAsked, type AskedFor } from './askedFor';
import { foreignLogIn, platformMessage } from './platformAnswers';

interface Meaning {
	code: string;
	message: string;
	repair: string;
	retryable?: boolean;
}

/** Methods that change nothing, so that they can simply be sent again. */
export function isRead(method: string): boolean {
	return method === 'GET' || method === 'HEAD';
}

/** Whether what was asked changes nothing, so that no answer means no harm. */
export function changesNothing({ method, isQuery = false }: AskedFor): boolean {
	return isQuery || isRead(method);
}

/**
 * The error for an answer with a status that is not 2xx, after docs/facts/docuware.md 8.5. What a session
 * can deal with itself (a dead session, no licence, throttling) comes here only once that has failed.
 */
export function answerError(
	status: number,
	body: string,
	asked: AskedFor,
	headers: Record<string, string> = {},
): ConnectorError {
	const meaning =
		ofOthers(status, body, asked, headers) ?? meaningOf(status, platformMessage(body), asked);
	return errorOf(meaning, status, body, asked);
}

/** The error of an answer that has nothing to do with what was asked; undefined for any other. */
export function unrelatedError(
	status: number,
	body: string,
	asked: AskedFor,
	headers: Record<string, string>,
): ConnectorError | undefined {
	const meaning = ofOthers(status, body, asked, headers);
	return meaning && errorOf(meaning, status, body, asked);
}

function errorOf(
	{ code, message, repair, retryable = false }: Meaning,
	status: number,
	body: string,
	asked: AskedFor,
): ConnectorError {
	const text = platformMessage(body);
	const request = inBrackets(asked);
	const words = text === '' ? `${message}${request}.` : `${message}: ${text}${request}`;
	return new ConnectorError(code, words, {
		repair,
		retryable,
		...said(text, status),
	});
}

/** An answer that is not about what was asked: a redirect, a port for https, an expired licence, a page of an IP filter. */
function ofOthers(
	status: number,
	body: string,
	asked: AskedFor,
	headers: Record<string, string>,
): Meaning | undefined {
	const what = inWords(asked);
	const target = redirectTarget(headers);
	if (status >= 300 && status < 400 && target !== undefined) {
		return {
			code: 'DOCUWARE_UNEXPECTED_ANSWER',
			message: `DocuWare sent ${what} elsewhere: status ${status}, a redirect to ${target}`,
			repair:
				'Redirects are not followed. If the server has moved there, or speaks https there, correct Server ' +
				'in the credential; a log-in page elsewhere belongs to a proxy or to single sign-on.',
		};
	}
	if (status === 400 && wantsHttps(body)) {
		return {
			code: 'DOCUWARE_BAD_REQUEST',
			message: `The server wants an encrypted connection for ${what}: it speaks https at the port that was asked in plain http`,
			repair: 'Write https:// in front of Server in the credential.',
		};
	}
	if (status >= 400 && status < 500 && saysLicenceExpired({ headers, body })) {
		return {
			code: status === 401 ? 'DOCUWARE_UNAUTHORIZED' : 'DOCUWARE_FORBIDDEN',
			message: `DocuWare refuses ${what} since its licence has expired`,
			repair: RENEW_LICENCE,
		};
	}
	const scheme = foreignLogIn({ status, headers, body });
	if (scheme !== undefined) {
		return {
			code: 'DOCUWARE_UNAUTHORIZED',
			message: `A proxy or web server before DocuWare asks for a log-in of its own (${scheme}) for ${what}`,
			repair:
				'Check the address in the credential and HTTPS_PROXY. The session at DocuWare is not touched by this.',
		};
	}
	if (status === 403 && isHtml(body)) {
		return {
			code: 'DOCUWARE_FORBIDDEN',
			message: `A web page refuses ${what}, as a firewall or an IP filter does, not DocuWare itself`,
			repair: `${ALLOW_ADDRESS} If the page names a missing right, give it to the user.`,
		};
	}
	return undefined;
}

function meaningOf(status: number, text: string, asked: AskedFor): Meaning {
	const what = inWords(asked);
	switch (status) {
		case 400:
		case 405:
		case 406:
		case 415:
			return {
				code: 'DOCUWARE_BAD_REQUEST',
				message: `DocuWare cannot read ${what}: status ${status}`,
				repair: 'Check method, path, content type and body of the request.',
			};
		case 401:
		case 403:
			return notAllowed(status, what);
		case 404:
		case 410:
			return notHere(status, asked);
		case 409:
		case 423:
			return {
				code: 'DOCUWARE_LOCKED',
				message:
					status === 423
						? `${begun(what)} meets a lock or a check-out`
						: `${begun(what)} conflicts with the present state: a lock, a check-out, or a change made meanwhile`,
				repair:
					'Let the user who edits the document finish, or undo the check-out, read it again and run again.',
				retryable: true,
			};
		case 413:
			return {
				code: 'DOCUWARE_TOO_LARGE',
				message: `What ${what} sends is larger than the server or a proxy in front of it takes`,
				repair:
					'Send a smaller file or fewer at once, or have the limit raised (at IIS ' +
					'maxAllowedContentLength, at a proxy its own limit of the body).',
			};
		case 422:
			return limitOrValue(what, text);
		case 429:
			return {
				code: 'DOCUWARE_THROTTLED',
				message: `DocuWare limits the number of requests per minute and refused ${what}`,
				repair: 'Run again in a minute, with fewer requests at once.',
				retryable: true,
			};
		default:
			return otherMeaning(status, asked);
	}
}

/** 401 for the session, 403 for a right of its user. */
function notAllowed(status: 401 | 403, what: string): Meaning {
	return status === 401
		? {
				code: 'DOCUWARE_UNAUTHORIZED',
				message: `DocuWare refused the session for ${what}`,
				repair:
					'Check that the user of the credential may use this function; if all requests fail, test the credential.',
			}
		: {
				code: 'DOCUWARE_FORBIDDEN',
				message: `DocuWare does not allow ${what}`,
				repair:
					'Give the user of the credential the right in DocuWare Configuration, or use a ' +
					'credential of a user who has it.',
			};
}

/** 404 for something that is not there, 410 for a function that this version has no longer. */
function notHere(status: 404 | 410, asked: AskedFor): Meaning {
	return status === 404
		? {
				code: 'DOCUWARE_NOT_FOUND',
				message: `${begun(thingAsked(asked))} was not found`,
				repair:
					'Check the ID. A path can also differ between DocuWare versions; the links in the ' +
					'answers of the server show the right one.',
			}
		: {
				code: 'DOCUWARE_GONE',
				message: `This DocuWare server no longer takes ${inWords(asked)}`,
				repair: 'Use the function that took its place; the message of the server names it.',
			};
}

/**
 * 422: a value that DocuWare does not take, or more results than one request may have
 * (docs/facts/docuware.md 6.2).
 */
function limitOrValue(what: string, text: string): Meaning {
	const tooMany = /LimitExceed|exceeds the system limit/i.test(text);
	return {
		code: 'DOCUWARE_VALIDATION',
		message: `DocuWare refused a value of ${what}`,
		repair: tooMany
			? 'Ask for fewer results per request and follow the next links.'
			: 'Correct the ID, the query or the value that the message names.',
	};
}

function otherMeaning(status: number, asked: AskedFor): Meaning {
	const what = inWords(asked);
	if (status === 408 || status >= 500) {
		return {
			code: 'DOCUWARE_SERVER_ERROR',
			message: `DocuWare failed at ${what}: status ${status}`,
			repair: changesNothing(asked)
				? 'Try again later; if it stays, show the message to the administrator of the DocuWare server.'
				: 'Check in DocuWare whether the change was made before sending it again; it was sent ' +
					'once and is never repeated by itself.',
			retryable: changesNothing(asked),
		};
	}
	return {
		code: 'DOCUWARE_UNEXPECTED_ANSWER',
		message: `DocuWare gave no known answer to ${what}: status ${status}`,
		repair:
			status >= 300 && status < 400
				? 'Redirects are not followed. Give the address that they lead to, and check that no proxy changes the answers.'
				: 'Check method and path of the request.',
	};
}

const REFUSED_REQUESTS = new Set([
	'DOCUWARE_BAD_REQUEST',
	'DOCUWARE_GONE',
	'DOCUWARE_NOT_FOUND',
	'DOCUWARE_UNEXPECTED_ANSWER',
	'DOCUWARE_VALIDATION',
]);

/** Whether a server does not know a question, or does not take it in this form, so that another form may be tried. */
export function isRefusedRequest(error: unknown): boolean {
	return isConnectorError(error) && REFUSED_REQUESTS.has(error.code);
}
