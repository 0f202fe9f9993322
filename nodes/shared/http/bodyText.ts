import type { Readable } from 'node:stream';

/** Most bytes that are read of a streamed body. */
const MAX_STREAMED_BYTES = 64 * 1024;

/** The text of an answer's body, to be shown or judged; of a stream the start, the rest is let go. */
export async function bodyText(body: string | Buffer | Readable): Promise<string> {
	if (typeof body === 'string') return body;
	if (Buffer.isBuffer(body)) return body.toString('utf8');
	const chunks: Buffer[] = [];
	let bytes = 0;
	try {
		for await (const chunk of body as AsyncIterable<Buffer | string>) {
			const part = Buffer.from(chunk);
			chunks.push(part);
			bytes += part.length;
			if (bytes >= MAX_STREAMED_BYTES) break;
		}
	} finally {
		body.destroy();
	}
	return Buffer.concat(chunks).toString('utf8');
}
