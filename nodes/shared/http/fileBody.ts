import type { Readable } from 'node:stream';
import { bodyText } from './bodyText';
import { decodeText } from './decodeText';
import type { HttpResponse } from './httpTypes';
import { isHtml } from './redaction/htmlText';
import { startOf } from './streamStart';
import { isPage, mayBePage } from './webPage';

/** Bytes in which a page that nothing announces shows itself. */
const START_BYTES = 4_096;

/** The bytes of a file, or the text of the web page that came in place of it. */
export type FileBody = { body: Readable; page?: undefined } | { body?: undefined; page: string };

/**
 * The body of an answer that should be a file, or the text of the web page that came in place of it: it is called one, or is
 * called nothing and begins as one. A file is not read beyond its start.
 */
export async function fileBody({
	headers,
	body,
}: Pick<HttpResponse<Readable>, 'headers' | 'body'>): Promise<FileBody> {
	const type = headers['content-type'];
	// A page that breaks is one all the same.
	if (isPage(headers)) return { page: await bodyText(body, type).catch(() => '') };
	if (!mayBePage(headers)) return { body };
	const { bytes, whole } = await startOf(body, START_BYTES);
	const start = decodeText(bytes, type);
	if (!isHtml(start)) return { body: whole };
	whole.destroy();
	return { page: start };
}
