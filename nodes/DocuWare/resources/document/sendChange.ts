import type { IDataObject } from 'n8n-workflow';
import { isRecord, parseExactObject } from '../../../shared/http';
import type { OutputRow } from '../../../shared/node/operation';
import type { PlatformResource } from '../../api/platformClient';
import { unreadableAnswer } from '../../platform/strangeAnswers';
import { saysNothing } from '../../platform/platformAnswers';
import { shownPath } from '../../platform/serverAddress';
import { documentIdOf, documentRow, type DocumentOutput } from '../common/documentOutput';
import type { OperationCall } from '../operation';

/** A change with a JSON body. */
export interface Change {
	method: 'POST' | 'PUT';
	address: URL;
	query?: ReadonlyArray<readonly [string, string]>;
	body: object;
	/** What follows `application/`; plain JSON if missing. */
	vendorType?: string;
}

/**
 * Sends a change once and returns what the server says, as text.
 * @throws ConnectorError as `PlatformClient.send`
 */
export async function sendChange(
	{ client, signal }: OperationCall,
	{ method, address, query, body, vendorType = 'json' }: Change,
): Promise<string> {
	const answer = await client.send({
		method,
		path: address,
		...(query === undefined ? {} : { query }),
		headers: { 'Content-Type': `application/${vendorType}` },
		body: JSON.stringify(body),
		signal,
	});
	return answer.body;
}

/**
 * The same for a change whose answer is a JSON object, an empty one where the server has made it and says nothing of it.
 * @throws ConnectorError also DOCUWARE_UNEXPECTED_ANSWER, which says that the change was made
 */
export async function changeFor(call: OperationCall, change: Change): Promise<PlatformResource> {
	const text = await sendChange(call, change);
	const resource = parseExactObject(text);
	if (resource) return resource;
	if (saysNothing(text)) return {};
	const { session } = call.client;
	const asked = { method: change.method, path: shownPath(session, change.address) };
	throw unreadableAnswer(asked, text, 'a JSON object');
}

/** The documents of an answer that is one document or a list of them, as the item wants them. */
export function documentRows(output: DocumentOutput, answer: PlatformResource): OutputRow[] {
	const { Items: items } = answer;
	const documents = Array.isArray(items) ? items.filter(isRecord) : [answer];
	return documents.map((document) => documentRow(output, document));
}

/**
 * The same for a change; one row with what is known of it where the answer tells of no document.
 * @param done what was done, and to which documents
 */
export function changedRows(
	{ context, itemIndex }: Pick<OperationCall, 'context' | 'itemIndex'>,
	output: DocumentOutput,
	answer: PlatformResource,
	done: IDataObject,
): OutputRow[] {
	const { Items: items } = answer;
	const all = Array.isArray(items) ? items.filter(isRecord) : [answer];
	if (all.some((one) => documentIdOf(one) !== null)) return documentRows(output, answer);
	context.addExecutionHints({
		message: `DocuWare has made the change of item ${itemIndex} and does not say which documents came of it.`,
		type: 'warning',
		location: 'outputPane',
	});
	return [{ json: done }];
}
