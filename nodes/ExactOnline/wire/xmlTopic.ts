import { looksLikeHtml } from '../../shared/http';
import { readXml, xmlChildren, xmlProblem, xmlValue, type XmlElement } from './xmlText';

/** What a message says became of an element (docs/facts/exact-online.md 4.8). */
export type XmlMessageKind = 'error' | 'warning' | 'done' | 'fatal' | 'unknown';

const KINDS: Readonly<Record<string, XmlMessageKind>> = {
	0: 'error',
	1: 'warning',
	2: 'done',
	3: 'fatal',
};

/** One message of an answer, of one element as a rule. */
export interface XmlMessage {
	kind: XmlMessageKind;
	/** As it stood in the answer. */
	type: string;
	/** Name of the element, such as `Account`. */
	element?: string;
	/** Its ID in Exact Online. */
	id?: string;
	/** What it is known by in what was sent, such as its code. */
	key?: string;
	description: string;
}

/** An answer of the XML interface. */
export interface XmlAnswer {
	messages: XmlMessage[];
	/** Elements in it; undefined where it does not say. */
	count?: number;
	/** Where the next page begins; undefined where there is none. */
	next?: string;
}

/** The parameters of the interface that the node gives itself, in small letters. */
export const OWN_PARAMETERS: ReadonlySet<string> = new Set(['topic', '_division_', 'tspaging']);

/** A page of the XML interface. */
export type XmlPage = 'XMLDownload' | 'XMLUpload';

/**
 * The address of a topic (docs/facts/exact-online.md 4.8).
 * @param parameters further ones, such as `Params_Code`
 */
export function xmlUrl(
	baseUrl: string,
	page: XmlPage,
	{ topic, division }: { topic: string; division: number },
	parameters: ReadonlyArray<readonly [name: string, value: string]> = [],
): string {
	const all = [['Topic', topic], ['_Division_', String(division)], ...parameters] as const;
	const query = all.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
	return `${baseUrl}/docs/${page}.aspx?${query}`;
}

/**
 * Reads an answer.
 * @returns why it is none, in words that go on after "with"
 */
export function readXmlAnswer(text: string): XmlAnswer | string {
	if (text.trim() === '') return 'nothing';
	if (looksLikeHtml(text) && !/^\s*<\?xml\b/.test(text)) return 'a web page';
	const problem = xmlProblem(text);
	if (problem !== undefined) return `XML that is not whole: ${problem}`;
	const document = readXml(text);
	if (document?.name !== 'eExact') return `an unknown document (${document?.name ?? 'empty'})`;
	return answerOf(document.root);
}

function answerOf(root: XmlElement): XmlAnswer {
	const messages = xmlChildren(root, 'Messages')
		.flatMap((all) => xmlChildren(all, 'Message'))
		.map(messageOf);
	const topic = xmlChildren(root, 'Topics').flatMap((all) => xmlChildren(all, 'Topic'))[0];
	const count = wholeNumber(xmlValue(topic, 'count'));
	const size = wholeNumber(xmlValue(topic, 'pagesize'));
	const place = xmlValue(topic, 'ts_d');
	// Clients end at a page that is not full, or at one without a place: a place may stand on the last page too.
	const isLast = count !== undefined && (count === 0 || (size !== undefined && count < size));
	return {
		messages,
		...(count !== undefined && { count }),
		...(place !== undefined && !isLast && { next: place }),
	};
}

function messageOf(message: XmlElement): XmlMessage {
	const type = xmlValue(message, 'type') ?? '';
	const topic = xmlChildren(message, 'Topic')[0];
	const data = xmlChildren(topic, 'Data')[0];
	const element = xmlValue(topic, 'node');
	const id = xmlValue(data, 'key');
	const key = xmlValue(data, 'keyAlt');
	return {
		kind: KINDS[type.trim()] ?? 'unknown',
		type,
		...(element !== undefined && { element }),
		...(id !== undefined && { id }),
		...(key !== undefined && { key }),
		description: (xmlValue(message, 'Description') ?? '').trim(),
	};
}

function wholeNumber(text: string | undefined): number | undefined {
	return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}
