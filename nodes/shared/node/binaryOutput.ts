import type { Readable } from 'node:stream';
import type { IBinaryKeyData, IExecuteFunctions } from 'n8n-workflow';
import { fileNameOf, mediaTypeOf, type HttpResponse } from '../http';

/**
 * An answer that is a file, streamed into n8n's store of binary data under a safe name and its media
 * type.
 *
 * @param field binary field of the output item
 */
export async function binaryOutput(
	{ helpers }: Pick<IExecuteFunctions, 'helpers'>,
	{ body, headers }: Pick<HttpResponse<Readable | Buffer>, 'body' | 'headers'>,
	field: string,
): Promise<IBinaryKeyData> {
	const data = await helpers.prepareBinaryData(body, fileNameOf(headers), mediaTypeOf(headers));
	return { [field]: data };
}
