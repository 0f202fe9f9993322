import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** A POST that a simulated service sends of its own accord. */
export interface OutgoingPost {
	/** Absolute address, http or https; certificates are not checked. */
	url: string;
	/** `GET` for a test of availability; default `POST`. */
	method?: 'POST' | 'GET';
	headers?: Record<string, string>;
	/** Sent as it is, byte for byte; its length is always announced, also of an empty one. */
	body: string | Buffer;
	/** Bytes of the body after which the connection is cut, with the whole announced. */
	cutAfter?: number;
	/** Milliseconds after which no answer is awaited any more. */
	timeoutMs: number;
	/** Ends it when the simulator closes. */
	signal: AbortSignal;
}

/** What came back; a status of undefined where nothing did. */
export interface OutgoingAnswer {
	status: number | undefined;
	body: string;
}

/** Sends it over a connection of its own. Never rejects. */
export async function postTo(post: OutgoingPost): Promise<OutgoingAnswer> {
	const { url, method = 'POST', headers, cutAfter, timeoutMs } = post;
	const body = Buffer.isBuffer(post.body) ? post.body : Buffer.from(post.body, 'utf8');
	const signal = AbortSignal.any([post.signal, AbortSignal.timeout(timeoutMs)]);
	const target = URL.parse(url);
	if (!target || signal.aborted) return nothing();
	const options: RequestOptions & { rejectUnauthorized: boolean } = {
		method,
		headers: { ...headers, ...(method === 'POST' ? { 'content-length': body.length } : {}) },
		agent: false,
		signal,
		rejectUnauthorized: false,
	};
	return await new Promise((resolve) => {
		const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
		const request = send(target, options, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', () => resolve(nothing()));
			response.on('end', () =>
				resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString('utf8') }),
			);
		});
		request.on('error', () => resolve(nothing()));
		if (cutAfter === undefined) request.end(method === 'POST' ? body : undefined);
		else request.write(body.subarray(0, cutAfter), () => request.destroy());
	});
}

function nothing(): OutgoingAnswer {
	return { status: undefined, body: '' };
}
