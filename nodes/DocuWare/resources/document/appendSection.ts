import { filesInParts } from '../../api/files/filesInParts';
import { sendForResource } from '../../api/files/sendForResource';
import { sendInParts } from '../../api/files/sendInParts';
import { uploadTimeout, type FileToStore, type StoreOrder } from '../../api/files/storeOrder';
import { modifiedHeader, storeCall } from '../../api/files/storeRequest';
import type { PlatformResource } from '../../api/platformClient';
import { addressBelow } from '../../api/relations';
import { rawBody } from '../../upload/multipart';
import type { OperationCall } from '../operation';
import { newSectionOf } from './documentSections';
import type { DocumentTarget } from './documentTarget';

/** A file, and how it goes out. */
export type FileOrder = Pick<StoreOrder, 'modifiedAt' | 'partsAbove' | 'warn'> & {
	files: readonly [FileToStore];
};

/**
 * Adds a file to a document as its last section (docs/facts/docuware.md 7.3).
 * @returns the section
 */
export async function appendSection(
	call: OperationCall,
	target: DocumentTarget,
	{ files, modifiedAt, partsAbove, warn }: FileOrder,
): Promise<PlatformResource> {
	const { client, signal } = call;
	const [file] = files;
	const order: StoreOrder = {
		path: await addressBelow(call, newSectionOf(target)),
		query: [],
		indexData: undefined,
		makes: 'section',
		...{ files, modifiedAt, partsAbove, signal, warn },
	};
	const large = filesInParts(files, partsAbove);
	if (large !== undefined) return await sendInParts(client, order, large);
	const { body, headers } = rawBody(file);
	return await sendForResource(client, {
		...storeCall(order),
		body,
		headers: { ...headers, ...modifiedHeader(order) },
		timeoutMs: uploadTimeout(file.size),
	});
}
