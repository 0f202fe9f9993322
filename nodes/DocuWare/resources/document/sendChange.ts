import type { IDataObject } from 'n8n-workflow';
import { isRecord } from '../../../shared/http';
import type { OutputRow } from '../../../shared/node/operation';
import { sendForResource } from '../../api/files/sendForResource';
import type { PlatformCall, PlatformResource } from '../../api/platformClient';
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
 * Sends a change once whose answer holds nothing that is wanted.
 * @throws ConnectorError as `PlatformClient.send`
 */
export async function sendChange(call: OperationCall, change: Change): Promise<void> {
	await call.client.send(platformCall(call, change));
}

/**
 * The same for a change whose answer is a JSON object, an empty one where the server has made it and says nothing of it.
 * @throws ConnectorError as `sendForResource`
 */
export async function changeFor(call: OperationCall, change: Change): Promise<PlatformResource> {
	return await sendForResource(call.client, platformCall(call, change));
}

function platformCall(
	{ signal }: Pick<OperationCall, 'signal'>,
	{ method, address, query, body, vendorType = 'json' }: Change,
): Omit<PlatformCall, 'responseType'> {
	return {
		method,
		path: address,
		...(query === undefined ? {} : { query }),
		headers: { 'Content-Type': `application/${vendorType}` },
		body: JSON.stringify(body),
		signal,
	};
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
