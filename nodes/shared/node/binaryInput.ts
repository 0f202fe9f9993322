import { Readable } from 'node:stream';
import { openBody, type ReplayableBody } from '../http';
import type { ItemCall } from './operation';

/** A file of an input item. */
export interface InputFile {
	/** As the item has it, not made safe; undefined where it has none. */
	fileName: string | undefined;
	mediaType: string;
	/** Bytes; undefined where n8n does not know. */
	size: number | undefined;
	/** Its bytes, as often as they are asked for; read from n8n's store while they are sent. */
	body: ReplayableBody;
}

/** What can stand in a header; a node may have made anything up. */
const TYPE = /^[\x21-\x7e]+\/[\x20-\x7e]+$/;

/**
 * The file in a binary field of the item. Stored binary data is opened anew each time, so that it can
 * be sent again; other data is in memory.
 *
 * @throws n8n's error where the item has no such field
 */
export async function readInputFile(
	{ context, itemIndex }: Pick<ItemCall, 'context' | 'itemIndex'>,
	field: string,
): Promise<InputFile> {
	const { helpers } = context;
	const { id, fileName, mimeType } = helpers.assertBinaryData(itemIndex, field);
	const file = { fileName, mediaType: TYPE.test(mimeType) ? mimeType : 'application/octet-stream' };
	if (!id) {
		const body = await helpers.getBinaryDataBuffer(itemIndex, field);
		return { ...file, size: body.length, body };
	}
	const { fileSize } = await helpers.getBinaryMetadata(id);
	const size = fileSize > 0 ? fileSize : undefined;
	return { ...file, size, body: async () => await helpers.getBinaryStream(id) };
}

/** Whether a file has no byte; one whose size n8n does not know is opened, and closed at its first byte. */
export async function isEmptyFile({
	size,
	body,
}: Pick<InputFile, 'size' | 'body'>): Promise<boolean> {
	if (size !== undefined) return size === 0;
	const content = await openBody(body);
	if (!(content instanceof Readable)) return content.length === 0;
	for await (const chunk of content) if ((chunk as Buffer).length > 0) return false;
	return true;
}
