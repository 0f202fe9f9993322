import type { Readable } from 'node:stream';

import { decodeText } from './decodeText';
import type { HttpRequest, HttpResponse, HttpResponseType } from './httpTypes';
import { HttpTransportError } from './transportError';

/** Most bytes of an answer that are read where the request names no limit. */
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** Most bytes that are read of a refusal: its words stand at the start. */
export const REFUSAL_BYTES = 64 * 1024;

/** How a body is to be read. */
interface BodyOrder extends Pick<HttpRequest, 'url' | 'maxResponseBytes'> {
	responseType: HttpResponseType;
	answer: Pick<HttpResponse, 'status' | 'headers'>;
}

/**
 * Reads a body as text (by its charset) or buffer. Of one with an error status the start is enough, whatever
 * its size: the status is the answer.
 * @throws HttpTransportError HTTP_RESPONSE_TOO_LARGE, and what the stream raises.
 */
export async function collectBody(body: Readable, order: BodyOrder): Promise<string | Buffer> {
	const { maxResponseBytes = DEFAULT_MAX_RESPONSE_BYTES, answer } = order;
	const isRefusal = answer.status >= 400;
	const limit = isRefusal ? Math.min(REFUSAL_BYTES, maxResponseBytes) : maxResponseBytes;
	const { bytes, isCut } = await readUpTo(body, limit);
	if (isCut && !isRefusal) throw tooLarge(new URL(order.url).origin, answer.status);
	return order.responseType === 'text' ? decodeText(bytes, answer.headers['content-type']) : bytes;
}

/** The first bytes of a stream, at most `limit`; the rest is let go. */
export async function readUpTo(
	body: Readable,
	limit: number,
): Promise<{ bytes: Buffer; isCut: boolean }> {
	const chunks: Buffer[] = [];
	let size = 0;
	await new Promise<void>((resolve, reject) => {
		// One that has broken before tells nobody any more.
		if (body.destroyed) {
			if (body.readableEnded) resolve();
			else reject(body.errored ?? closedEarly());
			return;
		}
		body.on('data', (chunk: Buffer | string) => {
			const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
			chunks.push(part);
			size += part.length;
			if (size <= limit) return;
			resolve();
			body.destroy();
		});
		body.once('end', resolve);
		body.on('error', reject);
		body.once('close', () => {
			if (!body.readableEnded) reject(closedEarly());
		});
	});
	const [only = Buffer.alloc(0), ...others] = chunks;
	const bytes = others.length === 0 ? only : Buffer.concat(chunks, size);
	return { bytes: bytes.subarray(0, limit), isCut: size > limit };
}

function closedEarly(): Error {
	return Object.assign(new Error('closed early'), { code: 'ECONNRESET' });
}

function tooLarge(origin: string, answered: number): HttpTransportError {
	return new HttpTransportError(
		'HTTP_RESPONSE_TOO_LARGE',
		`The answer is larger than allowed: ${origin}.`,
		{
			kind: 'tooLarge',
			requestSent: true,
			answered,
			repair: 'Ask for less at once, for instance with fewer fields or a lower limit.',
		},
	);
}
