import type { Readable } from 'node:stream';

import { readUpTo, REFUSAL_BYTES } from './collectBody';
import { decodeText } from './decodeText';

/**
 * The text of an answer's body, to be shown or judged; of a stream the start, the rest is let go.
 *
 * @param contentType names the charset; UTF-8 where it is missing
 */
export async function bodyText(
	body: string | Buffer | Readable,
	contentType?: string,
): Promise<string> {
	if (typeof body === 'string') return body;
	if (Buffer.isBuffer(body)) return decodeText(body, contentType);
	return decodeText((await readUpTo(body, REFUSAL_BYTES)).bytes, contentType);
}
