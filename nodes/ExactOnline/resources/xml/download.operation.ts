import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import { ConnectorError } from '../../../shared/errors';
import { charsetOf, isXmlType, mediaTypeOf } from '../../../shared/http';
import type { OutputRow } from '../../../shared/node/operation';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { brokenLongXml, xmlTextOf } from '../../wire/xmlText';
import { readXmlAnswer, xmlUrl, type XmlAnswer } from '../../wire/xmlTopic';
import { divisionField, readDivision } from '../common/divisionField';
import { outputFileField } from '../files/fileFields';
import { runsAsTool } from '../../../shared/node/toolRun';
import type { Operation, OperationCall } from '../operation';
import { invalid, parametersOption, readParameters, readTopic, topicField } from './topicField';
import { ERRORS, refuseFailures } from './xmlOutcome';

/** Of what a model reads of one call at most, the page's XML; in bytes of JSON, in which each of its quotes takes two. */
const TOOL_BYTES = 9_000;

/** What is wanted of a topic. */
interface Wanted {
	topic: string;
	division: number;
	parameters: Array<[name: string, value: string]>;
}

/** A page as it came. */
interface Page extends XmlAnswer {
	bytes: Buffer;
	text: string;
	mediaType: string;
}

/** The XML of a topic, a page per item. */
export const downloadXml: Operation = {
	name: 'Download',
	value: 'download',
	action: 'Download XML of topic',
	description:
		'Get what Exact Online exports of a topic as XML, one item per page of up to 1,000 elements',
	fields: [
		divisionField,
		topicField,
		{
			displayName: 'Return All Pages',
			name: 'allPages',
			type: 'boolean',
			default: true,
			description: 'Whether to return all pages or only the first one',
		},
		{
			displayName: 'Output As',
			name: 'outputAs',
			type: 'options',
			options: [
				{ name: 'File', value: 'file', description: 'Each page is binary data, as it came' },
				{ name: 'Text', value: 'text', description: 'Each page is a text in the field xml' },
			],
			default: 'file',
			description:
				'How to give the XML out; an AI agent always gets the beginning of the first page as text',
		},
		{ ...outputFileField, displayOptions: { show: { outputAs: ['file'] } } },
		optionsCollection([
			parametersOption,
			{
				displayName: 'Start After',
				name: 'startAfter',
				type: 'string',
				default: '',
				placeholder: 'e.g. 0x000000019E3E63EF',
				description: 'The place next of an earlier page, to go on behind it',
			},
		]),
	],
	async execute(call) {
		const topic = readTopic(call);
		const parameters = readParameters(call);
		const wanted: Wanted = { topic, parameters, division: await readDivision(call) };
		const all =
			call.context.getNodeParameter('allPages', call.itemIndex, true) === true &&
			!runsAsTool(call.context);
		const rows: OutputRow[] = [];
		let place = readPlace(readOptions(call).startAfter);
		const seen = new Set([place]);
		for (;;) {
			const page = await fetchPage(call, wanted, place);
			if (page === undefined) {
				call.context.addExecutionHints({ message: endedEmpty(place), type: 'info' });
				return rows;
			}
			rows.push(await pageRow(call, wanted, page, rows.length + 1));
			if (!all || page.next === undefined) return rows;
			if (seen.has(page.next)) throw endless(topic);
			seen.add((place = page.next));
		}
	},
};

/** @throws ConnectorError EXACT_INVALID_VALUE: a place that came as a number has lost what it said */
function readPlace(given: unknown): string {
	if (given === undefined || typeof given === 'string') return (given ?? '').trim();
	const repair = 'Give the text that stood in next of an earlier page.';
	throw invalid('Start After', 'it is no text', repair);
}

function endedEmpty(place: string): string {
	return `The download ended at an empty answer behind the place ${place}; Exact Online says so where the last page is full.`;
}

/** A page; undefined behind the last one, where Exact Online may answer with nothing (docs/facts/exact-online.md 4.8). */
async function fetchPage(
	{ client, source, signal }: OperationCall,
	{ topic, division, parameters }: Wanted,
	place: string,
): Promise<Page | undefined> {
	const paged: typeof parameters = place === '' ? [] : [['TSPaging', place]];
	const { headers, body } = await client.requestRaw({
		method: 'GET',
		url: xmlUrl(source.baseUrl, 'XMLDownload', { topic, division }, [...parameters, ...paged]),
		headers: { Accept: 'application/xml, text/xml' },
		responseType: 'buffer',
		signal,
		length: 'long',
	});
	const contentType = headers['content-type'] ?? '';
	const text = xmlTextOf(body, contentType);
	const type = mediaTypeOf(headers);
	const isXml = type === undefined || isXmlType(type);
	if (text?.trim() === '' && place !== '' && isXml) return undefined;
	const answer = readXmlAnswer(text, topic);
	if ('problem' in answer) throw unreadable(topic, division, answer.problem);
	const broken = await brokenLongXml(text ?? '');
	if (broken !== undefined) throw unreadable(topic, division, `XML that is not whole: ${broken}`);
	refuseFailures(topic, answer.messages, ERRORS, false);
	const charset = charsetOf(contentType)?.toLowerCase() ?? 'utf-8';
	// Who reads the file later has no header to tell the encoding by.
	const mediaType = charset === 'utf-8' ? 'application/xml' : `application/xml; charset=${charset}`;
	return { ...answer, bytes: body, text: text ?? '', mediaType };
}

function unreadable(topic: string, division: number, what: string): ConnectorError {
	return new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`Exact Online answered the download of the topic ${topic} in division ${division} with ${what}.`,
		{
			repair:
				'Check that the user may use the division and export this topic in the web interface, then try again.',
		},
	);
}

function endless(topic: string): ConnectorError {
	return new ConnectorError(
		'EXACT_UNEXPECTED_ANSWER',
		`A page of the topic ${topic} leads back to a place that was read already, so the list would never end.`,
		{
			repair: 'Try again; if it stays, narrow the topic by parameters so that it fits on one page.',
		},
	);
}

async function pageRow(
	{ context, itemIndex }: OperationCall,
	{ topic, division }: Wanted,
	{ bytes, text, mediaType, count, next, messages }: Page,
	number: number,
): Promise<OutputRow> {
	const json: IDataObject = {
		topic,
		division,
		page: number,
		...(count !== undefined && { count }),
		next: next ?? null,
		...(messages.length > 0 && { messages: messages as unknown as IDataObject[] }),
	};
	// A model takes no files, and no long texts.
	if (runsAsTool(context)) {
		const xml = beginningOf(text);
		return { json: { ...json, xml, ...(xml.length < text.length && { xmlIsCut: true }) } };
	}
	if (context.getNodeParameter('outputAs', itemIndex, 'file') !== 'file') {
		return { json: { ...json, xml: text } };
	}
	const field = String(context.getNodeParameter('outputField', itemIndex, 'data'));
	const name = `${topic}-${division}-${number}.xml`;
	const binary: IBinaryKeyData = {
		[field]: await context.helpers.prepareBinaryData(bytes, name, mediaType),
	};
	return { json, binary };
}

/** As much of a text as a model gets. */
function beginningOf(text: string): string {
	let beginning = text.slice(0, TOOL_BYTES);
	for (;;) {
		const bytes = Buffer.byteLength(JSON.stringify(beginning));
		if (bytes <= TOOL_BYTES) return beginning;
		beginning = beginning.slice(0, Math.floor((beginning.length * TOOL_BYTES) / (bytes + 1)));
	}
}
