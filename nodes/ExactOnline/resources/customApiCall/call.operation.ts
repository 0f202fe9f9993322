import type { IDataObject } from 'n8n-workflow';
import { isRecord, readContent, type AnswerContent } from '../../../shared/http';
import { binaryOutput } from '../../../shared/node/binaryOutput';
import { jsonRows, type OutputRow } from '../../../shared/node/operation';
import { readOptions } from '../../../shared/node/optionsField';
import { entityRows } from '../../../shared/node/simplify';
import { unconfirmedWrite, unreadWrite } from '../../api/clientErrors';
import { endpointOf } from '../../wire/apiUrl';
import { readEnvelope, unexpectedBody } from '../../wire/envelope';
import type { ExactRow, RawExactAnswer, RawExactRequest } from '../../wire/exactTypes';
import { divisionField, readDivision } from '../common/divisionField';
import { simplify } from '../common/simplify';
import { withWrittenBodyChecked } from '../files/contentSize';
import type { Operation, OperationCall } from '../operation';
import { customRequest, needsDivision } from './customRequest';
import { requestFields } from './requestFields';

/** A request of the user's own, under the same token, margin, limits and errors as any other. */
export const call: Operation = {
	name: 'Custom API Call',
	value: 'call',
	action: 'Make custom API call',
	description: 'Send a request to any address of the API with the connection of this credential',
	fields: [divisionField, ...requestFields],
	refusedAsTool: 'operation',
	async execute(operationCall) {
		const { context, client, source } = operationCall;
		const options = readOptions(operationCall);
		const { method, path, ...fields } = readFields(operationCall, options);
		const division = needsDivision(path) ? await readDivision(operationCall) : undefined;
		const request = customRequest(source.baseUrl, { method, path, ...fields }, division);
		const send = async () =>
			await client.requestRaw({
				...request,
				signal: operationCall.signal,
				length: options.long === true ? 'long' : 'normal',
				responseType: 'buffer',
			});
		const answer = await withWrittenBodyChecked(operationCall, request, send);
		const content = readContent(answer.headers, answer.body);
		refuseUnreadable(request, answer, content);
		const allPages = context.getNodeParameter('allPages', operationCall.itemIndex, false) === true;
		return allPages && method === 'GET' && content.kind !== 'binary'
			? await readAllPages(operationCall, content.text)
			: await output(operationCall, request, answer, content, options.fullResponse === true);
	},
};

/**
 * JSON that is torn and a page in place of the API's answer are no data.
 * @throws ConnectorError EXACT_UNEXPECTED_ANSWER, after a write with the word that the change was made;
 *   EXACT_WRITE_UNCONFIRMED for a write that a page answers
 */
function refuseUnreadable(
	{ method, url }: Pick<RawExactRequest, 'method' | 'url'>,
	{ status }: RawExactAnswer<unknown>,
	content: AnswerContent,
): void {
	const isMisplaced = content.kind === 'page' && new URL(url).pathname.startsWith('/api/');
	if (content.kind !== 'torn' && !isMisplaced) return;
	if (method === 'GET') throw unexpectedBody(content.text);
	const asked = { method, endpoint: endpointOf(url), division: undefined };
	throw isMisplaced
		? unconfirmedWrite(asked, unexpectedBody(content.text))
		: unreadWrite(asked, status, content.text);
}

function readFields({ context, itemIndex }: OperationCall, options: IDataObject) {
	return {
		method: String(context.getNodeParameter('method', itemIndex, 'GET')),
		path: String(context.getNodeParameter('path', itemIndex)),
		query: context.getNodeParameter('queryParameters', itemIndex, {}) as IDataObject,
		headers: (options.headers ?? {}) as IDataObject,
		body: context.getNodeParameter('body', itemIndex, '{}') as unknown,
	};
}

async function readAllPages(call: OperationCall, first: string): Promise<OutputRow[]> {
	const { client, signal } = call;
	if (first.trim() === '') throw unexpectedBody(first);
	const page = readEnvelope(first);
	const all: ExactRow[] = [];
	const rows = await client.wholeRows(page.rows, { signal });
	for await (const more of client.pagesAfter({ ...page, rows }, { signal })) {
		for (const row of more) all.push(row);
	}
	return entityRows(call, all, simplify);
}

/** Binary content becomes binary data; everything else what its form allows. */
async function output(
	call: OperationCall,
	{ method }: Pick<RawExactRequest, 'method'>,
	{ status, headers }: RawExactAnswer<unknown>,
	content: AnswerContent,
	fullResponse: boolean,
): Promise<OutputRow[]> {
	if (content.kind === 'binary') {
		const json: IDataObject = fullResponse ? { status, headers } : {};
		const answer = { headers, body: content.bytes };
		return [{ json, binary: await binaryOutput(call.context, answer, 'data') }];
	}
	const value = content.kind === 'json' ? content.value : content.text;
	if (fullResponse) return jsonRows([{ status, headers, body: value as IDataObject }]);
	if (isRecord(value) && 'd' in value) {
		const { rows } = readEnvelope(content.text);
		const isRead = method === 'GET';
		const whole = isRead ? await call.client.wholeRows(rows, { signal: call.signal }) : rows;
		return entityRows(call, whole, simplify);
	}
	if (isRecord(value)) return jsonRows([value as IDataObject]);
	// A bare number ($count), a text or XML, or nothing at all (204).
	return jsonRows([value === '' ? { status } : { data: value as string }]);
}
