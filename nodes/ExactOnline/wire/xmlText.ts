import { TextDecoder } from 'node:util';
import { charsetOf, isRecord, markOf } from '../../shared/http';
import { brokenPart } from './longXml';

/** An element as it was read: attributes behind `@`, children by name, several of one name as a list. */
export type XmlElement = Readonly<Record<string, unknown>>;

/** Bytes in which the declaration of a document stands. */
const PROLOG = 200;

/** The encoding that a declaration names. */
const ENCODING =
	/^(\s*(?:\xef\xbb\xbf|\ufeff)?<\?xml\b[^>]{0,150}\bencoding\s*=\s*["'])([\w.:-]+)/i;

/** Characters; a longer document is gone through beforehand (`brokenLongXml`), since n8n would stand still meanwhile. */
const CHECKED = 2_000_000;

/** Characters of the validator's words that are shown. */
const SHOWN = 200;

/** The library is read at the first use only: few workflows work with XML. */
function library() {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- at first use
	return require('fast-xml-parser') as typeof import('fast-xml-parser');
}

/**
 * The text of a document, by its byte order mark, the charset of its content type, or the encoding that the document
 * itself names.
 * @returns undefined for bytes that are no text in that encoding
 */
export function xmlTextOf(bytes: Buffer, contentType = ''): string | undefined {
	const label = markOf(bytes) ?? charsetOf(contentType) ?? namedEncoding(bytes) ?? 'utf-8';
	try {
		return new TextDecoder(label, { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

function namedEncoding(bytes: Buffer): string | undefined {
	return ENCODING.exec(bytes.subarray(0, PROLOG).toString('latin1'))?.[2];
}

/** A text that is sent as UTF-8 and says so. */
export function declaredUtf8(text: string): string {
	return text.replace(ENCODING, '$1utf-8');
}

/**
 * The root of a document, by its name; values are texts, and elements below one of `unread` (paths such as
 * `eExact.Items`) stay as they are.
 * @returns why it is no whole XML document, where it is none
 */
export function readXml(
	text: string,
	unread: readonly string[],
): { name: string; root: XmlElement } | string {
	const problem = problemOf(text);
	if (problem !== undefined) return problem;
	const parser = new (library().XMLParser)({
		ignoreAttributes: false,
		attributeNamePrefix: '@',
		htmlEntities: true,
		ignoreDeclaration: true,
		ignorePiTags: true,
		parseTagValue: false,
		parseAttributeValue: false,
		stopNodes: [...unread],
	});
	try {
		const document: unknown = parser.parse(text);
		const [name, root] = isRecord(document) ? (Object.entries(document)[0] ?? []) : [];
		if (name === undefined) return 'it has no element';
		if (text.length > CHECKED && !text.trimEnd().endsWith(`</${name}>`))
			return 'its end is missing';
		return { name, root: isRecord(root) ? root : { '#text': root } };
	} catch (error) {
		return shown(error instanceof Error ? error.message : 'it cannot be read');
	}
}

/**
 * Why a text that is too long for `readXml` to look at is no whole document.
 * @returns undefined where it is whole, and for every shorter text
 */
export async function brokenLongXml(text: string): Promise<string | undefined> {
	return text.length > CHECKED ? await brokenPart(text) : undefined;
}

/** Why a text is no whole document; a long one is not gone through. */
function problemOf(text: string): string | undefined {
	// A document type can define entities that grow without end; Exact Online has none in its documents.
	if (/^<!DOCTYPE/i.test(behindProlog(text))) return 'it declares a document type';
	if (text.length > CHECKED) return undefined;
	const result = library().XMLValidator.validate(text);
	if (result === true) return undefined;
	const { msg, line } = result.err;
	return `${shown(msg.replace(/\.$/, ''))} (line ${line})`;
}

/** What stands behind declaration, comments and instructions, or their beginning where one has no end. */
function behindProlog(text: string): string {
	let at = 0;
	for (;;) {
		while (/\s|\ufeff/.test(text[at] ?? 'x')) at += 1;
		const end = text.startsWith('<?', at) ? '?>' : text.startsWith('<!--', at) ? '-->' : undefined;
		const close = end === undefined ? -1 : text.indexOf(end, at);
		if (end === undefined || close < 0) return text.slice(at, at + SHOWN);
		at = close + end.length;
	}
}

function shown(words: string): string {
	return words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words;
}

/** The children of one name; one without attributes and children has its text in `#text`. */
export function xmlChildren(element: unknown, name: string): XmlElement[] {
	const found = isRecord(element) ? element[name] : undefined;
	const list: unknown[] = Array.isArray(found) ? found : [found];
	return list
		.filter((child) => child !== undefined)
		.map((child) => (isRecord(child) ? child : { '#text': child }));
}

/** The text of a child, or of an attribute (`@name`); undefined where there is none. */
export function xmlValue(element: unknown, name: string): string | undefined {
	const texts = xmlChildren(element, name)
		.map((child) => child['#text'])
		.filter((text): text is string => typeof text === 'string' && text.trim() !== '');
	return texts.length === 0 ? undefined : texts.join(' ').trim();
}
