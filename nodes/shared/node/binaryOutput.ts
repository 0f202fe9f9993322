import { Readable } from 'node:stream';
import type { IBinaryData, IBinaryKeyData, IExecuteFunctions } from 'n8n-workflow';
import { passOn } from '../errors';
import { fileNameOf, mediaTypeOf, type HttpResponse } from '../http';

/**
 * An answer that is a file, streamed into n8n's store of binary data under a safe name and its media
 * type.
 *
 * @param field binary field of the output item
 */
export async function binaryOutput(
	context: Pick<IExecuteFunctions, 'helpers'>,
	{ body, headers }: Pick<HttpResponse<Readable | Buffer>, 'body' | 'headers'>,
	field: string,
): Promise<IBinaryKeyData> {
	const data = await storedFile(context, body, fileNameOf(headers), mediaTypeOf(headers));
	return { [field]: data };
}

/**
 * A file in n8n's store of binary data. A stream is closed also where the store fails before it has read it, so that its
 * connection does not stay open.
 */
export async function storedFile(
	{ helpers }: Pick<IExecuteFunctions, 'helpers'>,
	body: Readable | Buffer,
	fileName: string | undefined,
	mediaType: string | undefined,
): Promise<IBinaryData> {
	try {
		return await helpers.prepareBinaryData(body, fileName, mediaType);
	} catch (failure) {
		if (body instanceof Readable) body.destroy();
		passOn(failure);
	}
}
