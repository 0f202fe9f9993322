import { multipartBody } from '../../upload/multipart';
import type { PlatformClient, PlatformResource } from '../platformClient';
import { sendInParts } from './sendInParts';
import { sendForResource } from './sendForResource';
import { filePart, indexPart, modifiedHeader, storeCall } from './storeRequest';
import { totalSize, uploadTimeout, type FileToStore, type StoreOrder } from './storeOrder';
import { tooLarge } from './uploadErrors';

/**
 * Stores one document: a data record, or the files as its sections, the index data in front (docs/facts/docuware.md 7.2).
 * One request, but for a large file that is sent in parts. Files are read while they are sent, and again where the session
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
	const [file, ...others] = files;
	if (file === undefined) return await storeRecord(client, order);
	const { size } = file;
	if (others.length === 0 && size !== undefined && size > partsAbove) {
		return await sendInParts(client, order, { ...file, size });
	}
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
	return length === 1
		? 'Or have the file sent in smaller requests: lower Options > Send in Parts Above.'
		: 'Or upload the first file, and add the others with Append File, each in a request of its own.';
}
