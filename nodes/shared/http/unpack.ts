import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** What is asked for, and what `unpack` undoes. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

const DECODERS: Record<string, () => ReturnType<typeof createGunzip>> = {
	gzip: createGunzip,
	'x-gzip': createGunzip,
	deflate: createInflate,
	br: createBrotliDecompress,
};

/**
 * A body as it was before the server packed it. A packed body that ends early is an error here, though
 * HTTP saw it end: half a file is none.
 *
 * @param encoding the header `Content-Encoding`
 * @throws Error with the code `UNKNOWN_ENCODING` where it names one that was not asked for, or several
 */
export function unpack(body: Readable, encoding: string | undefined): Readable {
	const name = (encoding ?? '').trim().toLowerCase();
	if (name === '' || name === 'identity') return body;
	const create = DECODERS[name];
	if (create === undefined) {
		throw Object.assign(new Error('unknown encoding'), { code: 'UNKNOWN_ENCODING' });
	}
	const decoder = create();
	let isEmpty = true;
	body.once('data', () => {
		isEmpty = false;
	});
	body.once('end', () => {
		// Nothing at all was packed: the answer to HEAD, or one without content.
		if (isEmpty) decoder.push(null);
		else decoder.end();
	});
	body.once('error', (error) => decoder.destroy(error));
	body.once('close', () => {
		if (!body.readableEnded) decoder.destroy(Object.assign(new Error(), { code: 'ECONNRESET' }));
	});
	decoder.once('close', () => body.destroy());
	body.pipe(decoder, { end: false });
	return decoder;
}
