import { ConnectorError } from '../../shared/errors';
import {
	isHtml,
	isWebPage,
	looksLikeMarkup,
	mediaTypeOf,
	parseJson,
	parseObject,
	serviceText,
	type HttpResponse,
} from '../../shared/http';
import { answerError, changesNothing } from './answerError';
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
export function foreignAnswer(asked: AskedFor, body: string, what = 'a web page'): ConnectorError {
	const text = platformMessage(body).slice(0, 200);
	return unconfirmedChange(asked, {
		message: `${what} came in place of DocuWare's answer${text === '' ? '.' : `: ${text}`}`,
		serviceMessage: text,
	});
}

/**
 * Refuses what stands under a status of success and is no word of it. An empty answer to a change says that it was made, as a
 * word such as `ok` does; a web page, another text, or DocuWare's error object (docs/facts/docuware.md 8.5) does not. What asks
 * only is refused for an error object alone: its caller knows what it wants to read.
 *
 * @throws ConnectorError DOCUWARE_WRITE_UNCONFIRMED after a change; else what the status means that the object tells
 */
export function refuseStrange(
	asked: AskedFor,
	{ headers, body }: Pick<HttpResponse, 'headers' | 'body'>,
): void {
	refuseFailure(asked, body);
	if (changesNothing(asked) || WORD_OF_SUCCESS.test(body)) return;
	if (isWebPage(headers, body)) throw foreignAnswer(asked, body);
	if (/^\s*false\s*$/i.test(body)) throw foreignAnswer(asked, body, 'a text');
	if (!hasOwnForm(body) && !isShortWord(headers, body)) throw foreignAnswer(asked, body, 'a text');
}

/** The same for the error object alone. */
export function refuseFailure(asked: AskedFor, body: string): void {
	const failure = failureIn(body);
	if (failure === undefined) return;
	if (changesNothing(asked)) {
		throw failure.status === undefined
			? unwantedAnswer(asked, body, 'what was asked for, but an error')
			: answerError(failure.status, body, asked);
	}
	throw unconfirmedChange(asked, {
		message: `the status of the answer tells of success, its content of a failure: ${failure.message}`,
		serviceMessage: failure.message,
		httpStatus: failure.status,
	});
}

/** What a change may be confirmed with that gives no data, whatever the answer calls itself. */
const WORD_OF_SUCCESS =
	/^\s*(?:ok|okay|done|success|successful|succeeded|accepted|true)\s*[.!]?\s*$/i;

/**
 * Whether a text is one word, an id or a time, as which DocuWare answers some changes (`text/plain`, docs/facts/docuware.md 7.3).
 * What is a sentence, or a word of failure, may come from anything on the way.
 */
function isShortWord(headers: Record<string, string>, body: string): boolean {
	const type = mediaTypeOf(headers);
	if (type !== undefined && type !== 'text/plain') return false;
	const text = body.trim();
	const words = text.replace(GUID, '');
	return TIME.test(text) || (SHORT_WORD.test(text) && !WORD_OF_FAILURE.test(words));
}

/** Its digits may happen to be a word. */
const GUID = /(?<![\da-z])[\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}(?![\da-z])/gi;

const TIME = /^\d{1,4}[./:-]\d{1,2}[./:-]\d{1,4}(?:[T ]\d[\d:.]*\s?(?:[AP]M|Z|[+-]\d\d:?\d\d)?)?$/i;

const SHORT_WORD = /^\{?[\w-]{1,40}\}?[.!]?$/;

const WORD_OF_FAILURE =
	/abort|bad|block|busy|den(?:y|ied)|down|err|except|expire|fail|false|forbid|invalid|^locked|log[io]n|maint|^no|none|null|offline|refuse|reject|timeout|unauth|unavail|undefined|unknown/i;

/**
 * DocuWare's error object (docs/facts/docuware.md 8.5), which a gateway may send under any status; undefined for anything else.
 * Most answers, pages of results too, are known for something else without being parsed.
 */
function failureIn(body: string): { message: string; status: number | undefined } | undefined {
	if (body.length > MOST_FAILURE || !body.includes('Message')) return undefined;
	const xml = ERROR_IN_XML.exec(body)?.[1];
	if (xml !== undefined) {
		const status = failedStatus(/<(?:\w+:)?StatusCode>\s*(\d+)/.exec(body)?.[1]);
		return { message: serviceText(xml, []), status };
	}
	const json = body.includes('"Message"') ? (parseObject(body) ?? {}) : {};
	const { Message, StatusCode, Exception } = json;
	if (typeof Message !== 'string') return undefined;
	const status = failedStatus(StatusCode);
	// A status that tells of success is no failure.
	const isBare = StatusCode === undefined || StatusCode === null || StatusCode === '';
	const saysNoMore = isBare && Object.keys(json).every((name) => ERROR_MEMBERS.has(name));
	if (status === undefined && !Exception && !saysNoMore) return undefined;
	return { message: platformMessage(body), status: status ?? (Exception ? 500 : undefined) };
}

/** Longest error object, stack trace and all; a page of results is soon longer, and looking through it takes time. */
const MOST_FAILURE = 500_000;

/** The root `Error` with its `Message`. */
const ERROR_IN_XML =
	/^\s*(?:<\?xml[^>]*>\s*)?<(?:\w+:)?Error(?:\s[^>]*)?>[^]*?<(?:\w+:)?Message(?:\s[^>]*)?>\s*([^<]*)</;

/** Members of an error object of DocuWare, or of the server that it runs on. */
const ERROR_MEMBERS = new Set([
	...['$type', 'Message', 'MessageDetail', 'Exception', 'ExceptionMessage', 'ExceptionType'],
	...['InnerException', 'StackTrace', 'Uri', 'Method', 'StatusCode', 'Status', 'InternalCode'],
]);

function failedStatus(told: unknown): number | undefined {
	const status = typeof told === 'string' && told.trim() !== '' ? Number(told) : told;
	return typeof status === 'number' && status >= 400 ? status : undefined;
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
	// A text may be the answer of a function, or of a proxy in its place.
	const isOwn = hasOwnForm(body);
	const doubt = isOwn ? '' : ', which holds only where DocuWare itself has answered';
	const made = changesNothing(asked)
		? ''
		: `, although its status says that the change was made${doubt}`;
	return new ConnectorError(
		'DOCUWARE_UNEXPECTED_ANSWER',
		`DocuWare answered ${inWords(asked)} with something that is not ${wanted}${made}${text === '' ? `${inBrackets(asked)}.` : `: ${text}${inBrackets(asked)}`}`,
		{
			repair: changesNothing(asked)
				? 'Check the path, and that no proxy answers in place of DocuWare. Where the answer is a text ' +
					'or a file, choose that as the response format.'
				: isOwn
					? CHANGE_WAS_MADE
					: 'Look in DocuWare whether the change was made before running this again; a proxy may have answered.',
		},
	);
}

/** Nothing at all is also what a server says that has made a change. */
function hasOwnForm(body: string): boolean {
	return (
		BEGINS_AS_JSON.test(body) ||
		parseJson(body) !== undefined ||
		(looksLikeMarkup(body) && !isHtml(body))
	);
}

/** Also of JSON that is torn; a text may begin with a bracket too. */
const BEGINS_AS_JSON = /^\s*(?:$|"|\{\s*(?:["}]|$)|\[\s*(?:[[{"\]\d-]|$|(?:true|false|null)\b))/;
