import { isAscii, isUtf8 } from 'node:buffer';
import { mediaTypeOf } from './contentHeaders';
import { decodeText } from './decodeText';
import { parseJson } from './json';
import { isJsonType, isXmlType } from './mediaTypes';
import { isWebPage } from './webPage';

/** What an answer turns out to be, whatever was asked for. */
export type AnswerContent =
	| { kind: 'json'; value: unknown; text: string }
	/** Called JSON, or begins like it, and is none: torn, or something else. */
	| { kind: 'torn'; text: string }
	| { kind: 'page'; text: string }
	| { kind: 'text'; text: string }
	| { kind: 'binary'; bytes: Buffer };

/**
 * Tells what the body of an answer is: by its media type, and where there is none by its bytes. Texts are
 * decoded by their charset.
 * @param parse undefined for a text that is no JSON
 */
export function readContent(
	headers: Record<string, string>,
	body: Buffer | string,
	parse: (text: string) => unknown = parseJson,
): AnswerContent {
	const type = mediaTypeOf(headers);
	if (typeof body !== 'string' && body.length > 0 && isBinary(type, body)) {
		return { kind: 'binary', bytes: body };
	}
	const text = typeof body === 'string' ? body : decodeText(body, headers['content-type']);
	if (text.trim() === '') return { kind: 'text', text: '' };
	if (isWebPage(headers, text)) return { kind: 'page', text };
	const value = parse(text);
	if (value !== undefined) return { kind: 'json', value, text };
	const isCalledJson = isJsonType(type) || (type === undefined && /^\s*[[{]/.test(text));
	return { kind: isCalledJson ? 'torn' : 'text', text };
}

const TEXT_TYPE = /^(?:text\/.+|application\/(?:javascript|x-www-form-urlencoded|x-ndjson))$/;

function isBinary(type: string | undefined, bytes: Buffer): boolean {
	if (type !== undefined) return !(TEXT_TYPE.test(type) || isJsonType(type) || isXmlType(type));
	return bytes.includes(0) || !(isAscii(bytes) || isUtf8(bytes));
}
