import type { IDataObject } from 'n8n-workflow';
import { holeIn } from '../../../shared/node/expressionHoles';
import { evaluatorOf } from '../../../shared/node/givenValues';
import { readInputFile } from '../../../shared/node/binaryInput';
import { jsonRows, type OutputRow } from '../../../shared/node/operation';
import { optionsCollection, readOptions } from '../../../shared/node/optionsField';
import { madeUnread, unconfirmedWrite } from '../../api/clientErrors';
import { unexpectedBody } from '../../wire/envelope';
import type { RawExactAnswer } from '../../wire/exactTypes';
import { brokenLongXml, declaredUtf8, readXml, xmlTextOf } from '../../wire/xmlText';
import { readXmlAnswer, xmlUrl, type XmlMessage } from '../../wire/xmlTopic';
import { divisionField, readDivision } from '../common/divisionField';
import { inputFileField } from '../files/fileFields';
import type { Operation, OperationCall } from '../operation';
import { changesAsTool, changesField } from '../../../shared/node/toolChanges';
import { invalid, parametersOption, readParameters, readTopic, topicField } from './topicField';
import { FAILING, refuseFailures } from './xmlOutcome';

/** Exact Online takes about so much in one request (docs/facts/exact-online.md 3), and n8n stands still while it is looked at. */
const MOST_BYTES = 10_000_000;

/** XML that was looked at and can be sent. */
interface XmlToSend {
	body: string | Buffer;
	contentType: string;
}

/** Sends XML of a topic; each message of the answer is an item. */
export const uploadXml: Operation = {
	name: 'Upload',
	value: 'upload',
	action: 'Upload XML of topic',
	description:
		'Import XML of a topic, such as matched entries (MatchSets) or journal entries; each message of the answer ' +
		'becomes an item',
	fields: [
		divisionField,
		topicField,
		{
			displayName: 'XML From',
			name: 'xmlFrom',
			type: 'options',
			options: [
				{ name: 'File', value: 'file', description: 'A binary field of the item holds it' },
				{
					name: 'Text',
					value: 'text',
					description: 'It is written here, or an expression gives it',
				},
			],
			default: 'file',
			description: 'Where the XML is',
		},
		{ ...inputFileField, displayOptions: { show: { xmlFrom: ['file'] } } },
		{
			displayName: 'XML',
			name: 'xml',
			type: 'string',
			typeOptions: { rows: 8 },
			default: '',
			required: true,
			placeholder: 'e.g. <?xml version="1.0" encoding="utf-8"?><eExact>…</eExact>',
			description:
				"The document, with eExact as its root, in the form of Exact Online's own export",
			displayOptions: { show: { xmlFrom: ['text'] } },
		},
		changesField,
		optionsCollection([
			{
				displayName: 'Fail On',
				name: 'failOn',
				type: 'options',
				options: [
					{
						name: 'Errors',
						value: 'errors',
						description: 'Messages of type 0 and 3 fail the item; warnings become items',
					},
					{
						name: 'Errors and Warnings',
						value: 'errorsAndWarnings',
						description:
							'Messages of type 1 fail it too: no document of Exact says what that type means',
					},
					{ name: 'Nothing', value: 'nothing', description: 'Every message becomes an item' },
				],
				default: 'errors',
				description: 'Which messages of the answer make the item fail',
			},
			parametersOption,
		]),
	],
	refusedAsTool: changesAsTool,
	async execute(call) {
		const { client, source, signal } = call;
		const topic = readTopic(call);
		const parameters = readParameters(call);
		const failing = readFailing(call);
		const { body, contentType } = await readXmlToSend(call);
		const division = await readDivision(call);
		const answer = await client.requestRaw({
			method: 'POST',
			url: xmlUrl(source.baseUrl, 'XMLUpload', { topic, division }, parameters),
			headers: { Accept: 'application/xml, text/xml', 'Content-Type': contentType },
			body,
			responseType: 'buffer',
			signal,
			length: 'long',
		});
		const messages = await readMessages(answer, { topic, division });
		refuseFailures(topic, messages, failing, true);
		return rowsOf(call, { topic, division, messages });
	},
};

function readFailing(call: OperationCall) {
	const value = String(readOptions(call).failOn ?? 'errors');
	const failing = FAILING.get(value);
	if (failing !== undefined) return failing;
	throw invalid(
		'Fail On',
		`"${value.slice(0, 40)}" is none of its choices`,
		'Choose Errors, Errors and Warnings, or Nothing.',
	);
}

/** @throws ConnectorError EXACT_INVALID_VALUE for what is no document of Exact Online's */
async function readXmlToSend(call: OperationCall): Promise<XmlToSend> {
	const { context, itemIndex } = call;
	if (context.getNodeParameter('xmlFrom', itemIndex, 'file') !== 'file') {
		const text = String(context.getNodeParameter('xml', itemIndex, ''));
		const evaluate = evaluatorOf(context, itemIndex);
		const hole = evaluate && holeIn(String(context.getNode().parameters.xml ?? ''), evaluate);
		if (hole !== undefined) {
			const problem = `its expression gives nothing at {{${hole}}} for item ${itemIndex}`;
			throw invalid('XML', problem, 'Give the expression a value, or leave the element out.');
		}
		refuseSize('XML', Buffer.byteLength(text));
		await refuseNoDocument('XML', text);
		return { body: declaredUtf8(text), contentType: 'application/xml; charset=utf-8' };
	}
	const field = String(context.getNodeParameter('binaryField', itemIndex, 'data'));
	const { size, body } = await readInputFile(call, field);
	refuseSize('Input Binary Field', size ?? 0);
	const bytes = Buffer.isBuffer(body)
		? body
		: await context.helpers.getBinaryDataBuffer(itemIndex, field);
	refuseSize('Input Binary Field', bytes.length);
	await refuseNoDocument('Input Binary Field', xmlTextOf(bytes));
	// Without a charset, so that what the document itself says of its encoding holds.
	return { body: bytes, contentType: 'application/xml' };
}

function refuseSize(field: string, size: number): void {
	if (size <= MOST_BYTES) return;
	const problem = `it has ${(size / 1_000_000).toFixed(1)} MB, more than the ${MOST_BYTES / 1_000_000} MB of one request`;
	throw invalid(field, problem, 'Split the XML into several documents.');
}

async function refuseNoDocument(field: string, text: string | undefined): Promise<void> {
	const repair =
		"Give a document in the form of Exact Online's own export, with eExact as its root.";
	if (text === undefined)
		throw invalid(field, 'it is no text in the encoding that it names', repair);
	if (text.trim() === '') throw invalid(field, 'it holds no XML', repair);
	const document = readXml(text, ['eExact']);
	if (typeof document === 'string') throw invalid(field, `it is no valid XML: ${document}`, repair);
	const root = document.name.slice(0, 40);
	if (root !== 'eExact') throw invalid(field, `its root is ${root}, not eExact`, repair);
	const broken = await brokenLongXml(text);
	if (broken !== undefined) throw invalid(field, `it is no valid XML: ${broken}`, repair);
}

/**
 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER that says that the XML was taken; EXACT_WRITE_UNCONFIRMED for what
 * somebody else may have said, such as a log-in page
 */
async function readMessages(
	{ status, headers, body }: RawExactAnswer<Buffer>,
	{ topic, division }: { topic: string; division: number },
): Promise<XmlMessage[]> {
	const text = xmlTextOf(body, headers['content-type']);
	const answer = readXmlAnswer(text, topic);
	const asked = { method: 'POST', endpoint: 'XMLUpload.aspx', division } as const;
	if (!('problem' in answer)) {
		const broken = await brokenLongXml(text ?? '');
		if (broken === undefined) return answer.messages;
		throw madeUnread(asked, status, `it is XML that is not whole: ${broken}.`);
	}
	if (answer.isForeign) throw unconfirmedWrite(asked, unexpectedBody(text ?? ''));
	throw madeUnread(asked, status, `it is ${answer.problem}.`);
}

function rowsOf(
	{ context }: OperationCall,
	{ topic, division, messages }: { topic: string; division: number; messages: XmlMessage[] },
): OutputRow[] {
	const warnings = messages.filter(({ kind }) => kind === 'warning').length;
	if (warnings > 0) {
		const message = `Exact Online gave ${warnings} of ${messages.length} messages as warnings; see kind in the output.`;
		context.addExecutionHints({ message, type: 'warning' });
	}
	if (messages.length === 0) {
		context.addExecutionHints({ message: SAID_NOTHING, type: 'warning' });
		return jsonRows([{ topic, division, kind: 'unknown', description: SAID_NOTHING }]);
	}
	return jsonRows(messages.map((message): IDataObject => ({ topic, division, ...message })));
}

const SAID_NOTHING =
	'Exact Online took the request and said nothing of any element. Look whether they are there: elements of another topic are passed over.';
