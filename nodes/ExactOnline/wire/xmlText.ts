import { isRecord, readContent } from '../../shared/http';

/** An element as it was read: attributes and children by name, several of one name as a list. */
export type XmlElement = Readonly<Record<string, unknown>>;

/** Bytes in which the declaration of a document stands. */
const PROLOG = 200;

/** A declaration that names an encoding. */
const ENCODING = /^\s*(?:\xef\xbb\xbf|\ufeff)?<\?xml\b[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/i;

/** The library is read at the first use only: few workflows work with XML. */
function library() {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- at first use
	return require('fast-xml-parser') as typeof import('fast-xml-parser');
}

/**
 * The text of a document, by the charset of its content type, else by the encoding that the document itself names.
 * @returns undefined for bytes that are no text
 */
export function xmlTextOf(bytes: Buffer, contentType = 'application/xml'): string | undefined {
	const [, encoding] = ENCODING.exec(bytes.subarray(0, PROLOG).toString('latin1')) ?? [];
	const isNamed = /;\s*charset\s*=/i.test(contentType) || encoding === undefined;
	const type = isNamed ? contentType : `${contentType}; charset=${encoding}`;
	const content = readContent({ 'content-type': type }, bytes);
	return content.kind === 'binary' ? undefined : content.text;
}

/** A text that is sent as UTF-8 and says so. */
export function declaredUtf8(text: string): string {
	return text.replace(ENCODING, (prolog, encoding: string) => prolog.replace(encoding, 'utf-8'));
}

/** Why a text is no whole XML document, with the line where that shows; undefined for one that is. */
export function xmlProblem(text: string): string | undefined {
	// A document type can define entities that grow without end; Exact Online has none in its documents.
	if (/<!DOCTYPE/i.test(text)) return 'it declares a document type';
	const result = library().XMLValidator.validate(text);
	if (result === true) return undefined;
	const { msg, line } = result.err;
	return `${msg.replace(/\.$/, '')} (line ${line})`;
}

/**
 * The root of a document that is whole, by its name; values are texts.
 * @see xmlProblem to be asked before
 */
export function readXml(text: string): { name: string; root: XmlElement } | undefined {
	const parser = new (library().XMLParser)({
		ignoreAttributes: false,
		attributeNamePrefix: '',
		ignoreDeclaration: true,
		ignorePiTags: true,
		parseTagValue: false,
		parseAttributeValue: false,
	});
	const document: unknown = parser.parse(text);
	const [name, root] = isRecord(document) ? (Object.entries(document)[0] ?? []) : [];
	if (name === undefined) return undefined;
	return { name, root: isRecord(root) ? root : {} };
}

/** The children of one name. */
export function xmlChildren(element: unknown, name: string): XmlElement[] {
	const found = isRecord(element) ? element[name] : undefined;
	const list = Array.isArray(found) ? (found as unknown[]) : [found];
	return list.filter(isRecord);
}

/** The text of a child or an attribute; undefined where there is none. */
export function xmlValue(element: unknown, name: string): string | undefined {
	const found = isRecord(element) ? element[name] : undefined;
	const value: unknown = isRecord(found) ? found['#text'] : found;
	return typeof value === 'string' && value !== '' ? value : undefined;
}
