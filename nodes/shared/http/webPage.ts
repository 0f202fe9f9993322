import { mediaTypeOf } from './contentHeaders';
import { parseJson } from './json';
import { isHtml } from './redaction/htmlText';

/**
 * Whether an answer is a web page, as of a proxy or a log-in, and no answer of an interface: it is called one, or it is
 * one whatever it is called. JSON that is called a page is none, nor is an answer without content, nor a file.
 */
export function isWebPage(headers: Record<string, string>, body: string): boolean {
	if (isPage(headers)) return body.trim() !== '' && parseJson(body) === undefined;
	return headers['content-disposition'] === undefined && isHtml(body);
}

/** Whether an answer may be a web page to be shown: it is called one, or is called nothing. */
export function mayBePage(headers: Record<string, string>): boolean {
	const isUncalled =
		mediaTypeOf(headers) === undefined && headers['content-disposition'] === undefined;
	return isUncalled || isPage(headers);
}

/** Whether an answer, of which no more is known, says that it is a web page to be shown, not a file to be kept. */
export function isPage(headers: Record<string, string>): boolean {
	const type = mediaTypeOf(headers);
	const isCalledPage = type === 'text/html' || type === 'application/xhtml+xml';
	return isCalledPage && headers['content-disposition'] === undefined;
}
