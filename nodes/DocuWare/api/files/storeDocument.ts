import { multipartBody } from '../../upload/multipart';
import type { PlatformClient, PlatformResource } from '../platformClient';
import { filesInParts } from './filesInParts';
import { sendInParts } from './sendInParts';
import { sendForResource } from './sendForResource';
import { filePart, indexPart, modifiedHeader, storeCall } from './storeRequest';
import { totalSize, uploadTimeout, type FileToStore, type StoreOrder } from './storeOrder';
import { tooLarge } from './uploadErrors';

/**
 * Stores one document: a data record, or the files as its sections, the index data in front (docs/facts/docuware.md 7.2).
 * One request, but for large files, which are sent in parts. Files are read while they are sent, and again where the session
 * has to be begun anew.
 *
 * @returns the document
 * @throws ConnectorError DOCUWARE_UPLOAD_INCOMPLETE, DOCUWARE_WRITE_UNCONFIRMED, DOCUWARE_TOO_LARGE and those of the client
 */
export async function storeDocument(
	client: PlatformClient,
	order: StoreOrder,
): Promise<PlatformResource> {
	const { files, indexData, partsAbove } = order;
	if (files.length === 0) return await storeRecord(client, order);
	const large = filesInParts(files, partsAbove);
	if (large !== undefined) return await sendInParts(client, order, large);
	const { body, headers } = multipartBody([...indexPart(indexData), ...files.map(filePart)]);
	return await sendForResource(client, {
		...storeCall(order),
		body,
		headers: { ...headers, ...modifiedHeader(order) },
		timeoutMs: uploadTimeout(totalSize(files)),
	}).catch((error: unknown) => tooLarge(error, otherWay(files)));
}

async function storeRecord(client: PlatformClient, order: StoreOrder): Promise<PlatformResource> {
	return await sendForResource(client, {
		...storeCall(order),
		body: order.indexData ?? NO_FIELDS,
		headers: { 'Content-Type': 'application/json', ...modifiedHeader(order) },
	});
}

const NO_FIELDS = JSON.stringify({ Fields: [] });

function otherWay({ length }: readonly FileToStore[]): string {
	const parts = 'Or have it sent in smaller requests: lower Options > Send in Parts Above.';
	return length === 1
		? parts
		: `${parts} Or upload the first file, and add the others with Append File, each in a request of its own.`;
}
