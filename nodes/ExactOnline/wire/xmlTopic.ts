import { isHtml } from '../../shared/http';
import { readXml, xmlChildren, xmlValue, type XmlElement } from './xmlText';

/** What a message says became of an element (docs/facts/exact-online.md 4.8). */
export type XmlMessageKind = 'error' | 'warning' | 'done' | 'fatal' | 'unknown';

const KINDS: ReadonlyMap<string, XmlMessageKind> = new Map([
	['0', 'error'],
	['1', 'warning'],
	['2', 'done'],
	['3', 'fatal'],
]);

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

/** Why an answer is none of the interface. */
export interface NoXmlAnswer {
	/** Goes on after "with". */
	problem: string;
	/** True for what somebody else than the interface may have said: nothing, or a web page. */
	isForeign: boolean;
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
 * @param text undefined for bytes that are no text
 * @param topic that was asked for; its elements are not looked into
 */
export function readXmlAnswer(text: string | undefined, topic: string): XmlAnswer | NoXmlAnswer {
	if (text === undefined) {
		return { problem: 'bytes that are no text in the encoding that they name', isForeign: false };
	}
	if (text.trim() === '') return { problem: 'nothing', isForeign: true };
	const document = readXml(text, [`eExact.${topic}`]);
	if (typeof document !== 'string' && document.name === 'eExact')
		return answerOf(document.root, topic);
	if (isHtml(text)) {
		return { problem: 'a web page', isForeign: true };
	}
	if (typeof document === 'string') {
		return { problem: `XML that cannot be read: ${document}`, isForeign: false };
	}
	return { problem: `an unknown document (${document.name.slice(0, 40)})`, isForeign: false };
}

/** The messages of a list, also of lists in it, and what it says in words of its own. */
function messagesOf(list: XmlElement): XmlMessage[] {
	const description = xmlValue({ list }, 'list');
	const words: XmlMessage[] =
		description === undefined ? [] : [{ kind: 'unknown', type: '', description }];
	return [
		...xmlChildren(list, 'Message').map(messageOf),
		...xmlChildren(list, 'Messages').flatMap(messagesOf),
		...words,
	];
}

function answerOf(root: XmlElement, topic: string): XmlAnswer | NoXmlAnswer {
	const topics = xmlChildren(root, 'Topics').flatMap((list) => xmlChildren(list, 'Topic'));
	const holders = [root, ...topics];
	const messages = holders.flatMap((one) => xmlChildren(one, 'Messages')).flatMap(messagesOf);
	const named = topics.filter(
		(one) => xmlValue(one, '@code')?.toLowerCase() === topic.toLowerCase(),
	);
	const fitting = named.length > 0 ? named : topics;
	if (fitting.length > 1)
		return { problem: `places of ${fitting.length} topics`, isForeign: false };
	return { messages, ...placeOf(fitting[0]) };
}

function placeOf(topic: XmlElement | undefined): Pick<XmlAnswer, 'count' | 'next'> {
	const count = wholeNumber(xmlValue(topic, '@count'));
	const size = wholeNumber(xmlValue(topic, '@pagesize'));
	const place = xmlValue(topic, '@ts_d');
	// Clients end at a page that is not full, or at one without a place: a place may stand on the last page too.
	const isLast = count !== undefined && (count === 0 || (size !== undefined && count < size));
	return {
		...(count !== undefined && { count }),
		...(place !== undefined && !isLast && { next: place }),
	};
}

function messageOf(message: XmlElement): XmlMessage {
	const type = xmlValue(message, '@type') ?? '';
	const topic = xmlChildren(message, 'Topic')[0];
	const data = xmlChildren(topic, 'Data')[0];
	const element = xmlValue(topic, '@node');
	const id = xmlValue(data, '@key');
	const key = xmlValue(data, '@keyAlt');
	return {
		kind: KINDS.get(type) ?? 'unknown',
		type,
		...(element !== undefined && { element }),
		...(id !== undefined && { id }),
		...(key !== undefined && { key }),
		description: xmlValue(message, 'Description') ?? xmlValue({ message }, 'message') ?? '',
	};
}

function wholeNumber(text: string | undefined): number | undefined {
	return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
