import type { Readable } from 'node:stream';

import { readUpTo, REFUSAL_BYTES } from './collectBody';

/** The text of an answer's body, to be shown or judged; of a stream the start, the rest is let go. */
export async function bodyText(body: string | Buffer | Readable): Promise<string> {
	if (typeof body === 'string') return body;
	if (Buffer.isBuffer(body)) return body.toString('utf8');
	return (await readUpTo(body, REFUSAL_BYTES)).bytes.toString('utf8');
}
