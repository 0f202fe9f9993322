import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** An HTTP answer as data: handlers make it, the exchange sends, replaces or withholds it. */
export interface Answer {
	status: number;
	/** Reason phrase, default that of the status. */
	reason?: string;
	/** Header values may be lists (several `Set-Cookie` lines). */
	headers: OutgoingHttpHeaders;
	body: string | Buffer;
	/** Sent instead of `body`, chunk by chunk and no faster than it is read. */
	content?: StreamedContent;
}

/** A body that is never whole in memory. */
export interface StreamedContent {
	/** Bytes in all, before compression. */
	size: number;
	chunks: () => Iterable<Buffer>;
	/** Whether its length is announced; `chunked` leaves it open, as compression always does. */
	framing: 'length' | 'chunked';
	gzip: boolean;
}

export function jsonAnswer(
	status: number,
	value: unknown,
	headers: OutgoingHttpHeaders = {},
): Answer {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
		body: JSON.stringify(value),
	};
}

export function textAnswer(
	status: number,
	text: string,
	headers: OutgoingHttpHeaders = {},
): Answer {
	return {
		status,
		headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
		body: text,
	};
}

export function htmlAnswer(
	status: number,
	html: string,
	headers: OutgoingHttpHeaders = {},
): Answer {
	return {
		status,
		headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
		body: html,
	};
}

export function emptyAnswer(status: number, headers: OutgoingHttpHeaders = {}): Answer {
	return { status, headers, body: '' };
}

export function redirectAnswer(location: string, status = 302): Answer {
	return { status, headers: { location }, body: '' };
}

/** Text made safe for HTML and XML content and double-quoted attributes. */
export function escapeMarkup(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/'/g, '&#39;');
}

/**
 * Sends an answer. Resolves true once the last byte was handed to the operating system, false if
 * the connection ended before.
 */
export function sendAnswer(response: ServerResponse, answer: Answer): Promise<boolean> {
	if (response.destroyed || response.writableEnded) return Promise.resolve(false);
	if (answer.content !== undefined) return sendContent(response, answer, answer.content);
	return new Promise((resolve) => {
		response.once('finish', () => resolve(true));
		response.once('close', () => resolve(response.writableFinished));
		const body = Buffer.isBuffer(answer.body) ? answer.body : Buffer.from(answer.body, 'utf8');
		if (answer.reason !== undefined) response.statusMessage = answer.reason;
		const bodyless = answer.status === 204 || answer.status === 304;
		response.writeHead(
			answer.status,
			bodyless ? answer.headers : { ...answer.headers, 'content-length': body.length },
		);
		response.end(bodyless ? undefined : body);
	});
}

/**
 * Sends a streamed body. `portion` below 1 breaks it off there, with the whole announced.
 * Resolves as {@link sendAnswer} does.
 */
export async function sendContent(
	response: ServerResponse,
	answer: Answer,
	content: StreamedContent,
	portion = 1,
): Promise<boolean> {
	const open = content.framing === 'chunked' || content.gzip;
	response.writeHead(answer.status, {
		...answer.headers,
		...(content.gzip ? { 'content-encoding': 'gzip' } : {}),
		...(open ? {} : { 'content-length': content.size }),
	});
	const chunks = Readable.from(firstBytes(content.chunks(), Math.floor(content.size * portion)), {
		objectMode: false,
	});
	try {
		if (content.gzip) await pipeline(chunks, createGzip(), response, { end: portion === 1 });
		else await pipeline(chunks, response, { end: portion === 1 });
	} catch {
		response.destroy();
		return false;
	}
	if (portion === 1) return true;
	await new Promise<void>((resolve) => response.write('', () => resolve()));
	response.destroy();
	return false;
}

function* firstBytes(chunks: Iterable<Buffer>, limit: number): Generator<Buffer> {
	let left = limit;
	for (const chunk of chunks) {
		if (left <= 0) return;
		yield chunk.subarray(0, left);
		left -= chunk.length;
	}
}
