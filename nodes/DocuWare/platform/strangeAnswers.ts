import { ConnectorError } from '../../shared/errors';
import { isHtml, looksLikeMarkup, parseJson } from '../../shared/http';
import { changesNothing } from './answerError';
import { inBrackets, inWords, type AskedFor } from './askedFor';
import { platformMessage } from './platformAnswers';

/** What to do after a write whose answer is a success and cannot be read. */
export const CHANGE_WAS_MADE =
	'Look in DocuWare before running this again, since the change was made; check that no proxy changes the answers.';

const LOOK_FIRST =
	'Look in DocuWare whether the change was made or the document stored before running ' +
	'this again; a repeated POST stores it twice.';

/** A change whose fate is unknown: it left, and no answer told what became of it. */
export function unconfirmedChange(
	asked: AskedFor,
	{
		message,
		httpStatus,
		serviceMessage,
	}: Pick<ConnectorError, 'message'> & Partial<ConnectorError>,
): ConnectorError {
	return new ConnectorError(
		'DOCUWARE_WRITE_UNCONFIRMED',
		`It is not known whether ${inWords(asked)} took effect: ${message}${inBrackets(asked)}`,
		{ repair: LOOK_FIRST, httpStatus, serviceMessage },
	);
}

/** A web page, or another text, as the answer to a change, whatever its status: something else than DocuWare has answered. */
export function foreignAnswer(
	asked: AskedFor,
	body: string,
	what: 'a web page' | 'a text' = 'a web page',
): ConnectorError {
	const text = platformMessage(body).slice(0, 200);
	return unconfirmedChange(asked, {
		message: `${what} came in place of DocuWare's answer${text === '' ? '.' : `: ${text}`}`,
		serviceMessage: text,
	});
}

/** Whether that became of a change: a request that got no answer at all has no words of anybody. */
export function isForeignAnswer({ code, serviceMessage }: ConnectorError): boolean {
	return code === 'DOCUWARE_WRITE_UNCONFIRMED' && serviceMessage !== undefined;
}

/**
 * A 2xx whose body is not what was asked for. After a change its status says that it was made where the body has a form in
 * which DocuWare answers: JSON, be it torn, or XML.
 */
export function unreadableAnswer(asked: AskedFor, body: string, wanted: string): ConnectorError {
	if (changesNothing(asked) || hasOwnForm(body)) return unwantedAnswer(asked, body, wanted);
	return foreignAnswer(asked, body, isHtml(body) ? 'a web page' : 'a text');
}

/** The same where the service may have answered in any form. */
export function unwantedAnswer(asked: AskedFor, body: string, wanted: string): ConnectorError {
	const text = platformMessage(body).slice(0, 200);
	const made = changesNothing(asked) ? '' : ', although its status says that the change was made';
	return new ConnectorError(
		'DOCUWARE_UNEXPECTED_ANSWER',
		`DocuWare answered ${inWords(asked)} with something that is not ${wanted}${made}${text === '' ? `${inBrackets(asked)}.` : `: ${text}${inBrackets(asked)}`}`,
		{
			repair: changesNothing(asked)
				? 'Check the path, and that no proxy answers in place of DocuWare. Where the answer is a text ' +
					'or a file, choose that as the response format.'
				: CHANGE_WAS_MADE,
		},
	);
}

/** Nothing at all is also what a server says that has made a change. */
function hasOwnForm(body: string): boolean {
	const isJson = /^\s*(?:$|[[{"])/.test(body) || parseJson(body) !== undefined;
	return isJson || (looksLikeMarkup(body) && !isHtml(body));
}
