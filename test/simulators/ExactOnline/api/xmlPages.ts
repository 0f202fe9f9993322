import { escapeMarkup, textAnswer, type Answer } from '../../shared/answers';
import type { ExactOnlineSwitches } from '../switches';
import { isXmlTopic, takeXml, xmlElements, type XmlMessage } from '../world/xmlTopics';
import type { Caller } from './access';
import type { ApiContext, ApiRequest } from './apiEndpoint';

/** Elements in one answer; more are behind `TSPaging`, the place reached. */
const PAGE = 1000;

/**
 * `GET XMLDownload.aspx?Topic=X&_Division_=N` (docs/facts/exact-online.md 4.8): the rows of a topic as
 * elements, and where the next page begins.
 */
export function downloadXml(
	{ method, query }: ApiRequest,
	{ context: { division } }: Caller,
	{ world, switches }: ApiContext,
): Answer {
	if (method !== 'GET') return textAnswer(405, 'Method Not Allowed');
	if (division === undefined) return textAnswer(400, 'Division is missing');
	const topic = query.get('Topic') ?? '';
	if (!isXmlTopic(topic)) return unknownTopic(topic, switches);
	const elements = xmlElements(topic, division, world.records);
	const start = Number.parseInt((query.get('TSPaging') ?? '').replace(/^0x/, '') || '0', 16);
	const page = elements.slice(start, start + PAGE);
	// Behind the last page there is nothing, not even a document.
	if (start > 0 && page.length === 0) return xmlAnswer(undefined);
	const reached = start + page.length;
	const hasPlace =
		reached < elements.length || (switches.xmlLastPage === 'withPlace' && reached > 0);
	const place = hasPlace ? ` ts_d="0x${reached.toString(16).toUpperCase()}"` : '';
	const topics = `<Topics><Topic code="${topic}"${place} count="${page.length}" pagesize="${PAGE}" /></Topics>`;
	return xmlAnswer(`<${topic}>${page.join('')}</${topic}>${topics}<Messages />`);
}

/**
 * `POST XMLUpload.aspx?Topic=X&_Division_=N`: a message for each element, with status 200 whatever they
 * say.
 */
export function uploadXml(
	{ method, query, body }: ApiRequest,
	{ context }: Caller,
	{ world, switches }: ApiContext,
): Answer {
	if (method !== 'POST') return textAnswer(405, 'Method Not Allowed');
	if (context.division === undefined) return textAnswer(400, 'Division is missing');
	if (body.length > switches.bodyLimitMB * 1_000_000) {
		return textAnswer(413, 'Request Entity Too Large');
	}
	const topic = query.get('Topic') ?? '';
	if (!isXmlTopic(topic)) return unknownTopic(topic, switches);
	const messages = takeXml(topic, body.toString('utf8'), context, world.records);
	return messagesAnswer(topic, messages, switches);
}

function unknownTopic(topic: string, switches: ExactOnlineSwitches): Answer {
	const description = `Invalid: Topic ${topic}`;
	return messagesAnswer(topic, [{ kind: 'fatal', node: '', code: '', description }], switches);
}

function messagesAnswer(
	topic: string,
	messages: readonly XmlMessage[],
	{ xmlErrorType, xmlMessages }: ExactOnlineSwitches,
): Answer {
	const types = { done: 2, error: xmlErrorType, fatal: 3 };
	const texts = messages.map(({ kind, node, code, description }) => {
		const about = `<Topic code="${escapeMarkup(topic)}" node="${node}"><Data keyAlt="${escapeMarkup(code)}" /></Topic>`;
		const type = xmlMessages === 'unknownTypes' ? 'x' : types[kind];
		return `<Message type="${type}">${about}<Description>${escapeMarkup(description)}</Description></Message>`;
	});
	return xmlAnswer(listsOf(texts, xmlMessages));
}

function listsOf(texts: readonly string[], form: ExactOnlineSwitches['xmlMessages']): string {
	const list = (content: string) => `<Messages>${content}</Messages>`;
	switch (form) {
		case 'none':
			return '<Messages />';
		case 'nested':
			return list(list(texts.join('')));
		case 'several':
			return texts.map(list).join('');
		default:
			return list(texts.join(''));
	}
}

function xmlAnswer(content: string | undefined): Answer {
	return {
		status: 200,
		headers: { 'content-type': 'text/xml; charset=utf-8' },
		body:
			content === undefined
				? ''
				: `<?xml version="1.0" encoding="utf-8"?><eExact xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="eExact-XML.xsd">${content}</eExact>`,
	};
}
