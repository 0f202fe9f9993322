import { safeFileName } from '../../../shared/http';
import type { BodyPart } from '../../upload/multipart';
import type { PlatformCall } from '../platformClient';
import type { FileToStore, StoreOrder } from './storeOrder';

/** What all requests that store have in common. */
export function storeCall({
	path,
	query,
	signal,
}: StoreOrder): Pick<PlatformCall, 'method' | 'path' | 'query' | 'signal'> {
	return { method: 'POST', path, query, signal };
}

/** The header of the file's date, where it is given. */
export function modifiedHeader({ modifiedAt }: StoreOrder): Record<string, string> {
	return modifiedAt === undefined ? {} : { 'X-File-ModifiedDate': modifiedAt };
}

/** The index data, which must be the first part; none where there are none. */
export function indexPart(indexData: string | undefined): BodyPart[] {
	if (indexData === undefined) return [];
	const content = Buffer.from(indexData);
	const named = { name: 'document', fileName: 'document.json', mediaType: 'application/json' };
	return [{ ...named, content, size: content.length }];
}

/** A file as a part. */
export function filePart({ fileName, mediaType, content, size }: FileToStore): BodyPart {
	return { name: 'File[]', fileName, mediaType, content, size };
}

/** As it is in ASCII, else percent-encoded: a header holds no other letters. */
export function headerName(fileName: string): string {
	const name = safeFileName(fileName);
	return /^[\x20-\x7e]*$/.test(name) ? name : encodeURIComponent(name);
}
